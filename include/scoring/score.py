"""From readings to scores: curves, weighted means, rules, overrides, bounds, bands, drivers.

    points    = curve(reading / target), linear between corners, level outside them
    category  = mean of its known points, by measure weight
    base      = mean of the known categories, by category weight
    score     = the base after the card's rules in their fixed order, and the override
    floor     = the score by full weights if everything unknown were worst; ceiling: best
    coverage  = known weight / all weight

All is counted in points *lost*, in whole billionths: points and scores are rounded to nine decimals
and weights are whole numbers in their proportion. So sums are exact, equal points give exactly that
score, and a row's bits are the same alone, among a million and in any order. (Where the whole
weights of a category exceed 90,000 a sum may be rounded, always in the same order.)
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from include.scoring.circumstances import Circumstances
from include.scoring.drivers import DRIVERS, find_drivers
from include.scoring.means import Means, means_of
from include.scoring.plan import ALL, BILLION, Floats, Plan, plan_of
from include.scoring.rules_at_work import Outcome, Rulebook
from include.scoring.scorecard import Scorecard
from include.scoring.targets_at_work import Targets

BUFFER = 1_024  # numbers; where a block has fewer columns numpy copies what it spreads over them
ROWS = 8_192  # of a block: fewer calls than smaller ones, and still a few MB of work arrays

Bools = npt.NDArray[np.bool_]
Bands = npt.NDArray[np.int8]
Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Scores:
    """One row per account, in the order of the readings. 100 is healthiest, NaN is unknown.

    raw: plain mean of the points that are in the base. band: index in card.bands, -1 unknown.
    categories: (n, categories). points: (n, measures); both column by column in memory.
    drivers: (n, 3) indexes of the measures that cost most points, the costliest first; equal costs
    (to nine decimals) in file order; -1 where no further measure costs anything.
    costs: (n, 3) points of the base that each driver costs: its share of it, by known weights,
    times the points it lost.
    base: the score before rules and override.
    fired, undecided: bit k stands for card.rules[k]: it acts; it may, but that is not known.
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
    base: Floats
    fired: Bits
    undecided: Bits


@dataclass(frozen=True, slots=True)
class _Work:
    """What every block of rows is scored by."""

    plan: Plan
    targets: Targets
    rules: Rulebook


def score(readings: Floats, card: Scorecard, at: Circumstances | None = None) -> Scores:
    """Score each row of readings: (accounts, measures in file order), NaN where unknown.

    at: one row an account, too; None: none of it is known and nobody has overridden anything.
    Memory beside input and result: a few MB, however many rows.
    """
    expected = len(card.measures)
    assert readings.ndim == 2, "readings are (accounts, measures)"
    assert readings.shape[1] == expected, f"{card.name} has {expected} measures"
    at = at or Circumstances.none(len(readings))
    assert len(at.month) == len(readings), "circumstances have one row per row of readings"
    work = _Work(plan_of(card), Targets.of(card, at), Rulebook.of(card, at))
    scores = _room(len(readings), expected, len(card.categories))
    with np.errstate(invalid="ignore"):  # 0 / 0 is how an unknown mean becomes NaN
        np.setbufsize(BUFFER)  # until the end of this block, too
        for start in range(0, len(readings), ROWS):
            rows = slice(start, start + ROWS)
            views = {field.name: getattr(scores, field.name)[rows] for field in fields(Scores)}
            _score_block(readings[rows], rows, work, Scores(**views))
    return scores


def _room(accounts: int, measures: int, categories: int) -> Scores:
    plain = ("score", "raw", "floor", "ceiling", "coverage", "base")
    return Scores(
        **{name: np.empty(accounts) for name in plain},
        band=np.empty(accounts, np.int8),
        categories=np.empty((accounts, categories), order="F"),
        points=np.empty((accounts, measures), order="F"),
        drivers=np.empty((accounts, DRIVERS), np.int16),
        costs=np.empty((accounts, DRIVERS)),
        fired=np.zeros(accounts, np.uint64),
        undecided=np.zeros(accounts, np.uint64),
    )


def _score_block(readings: Floats, rows: slice, work: _Work, scores: Scores) -> None:
    lost = np.empty(readings.T.shape)
    np.copyto(lost, readings.T)
    columns = {j: lost[j].copy() for j in work.rules.measures}
    unknown = _lose_points(lost, rows, work, scores)
    means = means_of(lost, unknown, work.plan)
    np.divide(_points(means.raw), BILLION, out=scores.raw)
    np.divide(_points(means.categories), BILLION, out=scores.categories.T)
    scores.coverage[:] = np.rint(means.coverage * BILLION) / BILLION
    outcome = _bounded(means, scores)
    np.divide(outcome.score, BILLION, out=scores.base)
    work.rules.apply(columns, rows, outcome)
    for name in ("score", "floor", "ceiling"):
        np.divide(getattr(outcome, name), BILLION, out=getattr(scores, name))
    scores.band[:] = _bands(scores, work.plan.card)
    drivers, costs = find_drivers(means.costs)
    for i in range(DRIVERS):  # faster than both transposed
        scores.drivers[:, i], scores.costs[:, i] = drivers[i], costs[i]


def _lose_points(readings: Floats, rows: slice, work: _Work, scores: Scores) -> Bools:
    """Write points; return where they are unknown: (measures, accounts), as the readings.

    These become billionths of a point lost, 0 where unknown. Neutral points are written, but not
    lost here: they are unknown still. What is worth 0 without a reading is known, unless nothing
    that weighs was measured: such an account has no score.
    """
    lost, plan = readings, work.plan
    gaps = {j: np.isnan(readings[j]) for j in plan.zeros}
    work.targets.divide(lost, rows)
    plan.curves.lose(lost)
    unknown = np.isnan(lost)
    if gaps:
        measured = ~unknown[list(plan.weighing)].all(axis=0)
        for j, gap in gaps.items():
            lost[j][gap & measured] = ALL
            unknown[j][gap & measured] = False
    points = scores.points.T
    np.subtract(ALL, lost, out=points)
    points /= BILLION
    for j, neutral in plan.neutrals.items():
        points[j][unknown[j]] = (ALL - neutral) / BILLION
    np.fmax(lost, np.zeros(lost.shape[1]), out=lost)  # fmax(NaN, 0) is 0
    return unknown


def _points(lost: Floats) -> Floats:
    """Whole billionths that are left; `lost` is used up."""
    np.rint(lost, out=lost)
    return np.subtract(ALL, lost, out=lost)


def _bounded(means: Means, scores: Scores) -> Outcome:
    """Before rules. The unknown weight can cost all its points: floor = ceiling - what is unknown.

    Which rules acted will be written to the scores.
    """
    base = _points(means.lost)
    return Outcome(
        score=base,
        floor=np.fmin(_points(means.most), base),
        ceiling=np.fmax(_points(means.least), base),
        fired=scores.fired,
        undecided=scores.undecided,
    )


def _bands(scores: Scores, card: Scorecard) -> Bands:
    band = _band_of(scores.score, card)
    band[scores.coverage < card.min_coverage] = -1
    if card.unknown_when_straddling:
        band[_band_of(scores.floor, card) != _band_of(scores.ceiling, card)] = -1
    return band


def _band_of(score: Floats, card: Scorecard) -> Bands:
    """How many bands begin at or below the score, less one; NaN is in none."""
    band = np.full(len(score), -1, np.int8)
    for one in card.bands:
        band += (score >= one.lower).view(np.int8)
    return band
