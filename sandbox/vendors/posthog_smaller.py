"""PostHog's lists of what people define in a project: of events what was sent, of all else nothing.

Every list has the same form: `count`, `next` and `previous` as addresses, `results`. Fields and
order of event definitions: PostHog's own serializer (checked Nov 2026).
"""

from typing import Any

import duckdb

from sandbox.vendors.posthog_http import not_found
from sandbox.vendors.posthog_lists import PAGE, Call, Row, iso

# What nobody of a project has made.
EMPTY = ("actions", "annotations", "cohorts", "dashboards", "feature_flags", "insights")
ORDERINGS = ("name", "last_seen_at")
MOST = 10**9
SEEN = (
    "SELECT CAST(md5('definition:' || event) AS UUID), event, min(created_at), max(timestamp)"
    " FROM events WHERE contains(lower(event), lower(?)) GROUP BY event"
    " ORDER BY max(timestamp) DESC, event"
)


class Definitions:
    """Handlers of event definitions; each takes a call, or an id, and gives a body."""

    def __init__(self, store: duckdb.DuckDBPyConnection) -> None:
        self._store = store

    def listed(self, call: Call) -> Row:
        """Those seen last come first, unless `ordering` names another field, falling behind `-`."""
        rows, ordering = self._rows(call.query.get("search") or ""), call.query.get("ordering", "")
        field = ordering.removeprefix("-")
        if field in ORDERINGS:
            rows = sorted(rows, key=lambda row: row[field], reverse=ordering.startswith("-"))
        return page_of(rows, call)

    def one(self, definition_id: str) -> Row:
        row = next((row for row in self._rows("") if row["id"] == definition_id), None)
        if row is None:
            raise not_found()
        return row

    def _rows(self, search: str) -> list[Row]:
        with self._store.cursor() as cursor:
            return [_definition(*row) for row in cursor.execute(SEEN, [search]).fetchall()]


def nothing(call: Call) -> Row:
    return page_of([], call)


def no_such(_object_id: str) -> Row:
    raise not_found()


def page_of(rows: list[Row], call: Call) -> Row:
    """The rows from `offset` on, at most `limit` of them, between two addresses."""
    limit, offset = max(call.number("limit", PAGE, MOST), 1), call.number("offset", 0, MOST)
    end, before = offset + limit, max(offset - limit, 0)
    return {
        "count": len(rows),
        "next": call.link(limit=limit, offset=end) if end < len(rows) else None,
        "previous": call.link(limit=limit, offset=before) if offset else None,
        "results": rows[offset:end],
    }


def _definition(definition_id: Any, name: str, first: Any, last: Any) -> Row:  # noqa: ANN401
    """`last_seen_at`: the time of its newest event; nobody described or tagged it."""
    return {
        "id": str(definition_id),
        "name": name,
        "created_at": iso(first),
        "last_seen_at": iso(last),
        "last_updated_at": iso(first),
        "tags": [],
        "is_action": False,
        "action_id": None,
        "is_calculating": False,
        "last_calculated_at": None,
        "created_by": None,
        "post_to_slack": False,
    }
