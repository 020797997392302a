"""Where scores are going: changes over 7, 30 and 90 days, slope and direction."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.plan import BILLION, Floats

WINDOW = 30  # days of the slope, the described day included
FEWEST = 5  # known days, below which there is no slope
STEADY = 3.0  # points in 30 days; a slope at least this steep has a direction
DIRECTIONS = ("declining", "stable", "improving")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trend:
    """(accounts, described days) each. change_n: score less the score exactly n days before.

    slope: points per 30 days, by least squares over the known days of the last 30.
    direction: index in DIRECTIONS, -1 unknown. The others are NaN where unknown.
    """

    change_7: Floats
    change_30: Floats
    change_90: Floats
    slope: Floats
    direction: npt.NDArray[np.int8]


def trend(scores: Floats, *, days: int = 1) -> Trend:
    """Describe the last `days` columns of (accounts, consecutive days), the oldest day first.

    90 days before the first described one give everything; with fewer, what they cannot tell is
    unknown. Scores count in whole billionths of a point, so a day's numbers are the same bits
    described alone or among many.
    """
    assert 1 <= days <= scores.shape[1], "the described days are the last columns of scores"
    slope = _slope(scores, days)
    direction = np.select([np.isnan(slope), slope <= -STEADY, slope >= STEADY], [-1, 0, 2], 1)
    return Trend(
        change_7=_change(scores, days, 7),
        change_30=_change(scores, days, 30),
        change_90=_change(scores, days, 90),
        slope=slope,
        direction=direction.astype(np.int8),
    )


def _change(scores: Floats, days: int, ago: int) -> Floats:
    change = np.full((len(scores), days), np.nan)
    length = min(days, scores.shape[1] - ago)  # described days that have one `ago` days before
    if length > 0:
        now, then = scores[:, -length:], scores[:, -length - ago : -ago]
        change[:, -length:] = (np.rint(now * BILLION) - np.rint(then * BILLION)) / BILLION
    return change


def _slope(scores: Floats, days: int) -> Floats:
    """(n*Sxy - Sx*Sy) / (n*Sxx - Sx*Sx) over the window, all sums exact in 64 bits."""
    used = scores[:, max(0, scores.shape[1] - days - WINDOW + 1) :]
    known = ~np.isnan(used)
    points = np.rint(np.where(known, used, 0) * BILLION).astype(np.int64)
    day = np.arange(used.shape[1])
    n, x, y = _sums(known, days), _sums(known * day, days), _sums(points, days)
    xx, xy = _sums(known * day**2, days), _sums(points * day, days)
    enough = n >= FEWEST
    slope = np.full(n.shape, np.nan)
    np.divide((n * xy - x * y) / BILLION * WINDOW, n * xx - x * x, out=slope, where=enough)
    return slope


def _sums(values: npt.NDArray[np.int64] | npt.NDArray[np.bool_], days: int) -> Ints:
    """The sum of the WINDOW values that end with each of the last `days` columns."""
    total = np.zeros((len(values), WINDOW + values.shape[1]), np.int64)
    np.cumsum(values, axis=1, out=total[:, WINDOW:])
    return total[:, -days:] - total[:, -days - WINDOW : -WINDOW]
