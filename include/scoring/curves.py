"""Curves of measures: the points a reading costs, for many measures and accounts in a few steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from include.scoring.measure import Measure

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

BILLION = 1e9
ALL = 100 * BILLION  # every point there is


@dataclass(frozen=True, slots=True)
class Curves:
    """One row a measure. A curve is a number of straight pieces between corners, by rising x.

    start, end: the outermost x. inner: the x at which a second piece begins, a third, and so on,
    with the measures that have so many (None: all).
    left, lost, slope: one entry a piece, `first` is a measure's first one; the x where a piece
    begins, billionths of a point lost there and per unit of x.
    """

    start: Floats
    end: Floats
    inner: tuple[tuple[Floats, tuple[int, ...] | None], ...]
    first: Ints
    left: Floats
    lost: Floats
    slope: Floats

    @classmethod
    def of(cls, measures: Sequence[Measure]) -> Self:
        corners = [np.array(measure.curve).T for measure in measures]
        lost = [np.rint(ALL - points * BILLION) for _, points in corners]
        pieces = [len(x) - 1 for x, _ in corners]
        return cls(
            start=np.array([[x[0]] for x, _ in corners]),
            end=np.array([[x[-1]] for x, _ in corners]),
            inner=_inner([x[1:-1].tolist() for x, _ in corners]),
            first=np.cumsum([0, *pieces[:-1]], dtype=np.intp)[:, None],
            left=np.concatenate([x[:-1] for x, _ in corners]),
            lost=np.concatenate([each[:-1] for each in lost]),
            slope=np.concatenate(
                [np.diff(each) / np.diff(x) for each, (x, _) in zip(lost, corners, strict=True)]
            ),
        )

    def lose(self, x: Floats) -> Floats:
        """Turn x, (measures, accounts), into the billionths lost there, in place; and return it.

        Whole numbers; NaN stays NaN. A curve is level outside its corners. np.interp with the same
        result takes several times as long: it searches, this looks up.
        """
        np.clip(x, self.start, self.end, out=x)
        piece = self._pieces(x)
        found = np.empty_like(x)
        x -= self.left.take(piece, mode="clip", out=found)
        x *= self.slope.take(piece, mode="clip", out=found)
        x += self.lost.take(piece, mode="clip", out=found)
        return np.rint(x, out=x)

    def _pieces(self, x: Floats) -> Ints:
        """On which piece of its curve each x is."""
        passed = np.zeros(x.shape, np.uint8)
        beyond = np.empty(x.shape, np.bool_)
        for corners, measures in self.inner:
            if measures is None:
                passed += np.greater_equal(x, corners, out=beyond).view(np.uint8)
                continue
            for j, corner in zip(measures, corners, strict=True):
                passed[j] += np.greater_equal(x[j], corner, out=beyond[j]).view(np.uint8)
        piece = passed.astype(np.intp)
        return np.add(piece, self.first, out=piece)


def _inner(corners: Sequence[Sequence[float]]) -> tuple[tuple[Floats, tuple[int, ...] | None], ...]:
    found = []
    for i in range(max(map(len, corners))):
        measures = tuple(j for j, own in enumerate(corners) if len(own) > i)
        xs = np.array([corners[j][i] for j in measures])
        whole = len(measures) == len(corners)
        found.append((xs[:, None], None) if whole else (xs, measures))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Losses:
    """One measure's curve."""

    curve: Curves

    def of(self, x: Floats) -> Floats:
        """Return the billionths lost at each x, as `Curves.lose`."""
        lost: Floats = self.curve.lose(np.array(x, np.float64, ndmin=2))[0]
        return lost
