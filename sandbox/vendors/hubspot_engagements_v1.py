"""HubSpot's engagements of version 1: meetings, calls, e-mails, notes and tasks in one list.

The same records as /crm/v3/objects/meetings and its like. Of metadata come those fields whose
property this portal has; what nobody entered has no key. Vendor facts: legacy engagements
reference, checked Nov 2026.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.vendors.hubspot_http import Call, Refused, Reply, not_found
from sandbox.vendors.hubspot_recent import MOST, number_of, page_of_recent
from sandbox.vendors.hubspot_store import Store, Table
from sandbox.vendors.hubspot_values import to_epoch_ms
from sandbox.vendors.hubspot_write import PORTAL_ID

MOST_AFTER = 1_000
# The object types in one list, and which property is which field of their metadata.
METADATA: dict[str, dict[str, str]] = {
    "meetings": {
        "title": "hs_meeting_title",
        "startTime": "hs_meeting_start_time",
        "endTime": "hs_meeting_end_time",
    },
    "calls": {},
    "emails": {},
    "notes": {},
    "tasks": {"subject": "hs_task_subject", "body": "hs_task_body", "status": "hs_task_status"},
}
TIMES = frozenset(("startTime", "endTime"))
ASSOCIATED = {
    "contactIds": "contacts",
    "companyIds": "companies",
    "dealIds": "deals",
    "ticketIds": "tickets",
}
Place = tuple[Table, int]  # one engagement: its table and the row there
Mark = tuple[int, ...]  # where a reader stands in the order of changes: time, id, type


def list_paged(store: Store, call: Call) -> Reply:
    """GET /engagements/v1/engagements/paged: by id; `offset` is a position in that order."""
    places = [place for _, place in sorted(_marked(store), key=lambda pair: pair[0][1:])]
    return _page(store, call, places)


def list_associated(store: Store, call: Call) -> Reply:
    """GET …/engagements/associated/{type}/{id}/paged: those of one record, by type and id."""
    origin = store.kind(call.path["type"].lower())
    record_id = int(call.path["id"]) if call.path["id"].isdigit() else 0
    places = [
        (table, row)
        for table in (store.tables[name] for name in METADATA)
        for linked in store.linked_ids(origin, table.kind, record_id)
        if (row := table.row_of(linked)) is not None
    ]
    return _page(store, call, places)


def _page(store: Store, call: Call, places: Sequence[Place]) -> Reply:
    limit, offset = call.limit(100, MOST), number_of(call, "offset")
    shown = places[offset : offset + limit]
    body = {"results": [_engagement(store, *place) for place in shown]}
    end = offset + len(shown)
    return Reply(200, {**body, "hasMore": end < len(places), "offset": end})


def list_after(store: Store, call: Call) -> Reply:
    """GET …/modified/after: by time of change, from a time on or behind an earlier page's cursor.

    The answer always has a cursor in `after`; on the last page it is where the next run goes on.
    """
    limit, given = call.limit(100, MOST_AFTER), call.text("after") or "0"
    begin = _mark_of(given)
    order = sorted(_marked(store), key=lambda pair: pair[0])
    rest = [pair for pair in order if pair[0] > begin]
    page = rest[:limit]
    return Reply(
        200,
        {
            "results": [_engagement(store, *place) for _, place in page],
            "hasMore": len(rest) > limit,
            "after": "-".join(map(str, page[-1][0])) if page else given,
        },
    )


def list_modified(store: Store, call: Call, now: str) -> Reply:
    """GET …/recent/modified: newest first."""
    stamped = ((mark[0], mark[1], place) for mark, place in _marked(store))
    page = page_of_recent(stamped, call, now)
    return Reply(200, page.body([_engagement(store, *place) for place in page.shown]))


def get_engagement(store: Store, call: Call) -> Reply:
    """GET /engagements/v1/engagements/{id}."""
    for name in METADATA:
        table = store.tables[name]
        row = table.find(call.path["id"])
        if row is not None and table.live(row):
            return Reply(200, _engagement(store, table, row))
    raise not_found()


def _marked(store: Store) -> Iterator[tuple[Mark, Place]]:
    """Every live engagement with its time of change (epoch ms), its id and its type's number."""
    for number, name in enumerate(METADATA):
        table = store.tables[name]
        stamps = table.column(table.kind.modified)
        for row in table.rows_from(0, archived=False):
            yield (to_epoch_ms(stamps[row] or ""), table.ids[row], number), (table, row)


def _mark_of(after: str) -> Mark:
    """A time alone stands before all that changed at it; a cursor behind what it names."""
    parts = after.split("-")
    if len(parts) not in (1, 3) or not all(part.isdigit() for part in parts):
        raise Refused(400, f"Invalid query parameter after: '{after}' is no time and no cursor")
    return tuple(map(int, parts))


def _engagement(store: Store, table: Table, row: int) -> dict[str, Any]:
    kind, record_id = table.kind, table.ids[row]
    linked = {
        name: store.linked_ids(kind, store.kind(target), record_id)
        for name, target in ASSOCIATED.items()
    }
    return {
        "engagement": _head(table, row),
        "associations": {**linked, "ownerIds": [], "workflowIds": []},
        "attachments": [],
        "scheduledTasks": [],
        "metadata": {
            field: to_epoch_ms(value) if field in TIMES else value
            for field, name in METADATA[kind.name].items()
            if (value := table.value(name, row))
        },
    }


def _head(table: Table, row: int) -> dict[str, Any]:
    kind = table.kind
    created = to_epoch_ms(table.value(kind.created, row) or "")
    happened = table.value("hs_timestamp", row)
    head: dict[str, Any] = {
        "id": table.ids[row],
        "portalId": PORTAL_ID,
        "active": True,
        "createdAt": created,
        "lastUpdated": to_epoch_ms(table.value(kind.modified, row) or ""),
        "type": kind.singular.upper(),
        "timestamp": to_epoch_ms(happened) if happened else created,
    }
    if owner := table.value("hubspot_owner_id", row):
        head["ownerId"] = int(owner)
    if activity := table.value("hs_activity_type", row):
        head["activityType"] = activity
    return head
