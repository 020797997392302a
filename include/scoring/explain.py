"""One account's score taken apart: what each measure contributed and what it cost."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from include.scoring.apportion import apportion
from include.scoring.measure import Measure
from include.scoring.plan import BILLION, Floats, plan_of
from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard
from include.scoring.unknown import unknown_when
from include.scoring.why import AccountDay, why_unknown


@dataclass(frozen=True, slots=True)
class MeasurePart:
    """A measure's part in one account's score; None is unknown, unknown_because says why.

    unknown_when: the rule by which this measure is unknown, whether it is or not.
    weight: its percent of this score, by known weights. contributed + lost = weight.
    """

    name: str
    label: str
    unit: str
    good: str
    reading: float | None
    points: float | None
    weight: float
    contributed: float
    lost: float
    unknown_because: str | None
    unknown_when: str


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
    """One account's score and the parts that sum to it. band None: band_because says why."""

    card: str
    score: float | None
    raw: float | None
    floor: float
    ceiling: float
    coverage: float
    band: str | None
    band_because: str
    action: str | None
    categories: tuple[CategoryPart, ...]


@dataclass(frozen=True, slots=True)
class _Stated:
    """What was contributed and lost, in whole units of which `unit` make a point of the score."""

    contributed: int
    lost: int
    unit: int

    def points(self) -> dict[str, float]:
        both = {"contributed": self.contributed, "lost": self.lost}
        both["weight"] = self.contributed + self.lost
        return {name: units / self.unit for name, units in both.items()}


def take_apart(
    readings: Floats, card: Scorecard, *, places: int = 9, at: AccountDay | None = None
) -> Explanation:
    """Take one row of readings apart, all parts of the score stated to `places` decimals (0 to 9).

    at: what is known of the account on that day; with it, what is unknown has its cause beside it,
    without it the rule.

    As decimals, what the measures contributed sums to the score, what they lost to 100 less the
    score, and their weights to 100. What rounding leaves over goes to the largest remainders.
    Without a score all parts are 0.
    """
    scores = score(np.array([readings], np.float64), card)
    parts = _apportion(scores, card, 10**places)
    band = int(scores.band[0])
    measures = [
        _measure_part(measure, (readings[j], scores.points[0, j]), parts[j], at)
        for j, measure in enumerate(card.measures)
    ]
    return Explanation(
        card=f"{card.name}.v{card.version}",
        score=_known(scores.score[0], places),
        raw=_known(scores.raw[0], places),
        floor=round(float(scores.floor[0]), places),
        ceiling=round(float(scores.ceiling[0]), places),
        coverage=float(scores.coverage[0]),
        band=None if band < 0 else card.bands[band].name,
        band_because=_band_because(scores, card),
        action=None if band < 0 else card.bands[band].action,
        categories=_category_parts(measures, scores, card, parts),
    )


def _known(value: float, places: int = 9) -> float | None:
    return None if np.isnan(value) else round(float(value), places)


def _apportion(scores: Scores, card: Scorecard, unit: int) -> list[_Stated]:
    """Per measure, in file order."""
    if np.isnan(scores.score[0]):
        return [_Stated(0, 0, unit)] * len(card.measures)
    shares = _shares(scores.points[0], card)
    points = [Fraction(round(value * BILLION), 10**9) for value in np.nan_to_num(scores.points[0])]
    contributed = [share * each * unit for share, each in zip(shares, points, strict=True)]
    lost = [share * 100 * unit - each for share, each in zip(shares, contributed, strict=True)]
    whole = round(Fraction(round(scores.score[0] * BILLION), 10**9) * unit)
    stated = zip(apportion(contributed, whole), apportion(lost, 100 * unit - whole), strict=True)
    return [_Stated(won, missed, unit) for won, missed in stated]


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
    measures: list[MeasurePart], scores: Scores, card: Scorecard, parts: list[_Stated]
) -> tuple[CategoryPart, ...]:
    result = []
    for c, (category, part) in enumerate(zip(card.categories, plan_of(card).parts, strict=True)):
        own = slice(part.first, part.first + len(part.weights))
        contributed = sum(each.contributed for each in parts[own])
        lost = sum(each.lost for each in parts[own])
        result.append(
            CategoryPart(
                name=category.name,
                score=_known(scores.categories[0, c]),
                measures=tuple(measures[own]),
                **_Stated(contributed, lost, parts[0].unit).points(),
            )
        )
    return tuple(result)


def _measure_part(
    measure: Measure, found: tuple[float, float], stated: _Stated, at: AccountDay | None
) -> MeasurePart:
    """found: reading and points."""
    reading, points = found
    return MeasurePart(
        name=measure.name,
        label=measure.label,
        unit=measure.unit,
        good=measure.good,
        reading=None if np.isnan(reading) else float(reading),
        points=_known(points),
        unknown_because=why_unknown(measure, at) if np.isnan(reading) else None,
        unknown_when=unknown_when(measure),
        **stated.points(),
    )


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
    return f'The band "{band.name}" begins at {band.lower:g}.'
