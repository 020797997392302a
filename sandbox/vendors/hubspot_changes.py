"""The writing endpoints of HubSpot's objects: batch update, upsert, create, archive, and single.

Vendor facts: CRM objects guide and public issue threads, checked Nov 2026.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.vendors.hubspot_http import (
    Call,
    Refused,
    Reply,
    batch_reply,
    inputs_of,
    not_found,
    row_error,
)
from sandbox.vendors.hubspot_objects import BATCH, missing_error, to_record, wanted_of
from sandbox.vendors.hubspot_portal import Portal
from sandbox.vendors.hubspot_store import Store, Table
from sandbox.vendors.hubspot_write import (
    PORTAL_ID,
    Change,
    checked,
    links_of,
    properties_of,
    refuse_taken,
    to_entry,
)


def update_batch(portal: Portal, call: Call) -> Reply:
    """Rows with unknown ids fail alone (207); one bad value fails the whole batch (400)."""
    table = portal.store.table(call.path["type"])
    inputs = inputs_of(call.json(), BATCH)
    _refuse_doubles(inputs)
    _refuse_not_unique(portal.store, table, {row.get("idProperty") for row in inputs} - {None})
    stored = checked(portal.store, table.kind, [properties_of(row) for row in inputs])
    changes, errors = [], []
    for sent, properties in zip(inputs, stored, strict=True):
        row = table.find(str(sent["id"]), sent.get("idProperty"))
        if row is not None and table.live(row):
            trace = sent.get("objectWriteTraceId")
            changes.append(Change(row, properties, trace))
        else:
            errors.append(_missing(table, sent))
    shown_errors = [] if portal.settings.ignore_unknown_ids else errors
    return batch_reply(_write(portal, table, changes, call), shown_errors, portal.now())


def upsert_batch(portal: Portal, call: Call) -> Reply:
    """Finds records by a unique property, and creates those that are not there."""
    table = portal.store.table(call.path["type"])
    inputs = inputs_of(call.json(), BATCH)
    _refuse_doubles(inputs)
    _refuse_not_unique(
        portal.store, table, {row.get("idProperty") or "hs_object_id" for row in inputs}
    )
    stored = checked(portal.store, table.kind, [properties_of(row) for row in inputs])
    changes = []
    for sent, properties in zip(inputs, stored, strict=True):
        row = table.find(str(sent["id"]), sent["idProperty"])
        key = {sent["idProperty"]: str(sent["id"])} if row is None else {}
        changes.append(Change(row, {**properties, **key}, sent.get("objectWriteTraceId")))
    results = _write(portal, table, changes, call)
    for change, shown in zip(changes, results, strict=True):
        shown["new"] = change.row is None
    return batch_reply(results, [], portal.now())


def create_batch(portal: Portal, call: Call) -> Reply:
    table = portal.store.table(call.path["type"])
    results = _create(portal, table, inputs_of(call.json(), BATCH), call)
    return batch_reply(results, [], portal.now(), status=201)


def create_one(portal: Portal, call: Call) -> Reply:
    table = portal.store.table(call.path["type"])
    return Reply(201, _create(portal, table, [call.json()], call)[0])


def update_one(portal: Portal, call: Call) -> Reply:
    table = portal.store.table(call.path["type"])
    row = table.find(call.path["id"], call.text("idProperty"))
    if row is None or not table.live(row):
        raise not_found()
    [properties] = checked(portal.store, table.kind, [properties_of(call.json())])
    return Reply(200, _write(portal, table, [Change(row, properties)], call)[0])


def archive_one(portal: Portal, call: Call) -> Reply:
    """204 also for a record that is not there (public issue threads, checked Nov 2026)."""
    _archive(portal, portal.store.table(call.path["type"]), [call.path["id"]])
    return Reply(204)


def archive_batch(portal: Portal, call: Call) -> Reply:
    ids = [str(row.get("id")) for row in inputs_of(call.json(), BATCH)]
    _archive(portal, portal.store.table(call.path["type"]), ids)
    return Reply(204)


def _archive(portal: Portal, table: Table, ids: Sequence[str]) -> None:
    rows = [row for row in map(table.find, ids) if row is not None]
    kept = [table.ids[row] for row in rows]
    portal.commit({"op": "archive", "type": table.kind.name, "at": portal.now(), "ids": kept})


def _create(
    portal: Portal, table: Table, inputs: Sequence[dict[str, Any]], call: Call
) -> list[dict[str, Any]]:
    stored = checked(portal.store, table.kind, [properties_of(row) for row in inputs])
    changes = [
        Change(
            None,
            properties,
            trace=sent.get("objectWriteTraceId"),
            links=links_of(portal.store, table, sent),
        )
        for sent, properties in zip(inputs, stored, strict=True)
    ]
    return _write(portal, table, changes, call)


def _write(
    portal: Portal, table: Table, changes: Sequence[Change], call: Call
) -> list[dict[str, Any]]:
    """Write checked rows, and show them in the same order with what was written."""
    refuse_taken(portal.store, table, changes)
    entry = to_entry(table, changes, call, portal.now())
    if changes:
        portal.commit(entry)
    results = []
    for change, written in zip(changes, entry["rows"], strict=True):
        wanted = wanted_of(portal.store, table.kind, list(change.properties), ())
        row = table.row_of(written["id"])
        assert row is not None, "a committed record has a row"
        shown = to_record(table, row, wanted)
        if change.trace:
            shown["objectWriteTraceId"] = change.trace
        results.append(shown)
    return results


def _missing(table: Table, sent: dict[str, Any]) -> dict[str, Any]:
    error = missing_error(table.kind, [str(sent["id"])])
    if trace := sent.get("objectWriteTraceId"):
        context = {**error["context"], "objectWriteTraceId": [str(trace)]}
        return row_error(error["message"], error["category"], context)
    return error


def _refuse_doubles(inputs: Sequence[dict[str, Any]]) -> None:
    counts = Counter(str(row.get("id")) for row in inputs)
    if "None" in counts:
        raise Refused(400, "Invalid input JSON: some 'inputs' have no 'id'")
    doubles = sorted(record_id for record_id, count in counts.items() if count > 1)
    if doubles:
        listed = ", ".join(doubles)
        message = f"Duplicate IDs found in batch input: [{listed}]. IDs must be unique"
        raise Refused(400, message, context={"ids": doubles})


def _refuse_not_unique(store: Store, table: Table, names: set[Any]) -> None:
    known = store.known(table.kind)
    for name in names:
        by_email = table.kind.name == "contacts" and name == "email"
        if not by_email and not known.get(name, {}).get("hasUniqueValue"):
            raise Refused(
                400,
                "Unable to perform update/upsert by non-unique "
                f"{table.kind.type_id} property {name} in portal ID {PORTAL_ID}",
            )
