"""Where an account stands and since when: streaks, days below the best band, the confirmed band.

Everything is told from a day and the LOOK_BACK days before it alone, so any day can be told again.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from include.scoring.plan import Floats

LOOK_BACK = 90  # days before the one that is described
NO_READING, UNKNOWN = -2, -1  # beside the index of a band
SINCE_NEVER = -1

Bands = npt.NDArray[np.int8]
Days = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Banded:
    """The bands of (days, accounts): index in the card's bands, UNKNOWN, or NO_READING that day.

    best: index of the highest band. confirm: how many readings in a row a band has to stand.
    """

    codes: Bands
    best: int
    confirm: int = 1


def streaks(scores: Floats, *, days: int) -> Days:
    """Return days in a row on which the score rose (above 0) or fell, for (days, accounts).

    A day on which it stays, or with an unknown one on either side, ends a streak: 0. At most
    LOOK_BACK either way. Described are the last `days`, here and below.
    """
    found = np.zeros((days, scores.shape[1]), np.int16)
    rose, fell = scores[1:] > scores[:-1], scores[1:] < scores[:-1]
    up, down = np.zeros((2, scores.shape[1]), np.int16)
    for place in range(1 - len(scores), 0):
        up += 1
        up *= rose[place]
        down += 1
        down *= fell[place]
        if place >= -days:
            np.subtract(up, down, out=found[place])
    return np.clip(found, -LOOK_BACK, LOOK_BACK)


def days_below(banded: Banded, *, days: int) -> Days:
    """Return days since the first of those on which the band was below the best one: 0 that day.

    SINCE_NEVER in the best band. Days on which the band is unknown neither end it nor begin it.
    Where the account has been below for longer than LOOK_BACK days, the first known one of these.
    """
    codes = banded.codes
    day = np.arange(len(codes), dtype=np.int16)[:, None]
    last_best = _running(np.maximum, np.where(codes == banded.best, day, np.int16(-1)))[-days:]
    following = np.full((len(codes) + 1, codes.shape[1]), len(codes), np.int16)  # known one
    following[:-1] = np.where(codes >= 0, day, np.int16(len(codes)))
    _running(np.minimum, following[::-1])
    start = np.maximum(last_best + 1, np.maximum(day[-days:] - LOOK_BACK, 0))
    first = np.take_along_axis(following, start, axis=0)
    return np.where(first <= day[-days:], day[-days:] - first, np.int16(SINCE_NEVER))


def confirmed(banded: Banded, *, days: int) -> Bands:
    """Return the last band that stood for `confirm` readings in a row within the LOOK_BACK days.

    Unknown is a band here: missing data moves a confirmed band only after as many readings. Days
    without a reading are passed over. NO_READING where nothing was confirmed.
    """
    day = np.arange(len(banded.codes), dtype=np.int16)[:, None]
    codes, places, newest = _readings(banded.codes, day)
    begins = np.ones(codes.shape, np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=begins[1:])
    begun = _running(np.maximum, np.where(begins, day, np.int16(0)))
    stands = (day - begun >= banded.confirm - 1) & (codes > NO_READING)
    stood = _running(np.maximum, np.where(stands, day, np.int16(-1)))
    last = np.take_along_axis(stood, np.maximum(newest[-days:], 0), axis=0)
    first = np.take_along_axis(places, np.maximum(last - banded.confirm + 1, 0), axis=0)
    is_so = (last >= 0) & (newest[-days:] >= 0) & (first >= day[-days:] - LOOK_BACK)
    band = np.take_along_axis(codes, np.maximum(last, 0), axis=0)
    return np.where(is_so, band, np.int8(NO_READING))


def _running(better: np.ufunc, values: Days) -> Days:
    """Let each line be the best of all up to it, in place: many times as fast as `accumulate`."""
    for before, now in pairwise(values):
        better(before, now, out=now)
    return values


def _readings(codes: Bands, day: Days) -> tuple[Bands, Days, Days]:
    """Move each account's readings together, the first one first, NO_READING behind the last.

    Returned are their bands, their days, and which of them was the newest on each day, -1 for none.
    """
    is_read = codes > NO_READING
    if is_read.all():
        every = np.broadcast_to(day, codes.shape)
        return codes, every, every
    order = np.argsort(~is_read, axis=0, kind="stable").astype(np.int16)
    newest = np.cumsum(is_read, axis=0, dtype=np.int16) - np.int16(1)
    return np.take_along_axis(codes, order, axis=0), order, newest
