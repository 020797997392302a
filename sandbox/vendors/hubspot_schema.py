"""The properties and groups that the portal of a world starts with, as the properties API shows
them (CRM properties API description, checked Nov 2026)."""

from collections.abc import Sequence
from typing import Any

from sandbox.vendors.hubspot_catalog import (
    CUSTOM,
    CUSTOM_GROUP,
    DEFINED,
    GROUPS,
    Kind,
    Row,
)
from sandbox.vendors.hubspot_options import OPTIONS
from sandbox.vendors.hubspot_store import Table

OPEN_SINCE = "2019-10-30T03:30:17.883Z"  # when HubSpot's own properties were defined
ACTIVITIES = ("engagementinfo", "Activity information")


def properties_of(table: Table) -> dict[str, dict[str, Any]]:
    """Definitions by name; options are completed by the values that this world really has."""
    kind = table.kind
    group = GROUPS.get(kind.name, ACTIVITIES)[0]
    own = [
        ("hs_object_id", "Record ID", "number", "number", "r"),
        (kind.modified, "Last Modified Date", "datetime", "date", "r"),
        (kind.created, "Create Date", "datetime", "date", "r"),
        *DEFINED.get(kind.name, ()),
    ]
    shown = {row[0]: definition(row, group) for row in own}
    if kind.name == "companies":
        shown |= {row[0]: definition(row, CUSTOM_GROUP[0], custom=True) for row in CUSTOM}
    for name, one in shown.items():
        if one["type"] == "enumeration" and not one["externalOptions"]:
            declared = [option["value"] for option in one["options"]]
            seen = sorted(set(filter(None, table.columns.get(name, ()))) - set(declared))
            one["options"] = to_options([*declared, *seen])
    return shown


def groups_of(kind: Kind) -> dict[str, dict[str, Any]]:
    groups = [GROUPS.get(kind.name, ACTIVITIES)]
    groups += [CUSTOM_GROUP] if kind.name == "companies" else []
    return {
        name: {"name": name, "label": label, "displayOrder": order, "archived": False}
        for order, (name, label) in enumerate(groups)
    }


def to_options(values: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "label": value.replace("_", " ").capitalize(),
            "value": value,
            "displayOrder": order,
            "hidden": False,
        }
        for order, value in enumerate(values)
    ]


def definition(row: Row, group: str, *, custom: bool = False) -> dict[str, Any]:
    """A property as the properties API shows it."""
    name, label, kind, field_type, marks = row
    read_only = "r" in marks
    return {
        "name": name,
        "label": label,
        "description": "",
        "type": kind,
        "fieldType": field_type,
        "groupName": group,
        "options": to_options(OPTIONS.get(name, ())),
        "displayOrder": -1,
        "calculated": "c" in marks,
        "externalOptions": "e" in marks,
        "hasUniqueValue": False,
        "hidden": False,
        "hubspotDefined": not custom,
        "formField": not read_only,
        "dataSensitivity": "non_sensitive",
        "archived": False,
        "createdAt": OPEN_SINCE,
        "updatedAt": OPEN_SINCE,
        "modificationMetadata": {
            "archivable": custom,
            "readOnlyDefinition": not custom,
            "readOnlyOptions": not custom,
            "readOnlyValue": read_only,
        },
    }
