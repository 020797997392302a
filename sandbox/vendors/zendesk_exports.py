"""Incremental exports: what changed since a time, by cursor or by time, with their known traps.

Selection is by the time an export goes by (tickets: `generated_timestamp`, which also moves when
`updated_at` does not), the last minute is left out, and the next address is never null: only
`end_of_stream` tells the end. By time the boundary second comes twice, and a page full of one
second never ends (vendor documentation and public issue threads, checked Nov 2026).
"""

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.vendors.zendesk_http import Call, Refused, invalid_attribute

MOST_PER_PAGE = 1000
TOO_RECENT_S = 60
SCOPES = ("all", "agent", "ai_agent")

Item = tuple[int, int, Any]  # the second it goes by, its id, the record


@dataclass(frozen=True, slots=True)
class Export:
    """`items` in the order of (second, id); `show` makes one record's JSON.

    `takes_now`: a start within the last minute is no mistake, and finds nothing yet.
    """

    name: str
    items: Sequence[Item]
    show: Callable[[Any], dict[str, Any]]
    takes_now: bool = False

    def by_time(self, call: Call, now: int) -> dict[str, Any]:
        """One page of records at or after `start_time`, both epoch seconds."""
        items = settled(self.items, now)
        start_time = start_time_of(call, now, takes_now=self.takes_now)
        start = bisect_left(items, (start_time,))
        page = items[start : start + _page_size(call)]
        end_time = page[-1][0] if page else start_time
        return {
            self.name: [self.show(record) for _, _, record in page],
            "count": len(page),
            "end_of_stream": start + len(page) >= len(items),
            "end_time": end_time,
            "next_page": call.link(start_time=end_time),
        }

    def by_cursor(self, call: Call, now: int) -> dict[str, Any]:
        """One page behind `cursor`, or from `start_time` on where there is no cursor yet."""
        items = settled(self.items, now)
        given = call.text("cursor")
        place = _read_cursor(given) if given else (start_time_of(call, now), 0)
        start = bisect_right(items, place, key=lambda item: item[:2])
        page = items[start : start + _page_size(call)]
        cursor = _cursor(page[-1][:2] if page else place)
        kept = {key: value for key, value in call.query if key not in ("cursor", "start_time")}
        bare = Call(call.origin, call.path, query=tuple(kept.items()))
        return {
            self.name: [self.show(record) for _, _, record in page],
            "after_cursor": cursor,
            "after_url": bare.link(cursor=cursor),
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": start + len(page) >= len(items),
        }


def settled(items: Sequence[Item], now: int, *, since: int = 0) -> Sequence[Item]:
    """From `since`, included, without the last minute, whose changes come with the next run."""
    return items[bisect_left(items, (since,)) : bisect_left(items, (now - TOO_RECENT_S + 1,))]


def in_support_scope(call: Call) -> bool:
    """Whether the scope asked for holds the tickets here, which people worked on."""
    scope = call.text("support_type_scope") or "agent"
    if scope not in SCOPES:
        raise invalid_attribute("support_type_scope", f"must be one of {', '.join(SCOPES)}")
    return scope != "ai_agent"


def start_time_of(call: Call, now: int, *, takes_now: bool = False) -> int:
    """400 when it is missing, no number, or (unless it `takes_now`) within the last minute.

    A fraction is cut off: public connectors send one.
    """
    try:
        start_time = int(float(call.text("start_time") or "none given"))
    except (ValueError, OverflowError) as error:
        raise invalid_attribute("start_time", "must be an integer") from error
    if start_time < 0:
        raise invalid_attribute("start_time", "must be an integer")
    if start_time > now - TOO_RECENT_S and not takes_now:
        description = f"Too recent start_time. Use a start_time older than {TOO_RECENT_S} seconds"
        raise Refused(400, {"error": "StartTimeTooRecent", "description": description})
    return start_time


def _page_size(call: Call) -> int:
    size = call.number("per_page")
    if size is not None and size < 1:
        raise invalid_attribute("per_page", "must be positive")
    return min(size or MOST_PER_PAGE, MOST_PER_PAGE)


def _cursor(place: tuple[int, int]) -> str:
    return base64.b64encode(f"{place[0]}.0||{place[1]}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[int, int]:
    """400 for a text that no export gave as a cursor."""
    try:
        second, _, record_id = base64.b64decode(cursor, validate=True).decode().partition("||")
        return int(second.removesuffix(".0")), int(record_id)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Refused(400, {"error": "InvalidCursor", "description": "Invalid cursor"}) from error
