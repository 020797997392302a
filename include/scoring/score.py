"""From readings to scores: curves, weighted means, bounds, bands, drivers.

    points    = curve(reading), linear between corners, level outside them
    category  = mean of its known points, by measure weight
    score     = mean of the known categories, by category weight
    floor     = the score by full weights if everything unknown were worth 0 points; ceiling: 100
    coverage  = known weight / all weight

All is counted in points *lost*, in whole billionths: points and scores are rounded to nine decimals
and weights are whole numbers in their proportion. So sums are exact, equal points give exactly that
score, and a row's bits are the same alone, among a million and in any order. (Where the whole
weights of a category exceed 90,000 a sum may be rounded, always in the same order.)
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from include.scoring.drivers import DRIVERS, find_drivers
from include.scoring.plan import ALL, BILLION, Floats, Part, Plan, plan_of
from include.scoring.scorecard import Scorecard

ROWS = 16_384  # of a block: fewer calls than smaller ones, and still a few MB of work arrays

Bools = npt.NDArray[np.bool_]
Bands = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Scores:
    """One row per account, in the order of the readings. 100 is healthiest, NaN is unknown.

    raw: plain mean of the known points. band: index in card.bands, -1 unknown.
    categories: (n, categories). points: (n, measures); both column by column in memory.
    drivers: (n, 3) indexes of the measures that cost most points, the costliest first; equal costs
    (to nine decimals) in file order; -1 where no further measure costs anything.
    costs: (n, 3) points of the score that each driver costs: its share of it, by known weights,
    times the points it lost.
    """

    score: Floats
    raw: Floats
    floor: Floats
    ceiling: Floats
    coverage: Floats
    band: Bands
    categories: Floats
    points: Floats
    drivers: npt.NDArray[np.int16]
    costs: Floats


@dataclass(frozen=True, slots=True)
class _Sums:
    """Weighted sums over the categories of a block.

    lost, known: over what is known. least: points lost even if the unknown were perfect.
    coverage: of each category, times its weight.
    """

    lost: Floats
    known: Floats
    least: Floats
    coverage: Floats


def score(readings: Floats, card: Scorecard) -> Scores:
    """Score each row of readings: (accounts, measures in file order), NaN where unknown.

    Memory beside input and result: a few MB, however many rows.
    """
    expected = len(card.measures)
    assert readings.ndim == 2, "readings are (accounts, measures)"
    assert readings.shape[1] == expected, f"{card.name} has {expected} measures"
    plan = plan_of(card)
    scores = _room(len(readings), expected, len(card.categories))
    with np.errstate(invalid="ignore"):  # 0 / 0 is how an unknown mean becomes NaN
        for start in range(0, len(readings), ROWS):
            rows = slice(start, start + ROWS)
            views = {field.name: getattr(scores, field.name)[rows] for field in fields(Scores)}
            _score_block(readings[rows], plan, Scores(**views))
    return scores


def _room(accounts: int, measures: int, categories: int) -> Scores:
    return Scores(
        score=np.empty(accounts),
        raw=np.empty(accounts),
        floor=np.empty(accounts),
        ceiling=np.empty(accounts),
        coverage=np.empty(accounts),
        band=np.empty(accounts, np.int8),
        categories=np.empty((accounts, categories), order="F"),
        points=np.empty((accounts, measures), order="F"),
        drivers=np.empty((accounts, DRIVERS), np.int16),
        costs=np.empty((accounts, DRIVERS)),
    )


def _score_block(readings: Floats, plan: Plan, scores: Scores) -> None:
    lost, known = _lose_points(readings, plan, scores)
    sums = _Sums(*np.zeros((4, len(readings))))
    weights_known = []
    for c, part in enumerate(plan.parts):
        weight_known, mean = _category(part, lost, known, sums)
        scores.categories[:, c] = _points(mean)
        weights_known.append(weight_known)
    _sum_up(sums, plan, scores)
    shares = _shares(plan, weights_known, sums)
    drivers, costs = find_drivers(lost, shares)
    scores.drivers[:], scores.costs[:] = drivers.T, costs.T


def _lose_points(readings: Floats, plan: Plan, scores: Scores) -> tuple[list[Floats], list[Bools]]:
    """Per measure, billionths of a point lost (0 where unknown) and where it is known."""
    all_lost, all_known = [], []
    raw_lost, raw_known = np.zeros(len(readings)), np.zeros(len(readings), np.uint16)
    for j, losses in enumerate(plan.losses):
        lost = losses.of(readings[:, j])
        points = np.subtract(ALL, lost, out=scores.points[:, j])
        points /= BILLION
        known = ~np.isnan(lost)
        np.fmax(lost, 0, out=lost)  # fmax(NaN, 0) is 0
        raw_lost += lost
        raw_known += known
        all_lost.append(lost)
        all_known.append(known)
    scores.raw[:] = _points(raw_lost / raw_known)
    return all_lost, all_known


def _category(
    part: Part, lost: list[Floats], known: list[Bools], sums: _Sums
) -> tuple[Floats, Floats]:
    """Add one category to the sums; return its known weight and its own mean loss.

    `lost` of its measures becomes weighted.
    """
    full = sum(part.weights)
    total = np.zeros(len(sums.lost))
    weight_known = np.zeros(len(total), np.min_scalar_type(full))
    for j, weight in enumerate(part.weights, start=part.first):
        lost[j] *= weight
        total += lost[j]
        weight_known += known[j].view(np.uint8) * weight_known.dtype.type(weight)
    mean = total / weight_known
    sums.lost[:] += part.weight * np.fmax(mean, 0)
    sums.known[:] += part.weight * (weight_known > 0)
    sums.least[:] += part.weight * (total / full)
    sums.coverage[:] += part.weight * (weight_known / full)
    return weight_known.astype(np.float64), mean


def _shares(plan: Plan, weights_known: list[Floats], sums: _Sums) -> list[Floats]:
    """Per measure, by how much a weighted billionth lost lowers this account's score."""
    return [
        share
        for part, weight_known in zip(plan.parts, weights_known, strict=True)
        for share in [part.weight / np.fmax(weight_known, 1) / np.fmax(sums.known, 1)]
        for _ in part.weights
    ]


def _sum_up(sums: _Sums, plan: Plan, scores: Scores) -> None:
    """The unknown weight can cost all its points: floor = ceiling - 100 * (1 - coverage)."""
    everything = sum(part.weight for part in plan.parts)
    most = sums.least + ALL * (everything - sums.coverage)
    scores.score[:] = _points(sums.lost / sums.known)
    scores.floor[:] = np.fmin(_points(most / everything), scores.score)
    scores.ceiling[:] = np.fmax(_points(sums.least / everything), scores.score)
    scores.coverage[:] = np.rint(sums.coverage / everything * BILLION) / BILLION
    scores.band[:] = _bands(scores, plan)


def _points(lost: Floats) -> Floats:
    return (ALL - np.rint(lost)) / BILLION


def _bands(scores: Scores, plan: Plan) -> Bands:
    band = _band_of(scores.score, plan)
    band[scores.coverage < plan.min_coverage] = -1
    if plan.unknown_when_straddling:
        band[_band_of(scores.floor, plan) != _band_of(scores.ceiling, plan)] = -1
    return band


def _band_of(score: Floats, plan: Plan) -> Bands:
    """How many bands begin at or below the score, less one; NaN is in none."""
    band = np.full(len(score), -1, np.int8)
    for start in plan.band_starts:
        band += score >= start
    return band
