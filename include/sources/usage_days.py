"""From a stream of product events to one record a product group, day and part of what was read.

A part is what a vendor exports in one piece and can be read again whole: a day by the clock of its
exports. The parts of a group's day add up (include/sql/facts/usage_parts.sql), so a late event
changes the day it belongs to without reading that day's other parts again. Why: docs/decisions/.

Events are counted at the end by sorting. Those of a large window are kept in a temporary file by
account (usage_spill.py) and counted a few accounts at a time, so memory is bounded by neither the
events of a window nor its accounts.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from include.sources.base import in_blocks
from include.sources.usage_spill import ROW, Block, Numbered, Spill

KEY = ("account_key", "day", "part")
FIELDS = (*KEY, "events", "users", "features")
ROWS_AT_ONCE = 2**16  # to be kept and to be sorted: some 10 MB with their names
PAGE_RECORDS = 250  # with lists of users


@dataclass(frozen=True, slots=True)
class Seen:
    """Columns of counted events, one entry for each of an event's groups.

    cells: numbers of a tally's cells, which hold until it has added these columns. users: who; "":
    nobody that is known. names: of the events. marks: a hash of what copies of an event have in
    common; None: it has no copies. Two events of a cell are taken for one with a chance of one in
    10^19.
    """

    cells: list[int] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    marks: list[int | None] = field(default_factory=list)


class Groups(dict[str, int]):
    """By account key: the number of the cell of one day and part, made when it is asked for."""

    def __init__(self, cells: list[tuple[str, str, str]], day: str, part: str) -> None:
        self._cells = cells
        self._day, self._part = day, part

    def __missing__(self, account: str) -> int:
        number = self[account] = len(self._cells)
        self._cells.append((account, self._day, self._part))
        return number


class Tally:
    """Counts the events of one window; use it in a `with`, which removes its file.

    is_feature: whether events of a name are the use of a feature.
    """

    def __init__(
        self, is_feature: Callable[[str], bool], *, rows_at_once: int = ROWS_AT_ONCE
    ) -> None:
        self._is_feature = is_feature
        self._rows_at_once = rows_at_once
        self._cells: list[tuple[str, str, str]] = []
        self._groups: dict[tuple[str, str], Groups] = {}
        self._users: Numbered[str] = Numbered()
        self._names: Numbered[str] = Numbered()
        self._columns = (array("I"), array("I"), array("I"), array("q"))
        self._alone = count()
        self._spill = Spill()

    def __enter__(self) -> "Tally":
        return self

    def __exit__(self, *_: object) -> None:
        self._spill.close()

    def groups(self, day: str, part: str) -> Groups:
        key = (day, part)
        if key not in self._groups:
            self._groups[key] = Groups(self._cells, day, part)
        return self._groups[key]

    def add(self, seen: Seen) -> None:
        cells, users, names, marks = self._columns
        cells.extend(seen.cells)
        users.extend(map(self._users.__getitem__, seen.users))
        names.extend(map(self._names.__getitem__, seen.names))
        marks.extend(self._distinct(seen.marks))
        if len(cells) >= self._rows_at_once:
            self._spill.put(self._taken())

    def _distinct(self, marks: list[int | None]) -> Iterable[int]:
        """Return the marks, and one of its own for each event that has no copies."""
        if None not in marks:
            return cast("list[int]", marks)
        return [hash(("alone", next(self._alone))) if one is None else one for one in marks]

    def pages(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the records in lists; their users and features are distinct and sorted."""
        for block in self._blocks():
            yield from in_blocks(self._records_of(block), PAGE_RECORDS)

    def _blocks(self) -> Iterator[Block]:
        """Yield all rows, those of a cell together: from the file, unless few were never there."""
        block = self._taken()
        if self._spill.is_empty:
            yield block
            return
        self._spill.put(block)
        yield from self._spill.take(self._rows_at_once)

    def _records_of(self, block: Block) -> Iterator[dict[str, Any]]:
        found, events = _count(block.rows)
        people = Names(block.names["user"], bool).of(block.rows, "user", found)
        uses = Names(block.names["name"], self._is_feature).of(block.rows, "name", found)
        for number, times, who, what in zip(found, events, people, uses, strict=True):
            values = (*block.names["cell"][number], times, who, what)
            yield dict(zip(FIELDS, values, strict=True))

    def _taken(self) -> Block:
        """Take the rows out with their names, and number what comes from 0 again."""
        rows = np.empty(len(self._columns[0]), ROW)
        for name, column in zip(ROW.names or (), self._columns, strict=True):
            rows[name] = column
            del column[:]
        names: dict[str, list[Any]]
        names = {"cell": [*self._cells], "user": [*self._users], "name": [*self._names]}
        self._cells.clear()
        for numbered in (self._users, self._names, *self._groups.values()):
            numbered.clear()
        return Block(rows, names)


class Names:
    """Numbered names, to be listed in order; only those that are wanted."""

    def __init__(self, names: list[str], is_wanted: Callable[[str], bool]) -> None:
        order = sorted(range(len(names)), key=names.__getitem__)
        self._names = [names[number] for number in order]
        self._is_wanted = np.fromiter(map(is_wanted, self._names), bool, len(names))
        self._rank = np.empty(len(names), np.uint64)
        self._rank[order] = np.arange(len(names), dtype=np.uint64)

    def of(self, rows: npt.NDArray[Any], column: str, found: list[int]) -> Iterator[list[str]]:
        """Yield for each of these cells the distinct wanted names that its rows have, sorted."""
        pairs = np.sort(rows["cell"].astype(np.uint64) << np.uint64(32) | self._rank[rows[column]])
        pairs = pairs[_is_new(pairs)]
        ranks = (pairs & np.uint64(2**32 - 1)).astype(np.int64)
        is_wanted = self._is_wanted[ranks]
        cells = (pairs >> np.uint64(32)).astype(np.int64)[is_wanted]
        listed = [self._names[rank] for rank in ranks[is_wanted].tolist()]
        starts = np.searchsorted(cells, found, "left").tolist()
        ends = np.searchsorted(cells, found, "right").tolist()
        for start, end in zip(starts, ends, strict=True):
            yield listed[start:end]


def _count(rows: npt.NDArray[Any]) -> tuple[list[int], list[int]]:
    """Return the cells that occur, rising, and how many different events each has."""
    order = np.lexsort((rows["mark"], rows["cell"]))
    cells, marks = rows["cell"][order], rows["mark"][order]
    found = np.flatnonzero(_is_new(cells))
    is_event = _is_new(cells) | _is_new(marks)
    return cells[found].tolist(), np.add.reduceat(is_event, found, dtype=np.int64).tolist()


def _is_new(ordered: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return where a value differs from the one before it."""
    is_new = np.ones(len(ordered), bool)
    is_new[1:] = ordered[1:] != ordered[:-1]
    return is_new


def text_of(value: object) -> str:
    """Return an id as text, however it was sent; "" for what is none."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts_of(value: object) -> list[str]:
    """Return the distinct ids of a list or of one value: an event may belong to several groups."""
    if type(value) is list and len(value) == 1:  # as nearly all are
        value = value[0]
    if type(value) is str:
        return [value] if value.strip() else []
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(filter(None, map(text_of, values))))
