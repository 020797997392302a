"""A scorecard turned into the numbers that scoring multiplies and compares."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.measure import Measure
from include.scoring.scorecard import Scorecard
from include.scoring.weights import whole_numbers

Floats = npt.NDArray[np.float64]

BILLION = 1e9
ALL = 100 * BILLION  # every point there is


@dataclass(frozen=True, slots=True)
class Part:
    """A category. first: index of its first measure. weights: whole numbers, one per measure."""

    first: int
    weight: int
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Losses:
    """A curve as what it takes off: one entry per piece between two corners, by rising reading.

    start, end: the outermost readings. inner: readings at which the next piece begins.
    left, lost, slope: reading where a piece begins, billionths of a point lost there and per unit.
    """

    start: float
    end: float
    inner: tuple[float, ...]
    left: Floats
    lost: Floats
    slope: Floats

    def of(self, readings: Floats) -> Floats:
        """Billionths lost, whole numbers; NaN stays NaN. The curve is level outside its corners.

        np.interp with the same result takes twice as long: it searches, this looks up.
        """
        lost = np.maximum(np.ascontiguousarray(readings), self.start)
        np.minimum(lost, self.end, out=lost)
        piece = np.zeros(len(lost), np.uint8)
        for corner in self.inner:
            piece += (lost >= corner).view(np.uint8)
        at = piece.astype(np.intp)
        lost -= self.left.take(at, mode="clip")
        lost *= self.slope.take(at, mode="clip")
        lost += self.lost.take(at, mode="clip")
        return np.rint(lost, out=lost)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a block of rows is scored by. losses: one per measure."""

    losses: tuple[Losses, ...]
    parts: tuple[Part, ...]
    band_starts: tuple[float, ...]
    min_coverage: float
    unknown_when_straddling: bool


def plan_of(card: Scorecard) -> Plan:
    """Weights become whole numbers in their proportion, so that weighted sums are exact."""
    outer = whole_numbers([category.weight for category in card.categories])
    parts, first = [], 0
    for weight, category in zip(outer, card.categories, strict=True):
        inner = whole_numbers([measure.weight for measure in category.measures])
        parts.append(Part(first, weight, tuple(inner)))
        first += len(inner)
    return Plan(
        losses=tuple(_losses(measure) for measure in card.measures),
        parts=tuple(parts),
        band_starts=tuple(band.lower for band in card.bands),
        min_coverage=card.min_coverage,
        unknown_when_straddling=card.unknown_when_straddling,
    )


def _losses(measure: Measure) -> Losses:
    readings, points = np.array(measure.curve).T
    lost = np.rint(ALL - points * BILLION)
    return Losses(
        start=float(readings[0]),
        end=float(readings[-1]),
        inner=tuple(map(float, readings[1:-1])),
        left=readings[:-1].copy(),
        lost=lost[:-1],
        slope=np.diff(lost) / np.diff(readings),
    )
