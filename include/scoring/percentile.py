"""Where a value stands among its peers.

percentile = 100 * (lower + equal / 2) / n

over the n known values of a group, of which `lower` are lower and `equal` are equal, the value
itself among them. The middle one of an odd number is at 50, all equal ones are, and percentiles of
a group always have a mean of 50.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

AT_LEAST = 5  # known values in a group; fewer say more about single accounts than about a group


@dataclass(frozen=True, slots=True)
class Standing:
    """One value among the known values of its group.

    size: how many of them there are, the value itself among them where it is known. percentile:
    None where the value is unknown. It and the quartiles (linear between neighbours) are None where
    is_too_few.
    """

    value: float | None
    size: int
    is_too_few: bool
    percentile: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None


def percentiles(values: Floats, groups: Ints, *, at_least: int = AT_LEAST) -> Floats:
    """Return each value's percentile (0 to 100) in its group.

    NaN where the value is NaN (unknown), and where fewer than `at_least` of its group are known.
    """
    result = np.full(len(values), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.lexsort((values[known], groups[known]))]
    begins_group = _changes(groups[order])
    first, size = _runs(begins_group)
    first_equal, equal = _runs(begins_group | _changes(values[order]))
    found = 50 * (2 * (first_equal - first) + equal) / size
    result[order] = np.where(size >= at_least, found, np.nan)
    return result


def standing(values: Floats, own: int, *, at_least: int = AT_LEAST) -> Standing:
    """Return where the value at `own` stands among all of `values`, which are one group."""
    known = values[~np.isnan(values)]
    is_too_few = len(known) < at_least
    places = percentiles(values, np.zeros(len(values), np.intp), at_least=at_least)
    quartiles = [None] * 3 if is_too_few else np.quantile(known, (0.25, 0.5, 0.75)).tolist()
    return Standing(
        _or_none(values[own]), len(known), is_too_few, _or_none(places[own]), *quartiles
    )


def _changes(values: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Where a sorted array has another value than before; true at its beginning."""
    changes = np.ones(len(values), np.bool_)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _runs(begins: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """For each element, where its run begins and how long it is."""
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=len(begins))
    which = np.cumsum(begins) - 1
    return starts[which], lengths[which]


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
