"""Intercom's two paginations: opaque cursors without end, and numbered pages."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from sandbox.vendors.intercom_http import Call, Refused, invalid

MOST_PER_PAGE = 150
MOST_NUMBERED = 60
# Of numbered pages of companies; beyond it only the scroll helps (API description, Nov 2026).
WALL = 10_000

Row = dict[str, Any]
Key = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Rows in the order of their keys, of which each is unique."""

    rows: Sequence[Any]
    keys: Sequence[Any]

    @classmethod
    def by(cls, rows: Sequence[Any], key: Key) -> "Ordered":
        ordered = sorted(rows, key=key)
        return cls(ordered, [key(row) for row in ordered])


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page a client wants: by cursor where it has one."""

    size: int
    after: str | None = None

    @classmethod
    def of_query(cls, call: Call, usual: int) -> "Asked":
        size = call.number("per_page", usual, MOST_PER_PAGE)
        return cls(size, call.text("starting_after"))


def cursor_page(found: Ordered, asked: Asked) -> tuple[list[Any], Row, int]:
    """The rows of a page, `pages` and the total. 400 for a cursor that no list gave."""
    key, number = _read_cursor(asked.after) if asked.after else (None, 1)
    try:
        start = bisect_right(found.keys, key) if key is not None else 0
    except TypeError as error:  # a made-up cursor whose values do not compare
        raise _bad_cursor() from error
    rows = list(found.rows[start : start + asked.size])
    total = len(found.rows)
    pages: Row = {
        "type": "pages",
        "page": number,
        "per_page": asked.size,
        "total_pages": -(-total // asked.size),
    }
    if start + asked.size < total:
        cursor = _cursor(found.keys[start + len(rows) - 1], number + 1)
        pages["next"] = {"page": number + 1, "per_page": asked.size, "starting_after": cursor}
    return rows, pages, total


def _cursor(key: Any, number: int) -> str:  # noqa: ANN401 - what a list is sorted by
    return base64.b64encode(orjson.dumps([key, number])).decode()


def _read_cursor(cursor: str) -> tuple[Any, int]:
    try:
        key, number = orjson.loads(base64.b64decode(cursor, validate=True))
        return _tupled(key), int(number)
    except (binascii.Error, orjson.JSONDecodeError, TypeError, ValueError) as error:
        raise _bad_cursor() from error


def _tupled(key: Any) -> Any:  # noqa: ANN401 - JSON has no tuples
    return tuple(_tupled(part) for part in key) if isinstance(key, list) else key


def _bad_cursor() -> Refused:
    return invalid("starting_after is not a valid cursor")


def numbered_page(
    rows: Sequence[Any], call: Call, *, usual: int = MOST_NUMBERED, wall: int | None = None
) -> tuple[list[Any], Row]:
    """The rows of page `page` and `pages`, whose `next` is an address or null."""
    size = call.number("per_page", usual, MOST_NUMBERED)
    number = call.number("page", 1, 10**9)
    if wall is not None and number * size > max(wall, size):
        raise Refused(400, "page_limit_reached", "page limit reached, please use the scroll API")
    start = (number - 1) * size
    has_next = start + size < len(rows)
    pages = {
        "type": "pages",
        "next": call.link(page=number + 1, per_page=size) if has_next else None,
        "page": number,
        "per_page": size,
        "total_pages": -(-len(rows) // size),
    }
    return list(rows[start : start + size]), pages
