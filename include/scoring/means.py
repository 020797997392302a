"""Weighted means of what is lost: over measures, over categories, and what the unknown could do.

Rows are added one by one in file order, so that a sum has the same bits in blocks of any size.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.curves import ALL, Floats
from include.scoring.plan import Part, Plan

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
    outer_weights = np.array([float(part.weight) for part in plan.parts])[:, None]
    full = np.array([float(part.full) for part in plan.parts])[:, None]
    mean = counted.lost / counted.weight
    outer = _total(outer_weights * (counted.weight > 0))
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
    total = _total(lost[j] for j in plan.weighing)
    kind = np.min_scalar_type(len(plan.weighing)).type
    missing = _total((unknown[j].view(np.uint8) for j in plan.weighing), kind)
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
        _total(lost[part.own], out=sums.lost[c])
        np.subtract(part.full, _missing(part, unknown), out=sums.weight[c])
    return sums


def _missing(part: Part, unknown: Bools) -> npt.NDArray[np.generic]:
    kind = np.min_scalar_type(part.full).type
    own = zip(part.weights, unknown[part.own].view(np.uint8), strict=True)
    return _total((row * kind(weight) for weight, row in own), kind)


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
    known = np.fmax(outer, 1)
    for part, weight in zip(plan.parts, counted.weight, strict=True):
        weighted[part.own] *= part.weight / np.fmax(weight, 1) / known
    return weighted


def _total(rows: Iterable[Floats], kind: type = np.float64, *, out: Floats | None = None) -> Floats:
    first, *rest = rows
    total = np.array(first, kind) if out is None else out
    if out is not None:
        total[:] = first
    for row in rest:
        total += row
    return total
