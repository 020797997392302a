"""The columns of a sheet of scores, as formulas that Excel and LibreOffice both know.

Of a row of points (the sheet of measures, unknown ones empty) and the numbers of the card:

    category = mean of its known points by weight; neutral points where the card has some
    coverage = known weight / all weight;  base = mean of the known categories by weight
    then each rule that acts, in order, the override, the band

Only functions of every version are used: SUM, SUMPRODUCT, ISNUMBER, IF, AND, ABS, ROUND, MIN, MAX,
LOOKUP. In a formula # stands for the number of the account's row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from include.export.card_sheet import CardCells, acting_rules
from include.export.cells import Cell, letters
from include.scoring.rules import Cap, Floor, Interaction, Penalty, Red, Rule
from include.scoring.scorecard import Scorecard

IDS = ("account_id", "crm_id", "name")
SAME_WITHIN = "0.000001"  # points: kernel and sheet round nine decimals a bit apart
EQUAL, UNEQUAL = "equal", "not equal"

Row = Mapping[str, Any]  # of export/workbook.sql


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """formula: of every account; without one, `value` gives what stands there."""

    head: str
    formula: str = ""
    value: Callable[[Row], Cell] | None = None


@dataclass
class _Columns:
    """Columns so far; each one is added with what it refers to before it."""

    found: list[ScoreColumn]

    def add(self, head: str, formula: str) -> str:
        """Add a formula; return the cell that it stands in."""
        self.found.append(ScoreColumn(head, formula))
        return self._last()

    def show(self, head: str, value: Callable[[Row], Cell]) -> str:
        """Add a value; return the cell that it stands in."""
        self.found.append(ScoreColumn(head, value=value))
        return self._last()

    def _last(self) -> str:
        return f"{letters(len(self.found))}#"


def score_columns(card: Scorecard, cells: CardCells, measures: str) -> list[ScoreColumn]:
    """Return the columns behind one another. measures: name of the sheet with the points.

    Row 1 above the categories holds their weights; on the other sheet rows 1 and 2 hold the
    measures' weights and their points if unknown.
    """
    columns = _Columns([ScoreColumn(name, value=_field(name)) for name in IDS])
    means = _span(columns, _means(card, cells, measures))
    shares = _span(columns, _known_shares(card, measures))
    weights = means.replace("#", "$1")
    coverage = columns.add("coverage", f"ROUND(SUMPRODUCT({weights},{shares})/SUM({weights}),9)")
    mean = f"SUMPRODUCT({weights},{means})/SUMPRODUCT({weights}*ISNUMBER({means}))"
    score = columns.add("base", f'IF({coverage}=0,"",ROUND({mean},9))')
    score = _add_rules(columns, card, cells, score)
    score = _add_override(columns, score)
    _add_check(columns, card, cells, (score, coverage))
    return columns.found


def _field(name: str) -> Callable[[Row], Cell]:
    return lambda row: row[name]


def _span(columns: _Columns, formulas: list[tuple[str, str]]) -> str:
    """Add columns; return the range of their cells."""
    made = [columns.add(head, formula) for head, formula in formulas]
    return f"{made[0]}:{made[-1]}"


def _ranges(card: Scorecard, measures: str) -> list[tuple[str, str]]:
    """Return for each category its name and the range of its points; # is the row."""
    found, first = [], len(IDS) + 1
    for category in card.categories:
        last = first + len(category.measures) - 1
        found.append((category.name, f"'{measures}'!${letters(first)}#:${letters(last)}#"))
        first = last + 1
    return found


def _means(card: Scorecard, cells: CardCells, measures: str) -> list[tuple[str, str]]:
    """Unknown points leave their weight to the others, unless neutral ones stand in for them."""
    found = []
    for number, (name, points) in enumerate(_ranges(card, measures)):
        weights, neutral = points.replace("#", "$1"), points.replace("#", "$2")
        counted, total = f"{weights}*ISNUMBER({points})", f"SUMPRODUCT({weights},{points})"
        if any(card.category_of[place] == number for place in cells.neutrals):
            counted = f"{weights}*(1-(1-ISNUMBER({points}))*(1-ISNUMBER({neutral})))"
            total += f"+SUMPRODUCT({weights}*(1-ISNUMBER({points})),{neutral})"
        mean = f'IF(SUMPRODUCT({counted})=0,"",({total})/SUMPRODUCT({counted}))'
        found.append((name, mean))
    return found


def _known_shares(card: Scorecard, measures: str) -> list[tuple[str, str]]:
    found = []
    for name, points in _ranges(card, measures):
        weights = points.replace("#", "$1")
        share = f"SUMPRODUCT({weights}*ISNUMBER({points}))/SUM({weights})"
        found.append((f"{name} known", f"IF(SUM({weights})=0,0,{share})"))
    return found


def _add_rules(columns: _Columns, card: Scorecard, cells: CardCells, score: str) -> str:
    """Add for each rule whether it acts, and the score after it; return the last one's cell.

    Whether it acts is a value: it depends on readings and attributes, never on weights.
    """
    for (place, rule), number in zip(acting_rules(card), cells.rules, strict=True):
        acts = columns.show(f"{rule.name} acts", _acting(place))
        step = _step(rule, score, number)
        after = f'IF({score}="","",IF({acts}=1,{step},{score}))'
        score = columns.add(f"after {rule.name}", after)
    return score


def _acting(place: int) -> Callable[[Row], Cell]:
    return lambda row: "?" if row["undecided"] >> place & 1 else row["fired"] >> place & 1


def _step(rule: Rule, score: str, number: str) -> str:
    match rule:
        case Interaction():
            return f"MAX(0,MIN(100,{score}+{number}))"
        case Penalty():
            return f"ROUND({score}*{number},9)"
        case Floor():
            return f"MAX({score},{number})"
        case Cap() | Red():
            return f"MIN({score},{number})"
    raise AssertionError("a flag does nothing")


def _add_override(columns: _Columns, score: str) -> str:
    to = columns.show("override to", _field("override_to"))
    factor = columns.show("override times", _field("override_factor"))
    may_raise = columns.show("may raise", lambda row: int(row["may_raise"]) or None)
    ends = f'IF({to}="",{score},IF({may_raise}=1,{to},MIN({score},{to})))'
    made = f'IF({score}="","",ROUND({ends}*IF({factor}="",1,{factor}),9))'
    return columns.add("score", made)


def _add_check(columns: _Columns, card: Scorecard, cells: CardCells, made: tuple[str, str]) -> None:
    """made: cells of the score and of the coverage."""
    score, coverage = made
    floor, ceiling = (f"{letters(len(columns.found) + n)}#" for n in (2, 3))
    found = _band_of(score, cells)
    if card.unknown_when_straddling:
        ends = _band_of(floor, cells), _band_of(ceiling, cells)
        found = f'IF({ends[0]}<>{ends[1]},"unknown",{found})'
    found = f'IF({coverage}<{cells.min_coverage},"unknown",{found})'
    band = columns.add("band", f'IF({score}="","unknown",{found})')
    columns.show("stored floor", _field("floor"))
    columns.show("stored ceiling", _field("ceiling"))
    stored = columns.show("stored score", _field("score"))
    stored_band = columns.show("stored band", _field("band"))
    near = f'IF({score}="",FALSE,ABS({score}-{stored})<{SAME_WITHIN})'
    same = f'IF({stored}="",{score}="",{near})'
    columns.add("check", f'IF(AND({same},{band}={stored_band}),"{EQUAL}","{UNEQUAL}")')


def _band_of(cell: str, cells: CardCells) -> str:
    starts, names = cells.bands
    return f"LOOKUP({cell},{starts},{names})"
