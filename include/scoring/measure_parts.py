"""What each measure gave to and took from one account's base, with all it is read against."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

import numpy as np

from include.scoring.context import Context
from include.scoring.measure import Measure
from include.scoring.plan import BILLION
from include.scoring.policy_words import policy_of, policy_used, target_of, why_no_target
from include.scoring.scorecard import Scorecard
from include.scoring.unknown import unknown_when
from include.scoring.why import EPOCH, AccountDay, why_unknown


@dataclass(frozen=True, slots=True)
class Beside:
    """A measure of no weight that is shown with another: how many answered, how old they are."""

    name: str
    label: str
    unit: str
    reading: float | None


@dataclass(frozen=True, slots=True)
class MeasurePart:
    """A measure's part in one account's base; None is unknown, unknown_because says why.

    unknown_when: the rule by which this measure is unknown, whether it is or not.
    weight: its percent of this base, by known weights. contributed + lost = weight.
    target: what the reading should be; of_target: reading / target, which the curve is read at.
    level: its name, where people set levels. policy: what becomes of the unknown; policy_used: what
    became of it here, None: nothing. carried_days: the age of a reading carried forward, else 0.
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
    target: float | None = None
    of_target: float | None = None
    level: str | None = None
    policy: str = "stays unknown"
    policy_used: str | None = None
    carried_days: int = 0
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """What was contributed and lost, in whole units of which `unit` make a point of the score."""

    contributed: int
    lost: int
    unit: int

    def points(self) -> dict[str, float]:
        """Return both in points of the score, and the weight, which is their sum."""
        both = {"contributed": self.contributed, "lost": self.lost}
        both["weight"] = self.contributed + self.lost
        return {name: units / self.unit for name, units in both.items()}


def measure_part(
    measure: Measure,
    found: tuple[float, float],
    stated: Stated,
    around: tuple[AccountDay | None, Context],
) -> MeasurePart:
    """Say all there is to say of a measure of one account.

    found: reading and points. around: what is known of the account.
    """
    (reading, points), (at, context) = found, around
    target, age = target_of(measure, context), context.carried.get(measure.name, 0)
    on = None if at is None else EPOCH + timedelta(days=at.day)
    points_of = stated.points()
    because = why_unknown(measure, at) if np.isnan(reading) else why_no_target(measure, context)
    return MeasurePart(
        name=measure.name,
        label=measure.label,
        unit=measure.unit,
        good=measure.good,
        reading=None if np.isnan(reading) else float(reading),
        points=rounded(points),
        unknown_because=because,
        unknown_when=unknown_when(measure),
        target=target,
        of_target=None if target is None or np.isnan(reading) else float(reading) / target,
        level=_level(measure, reading),
        policy=policy_of(measure),
        policy_used=policy_used(measure, float(reading), age, on),
        carried_days=age,
        contributed=points_of["contributed"],
        lost=points_of["lost"],
        weight=points_of["weight"],
    )


def _level(measure: Measure, reading: float) -> str | None:
    """Name the level that a person set: the first one is reading 1."""
    if measure.levels is None or not float(reading).is_integer():
        return None
    names = list(measure.levels)
    return names[int(reading) - 1] if 1 <= reading <= len(names) else None


def with_beside(measures: Sequence[MeasurePart], card: Scorecard) -> list[MeasurePart]:
    """Give each measure those that are shown with it."""
    named = {part.name: Beside(part.name, part.label, part.unit, part.reading) for part in measures}
    return [
        replace(part, beside=tuple(named[name] for name in measure.beside))
        for part, measure in zip(measures, card.measures, strict=True)
    ]


def rounded(value: float, places: int = 9) -> float | None:
    """Return points as `to_places` does; None for unknown ones."""
    return None if np.isnan(value) else to_places(value, places)


def to_places(points: float, places: int) -> float:
    """Return points, which are known to the billionth, rounded as decimals, half to even.

    The float nearest to 1.15 lies below it: round() would go down where the parts go up.
    """
    return float(round(Fraction(round(float(points) * BILLION), 10**9), places))
