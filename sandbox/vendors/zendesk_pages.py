"""The two paginations of Zendesk's lists: cursors without end, and offsets up to a wall."""

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from sandbox.vendors.zendesk_http import Call, invalid_attribute, invalid_pagination

MOST_PER_PAGE = 100
OFFSET_WALL = 10_000  # records; beyond it 400 (vendor announcement of May 2023, checked Nov 2026)

Row = dict[str, Any]
Key = Callable[[Any], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows in the order of `orders["id"]` (or the first order), and how to show one.

    `orders` are the sort fields that cursors know; the last part of each key is unique.
    """

    name: str
    rows: Sequence[Any]
    show: Callable[[Any], Row]
    orders: dict[str, Key] = field(default_factory=lambda: {"id": lambda row: (row["id"],)})

    def page(self, call: Call) -> dict[str, Any]:
        """By cursor where the client names `page[size]`, `page[after]` or `page[before]`."""
        by_cursor = any(key.startswith("page[") for key, _ in call.query)
        return self._by_cursor(call) if by_cursor else self._by_offset(call)

    def _by_offset(self, call: Call) -> dict[str, Any]:
        size = min(call.number("per_page") or MOST_PER_PAGE, MOST_PER_PAGE)
        number = max(call.number("page") or 1, 1)
        if size < 1:
            raise invalid_attribute("per_page", "must be positive")
        if number * size > OFFSET_WALL:
            detail = f"Offset pagination ends at record {OFFSET_WALL}; use cursor pagination"
            raise invalid_pagination("InvalidPaginationDepth", detail)
        rows = self._sorted_by_offset_rules(call)
        shown = rows[(number - 1) * size : number * size]
        return {
            self.name: [self.show(row) for row in shown],
            "next_page": call.link(page=number + 1) if number * size < len(rows) else None,
            "previous_page": call.link(page=number - 1) if number > 1 else None,
            "count": len(rows),
        }

    def _sorted_by_offset_rules(self, call: Call) -> Sequence[Any]:
        """`sort_by` and `sort_order`; what cannot be sorted by is ignored, as Zendesk does."""
        field_name = call.text("sort_by")
        is_down = call.text("sort_order") == "desc"
        if field_name in self.orders:
            return sorted(self.rows, key=self.orders[field_name], reverse=is_down)
        return list(reversed(self.rows)) if is_down else self.rows

    def _by_cursor(self, call: Call) -> dict[str, Any]:
        size = _cursor_page_size(call)
        order = call.text("sort") or next(iter(self.orders))
        rows, key = self._sorted(order)
        start, end = _window(call, [key(row) for row in rows], order, size)
        shown = rows[start:end]
        first, last = (_cursor(order, key(shown[i])) if shown else None for i in (0, -1))
        return {
            self.name: [self.show(row) for row in shown],
            # Also the last full page has a next link: only has_more tells the end.
            "meta": {"has_more": end < len(rows), "after_cursor": last, "before_cursor": first},
            "links": {
                "prev": call.page_link("before", first) if first else None,
                "next": call.page_link("after", last) if last else None,
            },
        }

    def _sorted(self, order: str) -> tuple[Sequence[Any], Key]:
        key = self.orders.get(order.removeprefix("-"))
        if key is None:
            detail = f"sort is not valid: {order}. Allowed: {', '.join(self.orders)}"
            raise invalid_pagination("InvalidPaginationParameter", detail)
        is_natural = order == next(iter(self.orders))
        rows = self.rows if is_natural else sorted(self.rows, key=key)
        return (list(reversed(rows)) if order.startswith("-") else rows), key


def _cursor_page_size(call: Call) -> int:
    size = call.number("page[size]")
    size = MOST_PER_PAGE if size is None else size
    if not 1 <= size <= MOST_PER_PAGE:
        detail = f"page[size] must be between 1 and {MOST_PER_PAGE}"
        raise invalid_pagination("InvalidPaginationParameter", detail)
    return size


def _window(call: Call, keys: list[tuple[Any, ...]], order: str, size: int) -> tuple[int, int]:
    """First row and the row behind the last one of the page asked for."""
    after, before = call.text("page[after]"), call.text("page[before]")
    try:
        if after:
            start = _rows_up_to(keys, _cursor_key(after, order), order, included=True)
            return start, min(start + size, len(keys))
        if before:
            end = _rows_up_to(keys, _cursor_key(before, order), order, included=False)
            return max(end - size, 0), end
    except TypeError as error:  # a made-up cursor whose values do not compare
        raise _bad_cursor() from error
    return 0, min(size, len(keys))


def _rows_up_to(
    keys: list[tuple[Any, ...]], key: tuple[Any, ...], order: str, *, included: bool
) -> int:
    if not order.startswith("-"):
        return bisect_right(keys, key) if included else bisect_left(keys, key)
    upwards = keys[::-1]
    return len(keys) - (bisect_left(upwards, key) if included else bisect_right(upwards, key))


def _cursor(order: str, key: tuple[Any, ...]) -> str:
    return base64.b64encode(orjson.dumps({"o": order, "v": key})).decode()


def _cursor_key(cursor: str, order: str) -> tuple[Any, ...]:
    """400 for a cursor that this list, in this order, never gave."""
    try:
        parsed = orjson.loads(base64.b64decode(cursor, validate=True))
        if parsed["o"] == order:
            return tuple(parsed["v"])
    except (binascii.Error, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise _bad_cursor() from error
    raise _bad_cursor()


def _bad_cursor() -> Exception:
    return invalid_pagination("InvalidPaginationParameter", "The cursor is not valid")
