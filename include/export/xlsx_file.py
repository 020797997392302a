"""A table as a workbook; of accounts of one day also their scores by formulas."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from include.errors import FixConfig
from include.export.about import About
from include.export.rows import Table
from include.export.score_columns import EQUAL, SAME_WITHIN
from include.export.score_sheet import CardBook, open_card
from include.export.sheets import Book, Formula, Head, Sheet
from include.scoring.scorecard import Scorecard

ABOUT_WIDTHS = (26, 110)
READ_ON = (
    "Empty cells are unknown, which is not 0. Scores go from 0 to 100, 100 is the healthiest.",
    "Moments are in UTC; days end in the organisation's time zone.",
)
ON_FORMULAS = (
    f"""The sheets Scores compute every score from the points on the sheets Measures, by the numbers
    on the sheets Scorecard. Change a number on yellow ground there and the scores follow; the
    column check then says which are not as they are stored. Equal means: within {SAME_WITHIN}
    points and in the same band.""",
    """Values, not formulas: the points (each is its reading through the curve that stands on the
    sheet Scorecard), whether a rule acts, overrides by people, stored floor and ceiling. Of these
    only floor and ceiling would change with a weight.""",
    """Not exact: the job rounds halves of a billionth of a point to even, a spreadsheet rounds them
    up. Not here: confirmed bands and trends, which look back on other days.""",
    """A program that does not calculate (a preview, a library) shows no scores there; the stored
    ones stand on the sheet Accounts.""",
)

ScoredRows = Sequence[tuple[Scorecard, Iterable[Mapping[str, Any]]]]


def write_xlsx(table: Table, path: Path, about: About, scored: ScoredRows = ()) -> int:
    """Write the workbook; return how many rows the table has.

    scored: by scorecard, the rows of export/workbook.sql with their points. Raises FixConfig where
    a sheet cannot hold the rows, or where receipts are needed that were thinned.
    """
    book = Book()
    try:
        rows = _fill(book, table, about, scored)
    except BaseException:
        book.discard()
        raise
    book.save(path)
    return rows


def _fill(book: Book, table: Table, about: About, scored: ScoredRows) -> int:
    front = book.sheet("About", ABOUT_WIDTHS, freeze="A1")
    rows = _write_table(book, about.kind.name.capitalize(), table)
    opened = [
        _write_card(book, card, accounts, f" {n}" if len(scored) > 1 else "")
        for n, (card, accounts) in enumerate(scored, start=1)
    ]
    _write_front(front, table, about, opened)
    return rows


def _write_front(front: Sheet, table: Table, about: About, opened: Sequence[CardBook]) -> None:
    for name, words in about.lines().items():
        front.append([Head(name), words])
    for one in opened:
        checked = f'COUNTIF({one.check_range},"{EQUAL}")&" of {one.accounts} are as stored"'
        front.append([Head(f"check on {one.scores.name}"), Formula(checked)])
    front.append([])
    for line in (*READ_ON, *(ON_FORMULAS if opened else ())):
        front.append([None, " ".join(line.split())])
    front.append([])
    front.append([Head("column"), Head("what it says")])
    for column in table.columns:
        front.append([column.name, column.about])


def _write_table(book: Book, name: str, table: Table) -> int:
    sheet = book.sheet(name, [16] * len(table.columns))
    sheet.append([Head(column.name) for column in table.columns])
    for row in table.rows:
        sheet.append(row)
    return sheet.rows - 1


def _write_card(
    book: Book, card: Scorecard, accounts: Iterable[Mapping[str, Any]], mark: str
) -> CardBook:
    opened = open_card(book, card, mark)
    for row in accounts:
        if row["is_thinned"]:
            raise FixConfig(
                "The receipts of this day are thinned (receipts.thin_after_days), so its scores "
                "cannot be computed in a workbook. Take a newer day, or --what history."
            )
        opened.add(row)
    return opened
