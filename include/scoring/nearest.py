"""A curve read backwards: the nearest reading that is worth enough."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

import numpy as np

from include.scoring.measure import Measure
from include.scoring.plan import ALL, BILLION, Losses

NUDGES = 64  # smallest steps of a reading, after which a corner of the curve is taken instead


def nearest_reading(measure: Measure, losses: Losses, reading: float, lost: int) -> float:
    """Return the reading nearest to `reading` at which at most `lost` billionths are lost.

    losses: of the measure. The curve loses more than that at `reading`, and not more somewhere.
    """
    ends = [_nearer(reading, piece) for piece in _pieces(measure, lost)]
    start, corner = min(ends, key=lambda end: abs(end[0] - reading))
    for _ in range(NUDGES):
        if float(losses.of(np.array([start]))[0]) <= lost:
            return start
        start = float(np.nextafter(start, corner))
    return corner


def _nearer(reading: float, piece: tuple[float, float]) -> tuple[float, float]:
    """Order the ends of a piece: the nearer one first."""
    left, right = piece
    return (left, right) if reading < left else (right, left)


def _pieces(measure: Measure, lost: int) -> Iterator[tuple[float, float]]:
    """Where the curve loses at most `lost` between two corners: (left, right), both included."""
    corners = [(x, float(np.rint(ALL - points * BILLION))) for x, points in measure.curve]
    for (left, lost_left), (right, lost_right) in pairwise(corners):
        if min(lost_left, lost_right) > lost:
            continue
        crossing = inf
        if max(lost_left, lost_right) > lost:
            crossing = left + (lost - lost_left) * (right - left) / (lost_right - lost_left)
        yield (
            crossing if lost_left > lost else left,
            crossing if lost_right > lost else right,
        )
