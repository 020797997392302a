"""The sheets of one scorecard in a workbook: the card, the points, the scores made of them."""

from dataclasses import dataclass

from include.export.card_sheet import CardCells, write_card
from include.export.score_columns import IDS, Row, ScoreColumn, score_columns
from include.export.sheets import FINE, Book, Cell, Formula, Head, Sheet, letters
from include.scoring.scorecard import Scorecard

HEADS = 3  # rows above the first account, on the sheets of measures and of scores
WIDTHS = (12, 16, 30)
MARKS = "1: the rule acts. 0: it does not. ?: what it asks is not known, so it does not."


@dataclass
class CardBook:
    """The sheets of one scorecard, to which accounts are added one by one. accounts: so many."""

    measures: Sheet
    scores: Sheet
    columns: list[ScoreColumn]
    accounts: int = 0

    @property
    def check_range(self) -> str:
        """The cells that say whether a score is as it is stored."""
        column = letters(len(self.columns))
        return f"'{self.scores.name}'!${column}${HEADS + 1}:${column}${HEADS + self.accounts}"

    def add(self, row: Row) -> None:
        """Write an account: its points, and the formulas that make its score of them."""
        at = str(self.measures.append([*(row[name] for name in IDS), *row["points"]]))
        self.scores.append(_cell(column, row, at) for column in self.columns)
        self.accounts += 1


def _cell(column: ScoreColumn, row: Row, at: str) -> Cell:
    if column.value is not None:
        return column.value(row)
    return Formula(column.formula.replace("#", at), FINE)


def open_card(book: Book, card: Scorecard, mark: str = "") -> CardBook:
    """Add the sheets of a scorecard with their heads. mark: behind their names, as in " 2"."""
    cells = write_card(book, f"Scorecard{mark}", card)
    measures = _measure_sheet(book, f"Measures{mark}", card, cells)
    columns = score_columns(card, cells, measures.name)
    scores = book.sheet(f"Scores{mark}", (*WIDTHS, *([13] * len(columns))), freeze=f"D{HEADS + 1}")
    scores.append([Head("weight of category"), "", "", *map(Formula, cells.categories)])
    scores.append([MARKS])
    scores.append([Head(column.head) for column in columns])
    return CardBook(measures, scores, columns)


def _measure_sheet(book: Book, name: str, card: Scorecard, cells: CardCells) -> Sheet:
    widths = (*WIDTHS, *([14] * len(card.measures)))
    sheet = book.sheet(name, widths, freeze=f"D{HEADS + 1}")
    sheet.append([Head("weight"), "", "", *map(Formula, cells.weights)])
    neutrals = [
        Formula(cells.neutrals[place]) if place in cells.neutrals else None
        for place in range(len(card.measures))
    ]
    sheet.append([Head("points if unknown"), "", "", *neutrals])
    sheet.append([Head(head) for head in (*IDS, *card.measure_names)])
    return sheet
