"""The cheapest path to the next band: which measures to improve, each along its own curve.

Improving what is known changes no weight, so a billionth of a point that a measure gains always
adds the same part of a billionth to the base. All is counted in whole numbers, so the choice is
exact: fewest measures first, then the fewest points of their own that these have to gain. Rules
that act are taken to go on acting; what comes out is scored once more, by all rules.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import floor

import numpy as np

from include.say import written
from include.scoring.apportion import apportion
from include.scoring.choice import choose
from include.scoring.circumstances import Circumstances
from include.scoring.flags import rules_in
from include.scoring.measure import Measure
from include.scoring.plan import BILLION, Floats
from include.scoring.reading_spec import Latest
from include.scoring.scorecard import Band, Scorecard
from include.scoring.way import (
    Account,
    applied,
    billionths,
    exact_base,
    gains_of,
    least_base,
    shares_of,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One measure improved: from `reading` to at least (or, below it, at most) `to`.

    points, points_to: of the measure. gains: points of the score that this step adds. is_last: `to`
    is the last that people can set in this direction, such as level 5 of 5.
    """

    name: str
    label: str
    unit: str
    reading: float
    to: float
    points: float
    points_to: float
    gains: float
    is_last: bool = False

    @property
    def enough(self) -> float:
        """`to` with two decimals, rounded so that it still suffices."""
        if self.is_last:
            return self.to
        rounding = ROUND_CEILING if self.to > self.reading else ROUND_FLOOR
        return float(Decimal(repr(self.to)).quantize(Decimal("0.01"), rounding))


@dataclass(frozen=True, slots=True)
class Path:
    """What it takes to reach the next band; no steps: it cannot be reached, `sentence` says why.

    begins: where the next band begins. band_after: None where too much is unknown for a band.
    """

    score: float | None
    band: str | None
    next_band: str | None
    begins: float | None
    steps: tuple[Step, ...]
    score_after: float | None
    band_after: str | None
    sentence: str

    @property
    def named(self) -> str:
        """The steps by name, for where no table of them stands beside; "" without any."""
        if not self.steps or self.begins is None:
            return ""
        moves = "; ".join(
            f"{step.label} from {written(step.reading)} to {written(step.enough)} {step.unit}"
            for step in self.steps
        )
        found = f"{moves}: that lifts the score to {self.score_after:.1f}"
        return f'{found}; "{self.next_band}" begins at {written(self.begins)}.'


def find_path(readings: Floats, card: Scorecard, at: Circumstances | None = None) -> Path:
    """Return the cheapest path of one row of readings; at: of that account, one row."""
    row = np.array([readings], np.float64)
    now = Account.of(row, card, at or Circumstances.none(1))
    following = _next_band(now)
    hindered = _hindrance(now, following)
    if following is None or hindered:
        return _stay(now, following, hindered)
    gains, unit = gains_of(now)
    base, begins = exact_base(now), least_base(now, following)
    best = base + Fraction(sum(gain.most for gain in gains.values()), unit)
    if begins is None or best < begins:
        return _stay(now, following, _too_far(now, following, round(best)))
    chosen = choose(list(gains.values()), begins * unit - int(base * unit))
    then = Account.of(applied(now, chosen), card, now.at)
    if then.score < following.lower:
        return _stay(now, following, _turned(now, then))
    return _describe(now, then, following)


def _next_band(now: Account) -> Band | None:
    above = [band for band in now.card.bands if not now.score >= band.lower]
    return above[0] if above else None


def _hindrance(now: Account, following: Band | None) -> str:
    """Why no improvement of what is known can help; empty where one may."""
    coverage, asked = now.scores.coverage[0], now.card.min_coverage
    if np.isnan(now.score):
        return "Nothing that weighs is known, so there is no score to raise."
    if coverage < asked:
        return (
            f"Only {coverage:.1%} of the weight is known and the scorecard asks for "
            f"{asked:.1%}: more must become known before there is a band."
        )
    return "" if following else f'"{now.card.bands[-1].name}" is the highest band there is.'


def _too_far(now: Account, following: Band, best: int) -> str:
    most = now.settled(best) / BILLION
    held = _held_by(now, best, following)
    what = "is known" if all(one.actionable for one in now.card.measures) else "can be moved"
    return (
        f"With all that {what} at its best the score would be {floor(most * 10) / 10:.1f}"
        f'{held}; "{following.name}" begins at {written(following.lower)}.'
    )


def _held_by(now: Account, best: int, following: Band) -> str:
    """Name the rules that act, where without them and an override the best would be enough."""
    rules = [rule.name for rule in rules_in(int(now.scores.fired[0]), now.card)
             if rule.kind != "flag"]  # fmt: skip
    overridden = not np.isnan([now.at.override_to[0], now.at.override_factor[0]]).all()
    holding = [*rules, *(["the override"] if overridden else [])]
    if best / BILLION < following.lower or not holding:
        return ""
    return f" (held by {', '.join(holding)})"


def _turned(now: Account, then: Account) -> str:
    """Why improvements that would have been enough are not."""
    fired = int(then.scores.fired[0]) & ~int(now.scores.fired[0])
    names = ", ".join(rule.name for rule in rules_in(fired, now.card)) or "a rule that acts no more"
    return f"The cheapest improvements would set off other rules ({names}) and not be enough."


def _stay(now: Account, following: Band | None, why: str) -> Path:
    value = None if np.isnan(now.score) else now.score
    return Path(
        score=value, band=now.band, next_band=following.name if following else None,
        begins=following.lower if following else None, steps=(), score_after=value,
        band_after=now.band, sentence=why,
    )  # fmt: skip


def _describe(now: Account, then: Account, following: Band) -> Path:
    is_moved = (now.readings[0] < then.readings[0]) | (now.readings[0] > then.readings[0])
    steps = _steps(now, then, [int(j) for j in np.flatnonzero(is_moved)])
    return Path(
        score=now.score, band=now.band, next_band=following.name, begins=following.lower,
        steps=steps, score_after=then.score, band_after=then.band,
        sentence=_sentence(steps, then, following),
    )  # fmt: skip


def _steps(now: Account, then: Account, moved: list[int]) -> tuple[Step, ...]:
    """The largest gain first; as decimals, the gains sum to what the score gains."""
    shares, measures = shares_of(now.points, now.card), now.card.measures
    own = [shares[j] * (billionths(then.points[j]) - billionths(now.points[j])) for j in moved]
    whole = billionths(then.score) - billionths(now.score)
    gains = apportion([each * whole / sum(own) for each in own], whole)
    found = [
        Step(
            name=measures[j].name, label=measures[j].label, unit=measures[j].unit,
            reading=float(now.readings[0, j]), to=float(then.readings[0, j]),
            points=float(now.points[j]), points_to=float(then.points[j]), gains=gain / BILLION,
            is_last=_is_last(measures[j], now.readings[0, j], then.readings[0, j]),
        )
        for j, gain in zip(moved, gains, strict=True)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda step: -step.gains))


def _is_last(measure: Measure, reading: float, to: float) -> bool:
    """Whether people set the reading and `to` ends its curve; with a target, nothing is the end."""
    if not isinstance(measure.reading, Latest) or measure.target is not None:
        return False
    return bool(to == measure.curve[-1 if to > reading else 0][0])


def _sentence(steps: tuple[Step, ...], then: Account, following: Band) -> str:
    points = f"{sum(step.points_to - step.points for step in steps):.1f} points"
    who = f"{len(steps)} measures would have to gain {points} between them"
    if len(steps) == 1:
        who = f"1 measure would have to gain {points}"
    sentence = (
        f"{who} to lift the score to {then.score:.1f}; "
        f'"{following.name}" begins at {written(following.lower)}.'
    )
    doubt = " What is unknown would still leave the band open." if then.band is None else ""
    return sentence + doubt
