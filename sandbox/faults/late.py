"""Records that are not there yet: taken out of every answer until their time has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Until:
    """When a record shows: with this request, by the rule's count, or on this day of the world."""

    request: int | None
    day: int | None

    def has_come(self, request: int, now_s: float) -> bool:
        if self.request is not None and request >= self.request:
            return True
        return self.day is not None and int(now_s // DAY_S) >= self.day


class Late:
    """The records that one rule holds back, by what names them."""

    def __init__(self) -> None:
        self._held: dict[str, Until] = {}

    def hold(self, rows: list[Any], options: dict[str, Any], *, request: int, now_s: float) -> bool:
        """Take the n-th record out, from now on; false where the page has no such one."""
        n = options.get("n", 0)
        if not -len(rows) <= n < len(rows):
            return False
        requests, days = options.get("requests"), options.get("days")
        self._held[name_of(rows.pop(n))] = Until(
            request=None if requests is None else request + requests + 1,
            day=None if days is None else int(now_s // DAY_S) + days,
        )
        return True

    def leave_out(self, rows: list[Any], *, request: int, now_s: float) -> bool:
        """Take what is still held back out of a page; true where it had any of it."""
        for name in [name for name, until in self._held.items() if until.has_come(request, now_s)]:
            del self._held[name]
        kept = [row for row in rows if name_of(row) not in self._held] if self._held else rows
        is_changed = len(kept) < len(rows)
        rows[:] = kept
        return is_changed


def name_of(row: Any) -> str:  # noqa: ANN401
    """What names a record: its id, of an event its own one, of a query's row its text cells."""
    if isinstance(row, Sequence) and not isinstance(row, str):
        return "|".join(cell for cell in row if isinstance(cell, str))
    for place in _places(row):
        for key in ("id", "Id", "uuid", "$insert_id"):
            if place.get(key) is not None:
                return str(place[key])
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode()


def _places(row: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """A record, and what it holds by name: Chargebee's resource, the properties of an event."""
    if not isinstance(row, dict):
        return []
    inner = [value for value in row.values() if isinstance(value, dict)]
    return [row, *inner[:2]]
