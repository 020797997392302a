"""A table as a workbook; of accounts of one day also their scores by formulas."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from include.export.about import About
from include.export.cells import Formula, Head
from include.export.rows import Table
from include.export.score_columns import EQUAL, SAME_WITHIN
from include.export.score_sheet import ScoredBy, sheet_names, write_scored
from include.export.sheets import Book

FRONT = "About"
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


def write_xlsx(table: Table, path: Path, about: About, scored: Sequence[ScoredBy] = ()) -> int:
    """Write the workbook; return how many rows the table has.

    scored: by scorecard. Raises FixConfig where a sheet cannot hold the rows, or where receipts are
    needed that were thinned.
    """
    name = about.kind.name.capitalize()
    marks = [f" {n}" if len(scored) > 1 else "" for n in range(1, len(scored) + 1)]
    book = Book(path, (FRONT, name, *(one for mark in marks for one in sheet_names(mark))))
    try:
        rows = _write_table(book, name, table)
        checks = {
            sheet_names(mark)[-1]: write_scored(book, one, mark)
            for one, mark in zip(scored, marks, strict=True)
        }
        _write_front(book, table, about, checks)
    except BaseException:
        book.discard()
        raise
    book.close()
    return rows


def _write_front(book: Book, table: Table, about: About, checks: Mapping[str, str]) -> None:
    """checks: the cells that say whether a score is as it is stored, by name of their sheet."""
    with book.sheet(FRONT, ABOUT_WIDTHS, freeze="A1") as front:
        for name, words in about.lines().items():
            front.append([Head(name), words])
        for name, cells in checks.items():
            same = f'COUNTIF({cells},"{EQUAL}")&" of "&ROWS({cells})&" are as stored"'
            front.append([Head(f"check on {name}"), Formula(same)])
        front.append([])
        for line in (*READ_ON, *(ON_FORMULAS if checks else ())):
            front.append([None, " ".join(line.split())])
        front.append([])
        front.append([Head("column"), Head("what it says")])
        for column in table.columns:
            front.append([column.name, column.about.replace("NULL", "empty")])


def _write_table(book: Book, name: str, table: Table) -> int:
    with book.sheet(name, [16] * len(table.columns)) as sheet:
        sheet.append([Head(column.name) for column in table.columns])
        for row in table.rows:
            sheet.append(row)
        return sheet.rows - 1
