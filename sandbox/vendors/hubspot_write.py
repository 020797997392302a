"""Writing HubSpot records: check the whole request, note it in the journal, then apply it.

The same `apply` runs when a portal is built again from its journal. Vendor facts: CRM objects
guide and public issue threads, checked Nov 2026.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sandbox.vendors.hubspot_associations import connect, target_of
from sandbox.vendors.hubspot_catalog import Kind
from sandbox.vendors.hubspot_http import Call, Refused, objects_of
from sandbox.vendors.hubspot_store import Store, Table, Unseen
from sandbox.vendors.hubspot_values import Invalid, to_stored

PORTAL_ID = 145300000
APP_ID = "2200133"
PERSON_ID = 7_000_001  # the user a write with X-Sandbox-Source: CRM_UI is recorded for


@dataclass(frozen=True, slots=True)
class Change:
    """One checked row of a write; `row` None: a record to create."""

    row: int | None
    properties: dict[str, str]
    trace: str | None = None
    links: tuple[tuple[str, int], ...] = ()  # (target type, id), for a record to create


def checked(store: Store, kind: Kind, written: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The stored text of every written value. One bad value refuses the whole request: a 400."""
    known = store.known(kind)
    stored: list[dict[str, str]] = []
    errors: list[tuple[str, str, Invalid]] = []
    for properties in written:
        kept: dict[str, str] = {}
        for name, given in properties.items():
            if given is None:
                continue
            try:
                kept[name] = _stored(known, name, given)
            except Invalid as invalid:
                errors.append((name, str(given), invalid))
        stored.append(kept)
    if errors:
        raise _refused(errors)
    return stored


def properties_of(row: dict[str, Any]) -> dict[str, Any]:
    properties = row.get("properties")
    if not isinstance(properties, dict):
        raise Refused(400, "Invalid input JSON: 'properties' must be an object")
    return properties


def refuse_taken(store: Store, table: Table, changes: Sequence[Change]) -> None:
    """409 where a value of a unique property (or a contact's email) is another record's."""
    known = store.known(table.kind)
    unique = {name for name, shown in known.items() if shown["hasUniqueValue"]}
    unique |= {"email"} & known.keys() if table.kind.name == "contacts" else set()
    for change in changes:
        for name in unique & change.properties.keys():
            holder = table.find(change.properties[name], name)
            if change.properties[name] and holder not in (None, change.row):
                taken = f"Existing ID: {table.ids[holder]}"
                what = table.kind.singular.capitalize()
                raise Refused(409, f"{what} already exists. {taken}", category="CONFLICT")


def links_of(store: Store, table: Table, row: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    """The records that a create body associates; an unknown one refuses the request."""
    links = []
    for given in objects_of(row, "associations"):
        types, end = objects_of(given, "types"), given.get("to")
        if not types or not isinstance(end, dict):
            raise Refused(400, "Invalid input JSON: an association needs 'to' and 'types'")
        target = target_of(table.kind.name, types[0].get("associationTypeId"))
        to_row = store.tables[target].find(str(end.get("id")))
        if to_row is None:
            raise Refused(400, f"No {target} record with id {end.get('id')} exists.")
        links.append((target, store.tables[target].ids[to_row]))
    return tuple(links)


def to_entry(table: Table, changes: Sequence[Change], call: Call, at: str) -> dict[str, Any]:
    """A write as the journal keeps it; new records get their ids here."""
    fresh = table.next_id()
    rows = []
    for change in changes:
        record_id = fresh if change.row is None else table.ids[change.row]
        fresh += change.row is None
        rows.append(
            {
                "id": record_id,
                "new": change.row is None,
                "properties": change.properties,
                "links": [list(link) for link in change.links],
            }
        )
    return {"op": "write", "type": table.kind.name, "at": at, "source": call.source, "rows": rows}


def apply_write(store: Store, entry: dict[str, Any], index_lag_s: float) -> None:
    """Put a journal entry into the portal; the search index has it that much later."""
    table = store.tables[entry["type"]]
    for written in entry["rows"]:
        row = table.row_of(written["id"])
        if row is None and not written["new"]:
            continue  # a journal kept from another world
        before = None
        if row is None:
            row = _create(store, table, written, entry["at"])
        else:
            names = [*written["properties"], table.kind.modified]
            before = {name: table.value(name, row) for name in names}
        if index_lag_s:
            visible_at = datetime.fromisoformat(entry["at"]).timestamp() + index_lag_s
            table.unseen.append(Unseen(visible_at, row, before))
        for name, value in written["properties"].items():
            _set(table, row, (name, value), entry)
        latest = table.value(table.kind.modified, row)
        table.put(table.kind.modified, row, max(entry["at"], latest or entry["at"]))


def apply_archive(store: Store, entry: dict[str, Any]) -> None:
    table = store.tables[entry["type"]]
    for record_id in entry["ids"]:
        row = table.row_of(record_id)
        if row is not None:
            table.archived_at.setdefault(row, entry["at"])


def apply_definition(store: Store, entry: dict[str, Any]) -> None:
    """Put a journal entry on a property or a group into the portal."""
    kept = store.properties if entry["op"] == "property" else store.groups
    kept[entry["type"]][entry["shown"]["name"]] = entry["shown"]


def _create(store: Store, table: Table, written: dict[str, Any], at: str) -> int:
    row = table.append(written["id"])
    table.put("hs_object_id", row, str(written["id"]))
    table.put(table.kind.created, row, at)
    for target, to_id in written["links"]:
        connect(store, (table.kind.name, target), (written["id"], to_id))
    return row


def _set(table: Table, row: int, change: tuple[str, str], entry: dict[str, Any]) -> None:
    name, value = change
    version: dict[str, Any] = {
        "value": value,
        "timestamp": entry["at"],
        "sourceType": entry["source"],
        "sourceId": APP_ID,
    }
    if entry["source"] == "CRM_UI":
        version |= {"sourceId": f"userId:{PERSON_ID}", "updatedByUserId": PERSON_ID}
    versions = [*table.versions(name, row)]
    if not versions or versions[0]["value"] != value:
        versions.insert(0, version)
    # A world that grew since may know later values: the newest one counts.
    versions.sort(key=itemgetter("timestamp"), reverse=True)
    table.history.setdefault(name, {})[row] = versions
    table.put(name, row, versions[0]["value"])


def _stored(known: dict[str, dict[str, Any]], name: str, given: object) -> str:
    if name not in known:
        raise Invalid("PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
    return to_stored(known[name], given)


def _refused(errors: Sequence[tuple[str, str, Invalid]]) -> Refused:
    """The message repeats the details as JSON text, which is how it looks in issue threads."""
    told = [
        {
            "isValid": False,
            "message": str(invalid),
            "error": invalid.code,
            "name": name,
            "localizedErrorMessage": str(invalid),
            "propertyValue": value,
            "portalId": PORTAL_ID,
        }
        for name, value, invalid in errors
    ]
    details = [
        {"message": str(invalid), "code": invalid.code, "context": {"propertyName": [name]}}
        for name, _, invalid in errors
    ]
    return Refused(400, f"Property values were not valid: {json.dumps(told)}", errors=details)
