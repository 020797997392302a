"""Chargebee's lists: sorted, filtered, page after page behind `next_offset`.

Vendor facts: Chargebee API v2 on list operations, and how clients page, checked Nov 2026.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any
from zlib import crc32

from sandbox.vendors.chargebee_filters import Condition, flag_of, to_conditions, whole_of
from sandbox.vendors.chargebee_http import Json, Refused, wrong_value

MOST, DEFAULT = 100, 10
SORTED = re.compile(r"sort_by\[(asc|desc)\]")
OFFSET = re.compile(r'\["(-?\d+)","(\d+)(\d{5})"\]')
NOT_FILTERS = ("offset", "limit")
Pairs = Sequence[tuple[str, str]]
# Thing, name of a field: its value, None where it has none.
Look = Callable[[Any, str], Any]


@dataclass(slots=True)
class Shelf:
    """Things of one kind, oldest first, in every order in which their list can be sorted.

    kinds: the fields that can be filtered, and of which kind. The first of `sorts` is the order
    where none is asked for, newest first.
    """

    things: Sequence[Any]
    kinds: Mapping[str, str]
    sorts: tuple[str, ...]
    look: Look
    _orders: dict[str, tuple[list[tuple[int, int]], list[Any]]] = field(default_factory=dict)
    _by_id: dict[str, Any] = field(default_factory=dict)

    def find(self, object_id: str) -> Any:  # noqa: ANN401
        """The thing of that id, None if there is none."""
        if not self._by_id:
            self._by_id = {self.look(thing, "id"): thing for thing in self.things}
        return self._by_id.get(object_id)

    def order(self, by: str) -> tuple[list[tuple[int, int]], list[Any]]:
        """Places (value, number) in rising order, and the things in the same; no value is first.

        The value of a text is its rank among those of the list.
        """
        if by not in self._orders:
            values = [self.look(thing, by) or 0 for thing in self.things]
            if any(isinstance(value, str) for value in values):
                ranks = {text: rank for rank, text in enumerate(sorted(map(str, values)))}
                values = [ranks[str(value)] for value in values]
            placed = sorted(
                ((value, number), thing)
                for number, (value, thing) in enumerate(zip(values, self.things, strict=True), 1)
            )
            self._orders[by] = [place for place, _ in placed], [thing for _, thing in placed]
        return self._orders[by]


@dataclass(frozen=True, slots=True)
class Asked:
    """One list request, read and checked. behind: the place that the page starts behind."""

    limit: int
    by: str
    descending: bool
    deleted_too: bool
    conditions: list[Condition]
    behind: tuple[int, int] | None
    signature: int


def to_page(shelf: Shelf, pairs: Pairs, show: Callable[[Any], Json]) -> Json:
    """One page of the list; `next_offset` is there only if there is more."""
    asked = _read(shelf, pairs)
    rows: list[Json] = []
    last: tuple[int, int] | None = None
    for place, thing in _walk(shelf, asked):
        if not _keeps(shelf, asked, thing):
            continue
        if len(rows) == asked.limit and last is not None:
            return {"list": rows, "next_offset": _offset(last, asked.signature)}
        rows.append(show(thing))
        last = place
    return {"list": rows}


def _read(shelf: Shelf, pairs: Pairs) -> Asked:
    given = dict(pairs)
    limit = whole_of("limit", given.get("limit", str(DEFAULT)))
    if not 1 <= limit <= MOST:
        raise wrong_value("limit", f"should be between 1 and {MOST}")
    by, descending = _sorting(shelf, pairs)
    signature = (
        crc32(repr(sorted(pair for pair in pairs if pair[0] not in NOT_FILTERS)).encode()) % 100_000
    )
    return Asked(
        limit,
        by,
        descending,
        flag_of("include_deleted", given.get("include_deleted", "false")),
        to_conditions(pairs, shelf.kinds),
        _behind(given.get("offset"), signature),
        signature,
    )


def _sorting(shelf: Shelf, pairs: Pairs) -> tuple[str, bool]:
    for name, by in pairs:
        match = SORTED.fullmatch(name)
        if match is None and name.startswith("sort_by"):
            raise wrong_value(name, "the sort order should be one of [asc, desc]")
        if match:
            if by not in shelf.sorts:
                raise wrong_value(name, f"should be one of [{', '.join(shelf.sorts)}]")
            return by, match[1] == "desc"
    return shelf.sorts[0], True


def _behind(offset: str | None, signature: int) -> tuple[int, int] | None:
    """The place of an offset; one that was made for other filters or another order is refused."""
    if not offset:
        return None
    match = OFFSET.fullmatch(offset.replace(" ", ""))
    if match is None or int(match[3]) != signature:
        raise Refused(
            400,
            "invalid_request",
            "offset : invalid value. Use the next_offset of the previous answer, with the same "
            "filters and order.",
            param="offset",
        )
    return int(match[1]) // 1000, int(match[2])


def _offset(place: tuple[int, int], signature: int) -> str:
    """Milliseconds and a number, as text that holds a JSON array."""
    value, number = place
    return json.dumps([str(value * 1000), f"{number}{signature:05d}"], separators=(",", ":"))


def _walk(shelf: Shelf, asked: Asked) -> Iterator[tuple[tuple[int, int], Any]]:
    """The things from the place on, without those that filters on the sorted field exclude."""
    places, things = shelf.order(asked.by)
    own = [one for one in asked.conditions if one.field == asked.by]
    first = bisect_left(places, (max([-inf, *(one.low for one in own)]), 0))
    stop = bisect_right(places, (min([inf, *(one.high for one in own)]), inf))
    if asked.behind is not None and asked.descending:
        stop = min(stop, bisect_left(places, asked.behind))
    elif asked.behind is not None:
        first = max(first, bisect_right(places, asked.behind))
    steps = range(first, stop)
    for step in reversed(steps) if asked.descending else steps:
        yield places[step], things[step]


def _keeps(shelf: Shelf, asked: Asked, thing: Any) -> bool:  # noqa: ANN401
    if not asked.deleted_too and shelf.look(thing, "deleted"):
        return False
    return all(one.test(shelf.look(thing, one.field)) for one in asked.conditions)
