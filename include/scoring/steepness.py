"""How steep a line of scores is, whether that is more than chance, and how much it moves about.

slope: the median of the slopes between any two known days (Theil 1950, Proceedings of the Royal
Netherlands Academy of Sciences 53; Sen 1968, Journal of the American Statistical Association 63).
Nearly a third of the days may be anything at all, and it hardly moves.
significance: the two-sided p of S, the number of pairs of days that rise less those that fall
(Mann 1945, Econometrica 13; Kendall 1975, Rank Correlation Methods), by the normal approximation
with its corrections for ties and for continuity: z = (|S| - 1) / sqrt(v) and
v = (n(n-1)(2n+5) - sum of t(t-1)(2t+5) over the groups of t equal scores) / 18.
It takes days for independent; measures over weeks make neighbouring days alike, so a small p says
that a line goes one way, not that it will go on.

Scores count in whole thousandths of a point, whose differences 32-bit floats hold exactly.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.plan import Floats

FEWEST = 5  # known days, below which there is no slope
END = 5  # days at each end of a window, whose medians are compared
THOUSAND = 1000
NEAR = 256  # windows whose slopes, half a MB, stay in a core's cache
ERFC = np.frompyfunc(math.erfc, 1, 1)

Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Steepness:
    """One number a window. sign: of S. Points; NaN where fewer than FEWEST days are known.

    slope: per day. moved: slope times the days from the first to the last known one, both counted.
    step: median of the last END days less that of the first END days; NaN where either is unknown.
    spread: from the lower to the upper quartile of the scores. significance: p, 0 to 1.
    """

    known: Ints
    slope: Floats
    moved: Floats
    step: Floats
    spread: Floats
    sign: Ints
    significance: Floats


def in_thousandths(scores: Floats) -> Singles:
    """Return scores as this module counts them."""
    return np.rint(scores * THOUSAND).astype(np.float32)


def steepness(windows: Singles) -> Steepness:
    """Describe (windows, days) in whole thousandths, NaN unknown; at least 2 * END days each.

    Every window by itself: its numbers are the same bits alone and among many.
    """
    known = np.count_nonzero(~np.isnan(windows), axis=1)
    rows = np.flatnonzero(known >= FEWEST)
    slope, moved, step, spread, p = np.full((5, len(windows)), np.nan)
    found = Steepness(known, slope, moved, step, spread, np.zeros_like(known), p)
    if not len(rows):
        return found
    used = windows[rows]
    slope, rising = _pairs(used, known[rows])
    ordered = np.sort(used, axis=1)
    found.slope[rows] = slope
    found.moved[rows] = slope * _reach(used)
    found.step[rows] = (_median(used[:, -END:]) - _median(used[:, :END])) / THOUSAND
    found.spread[rows] = _spread(ordered, known[rows])
    found.sign[rows] = np.sign(rising)
    found.significance[rows] = _significance(rising, known[rows], _ties(ordered))
    return found


def _pairs(windows: Singles, known: Ints) -> tuple[Floats, Ints]:
    """Return the median slope in points per day, and S; a few windows at a time."""
    earlier, later = np.triu_indices(windows.shape[1], 1)
    lags = (later - earlier).astype(np.float32)
    slope, rising = np.empty(len(windows)), np.empty(len(windows), np.int64)
    for start in range(0, len(windows), NEAR):
        part = slice(start, start + NEAR)
        slopes = windows[part][:, later]
        slopes -= windows[part][:, earlier]
        slopes /= lags
        rising[part] = _count(slopes > 0)
        rising[part] -= _count(slopes < 0)
        slopes.sort(axis=1)  # unknown ones come last
        slope[part] = _middle(slopes, known[part] * (known[part] - 1) // 2)
    return slope / THOUSAND, rising


def _count(are_so: npt.NDArray[np.bool_]) -> npt.NDArray[np.int16]:
    """Count by line; many times as fast as numpy counts booleans."""
    counted: npt.NDArray[np.int16] = np.add.reduce(are_so.view(np.int8), axis=1, dtype=np.int16)
    return counted


def _middle(ordered: Singles, count: Ints) -> Floats:
    """Return the median of the first `count` of each line, half-way between the middle two."""
    lines = np.arange(len(ordered))
    lower, upper = np.maximum(count - 1, 0) // 2, count // 2
    middle: Floats = (ordered[lines, lower].astype(np.float64) + ordered[lines, upper]) / 2
    return middle


def _median(part: Singles) -> Floats:
    ordered = np.sort(part, axis=1)
    return _middle(ordered, np.count_nonzero(~np.isnan(ordered), axis=1))


def _reach(windows: Singles) -> Ints:
    """Days from the first to the last known one, both counted."""
    known = ~np.isnan(windows)
    reach: Ints = windows.shape[1] - known.argmax(axis=1) - known[:, ::-1].argmax(axis=1)
    return reach


def _spread(ordered: Singles, known: Ints) -> Floats:
    quarter, lines = (known - 1) // 4, np.arange(len(known))
    upper, lower = ordered[lines, known - 1 - quarter], ordered[lines, quarter]
    spread: Floats = (upper.astype(np.float64) - lower) / THOUSAND
    return spread


def _ties(ordered: Singles) -> Ints:
    """Sum t(t-1)(2t+5) over the groups of equal scores, counting each group up one by one."""
    size = np.zeros(len(ordered), np.int64)
    total = np.zeros_like(size)
    for is_equal in np.ascontiguousarray((ordered[:, 1:] == ordered[:, :-1]).T):
        size += 1
        size *= is_equal
        total += 6 * size * (size + 2)  # t = size + 1: what its last member adds
    return total


def _significance(rising: Ints, known: Ints, ties: Ints) -> Floats:
    variance = (known * (known - 1) * (2 * known + 5) - ties) / 18
    z = np.maximum(np.abs(rising) - 1, 0) / np.sqrt(np.maximum(variance, 1))
    p: Floats = np.round(ERFC(z / math.sqrt(2)).astype(np.float64), 6)
    return p
