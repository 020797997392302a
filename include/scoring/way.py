"""What an account could gain, measure by measure, and what its score would need."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import Self

import numpy as np

from include.scoring.choice import Gain
from include.scoring.circumstances import Circumstances
from include.scoring.nearest import nearest_reading
from include.scoring.plan import ALL, BILLION, Floats, Losses, plan_of
from include.scoring.rules_at_work import settled
from include.scoring.score import Scores, score
from include.scoring.scorecard import Band, Scorecard
from include.scoring.targets_at_work import target_of


@dataclass(frozen=True, slots=True)
class Account:
    """One row of readings, what else its score stands on, and that score."""

    readings: Floats
    card: Scorecard
    at: Circumstances
    scores: Scores

    @classmethod
    def of(cls, readings: Floats, card: Scorecard, at: Circumstances) -> Self:
        return cls(readings, card, at, score(readings, card, at))

    @property
    def score(self) -> float:
        return float(self.scores.score[0])

    @property
    def points(self) -> Floats:
        points: Floats = self.scores.points[0]
        return points

    @property
    def band(self) -> str | None:
        band = self.scores.band[0]
        return None if band < 0 else self.card.bands[band].name

    def settled(self, base: int) -> float:
        """The score, in billionths, with this base and the rules that act now."""
        fired = int(self.scores.fired[0])
        return float(settled(np.array([float(base)]), fired, self.card, self.at)[0])


def gains_of(now: Account) -> tuple[dict[int, Gain], int]:
    """Return by measure what it can gain, and how many units make a billionth of the base."""
    shares = shares_of(now.points, now.card)
    unit = lcm(*(share.denominator for share in shares.values()))
    gains = {}
    for j, share in shares.items():
        measure = now.card.measures[j]
        if np.isnan(now.readings[0, j]) or not measure.actionable:
            continue
        best = max(points for _, points in measure.curve)
        room = round(best * BILLION) - billionths(now.points[j])
        if room > 0:
            gains[j] = Gain(j, room, int(share * unit))
    return gains, unit


def shares_of(points: Floats, card: Scorecard) -> dict[int, Fraction]:
    """By measure that weighs and has points, in file order, its exact part in this base."""
    parts = []
    for part in plan_of(card).parts:
        weights = enumerate(part.weights, start=part.first)
        known = {j: weight for j, weight in weights if weight and not np.isnan(points[j])}
        if known and part.weight:
            parts.append((part.weight, known))
    outer = sum(weight for weight, _ in parts)
    return {
        j: Fraction(weight * inner, outer * sum(known.values()))
        for weight, known in parts
        for j, inner in known.items()
    }


def exact_base(now: Account) -> Fraction:
    """The base in billionths, unrounded."""
    shares = shares_of(now.points, now.card)
    return sum((share * billionths(now.points[j]) for j, share in shares.items()), Fraction(0))


def least_base(now: Account, following: Band) -> int | None:
    """The least base, in billionths, from which the score is in the next band; None: there is none.

    No rule lets a higher base fall behind a lower one, so halving finds it; where none acts, it is
    where the band begins.
    """
    begins = ceil(Fraction(following.lower) * 10**9)
    if now.settled(begins - 1) < begins <= now.settled(begins):
        return begins
    low, high = 0, int(ALL)
    if now.settled(high) < begins:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if now.settled(middle) < begins else (low, middle)
    return low


def billionths(points: float) -> int:
    return round(float(points) * BILLION)


def applied(now: Account, chosen: dict[int, int]) -> Floats:
    """Return the readings with these billionths of points gained by each measure."""
    losses, after = plan_of(now.card).losses, now.readings.copy()
    for j, gained in chosen.items():
        lost = int(ALL) - billionths(now.points[j]) - gained
        after[0, j] = _nearest(now, j, losses[j], lost)
    return after


def _nearest(now: Account, j: int, losses: Losses, lost: int) -> float:
    """The nearest reading of a measure at which at most `lost` billionths are lost."""
    measure, reading = now.card.measures[j], float(now.readings[0, j])
    if measure.levels is not None:
        levels = np.arange(1.0, len(measure.levels) + 1)
        good = levels[losses.of(levels) <= lost]
        return float(good[np.abs(good - reading).argmin()])
    target = target_of(measure.target, now.at)
    x = nearest_reading(measure, losses, reading / target, lost)
    found = x * target
    if losses.of(np.array([found / target]))[0] > lost:  # the product fell short by its last bit
        found = float(np.nextafter(found, np.inf if found > reading else -np.inf))
    return found
