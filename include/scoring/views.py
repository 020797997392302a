"""Some accounts of a series, seen at days: how many rows there had been by each of them.

A grid has the same days for every account. Spots are single (account, day) pairs, for the few
readings that look at a day of their own, such as the start of a term.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from include.scoring.rows import NEVER, Ints, Rows, are_too_large

ACCOUNT = 2**32  # in a key of account and day: more than any day


class View(Protocol):
    """A series at days: `days`, `known_from` and `before` spread out to the shape of `upto`.

    known_from: of the account; summed_from: that, or NEVER where its values are too large to be
    added up exactly. before: how many rows there are before the account's first one.
    """

    @property
    def rows(self) -> Rows: ...
    @property
    def days(self) -> Ints: ...
    @property
    def known_from(self) -> Ints: ...
    @property
    def summed_from(self) -> Ints: ...
    @property
    def before(self) -> Ints: ...

    def upto(self, lag: int) -> Ints:
        """How many rows had been by the end of `lag` days before each day."""
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    """A whole series. marks: the days in its grid, rising; the range's last day is the last."""

    rows: Rows
    known_from: Ints
    summed_from: Ints
    marks: Ints


@dataclass(frozen=True, slots=True)
class Grid:
    """A few accounts (first axis) on the days asked for (second axis).

    begins: where each account's rows begin, and one more for the end.
    counts: rows up to the end of each marked day, counted over all accounts.
    """

    rows: Rows
    begins: Ints
    marks: Ints
    counts: Ints
    known_from: Ints
    summed_from: Ints
    days: Ints

    @property
    def before(self) -> Ints:
        return self.begins[:-1, None]

    def upto(self, lag: int) -> Ints:
        first = int(np.searchsorted(self.marks, self.days[0, 0] - lag))
        return self.counts[:, first : first + self.days.shape[1]]


@dataclass(frozen=True, slots=True)
class Spots:
    """Single days of accounts of a grid, one below the other. keys: account and day of each row."""

    rows: Rows
    keys: Ints
    account: Ints
    days: Ints
    known_from: Ints
    summed_from: Ints
    before: Ints
    start: int

    def upto(self, lag: int) -> Ints:
        wanted = self.account * ACCOUNT + self.days - lag
        return np.searchsorted(self.keys, wanted, side="right") + self.start


def ready_of(rows: Rows, known_from: Ints, marks: Ints) -> Ready:
    """Put a series together with what is known of it."""
    return Ready(rows, known_from, np.where(are_too_large(rows), NEVER, known_from), marks)


def grid_of(ready: Ready, start: int, stop: int, days: Ints) -> Grid:
    """The accounts from `start` up to, not including, `stop`; days: one line of them."""
    begins, marks = ready.rows.begins[start : stop + 1], ready.marks
    account = np.repeat(np.arange(stop - start), np.diff(begins))
    column = np.searchsorted(marks, ready.rows.day[begins[0] : begins[-1]])
    added = np.bincount(account * len(marks) + column, minlength=(stop - start) * len(marks))
    counts = (np.cumsum(added) + begins[0]).reshape(stop - start, len(marks))
    known_from, summed_from = (
        ready.known_from[start:stop, None],
        ready.summed_from[start:stop, None],
    )
    return Grid(ready.rows, begins, marks, counts, known_from, summed_from, days)


def spots_of(grid: Grid, account: Ints, day: Ints) -> Spots:
    """Single days of the grid's accounts; account: position in the grid."""
    begins = grid.begins
    owner = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    return Spots(
        rows=grid.rows,
        keys=owner * ACCOUNT + grid.rows.day[begins[0] : begins[-1]],
        account=account[:, None],
        days=day[:, None],
        known_from=grid.known_from[account],
        summed_from=grid.summed_from[account],
        before=grid.before[account],
        start=int(begins[0]),
    )
