"""The cheapest path to the next band: which measures to improve, each along its own curve.

Improving what is known changes no weight, so a billionth of a point that a measure gains always
adds the same part of a billionth to the score. All is counted in whole numbers, so the choice is
exact: fewest measures first, then the fewest points of their own that these have to gain.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

import numpy as np

from include.scoring.apportion import apportion
from include.scoring.choice import Gain, choose
from include.scoring.nearest import nearest_reading
from include.scoring.plan import ALL, BILLION, Floats, plan_of
from include.scoring.score import Scores, score
from include.scoring.scorecard import Band, Scorecard


@dataclass(frozen=True, slots=True)
class Step:
    """One measure improved: from `reading` to at least (or, below it, at most) `to`.

    points, points_to: of the measure. gains: points of the score that this step adds.
    """

    name: str
    label: str
    unit: str
    reading: float
    to: float
    points: float
    points_to: float
    gains: float


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


def find_path(readings: Floats, card: Scorecard) -> Path:
    """Return the cheapest path of one row of readings."""
    row = np.array([readings], np.float64)
    now = score(row, card)
    following = _next_band(now, card)
    hindered = _hindrance(now, card, following)
    if following is None or hindered:
        return _stay(now, card, following, hindered)
    gains, unit = _gains(now, card)
    need = _need(now, card, following, unit)
    chosen = choose(list(gains.values()), need)
    if not chosen:
        most = now.score[0] + sum(gain.most for gain in gains.values()) / unit / BILLION
        return _stay(now, card, following, _too_far(most, following))
    after = _apply(row, card, now, chosen)
    return _describe(row, after, card, following)


def _next_band(now: Scores, card: Scorecard) -> Band | None:
    above = [band for band in card.bands if not now.score[0] >= band.lower]
    return above[0] if above else None


def _hindrance(now: Scores, card: Scorecard, following: Band | None) -> str:
    """Why no improvement of what is known can help; empty where one may."""
    if np.isnan(now.score[0]):
        return "Nothing that weighs is known, so there is no score to raise."
    if now.coverage[0] < card.min_coverage:
        return (
            f"Only {now.coverage[0]:.1%} of the weight is known and the scorecard asks for "
            f"{card.min_coverage:.1%}: more must become known before there is a band."
        )
    return "" if following else f'"{card.bands[-1].name}" is the highest band there is.'


def _too_far(most: float, following: Band) -> str:
    return (
        f"With all that is known at its best the score would be {floor(most * 10) / 10:.1f}; "
        f'"{following.name}" begins at {following.lower:g}.'
    )


def _stay(now: Scores, card: Scorecard, following: Band | None, why: str) -> Path:
    value = None if np.isnan(now.score[0]) else float(now.score[0])
    return Path(
        score=value, band=_band(now, card), next_band=following.name if following else None,
        begins=following.lower if following else None, steps=(), score_after=value,
        band_after=_band(now, card), sentence=why,
    )  # fmt: skip


def _band(scores: Scores, card: Scorecard) -> str | None:
    return None if scores.band[0] < 0 else card.bands[scores.band[0]].name


def _gains(now: Scores, card: Scorecard) -> tuple[dict[int, Gain], int]:
    """Return by measure what it can gain, and how many units make a billionth of the score."""
    shares = _shares(now.points[0], card)
    unit = lcm(*(share.denominator for share in shares.values()))
    gains = {}
    for j, share in shares.items():
        best = max(points for _, points in card.measures[j].curve)
        room = round(best * BILLION) - _billionths(now.points[0, j])
        if room > 0:
            gains[j] = Gain(j, room, int(share * unit))
    return gains, unit


def _shares(points: Floats, card: Scorecard) -> dict[int, Fraction]:
    """By known measure that weighs, in file order, its exact part in this account's score."""
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


def _need(now: Scores, card: Scorecard, following: Band, unit: int) -> int:
    """How many units the score lacks, unrounded, to the first billionth in the next band."""
    begins = ceil(Fraction(following.lower) * 10**9) * unit
    shares = _shares(now.points[0], card)
    exact = sum(share * _billionths(now.points[0, j]) for j, share in shares.items())
    return begins - int(exact * unit)


def _billionths(points: float) -> int:
    return round(float(points) * BILLION)


def _apply(row: Floats, card: Scorecard, now: Scores, chosen: dict[int, int]) -> Floats:
    """Return the readings with these billionths of points gained by each measure."""
    losses, after = plan_of(card).losses, row.copy()
    for j, gained in chosen.items():
        lost = int(ALL) - _billionths(now.points[0, j]) - gained
        after[0, j] = nearest_reading(card.measures[j], losses[j], row[0, j], lost)
    return after


def _describe(before: Floats, after: Floats, card: Scorecard, following: Band) -> Path:
    now, then = score(before, card), score(after, card)
    is_moved = (before[0] < after[0]) | (before[0] > after[0])
    steps = _steps(before, after, card, [int(j) for j in np.flatnonzero(is_moved)])
    return Path(
        score=float(now.score[0]), band=_band(now, card), next_band=following.name,
        begins=following.lower, steps=steps, score_after=float(then.score[0]),
        band_after=_band(then, card), sentence=_sentence(steps, then, following),
    )  # fmt: skip


def _steps(before: Floats, after: Floats, card: Scorecard, moved: list[int]) -> tuple[Step, ...]:
    """The largest gain first; as decimals, the gains sum to what the score gains."""
    now, then = score(before, card), score(after, card)
    shares = _shares(now.points[0], card)
    own = [_billionths(then.points[0, j]) - _billionths(now.points[0, j]) for j in moved]
    exact = [shares[j] * points for j, points in zip(moved, own, strict=True)]
    gains = apportion(exact, _billionths(then.score[0]) - _billionths(now.score[0]))
    found = [
        Step(
            name=card.measures[j].name, label=card.measures[j].label, unit=card.measures[j].unit,
            reading=float(before[0, j]), to=float(after[0, j]), points=float(now.points[0, j]),
            points_to=float(then.points[0, j]), gains=gain / BILLION,
        )
        for j, gain in zip(moved, gains, strict=True)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda step: -step.gains))


def _sentence(steps: tuple[Step, ...], then: Scores, following: Band) -> str:
    noun = "measure" if len(steps) == 1 else "measures"
    points = sum(step.points_to - step.points for step in steps)
    sentence = (
        f"{len(steps)} {noun} with {points:.1f} points of their own more would lift the score to "
        f'{then.score[0]:.1f}; "{following.name}" begins at {following.lower:g}.'
    )
    doubt = " What is unknown would still leave the band open." if then.band[0] < 0 else ""
    return sentence + doubt
