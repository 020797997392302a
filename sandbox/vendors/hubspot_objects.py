"""Reading HubSpot records: one, a list by id, a batch; with history and inline associations.

Vendor facts: CRM objects guide and API description, checked Nov 2026.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.vendors.hubspot_catalog import Kind
from sandbox.vendors.hubspot_http import (
    Call,
    Refused,
    Reply,
    batch_reply,
    inputs_of,
    not_found,
    row_error,
    texts_of,
)
from sandbox.vendors.hubspot_store import Link, Store, Table, shown_names

MOST_LISTED = 100
MOST_WITH_HISTORY = 50
MOST_INLINE = 100  # associations of one record inside a list
BATCH = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one request wants to see of each record."""

    properties: list[str]
    history: list[str]


def to_record(table: Table, row: int, wanted: Wanted) -> dict[str, Any]:
    """A record as SimplePublicObject, without associations."""
    kind = table.kind
    record: dict[str, Any] = {
        "id": str(table.ids[row]),
        "properties": {name: table.value(name, row) for name in wanted.properties},
        "createdAt": table.value(kind.created, row),
        "updatedAt": table.value(kind.modified, row),
        "archived": not table.live(row),
    }
    if wanted.history:
        record["propertiesWithHistory"] = {
            name: table.versions(name, row) for name in wanted.history
        }
    if row in table.archived_at:
        record["archivedAt"] = table.archived_at[row]
    return record


def wanted_of(
    store: Store, kind: Kind, properties: Sequence[str], history: Sequence[str]
) -> Wanted:
    known = store.known(kind)
    return Wanted(
        properties=shown_names(kind, known, properties),
        history=[name for name in history if name in known],
    )


def list_records(store: Store, call: Call) -> Reply:
    """GET /{type}: by id; `paging` is absent on the last page. `after` is the next id to show."""
    table = store.table(call.path["type"])
    wanted = wanted_of(
        store, table.kind, call.names("properties"), call.names("propertiesWithHistory")
    )
    most = MOST_WITH_HISTORY if call.names("propertiesWithHistory") else MOST_LISTED
    limit = call.limit(10, most)
    after = call.text("after") or "0"
    if not after.isdigit():
        raise Refused(400, f"Invalid 'after': '{after}' is not a paging cursor of this endpoint")
    rows = table.rows_from(int(after), archived=call.flag("archived"))
    page = [row for row, _ in zip(rows, range(limit + 1), strict=False)]
    shown = page[:limit]
    results = [to_record(table, row, wanted) for row in shown]
    _associate(store, table, call, list(zip(shown, results, strict=True)))
    body: dict[str, Any] = {"results": results}
    if len(page) > limit:
        following = str(table.ids[shown[-1]] + 1)
        body["paging"] = {"next": {"after": following, "link": call.link(following)}}
    return Reply(200, body)


def get_record(store: Store, call: Call) -> Reply:
    """GET /{type}/{id}, also by the value of a unique property; a merged id gives the winner."""
    table = store.table(call.path["type"])
    row = table.find(call.path["id"], call.text("idProperty"))
    if row is None or table.live(row) is call.flag("archived"):
        raise not_found()
    wanted = wanted_of(
        store, table.kind, call.names("properties"), call.names("propertiesWithHistory")
    )
    record = to_record(table, row, wanted)
    _associate(store, table, call, [(row, record)])
    return Reply(200, record)


def read_batch(store: Store, call: Call, now: str) -> Reply:
    """POST /{type}/batch/read: unknown ids make it a 207 with one error that names them all."""
    table = store.table(call.path["type"])
    body = call.json()
    history = texts_of(body, "propertiesWithHistory")
    inputs = inputs_of(body, MOST_WITH_HISTORY if history else BATCH)
    wanted = wanted_of(store, table.kind, texts_of(body, "properties"), history)
    rows: dict[int, None] = {}
    missing: list[str] = []
    for asked in inputs:
        record_id = str(asked.get("id"))
        row = table.find(record_id, body.get("idProperty"))
        if row is None or table.live(row) is call.flag("archived"):
            missing.append(record_id)
        else:
            rows[row] = None
    results = [to_record(table, row, wanted) for row in rows]
    return batch_reply(results, [missing_error(table.kind, missing)] if missing else [], now)


def missing_error(kind: Kind, ids: Sequence[str]) -> dict[str, Any]:
    message = (
        f"Could not get some {kind.singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid."
    )
    return row_error(message, "OBJECT_NOT_FOUND", {"ids": list(ids)})


def to_inline(links: Sequence[Link]) -> list[dict[str, str]]:
    """One entry an association type, so a primary company stands here twice, under two types."""
    return [{"id": str(link.to_id), "type": spec.inline} for link in links for spec in link.specs]


def _associate(
    store: Store, table: Table, call: Call, shown: Sequence[tuple[int, dict[str, Any]]]
) -> None:
    """Add the inline associations that `associations=` asks for; records without have no key."""
    for target in [store.kind(name) for name in call.names("associations")]:
        for row, record in shown:
            links = store.linked(table.kind, target, table.ids[row])
            if not links:
                continue
            inline: dict[str, Any] = {"results": to_inline(links[:MOST_INLINE])}
            if len(links) > MOST_INLINE:
                after = str(links[MOST_INLINE].to_id)
                rest = call.url.removesuffix(f"/{record['id']}")
                link = f"{rest}/{record['id']}/associations/{target.name}?after={after}"
                inline["paging"] = {"next": {"after": after, "link": link}}
            record.setdefault("associations", {})[target.name] = inline
