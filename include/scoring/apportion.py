"""Round parts so that they still sum to their rounded whole: the largest-remainder method."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def apportion(parts: Sequence[Fraction], whole: int) -> list[int]:
    """Whole numbers beside `parts` that sum to `whole`, which is their sum rounded either way.

    Each part is rounded down; what is then missing goes, one each, to the largest remainders, the
    first in order among equals. A part that is a whole number already is left alone.
    """
    rounded = [int(part // 1) for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (rounded[i] - parts[i], i))
    for i in by_remainder[: whole - sum(rounded)]:
        rounded[i] += 1
    return rounded


def apportion_rows(parts: Floats, whole: Floats) -> Floats:
    """Round many rows, one a column of `parts`, each to sum to its whole number in `whole`.

    The same method, from the nearest whole numbers: what they miss goes, one each, to the parts
    they took most from. So the negatives of parts become the negatives of what these become. A part
    of 0 stays 0; a row of nothing but zeros stays one.
    """
    rounded = np.rint(parts)
    missing = whole - rounded.sum(axis=0)
    rows = np.flatnonzero((missing != 0) & parts.any(axis=0))
    while len(rows):
        sign = np.sign(missing[rows])
        taken = (parts[:, rows] - rounded[:, rows]) * sign
        taken[parts[:, rows] == 0] = -np.inf
        most = taken.argmax(axis=0)
        rounded[most, rows] += sign
        missing[rows] -= sign
        rows = rows[missing[rows] != 0]
    return rounded


def round_along(parts: Floats, whole: Floats) -> Floats:
    """Round many rows, one a column of `parts`, each to sum to its whole number in `whole`.

    Parts are rounded one after the other, so that what they sum to up to each of them is the whole
    number nearest to it; none is off by more than 1. What `whole` is beside the last of these sums
    goes to the largest part. Negatives become negatives; 0 stays 0. Much faster than by remainders.
    """
    rounded = np.empty_like(parts)
    running, before, after = np.zeros((3, parts.shape[1]))
    for part, result in zip(parts, rounded, strict=True):
        running += part
        np.rint(running, out=after)
        np.subtract(after, before, out=result)
        before, after = after, before
    beside = whole - before
    rows = np.flatnonzero(beside)
    if len(rows):
        some = np.abs(parts[:, rows])
        most = some.argmax(axis=0)
        rounded[most, rows] += np.where(some.any(axis=0), beside[rows], 0)
    return rounded
