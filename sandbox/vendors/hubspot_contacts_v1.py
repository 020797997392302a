"""HubSpot's contacts of version 1: all, those changed of late, and one.

The same records as /crm/v3/objects/contacts. These endpoints outlived the contact lists of
version 1 (30 April 2026), but no longer tell list memberships. Vendor facts: legacy contacts
reference and changelog, checked Nov 2026.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from sandbox.vendors.hubspot_http import Call, Refused, Reply, not_found
from sandbox.vendors.hubspot_recent import RECENT, number_of, stamped_rows
from sandbox.vendors.hubspot_store import Store, Table
from sandbox.vendors.hubspot_values import to_epoch_ms
from sandbox.vendors.hubspot_versions import every_property, to_properties
from sandbox.vendors.hubspot_write import PORTAL_ID

MOST = 100
DEFAULTS = ("firstname", "lastname", "company", "lastmodifieddate")


def list_paged(store: Store, call: Call) -> Reply:
    """GET /contacts/v1/lists/all/contacts/all: in order of ids, from `vidOffset` on."""
    table = store.tables["contacts"]
    limit, offset = call.limit(20, MOST, "count"), number_of(call, "vidOffset")
    rows = list(islice(table.rows_from(offset + 1, archived=False), limit + 1))
    shown = rows[:limit]
    return Reply(
        200,
        {
            "contacts": [_listed(store, table, row, call) for row in shown],
            "has-more": len(rows) > limit,
            "vid-offset": table.ids[shown[-1]] if shown else offset,
        },
    )


def list_modified(store: Store, call: Call, now: str) -> Reply:
    """GET …/recently_updated/contacts/recent: of 30 days, newest first, from both offsets on."""
    table = store.tables["contacts"]
    limit = call.limit(20, MOST, "count")
    oldest = round((datetime.fromisoformat(now) - RECENT).timestamp() * 1000)
    order = sorted((-at, vid, row) for at, vid, row in stamped_rows(table) if at >= oldest)
    if time := number_of(call, "timeOffset"):
        order = [one for one in order if one[:2] > (-time, number_of(call, "vidOffset"))]
    shown = order[:limit]
    time, vid = (-shown[-1][0], shown[-1][1]) if shown else (0, 0)
    return Reply(
        200,
        {
            "contacts": [_listed(store, table, row, call) for _, _, row in shown],
            "has-more": len(order) > limit,
            "vid-offset": vid,
            "time-offset": time,
        },
    )


def read_batch(store: Store, call: Call) -> Reply:
    """GET /contacts/v1/contact/vids/batch: by id, those that are there; values alone by default."""
    table, given = store.tables["contacts"], call.names("vid")
    if len(given) > MOST:
        raise Refused(400, f"At most {MOST} contacts can be requested, not {len(given)}.")
    rows = [row for row in map(table.find, given) if row is not None and table.live(row)]
    names = call.names("property") or store.known(table.kind)
    found = {
        str(table.ids[row]): _contact(table, row, _shown(store, row, call, names)) for row in rows
    }
    return Reply(200, found)


def get_contact(store: Store, call: Call) -> Reply:
    """GET /contacts/v1/contact/vid/{id}/profile, whole with all versions; value_only without."""
    table = store.tables["contacts"]
    row = table.find(call.path["id"])
    if row is None or not table.live(row):
        raise not_found()
    values = every_property(store, table, row, history=True)
    plain = call.text("propertyMode") == "value_only"
    return Reply(200, _contact(table, row, _values(values) if plain else _histories(values)))


def _listed(store: Store, table: Table, row: int, call: Call) -> dict[str, Any]:
    """Four properties by default, more by name."""
    created = to_epoch_ms(table.value(table.kind.created, row) or "")
    names = (*call.names("property"), *DEFAULTS)
    return {"addedAt": created, **_contact(table, row, _shown(store, row, call, names))}


def _shown(store: Store, row: int, call: Call, names: Iterable[str]) -> dict[str, Any]:
    """Values alone, or with every version in propertyMode value_and_history."""
    kept = dict.fromkeys(names)
    values = to_properties(store, store.tables["contacts"], row, kept, history=set(kept))
    history = call.text("propertyMode") == "value_and_history"
    return _histories(values) if history else _values(values)


def _values(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: {"value": shown["value"]} for name, shown in properties.items()}


def _histories(properties: dict[str, Any]) -> dict[str, Any]:
    """The versions of a contact's property have names of their own."""
    return {
        name: {
            "value": shown["value"],
            "versions": [
                {
                    "value": version["value"],
                    "source-type": version["source"],
                    "source-id": version.get("sourceId"),
                    "source-label": None,
                    "timestamp": version["timestamp"],
                    "selected": False,
                }
                for version in shown["versions"]
            ],
        }
        for name, shown in properties.items()
    }


def _contact(table: Table, row: int, properties: dict[str, Any]) -> dict[str, Any]:
    vid = table.ids[row]
    created = to_epoch_ms(table.value(table.kind.created, row) or "")
    email = table.value("email", row)
    known_by = [{"type": "EMAIL", "value": email, "timestamp": created}] if email else []
    return {
        "vid": vid,
        "canonical-vid": vid,
        "merged-vids": [],
        "portal-id": PORTAL_ID,
        "is-contact": True,
        "properties": properties,
        "form-submissions": [],
        "identity-profiles": [
            {
                "vid": vid,
                "saved-at-timestamp": created,
                "deleted-changed-timestamp": 0,
                "identities": known_by,
            }
        ],
        "merge-audits": [],
    }
