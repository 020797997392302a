"""HubSpot's property definitions as its versions 1 and 2 show them: a bare list, no archived ones.

The same definitions as /crm/v3/properties. Vendor facts: legacy CRM object properties reference,
checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.hubspot_http import Call, Reply, not_found
from sandbox.vendors.hubspot_portal import Handler, Portal
from sandbox.vendors.hubspot_store import Store
from sandbox.vendors.hubspot_values import to_epoch_ms

SAME = (
    "name",
    "label",
    "description",
    "groupName",
    "type",
    "fieldType",
    "displayOrder",
    "calculated",
    "externalOptions",
    "hasUniqueValue",
    "hidden",
    "hubspotDefined",
    "formField",
)


def listing(kind: str) -> Handler:
    """The definitions of one type whose name is not in the path."""
    return lambda portal, _call: Reply(200, _definitions(portal.store, kind))


def list_properties(portal: Portal, call: Call) -> Reply:
    """GET /properties/v1 and /v2/{type}/properties; the type in either number, or its id."""
    return Reply(200, _definitions(portal.store, call.path["type"]))


def get_property(portal: Portal, call: Call) -> Reply:
    """GET …/{type}/properties/named/{name}."""
    for shown in _definitions(portal.store, call.path["type"]):
        if shown["name"] == call.path["name"]:
            return Reply(200, shown)
    raise not_found()


def _definitions(store: Store, kind: str) -> list[dict[str, Any]]:
    return [_definition(shown) for shown in store.known(store.kind(kind)).values()]


def _definition(shown: dict[str, Any]) -> dict[str, Any]:
    rights = shown["modificationMetadata"]
    return {
        **{name: shown[name] for name in SAME},
        "options": [_option(option) for option in shown["options"]],
        "deleted": False,
        "favorited": False,
        "favoritedOrder": -1,
        "displayMode": "current_value",
        "readOnlyValue": rights["readOnlyValue"],
        "readOnlyDefinition": rights["readOnlyDefinition"],
        "mutableDefinitionNotDeletable": False,
        "createdAt": to_epoch_ms(shown["createdAt"]),
        "updatedAt": to_epoch_ms(shown["updatedAt"]),
    }


def _option(option: dict[str, Any]) -> dict[str, Any]:
    more = {"description": option.get("description", ""), "doubleData": 0.0, "readOnly": False}
    return {**option, **more}
