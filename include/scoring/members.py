"""Which accounts belong to whose family on which day, in blocks of a bounded size."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from include.scoring.rows import Ints

CELLS = 262_144  # account-days of members in work

Bools = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Members:
    """Accounts and those below them at any depth, by position; rows in any order.

    first_day, last_day: on which days it is so, both included. Rows may overlap or stand twice.
    """

    parent: Positions
    child: Positions
    first_day: Positions
    last_day: Positions


@dataclass(frozen=True, slots=True)
class Families:
    """A few families, one below the other: each parent's members by position, itself among them.

    parents: one a family. begins: where its members begin. family: of each member, its family.
    child: position of each member. counts: (member, day) whether it is part of the family then.
    """

    parents: Ints
    begins: Ints
    family: Ints
    child: Ints
    counts: Bools

    @property
    def alone(self) -> Bools:
        """(family, day) where no account but the parent itself is part of it."""
        others = self.counts & (self.child != self.parents[self.family])[:, None]
        return ~np.logical_or.reduceat(others, self.begins, axis=0)


def families(members: Members, days: Ints, customers: Bools | None) -> Iterator[Families]:
    """Yield the families of these days; a member counts once, however many rows say so.

    customers: (account, day) whose readings count; None: all.
    """
    rows = _rows(members, days)
    if not len(rows):
        return
    ends = np.flatnonzero(np.diff(rows[:, 0], append=-1)) + 1
    stops = ends[np.diff(ends * len(days) // CELLS, append=-1) != 0]
    for start, stop in pairwise([0, *stops]):
        yield _families(rows[start:stop], days, customers)


def _rows(members: Members, days: Ints) -> Ints:
    """(parent, child, first, last) by parent, then child; each parent is its own member."""
    rows = np.stack(
        [members.parent, members.child, members.first_day, members.last_day], axis=1
    ).astype(np.int64)
    rows = rows[(rows[:, 2] <= rows[:, 3]) & (rows[:, 2] <= days[-1]) & (rows[:, 3] >= days[0])]
    parents = np.unique(rows[:, 0])
    whole = np.broadcast_to([days[0], days[-1]], (len(parents), 2))
    rows = np.concatenate([rows, np.column_stack([parents, parents, whole])])
    return rows[np.lexsort([rows[:, 1], rows[:, 0]])]


def _families(rows: Ints, days: Ints, customers: Bools | None) -> Families:
    there = (rows[:, 2:3] <= days) & (days <= rows[:, 3:4])
    pairs = np.flatnonzero(np.any(np.diff(rows[:, :2], axis=0, prepend=-1), axis=1))
    counts = np.logical_or.reduceat(there, pairs, axis=0)
    parent, child = rows[pairs, 0], rows[pairs, 1]
    if customers is not None:
        counts &= customers[child]
    is_first = np.diff(parent, prepend=-1) != 0
    return Families(
        parents=parent[is_first],
        begins=np.flatnonzero(is_first),
        family=np.cumsum(is_first) - 1,
        child=child,
        counts=counts,
    )
