"""From a stream of product events to one record a product group, day and part of what was read.

A part is what a vendor exports in one piece and can be read again whole: a day by the clock of its
exports. The parts of a group's day add up (include/sql/facts/usage_parts.sql), so a late event
changes the day it belongs to without reading that day's other parts again. Why: docs/decisions/.

Events are kept as 20 bytes each in a temporary file and counted at the end by sorting, so memory is
bounded by the distinct groups, days and names of one window, not by its events.
"""

from array import array
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from itertools import count
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from include.sources.base import Pages
from include.sources.event_lines import CutShort
from include.sources.http.side_by_side import Done, side_by_side
from include.warehouse.page import Page, State

KEY = ("account_key", "day", "part")
FIELDS = (*KEY, "events", "users", "features")
# One event for one group: the group's KEY; who, "" if nobody is known; which feature, "" if it is
# none; and what copies of the event have in common, None if it has none. Two events of a group and
# day are taken for one with a chance of one in 10^19.
Sighting = tuple[tuple[str, str, str], str, str, Hashable]
ROW = np.dtype([("cell", "<u4"), ("user", "<u4"), ("feature", "<u4"), ("mark", "<i8")])
FLUSH_ROWS = 2**17
SORTED_AT_ONCE = 2**22  # rows; sorting them takes about 300 MB
PAGE_RECORDS = 1000
NONE = 0  # the number of no user and of no feature
TRIES = 3  # for an export that is not whole


class _Numbered(dict[Any, int]):
    """Numbers what it is asked for, from 0 in the order of asking."""

    def __missing__(self, key: Hashable) -> int:
        number = self[key] = len(self)
        return number


class Tally:
    """Counts the events of one window; use it in a `with`, which removes its file."""

    def __init__(self, *, sorted_at_once: int = SORTED_AT_ONCE) -> None:
        self._sorted_at_once = sorted_at_once
        self._cells = _Numbered()
        self._users = _Numbered({"": NONE})
        self._features = _Numbered({"": NONE})
        self._columns = (array("I"), array("I"), array("I"), array("q"))
        self._alone = count()
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._rows = 0

    def __enter__(self) -> "Tally":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, sightings: Sequence[Sighting]) -> None:
        """Count events, each for one group."""
        if not sightings:
            return
        keys, users, features, identities = zip(*sightings, strict=True)
        cells, people, uses, marks = self._columns
        numbers = list(map(self._cells.__getitem__, keys))
        cells.extend(numbers)
        people.extend(map(self._users.__getitem__, users))
        uses.extend(map(self._features.__getitem__, features))
        own = [next(self._alone) if one is None else one for one in identities]
        marks.extend(map(hash, zip(numbers, own, strict=True)))
        if len(cells) >= FLUSH_ROWS:
            self._flush()

    def pages(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the records in lists; their users and features are distinct and sorted."""
        self._flush()
        cells, users, features = map(list, (self._cells, self._users, self._features))
        passes = -(-self._rows // self._sorted_at_once)
        for at in range(passes):
            rows = self._rows_of(at, passes)
            found, events = _count(rows)
            people = _names(rows, "user", found, users)
            uses = _names(rows, "feature", found, features)
            records = [
                dict(zip(FIELDS, (*cells[number], times, who, what), strict=True))
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


def counted(count_window: Callable[[Tally], list[bytes]]) -> Iterator[Page]:
    """Yield the pages of a window, and what in it was no event, to be set aside.

    count_window counts it into a tally and returns the latter. Where the export was not whole, all
    of it is thrown away and counted anew, TRIES times in all; then CutShort, which is RetryLater.
    """
    for tries_left in reversed(range(TRIES)):
        with Tally() as tally:
            try:
                unreadable = count_window(tally)
            except CutShort:
                if tries_left:
                    continue
                raise
            for records in tally.pages():
                yield Page(records, key=KEY)
            if unreadable:
                yield Page(unreadable, key=KEY)
            return


def read_windows(
    windows: Sequence[tuple[date, Callable[[], Iterator[Page]]]],
    *,
    width: int,
    state: State,
    following: State,
) -> Pages:
    """Yield the pages of windows of days, `width` of them at a time, and the state that follows.

    windows: the first day of each and what yields its pages, in the order of their days. A run that
    goes on begins behind the windows that are stored without a gap: at the day `resume`.
    """
    done = Done()
    parts = [partial(_numbered, place, pages) for place, (_, pages) in enumerate(windows)]
    for place, page in side_by_side(parts, width=width):
        if page is not None:
            yield page
            continue
        done.add(place)
        if 0 < done.all_before < len(windows):
            first, _ = windows[done.all_before]
            yield Page([], resume={**state, "resume": first.isoformat()})
    yield Page([], following)


def _numbered(place: int, pages: Callable[[], Iterator[Page]]) -> Iterator[tuple[int, Page | None]]:
    """Yield a window's pages, and None when that were all."""
    for page in pages():
        yield place, page
    yield place, None


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the moment at which a day is over in a zone, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time_of_day(), ZoneInfo(time_zone))
    return midnight.astimezone(UTC)


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


def _names(
    rows: npt.NDArray[Any], column: str, found: list[int], names: list[str]
) -> Iterator[list[str]]:
    """Yield for each of these cells the distinct names that its rows have."""
    pairs = np.sort(rows["cell"].astype(np.uint64) << np.uint64(32) | rows[column])
    pairs = pairs[_is_new(pairs)]
    numbers = (pairs & np.uint64(2**32 - 1)).astype(np.int64)
    is_name = numbers != NONE
    cells, numbers = (pairs >> np.uint64(32)).astype(np.int64)[is_name], numbers[is_name]
    starts = np.searchsorted(cells, found, "left").tolist()
    ends = np.searchsorted(cells, found, "right").tolist()
    listed = numbers.tolist()
    for start, end in zip(starts, ends, strict=True):
        yield sorted(names[number] for number in listed[start:end])
