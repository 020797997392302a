"""Whether the parts of a scorecard fit together: names that point at others, rules and bands."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from include.scoring.measure import Measure
from include.scoring.rules import Comparison, Red
from include.scoring.strict import did_you_mean, mistake
from include.scoring.yaml_lines import Path

if TYPE_CHECKING:
    from include.scoring.scorecard import Scorecard

Mistakes = Iterator[PydanticCustomError]


def incoherences(card: "Scorecard") -> Mistakes:
    """Every mistake that no part can see alone, its place counted from the card."""
    yield from _bands(card)
    yield from _twins(card)
    yield from _beside(card)
    yield from _conditions(card)
    yield from _reds(card)


def places(card: "Scorecard") -> list[tuple[Measure, Path]]:
    """All measures in file order, with where they stand."""
    return [
        (measure, ("categories", i, "measures", j))
        for i, category in enumerate(card.categories)
        for j, measure in enumerate(category.measures)
    ]


def _bands(card: "Scorecard") -> Mistakes:
    if card.bands[0].lower != 0:
        yield mistake(
            "the first band must begin at 0, so that every score has one.", "bands", 0, "from"
        )
    for i, (below, band) in enumerate(pairwise(card.bands), start=1):
        if band.lower <= below.lower:
            yield mistake(
                f'bands go upwards, but "{band.name}" ({band.lower:g}) follows '
                f'"{below.name}" ({below.lower:g}).',
                *("bands", i, "from"),
            )
    for i, band in enumerate(card.bands):
        if band.name == "unknown":
            yield mistake(
                '"unknown" is what an account without a band is in; choose another name.',
                *("bands", i, "name"),
            )


def _twins(card: "Scorecard") -> Mistakes:
    categories = ((c.name, ("categories", i, "name")) for i, c in enumerate(card.categories))
    yield from _repeated(categories, "category")
    yield from _repeated(((b.name, ("bands", i, "name")) for i, b in enumerate(card.bands)), "band")
    yield from _repeated(((s, ("charter", i)) for i, s in enumerate(card.charter)), "stage")
    measures = ((measure.name, (*at, "name")) for measure, at in places(card))
    yield from _repeated(measures, "measure")
    yield from _repeated(((r.name, ("rules", i, "name")) for i, r in enumerate(card.rules)), "rule")


def _repeated(named: Iterable[tuple[str, Path]], kind: str) -> Mistakes:
    seen: set[str] = set()
    for name, at in named:
        if name in seen:
            yield mistake(f'there are two of the {kind} "{name}"; names must be unique.', *at)
        seen.add(name)


def _beside(card: "Scorecard") -> Mistakes:
    weights = {measure.name: measure.weight for measure, _ in places(card)}
    context = [name for name, weight in weights.items() if weight == 0]
    for measure, at in places(card):
        for i, name in enumerate(measure.beside):
            if weights.get(name):
                yield mistake(
                    f'"{name}" has the weight {weights[name]:g}; only measures of weight 0, which '
                    "are in no score, are shown beside another.",
                    *(*at, "beside", i),
                )
            elif name not in weights:
                hint = did_you_mean(name, context) if context else "give it one of weight 0."
                yield mistake(f'there is no measure "{name}"; {hint}', *at, "beside", i)


def _conditions(card: "Scorecard") -> Mistakes:
    names = [measure.name for measure, _ in places(card)]
    for i, rule in enumerate(card.rules):
        for j, one in enumerate(rule.when):
            if isinstance(one, Comparison) and one.measure not in names:
                yield mistake(
                    f'there is no measure "{one.measure}"; {did_you_mean(one.measure, names)}',
                    *("rules", i, "when", j, "measure"),
                )


def _reds(card: "Scorecard") -> Mistakes:
    lowest, limit = card.bands[0].name, card.bands[1].lower
    for i, rule in enumerate(card.rules):
        if isinstance(rule, Red) and rule.to >= limit:
            yield mistake(
                f'a hard red ends in the lowest band, "{lowest}", so below {limit:g}, but this '
                f"is {rule.to:g}.",
                *("rules", i, "to"),
            )
