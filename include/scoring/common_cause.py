"""When one measure moves for most accounts on one day, that is its source's doing.

Of the accounts whose reading is known on a day and on the day before:

    share = how many moved up (or down, whichever are more)     of them
    shift = the median of reading - reading of the day before   those that stayed count with 0

Both are held against the days before, which know the rhythm of weeks and months: the usual share
and the usual shift are the largest of these days in the same direction. It is a common cause where

    share >= min_share,  share - usual share >= min_rise,  |shift| > min_times * usual shift
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.settings import CommonCause

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Move:
    """One measure from one day to the next. up, down: shares, 0 to 1; shift: in its unit."""

    accounts: int
    up: float
    down: float
    shift: float

    @property
    def direction(self) -> int:
        """1 up, -1 down: where more accounts went."""
        return 1 if self.up >= self.down else -1

    def share(self, direction: int) -> float:
        return self.up if direction > 0 else self.down


@dataclass(frozen=True, slots=True)
class Judged:
    """A day's move beside the usual. is_common: beyond it, for most accounts, one way.

    usual_share, usual_shift: None where too few days are known; nothing is a common cause then.
    """

    move: Move
    direction: int
    share: float
    usual_share: float | None
    usual_shift: float | None
    is_common: bool


def moves_of(before: Floats, now: Floats) -> list[Move]:
    """Return the move of each measure; rows are the same accounts, (account, measure)."""
    return [_move(before[:, at], now[:, at]) for at in range(now.shape[1])]


def _move(before: Floats, now: Floats) -> Move:
    known = ~np.isnan(before) & ~np.isnan(now)
    accounts = int(known.sum())
    if not accounts:
        return Move(0, 0.0, 0.0, 0.0)
    moved = now[known] - before[known]
    up, down = (float(np.count_nonzero(moved * sign > 0)) / accounts for sign in (1, -1))
    return Move(accounts, up, down, float(np.median(moved)))


def judge(today: Move, past: Sequence[Move], limits: CommonCause) -> Judged:
    """Hold a measure's move of a day against those of the days before it, in any order."""
    direction = today.direction
    share = today.share(direction)
    enough = [one for one in past if one.accounts >= limits.min_accounts]
    if len(enough) < limits.min_days:
        return Judged(today, direction, share, None, None, is_common=False)
    usual_share = max(one.share(direction) for one in enough)
    usual_shift = max(0.0, *(direction * one.shift for one in enough))
    is_common = (
        today.accounts >= limits.min_accounts
        and share >= limits.min_share
        and share - usual_share >= limits.min_rise
        and direction * today.shift > limits.min_times * usual_shift
    )
    return Judged(today, direction, share, usual_share, usual_shift, is_common)
