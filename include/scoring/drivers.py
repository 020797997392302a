"""The measures that cost an account the most points."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from include.scoring.plan import BILLION, Floats

DRIVERS = 3
PLACES = 10  # bits for the index, enough for the 25 x 25 measures a card may have
INDEX = 2**PLACES - 1


def find_drivers(
    weighted: Sequence[Floats], shares: Sequence[Floats]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return (3, n) measure indexes, -1 where no more measure costs anything, and their costs.

    A measure costs `weighted * share` billionths of a point of the score, in whole ones. Cost and
    index are packed into one exact number, so that among equals the first measure is the largest.
    """
    top = list(np.zeros((DRIVERS, len(weighted[0]))))
    for j, (lost, share) in enumerate(zip(weighted, shares, strict=True)):
        packed = lost * share
        np.rint(packed, out=packed)
        packed *= INDEX + 1
        packed += INDEX - j
        _insert(packed, top)
    best = np.array(top, np.int64)
    costs = best >> PLACES
    return np.where(costs > 0, INDEX - (best & INDEX), -1), costs / BILLION


def _insert(packed: Floats, top: list[Floats]) -> None:
    """Keep the largest numbers, in falling order; `packed` is used up."""
    *upper, last = range(len(top))
    for i in upper:
        larger = np.maximum(top[i], packed)
        np.minimum(top[i], packed, out=packed)
        top[i] = larger
    np.maximum(top[last], packed, out=top[last])
