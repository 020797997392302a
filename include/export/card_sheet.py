"""A scorecard as a sheet of its own: the numbers that the formulas of the scores refer to.

What people may change to see what becomes of the scores stands on yellow ground: weights, points in
place of unknown, what rules do, where bands begin, the least coverage.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from include.export.cells import Cell, Head, Input
from include.export.sheets import Book, Sheet
from include.say import written
from include.scoring.deck import label_of
from include.scoring.measure import Measure
from include.scoring.policies import Neutral
from include.scoring.rule_words import conditions, effect
from include.scoring.rules import Cap, Flag, Floor, Interaction, Penalty, Red, Rule
from include.scoring.rules_at_work import in_order
from include.scoring.scorecard import Scorecard

HOW = "Change a number on yellow ground: the scores follow. The file stays as it is."
WIDTHS = (24, 26, 40, 12, 14, 14, 22, 40, 60)


@dataclass(frozen=True, slots=True)
class CardCells:
    """Where the numbers of a scorecard stand, as other sheets refer to them.

    categories, weights, neutrals, rules: a reference each, in the order of the card and, for rules
    without flags, in that in which they act; neutrals by place of the measure.
    """

    categories: tuple[str, ...]
    weights: tuple[str, ...]
    neutrals: dict[int, str]
    rules: tuple[str, ...]
    bands: tuple[str, str]  # where they begin, and their names, from the worst
    min_coverage: str


def acting_rules(card: Scorecard) -> list[tuple[int, Rule]]:
    """Return the rules that change a score, by place in the card, in the order of their acting."""
    return [(place, rule) for place, rule in in_order(card.rules) if not isinstance(rule, Flag)]


def number_of(rule: Rule) -> float:
    """Return the one number of what a rule does, to nine decimals as scores are."""
    match rule:
        case Interaction(add=number) | Penalty(factor=number) | Floor(at=number) | Cap(at=number):
            pass
        case Red(to=number):
            pass
        case _:
            raise AssertionError("a flag does nothing")
    return round(number, 9)


def write_card(book: Book, name: str, card: Scorecard) -> CardCells:
    """Write the sheet; return where its numbers stand."""
    with book.sheet(name, WIDTHS, freeze="A3") as sheet:
        sheet.append([Head(f"{card.title} ({label_of(card)})")])
        sheet.append([HOW])
        return _tables(sheet, card)


def _tables(sheet: Sheet, card: Scorecard) -> CardCells:
    categories = _table(
        sheet, ("category", "weight"), [(one.name, Input(one.weight)) for one in card.categories]
    )
    measures = _measures(sheet, card)
    rules = _rules(sheet, card)
    bands = _table(
        sheet, ("band", "from", "what to do"),
        [(band.name, Input(band.lower), band.action) for band in card.bands],
    )  # fmt: skip
    [least] = _table(sheet, ("least coverage", "share"), [("for a band", Input(card.min_coverage))])
    name = sheet.name
    return CardCells(
        categories=tuple(f"{_at(name, 'B')}{row}" for row in categories),
        weights=tuple(f"{_at(name, 'D')}{row}" for row in measures),
        neutrals={
            place: f"{_at(name, 'E')}{row}"
            for place, row in enumerate(measures)
            if isinstance(card.measures[place].when_unknown, Neutral)
        },
        rules=tuple(f"{_at(name, 'D')}{row}" for row in rules),
        bands=(
            f"{_at(name, 'B')}{bands[0]}:$B${bands[-1]}",
            f"{_at(name, 'A')}{bands[0]}:$A${bands[-1]}",
        ),
        min_coverage=f"{_at(name, 'B')}{least}",
    )


def _rules(sheet: Sheet, card: Scorecard) -> list[int]:
    rows = [
        (rule.name, rule.kind, effect(rule), Input(number_of(rule)), "", "", "",
         conditions(rule), rule.why)
        for _, rule in acting_rules(card)
    ]  # fmt: skip
    return _table(sheet, ("rule", "kind", "does", "number", "", "", "", "when", "why"), rows)


def _at(sheet: str, column: str) -> str:
    return f"'{sheet}'!${column}$"


def _table(sheet: Sheet, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Write a table below an empty row; return the numbers of its rows. None: not even heads."""
    if not rows:
        return []
    sheet.append([])
    sheet.append([Head(head) for head in heads])
    return [sheet.append(row) for row in rows]


def _measures(sheet: Sheet, card: Scorecard) -> list[int]:
    heads = (
        "category", "measure", "label", "weight", "if unknown", "share of all", "unit", "good",
        "points by reading",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for place, measure in enumerate(card.measures):
        category = card.categories[int(card.category_of[place])]
        policy = measure.when_unknown
        neutral = Input(policy.neutral) if isinstance(policy, Neutral) else str(_word(measure))
        share = round(float(np.asarray(card.effective_weights)[place]), 6)
        rows.append(
            (category.name, measure.name, measure.label, Input(measure.weight), neutral, share,
             measure.unit, measure.good, _curve(measure))
        )  # fmt: skip
    return _table(sheet, heads, rows)


def _word(measure: Measure) -> str:
    policy = measure.when_unknown
    return policy if isinstance(policy, str) else "carried"


def _curve(measure: Measure) -> str:
    corners = ", ".join(f"{written(x)}: {written(points)}" for x, points in measure.curve)
    return f"{corners} (reading / target)" if measure.target else corners
