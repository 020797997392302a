"""One account's score taken apart: what measures contributed and cost, what rules made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from include.say import written
from include.scoring.apportion import apportion
from include.scoring.context import Context, circumstances_of
from include.scoring.measure_parts import (
    MeasurePart,
    Stated,
    measure_part,
    rounded,
    to_places,
    with_beside,
)
from include.scoring.plan import BILLION, Floats, plan_of
from include.scoring.rule_parts import (
    FlagPart,
    StepPart,
    UndecidedPart,
    flags_of,
    steps_of,
    undecided_of,
)
from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard
from include.scoring.why import AccountDay

NOTHING = Context()


@dataclass(frozen=True, slots=True)
class CategoryPart:
    """A category's part; weight, contributed and lost are the sums of its measures'."""

    name: str
    score: float | None
    weight: float
    contributed: float
    lost: float
    measures: tuple[MeasurePart, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One account's score and the parts that sum to it. band None: band_because says why.

    The measures' parts sum to the base; steps lead from there to the score. month: of the term, 0
    without one; attributes: what was known of those that the card asks for.
    """

    card: str
    score: float | None
    base: float | None
    raw: float | None
    floor: float
    ceiling: float
    coverage: float
    band: str | None
    band_because: str
    action: str | None
    categories: tuple[CategoryPart, ...]
    steps: tuple[StepPart, ...] = ()
    undecided: tuple[UndecidedPart, ...] = ()
    flags: tuple[FlagPart, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    month: int = 0


def take_apart(
    readings: Floats, card: Scorecard, *, places: int = 9, at: AccountDay | None = None,
    context: Context = NOTHING,
) -> Explanation:  # fmt: skip
    """Take one row of readings apart, all parts of the score stated to `places` decimals (0 to 9).

    at: what is known of the account on that day; with it, what is unknown has its cause beside it,
    without it the rule. context: what the score stood on beside its readings.

    As decimals, what the measures contributed sums to the base, what they lost to 100 less the
    base, and their weights to 100; the steps lead from the base to the score. What rounding leaves
    over goes to the largest remainders. Without a score all parts are 0.
    """
    readings = np.asarray(readings, np.float64)
    stood = circumstances_of(np.zeros(1, np.intp), [context])
    scores = score(readings[None, :], card, stood)
    parts = _apportion(scores, card, 10**places)
    band = int(scores.band[0])
    measures = [
        measure_part(measure, (readings[j], scores.points[0, j]), parts[j], (at, context))
        for j, measure in enumerate(card.measures)
    ]
    return Explanation(
        card=f"{card.name}.v{card.version}",
        score=rounded(scores.score[0], places),
        base=rounded(scores.base[0], places),
        raw=rounded(scores.raw[0], places),
        floor=to_places(scores.floor[0], places),
        ceiling=to_places(scores.ceiling[0], places),
        coverage=float(scores.coverage[0]),
        band=None if band < 0 else card.bands[band].name,
        band_because=_band_because(scores, card),
        action=None if band < 0 else card.bands[band].action,
        categories=_category_parts(with_beside(measures, card), scores, card, parts),
        steps=steps_of(readings, card, context, places=places),
        undecided=undecided_of(readings, card, context, scores),
        flags=flags_of(card, scores),
        attributes=dict(context.attributes),
        month=context.month,
    )


def _apportion(scores: Scores, card: Scorecard, unit: int) -> list[Stated]:
    """Per measure, in file order."""
    if np.isnan(scores.score[0]):
        return [Stated(0, 0, unit)] * len(card.measures)
    shares = _shares(scores.points[0], card)
    points = [Fraction(round(value * BILLION), 10**9) for value in np.nan_to_num(scores.points[0])]
    contributed = [share * each * unit for share, each in zip(shares, points, strict=True)]
    lost = [share * 100 * unit - each for share, each in zip(shares, contributed, strict=True)]
    whole = round(Fraction(round(scores.base[0] * BILLION), 10**9) * unit)
    stated = zip(apportion(contributed, whole), apportion(lost, 100 * unit - whole), strict=True)
    return [Stated(won, missed, unit) for won, missed in stated]


def _shares(points: Floats, card: Scorecard) -> list[Fraction]:
    """Each measure's exact part in this account's score; 0 where unknown."""
    plan, known = plan_of(card), ~np.isnan(points)
    inner = [
        [weight * int(known[part.first + i]) for i, weight in enumerate(part.weights)]
        for part in plan.parts
    ]
    outer = sum(part.weight for part, own in zip(plan.parts, inner, strict=True) if any(own))
    return [
        Fraction(part.weight * weight, outer * sum(own)) if weight else Fraction(0)
        for part, own in zip(plan.parts, inner, strict=True)
        for weight in own
    ]


def _category_parts(
    measures: list[MeasurePart], scores: Scores, card: Scorecard, parts: list[Stated]
) -> tuple[CategoryPart, ...]:
    result = []
    for c, (category, part) in enumerate(zip(card.categories, plan_of(card).parts, strict=True)):
        own = slice(part.first, part.first + len(part.weights))
        contributed = sum(each.contributed for each in parts[own])
        lost = sum(each.lost for each in parts[own])
        result.append(
            CategoryPart(
                name=category.name,
                score=rounded(scores.categories[0, c]),
                measures=tuple(measures[own]),
                **Stated(contributed, lost, parts[0].unit).points(),
            )
        )
    return tuple(result)


def _band_because(scores: Scores, card: Scorecard) -> str:
    known, asked = scores.coverage[0], card.min_coverage
    if np.isnan(scores.score[0]):
        return "Nothing that weighs is known, so there is no score."
    if known < asked:
        return f"Only {known:.1%} of the weight is known; the scorecard asks for {asked:.1%}."
    if scores.band[0] < 0:
        least, most = scores.floor[0], scores.ceiling[0]
        return f"What is unknown could put the score anywhere from {least:.1f} to {most:.1f}."
    band = card.bands[scores.band[0]]
    return f'The band "{band.name}" begins at {written(band.lower)}.'
