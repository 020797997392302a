"""From a stream of product events to one record a product group, day and part of what was read.

A part is what a vendor exports in one piece and can be read again whole: a day by the clock of its
exports. The parts of a group's day add up (include/sql/facts/usage_parts.sql), so a late event
changes the day it belongs to without reading that day's other parts again. Why: docs/decisions/.

Events are kept as 20 bytes each in a temporary file and counted at the end by sorting, so memory is
bounded by the distinct groups, days and names of one window, not by its events.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

KEY = ("account_key", "day", "part")
FIELDS = (*KEY, "events", "users", "features")
ROW = np.dtype([("cell", "<u4"), ("user", "<u4"), ("name", "<u4"), ("mark", "<i8")])
FLUSH_ROWS = 2**17
SORTED_AT_ONCE = 2**20  # rows; sorting them takes about 80 MB
PAGE_RECORDS = 1000


@dataclass(frozen=True, slots=True)
class Seen:
    """Columns of counted events, one entry for each of an event's groups.

    cells: numbers of a tally's cells. users: who; "": nobody that is known. names: of the events.
    marks: a hash of what copies of an event have in common; None: it has no copies. Two events of a
    cell are taken for one with a chance of one in 10^19.
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


class _Numbered(dict[str, int]):
    """Numbers what it is asked for, from 0 in the order of asking."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


class Tally:
    """Counts the events of one window; use it in a `with`, which removes its file.

    is_feature: whether events of a name are the use of a feature.
    """

    def __init__(
        self, is_feature: Callable[[str], bool], *, sorted_at_once: int = SORTED_AT_ONCE
    ) -> None:
        self._is_feature = is_feature
        self._sorted_at_once = sorted_at_once
        self._cells: list[tuple[str, str, str]] = []
        self._groups: dict[tuple[str, str], Groups] = {}
        self._users, self._names = _Numbered(), _Numbered()
        self._columns = (array("I"), array("I"), array("I"), array("q"))
        self._alone = count()
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._rows = 0

    def __enter__(self) -> "Tally":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

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
        marks.extend(
            hash(("alone", next(self._alone))) if mark is None else mark for mark in seen.marks
        )
        if len(cells) >= FLUSH_ROWS:
            self._flush()

    def pages(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the records in lists; their users and features are distinct and sorted."""
        self._flush()
        known = Names(self._users, bool), Names(self._names, self._is_feature)
        passes = -(-self._rows // self._sorted_at_once)
        for at in range(passes):
            rows = self._rows_of(at, passes)
            found, events = _count(rows)
            people, uses = known[0].of(rows, "user", found), known[1].of(rows, "name", found)
            records = [
                dict(zip(FIELDS, (*self._cells[number], times, who, what), strict=True))
                for number, times, who, what in zip(found, events, people, uses, strict=True)
            ]
            for start in range(0, len(records), PAGE_RECORDS):
                yield records[start : start + PAGE_RECORDS]

    def _flush(self) -> None:
        rows = np.empty(len(self._columns[0]), ROW)
        for name, column in zip(ROW.names or (), self._columns, strict=True):
            rows[name] = column
            del column[:]
        self._file.write(rows.tobytes())
        self._rows += len(rows)

    def _rows_of(self, at: int, passes: int) -> npt.NDArray[Any]:
        """Read the rows of every `passes`-th cell."""
        self._file.seek(0)
        pieces = []
        while block := self._file.read(FLUSH_ROWS * ROW.itemsize):
            rows = np.frombuffer(block, ROW)
            pieces.append(rows if passes == 1 else rows[rows["cell"] % passes == at])
        return np.concatenate(pieces)


class Names:
    """Numbered names, to be listed in order; only those that are wanted."""

    def __init__(self, numbered: dict[str, int], is_wanted: Callable[[str], bool]) -> None:
        self._names = sorted(numbered)
        self._is_wanted = np.fromiter(map(is_wanted, self._names), bool, len(self._names))
        self._rank = np.empty(len(self._names), np.uint64)
        self._rank[[numbered[name] for name in self._names]] = np.arange(len(self._names))

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
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(filter(None, map(text_of, values))))
