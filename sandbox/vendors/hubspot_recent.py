"""The two ways in which HubSpot's versions 1 and 2 page through records.

All, in order of their ids, from the last id shown; or those changed or made of late, newest first,
by position, of the last 30 days and the newest 10,000 alone. Vendor facts: legacy companies, deals
and engagements reference, checked Nov 2026.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Generic, TypeVar

from sandbox.vendors.hubspot_http import Call, Refused
from sandbox.vendors.hubspot_store import Table
from sandbox.vendors.hubspot_values import to_epoch_ms

MOST = 250
MOST_RECENT = 100
RECENT_CAP = 10_000
RECENT = timedelta(days=30)
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Recent(Generic[One]):
    """One page of what changed of late. `offset`: the position behind it; `total`: of all pages."""

    shown: list[One]
    offset: int
    total: int

    def body(self, results: list[dict[str, Any]]) -> dict[str, Any]:
        more = self.offset < self.total
        return {"results": results, "hasMore": more, "offset": self.offset, "total": self.total}


def number_of(call: Call, name: str) -> int:
    """A number of the query, 0 without one."""
    given = call.text(name) or "0"
    if not given.isdigit():
        raise Refused(400, f"Invalid query parameter {name}: '{given}' is not a number")
    return int(given)


def page_by_id(table: Table, call: Call) -> tuple[list[int], bool, int]:
    """Rows of a page, whether there are more, and the id behind which these begin."""
    limit, offset = call.limit(100, MOST), number_of(call, "offset")
    rows = list(islice(table.rows_from(offset + 1, archived=False), limit + 1))
    shown = rows[:limit]
    return shown, len(rows) > limit, table.ids[shown[-1]] if shown else offset


def stamped_rows(table: Table, stamp: str | None = None) -> Iterator[tuple[int, int, int]]:
    """Time (epoch ms) of the last change, or in `stamp`; id and row, of live records with one."""
    stamps = table.column(stamp or table.kind.modified)
    for row in table.rows_from(0, archived=False):
        if at := stamps[row]:
            yield to_epoch_ms(at), table.ids[row], row


def page_of_recent(stamped: Iterable[tuple[int, int, One]], call: Call, now: str) -> Recent[One]:
    """stamped: time that counts (epoch ms), id, and what is to be shown of each record."""
    limit, offset = call.limit(20, MOST_RECENT, "count"), number_of(call, "offset")
    if offset + limit > RECENT_CAP:
        raise Refused(400, f"Only the {RECENT_CAP:,} most recent records can be requested.")
    oldest = round((datetime.fromisoformat(now) - RECENT).timestamp() * 1000)
    since = max(number_of(call, "since"), oldest)
    order = sorted(
        ((-at, record_id, one) for at, record_id, one in stamped if at >= since),
        key=lambda row: row[:2],
    )
    shown = [one for _, _, one in order[offset : offset + limit]]
    return Recent(shown, offset + len(shown), len(order))
