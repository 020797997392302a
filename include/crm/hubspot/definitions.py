"""Our fields as HubSpot's company properties. Pure.

Facts on types: HubSpot CRM properties guide, checked Nov 2026; a day is midnight UTC there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from include.crm.catalogue import Field

Definition = Mapping[str, Any]

TYPES = {
    "number": ("number", "number"),
    "list": ("enumeration", "select"),
    "text": ("string", "textarea"),
    "day": ("date", "date"),
    "link": ("string", "text"),
}


def to_definition(field: Field, group: str, place: int) -> dict[str, Any]:
    """Return the body that creates the property; place: among ours, from 0."""
    type_, field_type = TYPES[field.kind]
    definition: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "type": type_,
        "fieldType": field_type,
        "description": field.description,
        "groupName": group,
        "displayOrder": place,
    }
    return definition | {"options": to_options(field.words)} if field.words else definition


def to_options(words: Sequence[str], start: int = 0) -> list[dict[str, Any]]:
    return [
        {"label": label_of(word), "value": word, "displayOrder": place, "hidden": False}
        for place, word in enumerate(words, start=start)
    ]


def label_of(word: str) -> str:
    return word.replace("_", " ").capitalize()


def words_lacking(field: Field, shown: Definition) -> list[str]:
    """Return the words of a list that the property does not have yet."""
    held = {option["value"] for option in shown.get("options") or []}
    return [word for word in field.words if word not in held]


def problem_of(field: Field, group: str, shown: Definition) -> str:
    """Say why an existing property cannot be the one we made; empty when it can."""
    rules = shown.get("modificationMetadata") or {}
    wanted, _ = TYPES[field.kind]
    if shown.get("type") != wanted:
        return f"HubSpot has a property {field.name} of type {shown.get('type')}, not {wanted}."
    if shown.get("groupName") != group:
        return (
            f"HubSpot has a property {field.name} in group {shown.get('groupName')}, not in our"
            f" group {group}."
        )
    if shown.get("calculated") or rules.get("readOnlyValue"):
        return f"HubSpot has a property {field.name} whose value cannot be written."
    return ""
