"""Weighted means of what is lost: over measures, over categories, and what the unknown could do.

Sums of whole numbers have the same bits in any order. Where that is not sure rows are added one by
one in file order, so that a sum has the same bits in blocks of any size.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.curves import ALL, Floats
from include.scoring.plan import Part, Plan

EXACT = 90_000  # whole weights of a category up to which sums of billionths are exact

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Means:
    """Billionths of a point lost, not yet whole; NaN where nothing is known.

    lost: of the base. most, least: by full weights, if the unknown lost all, or nothing.
    categories: (categories, n). costs: (measures, n), of the base. raw: the plain mean.
    coverage: known weight, 0 to 1.
    """

    lost: Floats
    most: Floats
    least: Floats
    categories: Floats
    costs: Floats
    raw: Floats
    coverage: Floats


@dataclass(frozen=True, slots=True)
class _Sums:
    """(categories, n): billionths lost, weighted, and the weight of the measures they are of."""

    lost: Floats
    weight: Floats


def means_of(lost: Floats, unknown: Bools, plan: Plan) -> Means:
    """Take the means over what is known, neutral points included; (measures, n) both.

    `lost` is 0 where unknown; it is used up.
    """
    raw = _raw(lost, unknown, plan)
    known = _by_category(lost, unknown, plan)
    counted = _with_neutrals(known, lost, unknown, plan) if plan.neutrals else known
    everything = sum(part.weight for part in plan.parts)
    outer_weights = _column(part.weight for part in plan.parts)
    full = _column(part.full for part in plan.parts)
    mean = counted.lost / counted.weight
    outer = _total(outer_weights * np.clip(counted.weight, 0, 1))  # whole weights: known or not
    lost_of_known = _total(outer_weights * np.fmax(mean, 0))
    least = _total(outer_weights * (known.lost / full))
    covered = _total(outer_weights * (known.weight / full))
    if plan.neutrals:  # of which nothing is truly known has no score
        lost_of_known[covered == 0] = np.nan
        raw[covered == 0] = np.nan
    return Means(
        lost=lost_of_known / outer,
        most=(least + ALL * (everything - covered)) / everything,
        least=least / everything,
        categories=mean,
        costs=_costs(lost, counted, outer, plan),
        raw=raw,
        coverage=covered / everything,
    )


def _raw(lost: Floats, unknown: Bools, plan: Plan) -> Floats:
    """The plain mean over the measures that weigh."""
    own = slice(None) if len(plan.weighing) == len(lost) else list(plan.weighing)
    total = np.add.reduce(lost[own], axis=0)  # whole numbers: in any order the same
    kind = np.min_scalar_type(len(plan.weighing)).type
    missing = np.add.reduce(unknown[own].view(np.uint8), axis=0, dtype=kind)
    for j, neutral in plan.neutrals.items():
        if j in plan.weighing:
            total += neutral * unknown[j]
            missing -= unknown[j]
    raw: Floats = total / (len(plan.weighing) - missing)
    return raw


def _by_category(lost: Floats, unknown: Bools, plan: Plan) -> _Sums:
    """Sums over what is known. `lost` becomes weighted."""
    sums = _Sums(*np.empty((2, len(plan.parts), lost.shape[1])))
    lost *= np.array([weight for part in plan.parts for weight in part.weights])[:, None]
    for c, part in enumerate(plan.parts):
        if part.full <= EXACT:
            np.add.reduce(lost[part.own], axis=0, out=sums.lost[c])
        else:
            sums.lost[c] = _total(lost[part.own])
        np.subtract(part.full, _missing(part, unknown), out=sums.weight[c])
    return sums


def _missing(part: Part, unknown: Bools) -> npt.NDArray[np.generic]:
    kind = np.min_scalar_type(part.full).type
    weights = np.array(part.weights, kind)[:, None]
    missing: npt.NDArray[np.generic] = np.add.reduce(
        unknown[part.own].view(np.uint8) * weights, axis=0, dtype=kind
    )
    return missing


def _with_neutrals(known: _Sums, lost: Floats, unknown: Bools, plan: Plan) -> _Sums:
    """The sums with neutral points in place of what is unknown; `lost`, weighted, gains them."""
    sums = _Sums(known.lost.copy(), known.weight.copy())
    for c, part in enumerate(plan.parts):
        for j, weight in enumerate(part.weights, start=part.first):
            if j in plan.neutrals:
                neutral = (weight * plan.neutrals[j]) * unknown[j]
                lost[j] += neutral
                sums.lost[c] += neutral
                sums.weight[c] += weight * unknown[j]
    return sums


def _costs(weighted: Floats, counted: _Sums, outer: Floats, plan: Plan) -> Floats:
    """What each measure takes off the base; `weighted` is used up."""
    known = np.clip(outer, 1, np.inf)
    shares = (
        _column(part.weight for part in plan.parts) / np.clip(counted.weight, 1, np.inf) / known
    )
    for part, share in zip(plan.parts, shares, strict=True):
        weighted[part.own] *= share
    return weighted


def _total(rows: Floats) -> Floats:
    """The sum of some rows, one by one: numpy's own order depends on their number and length."""
    total: Floats = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def _column(numbers: Iterable[int]) -> Floats:
    return np.array([[float(number)] for number in numbers])
