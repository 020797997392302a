"""HubSpot's property groups, and what every definition that clients send must have.

Vendor facts: CRM properties guide and API description, checked Nov 2026.
"""

import re
from typing import Any

from sandbox.vendors.hubspot_http import Call, Refused, Reply, not_found
from sandbox.vendors.hubspot_portal import Portal
from sandbox.vendors.hubspot_store import Store

NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


def list_groups(store: Store, call: Call) -> Reply:
    groups = store.groups[store.kind(call.path["type"]).name]
    return Reply(200, {"results": [shown for shown in groups.values() if not shown["archived"]]})


def get_group(store: Store, call: Call) -> Reply:
    return Reply(200, _existing_group(store, call))


def create_group(portal: Portal, call: Call) -> Reply:
    given, kind = call.json(), portal.store.kind(call.path["type"])
    name = required(given, "name")
    if not NAME.fullmatch(name):
        raise bad_name(name)
    if name in portal.store.groups[kind.name]:
        raise Refused(
            409, f"A property group named '{name}' exists.", category="OBJECT_ALREADY_EXISTS"
        )
    order = given.get("displayOrder", -1)
    shown = {
        "name": name,
        "label": required(given, "label"),
        "displayOrder": order,
        "archived": False,
    }
    portal.commit({"op": "group", "type": kind.name, "shown": shown})
    return Reply(201, shown, f"{call.url}/{shown['name']}")


def change_group(portal: Portal, call: Call) -> Reply:
    given = call.json()
    new = {name: given[name] for name in ("label", "displayOrder") if name in given}
    shown = {**_existing_group(portal.store, call), **new}
    kind = portal.store.kind(call.path["type"])
    portal.commit({"op": "group", "type": kind.name, "shown": shown})
    return Reply(200, shown)


def archive_group(portal: Portal, call: Call) -> Reply:
    shown = {**_existing_group(portal.store, call), "archived": True}
    kind = portal.store.kind(call.path["type"])
    portal.commit({"op": "group", "type": kind.name, "shown": shown})
    return Reply(204)


def required(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        message = f"Invalid input JSON: some required fields were not set: [{name}]"
        raise Refused(400, message)
    return value


def bad_name(name: str) -> Refused:
    return Refused(
        400, f"Invalid name '{name}': only lower case letters, digits and underscores are allowed."
    )


def _existing_group(store: Store, call: Call) -> dict[str, Any]:
    shown = store.groups[store.kind(call.path["type"]).name].get(call.path["name"])
    if shown is None or shown["archived"]:
        raise not_found()
    return shown
