"""One side of a change: accounts on one day, by one scorecard."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from include.scoring.circumstances import Bools, Circumstances
from include.scoring.plan import BILLION, Floats
from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard

Rows = slice | npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Side:
    """One row an account. points, base, score: 0..100, NaN unknown.

    fired, undecided: bit k is the card's k-th rule.
    is_carried: by measure, readings that were carried forward from an earlier day; None: none was.
    """

    card: Scorecard
    readings: Floats
    points: Floats
    base: Floats
    score: Floats
    fired: npt.NDArray[np.uint64]
    undecided: npt.NDArray[np.uint64]
    at: Circumstances
    is_carried: Bools | None = None

    @classmethod
    def scored(
        cls, card: Scorecard, readings: Floats, at: Circumstances, is_carried: Bools | None = None
    ) -> Self:
        """Score readings to make a side of them."""
        return cls.of(card, readings, score(readings, card, at), at, is_carried)

    @classmethod
    def of(
        cls,
        card: Scorecard,
        readings: Floats,
        scores: Scores,
        at: Circumstances,
        is_carried: Bools | None = None,
    ) -> Self:
        return cls(
            card, readings, scores.points, scores.base, scores.score, scores.fired,
            scores.undecided, at, is_carried,
        )  # fmt: skip

    def some(self, rows: Rows) -> "Side":
        """Those of some rows, in their order."""
        carried = None if self.is_carried is None else self.is_carried[rows]
        return Side(
            self.card, self.readings[rows], self.points[rows], self.base[rows], self.score[rows],
            self.fired[rows], self.undecided[rows], self.at.of(rows), carried,
        )  # fmt: skip

    def column(self, name: str) -> int:
        """Where a measure stands in readings and points."""
        return self.card.measure_names.index(name)

    def billionths(self, name: str) -> Floats:
        """The points of a measure in whole billionths."""
        points: Floats = np.rint(self.points[:, self.column(name)] * BILLION)
        return points

    def known(self) -> Bools:
        """Where measures have a reading, (measure, account): of the day itself or carried."""
        return np.ascontiguousarray(~np.isnan(self.readings).T)

    def carried(self) -> Bools | None:
        """Where measures have a reading that was carried forward, (measure, account)."""
        return None if self.is_carried is None else np.ascontiguousarray(self.is_carried.T)
