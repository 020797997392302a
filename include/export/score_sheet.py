"""The sheets of one scorecard in a workbook: the card, the points, the scores made of them."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from include.errors import FixConfig
from include.export.card_sheet import CardCells, write_card
from include.export.cells import FINE, Formula, Head, RowTemplate, letters
from include.export.score_columns import IDS, Row, ScoreColumn, score_columns
from include.export.sheets import Book
from include.scoring.scorecard import Scorecard

HEADS = 3  # rows above the first account, on the sheets of measures and of scores
WIDTHS = (12, 16, 30)
MARKS = "1: the rule acts. 0: it does not. ?: what it asks is not known, so it does not."


@dataclass(frozen=True, slots=True)
class ScoredBy:
    """The accounts that a scorecard scored, by account: both tell of the same ones.

    points: rows of export/workbook_points.sql; scores: of export/workbook.sql. Each is read once.
    """

    card: Scorecard
    points: Callable[[], Iterable[Row]]
    scores: Callable[[], Iterable[Row]]


def sheet_names(mark: str) -> tuple[str, str, str]:
    """Return the names of the three sheets of a scorecard. mark: behind each, as in " 2"."""
    return f"Scorecard{mark}", f"Measures{mark}", f"Scores{mark}"


def write_scored(book: Book, scored: ScoredBy, mark: str = "") -> str:
    """Write the sheets of a scorecard; return the cells that say whether a score is as stored.

    Raises FixConfig where a sheet cannot hold the accounts, or receipts were thinned.
    """
    card_name, measures, scores = sheet_names(mark)
    cells = write_card(book, card_name, scored.card)
    accounts = _write_measures(book, measures, scored, cells)
    columns = score_columns(scored.card, cells, measures)
    _write_scores(book, scores, columns, cells, zip(accounts, scored.scores(), strict=True))
    last = letters(len(columns))
    return f"'{scores}'!${last}${HEADS + 1}:${last}${HEADS + len(accounts)}"


def _write_measures(book: Book, name: str, scored: ScoredBy, cells: CardCells) -> Sequence[int]:
    """Write the points; return the accounts, a row each."""
    card, accounts = scored.card, array("q")
    widths = (*WIDTHS, *([14] * len(card.measures)))
    with book.sheet(name, widths, freeze=f"D{HEADS + 1}") as sheet:
        sheet.append([Head("weight"), "", "", *map(Formula, cells.weights)])
        neutrals = [
            Formula(cells.neutrals[place]) if place in cells.neutrals else None
            for place in range(len(card.measures))
        ]
        sheet.append([Head("points if unknown"), "", "", *neutrals])
        sheet.append([Head(head) for head in (*IDS, *card.measure_names)])
        for row in scored.points():
            if row["is_thinned"]:
                raise FixConfig(THINNED)
            sheet.append([*(row[name] for name in IDS), *row["points"]])
            accounts.append(row["account_id"])
    return accounts


THINNED = (
    "The receipts of this day are thinned (receipts.thin_after_days), so its scores cannot be "
    "computed in a workbook. Take a newer day, or --what history."
)


def _write_scores(
    book: Book, name: str, columns: Sequence[ScoreColumn], cells: CardCells,
    rows: Iterator[tuple[int, Row]],
) -> None:  # fmt: skip
    template = RowTemplate(
        [None if column.value else Formula(column.formula, FINE) for column in columns]
    )
    values = [column.value for column in columns if column.value]
    widths = (*WIDTHS, *([13] * len(columns)))
    with book.sheet(name, widths, freeze=f"D{HEADS + 1}") as sheet:
        sheet.append([Head("weight of category"), "", "", *map(Formula, cells.categories)])
        sheet.append([MARKS])
        sheet.append([Head(column.head) for column in columns])
        for account, row in rows:
            assert row["account_id"] == account, "formulas look at the same row of the points"
            sheet.fill(template, [value(row) for value in values])
