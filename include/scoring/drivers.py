"""The measures that cost an account the most points."""

import numpy as np
import numpy.typing as npt

from include.scoring.curves import BILLION, Floats

DRIVERS = 3
PLACES = 10  # bits for the index, enough for the 25 x 25 measures a card may have
INDEX = 2**PLACES - 1


def find_drivers(costs: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return (3, n) measure indexes, -1 where no more measure costs anything, and their costs.

    costs: (measures, n), what each costs in billionths of a point of the score; it is used up.
    They are made whole. Cost and index are packed into one exact number, so that among equals the
    first measure is the largest.
    """
    np.rint(costs, out=costs)
    costs *= INDEX + 1
    costs += INDEX - np.arange(len(costs), dtype=np.float64)[:, None]
    best = _largest(costs).astype(np.int64)
    whole = best >> PLACES
    return np.where(whole > 0, INDEX - (best & INDEX), -1), whole / BILLION


def _largest(packed: Floats) -> Floats:
    """The three largest of each column, in falling order; `packed` is used up."""
    top = list(np.zeros((DRIVERS, packed.shape[1])))
    spare = np.empty(packed.shape[1])
    *upper, last = range(DRIVERS)
    for row in packed:
        for i in upper:
            np.maximum(top[i], row, out=spare)
            np.minimum(top[i], row, out=row)
            top[i], spare = spare, top[i]
        np.maximum(top[last], row, out=top[last])
    return np.array(top)
