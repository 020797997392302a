"""HubSpot's properties API: definitions and their groups, created, changed and archived by clients.

Vendor facts: CRM properties guide and API description, checked Nov 2026.
"""

from collections.abc import Callable
from typing import Any

from sandbox.vendors.hubspot_groups import NAME, bad_name, required
from sandbox.vendors.hubspot_http import (
    Call,
    Refused,
    Reply,
    batch_reply,
    inputs_of,
    not_found,
    row_error,
)
from sandbox.vendors.hubspot_portal import Portal
from sandbox.vendors.hubspot_schema import definition
from sandbox.vendors.hubspot_store import Store

BATCH = 100
MOST_UNIQUE = 10
FIELD_TYPES = {
    "string": {"text", "textarea", "file", "html", "phonenumber", "calculation_equation"},
    "number": {"number", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox", "calculation_equation"},
    "bool": {"booleancheckbox", "select", "radio", "calculation_equation"},
    "phone_number": {"phonenumber"},
}
CHANGEABLE = (
    "label",
    "description",
    "groupName",
    "type",
    "fieldType",
    "displayOrder",
    "hidden",
    "formField",
    "options",
)


def list_properties(store: Store, call: Call) -> Reply:
    kind, archived = store.kind(call.path["type"]), call.flag("archived")
    every = store.properties[kind.name].values()
    return Reply(200, {"results": [shown for shown in every if shown["archived"] is archived]})


def get_property(store: Store, call: Call) -> Reply:
    return Reply(200, _existing(store, call, archived=call.flag("archived")))


def read_batch(store: Store, call: Call, now: str) -> Reply:
    body = call.json()
    every = store.properties[store.kind(call.path["type"]).name]
    archived = bool(body.get("archived"))
    results, errors = [], []
    for name in [str(row.get("name")) for row in inputs_of(body, BATCH)]:
        if name in every and every[name]["archived"] is archived:
            results.append(every[name])
        else:
            message = f"Property {name} does not exist"
            errors.append(row_error(message, "OBJECT_NOT_FOUND", {"name": [name]}))
    return batch_reply(results, errors, now)


def create_property(portal: Portal, call: Call) -> Reply:
    made = _create(portal, call, call.json())
    return Reply(201, made, f"{call.url}/{made['name']}")


def create_batch(portal: Portal, call: Call) -> Reply:
    """201, or 207 where some names exist already."""
    results, errors = [], []
    for given in inputs_of(call.json(), BATCH):
        try:
            results.append(_create(portal, call, given))
        except Refused as refused:
            context = {"name": [str(given.get("name"))]}
            errors.append(row_error(str(refused), refused.category, context))
    return batch_reply(results, errors, portal.now(), status=201)


def change_property(portal: Portal, call: Call) -> Reply:
    shown, given = _existing(portal.store, call), call.json()
    if shown["modificationMetadata"]["readOnlyDefinition"]:
        raise Refused(400, f"Property {shown['name']} is defined by HubSpot and is read only.")
    changed = {**shown, **{name: given[name] for name in CHANGEABLE if name in given}}
    _check(portal.store, portal.store.kind(call.path["type"]).name, changed)
    return Reply(200, _commit_property(portal, call, changed))


def archive_property(portal: Portal, call: Call) -> Reply:
    _archive(portal, call, call.path["name"])
    return Reply(204)


def archive_batch(portal: Portal, call: Call) -> Reply:
    for row in inputs_of(call.json(), BATCH):
        _archive(portal, call, str(row.get("name")))
    return Reply(204)


def _create(portal: Portal, call: Call, given: dict[str, Any]) -> dict[str, Any]:
    kind = portal.store.kind(call.path["type"])
    name = required(given, "name")
    if not NAME.fullmatch(name):
        raise bad_name(name)
    if name in portal.store.properties[kind.name]:
        raise Refused(
            409, f"A property named '{name}' already exists.", category="OBJECT_ALREADY_EXISTS"
        )
    label, kind_of_value, field, group = (
        required(given, key) for key in ("label", "type", "fieldType", "groupName")
    )
    blank = definition((name, label, kind_of_value, field, ""), group, custom=True)
    shown = {**blank, **{key: given[key] for key in CHANGEABLE if key in given}}
    shown |= {"hasUniqueValue": bool(given.get("hasUniqueValue")), "createdAt": portal.now()}
    shown["calculated"] = shown["fieldType"] == "calculation_equation"
    _check(portal.store, kind.name, shown)
    return _commit_property(portal, call, shown)


def _check(store: Store, kind: str, shown: dict[str, Any]) -> None:
    """Refuse a definition that contradicts itself, or names a group that does not exist."""
    checks: list[tuple[Callable[[], bool], str]] = [
        (lambda: shown["type"] in FIELD_TYPES, f"Invalid type '{shown['type']}'"),
        (
            lambda: shown["fieldType"] in FIELD_TYPES[shown["type"]],
            f"fieldType '{shown['fieldType']}' does not go with type '{shown['type']}'",
        ),
        (
            lambda: not store.groups[kind].get(shown["groupName"], {"archived": True})["archived"],
            f"Property group '{shown['groupName']}' does not exist",
        ),
        (
            lambda: (
                shown["type"] != "bool"
                or sorted(option["value"] for option in shown["options"]) == ["false", "true"]
            ),
            "Boolean properties must have exactly two options, 'true' and 'false'",
        ),
        (lambda: _unique_fits(store, kind, shown), f"At most {MOST_UNIQUE} unique properties"),
    ]
    for holds, message in checks:
        if not holds():
            raise Refused(400, message)


def _unique_fits(store: Store, kind: str, shown: dict[str, Any]) -> bool:
    others = store.properties[kind].values()
    unique = {other["name"] for other in others if other["hasUniqueValue"]} - {shown["name"]}
    return not shown["hasUniqueValue"] or len(unique) < MOST_UNIQUE


def _commit_property(portal: Portal, call: Call, shown: dict[str, Any]) -> dict[str, Any]:
    shown = {**shown, "updatedAt": portal.now()}
    kind = portal.store.kind(call.path["type"])
    portal.commit({"op": "property", "type": kind.name, "shown": shown})
    return shown


def _archive(portal: Portal, call: Call, name: str) -> None:
    shown = portal.store.properties[portal.store.kind(call.path["type"]).name].get(name)
    if shown is None or shown["archived"]:
        return
    if not shown["modificationMetadata"]["archivable"]:
        raise Refused(400, f"Property {name} is defined by HubSpot and cannot be archived.")
    _commit_property(portal, call, {**shown, "archived": True, "archivedAt": portal.now()})


def _existing(store: Store, call: Call, *, archived: bool = False) -> dict[str, Any]:
    shown = store.properties[store.kind(call.path["type"]).name].get(call.path["name"])
    if shown is None or shown["archived"] is not archived:
        raise not_found()
    return shown
