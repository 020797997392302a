"""Custom fields as the Metadata API describes them, and what becomes of a description.

Vendor facts: Metadata API developer guide on CustomField, and public issue threads for the
refusals, checked Nov 2026.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from sandbox.vendors.salesforce_fields import Field
from sandbox.vendors.salesforce_http import Json, Refused

NAME = re.compile(r"(?P<kind>\w+)\.(?P<name>[A-Za-z](?:\w?[A-Za-z0-9])*)__c")
# Metadata type: the type that describe calls it, and what the description must hold.
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Number": ("double", ("precision", "scale")),
    "Currency": ("currency", ("precision", "scale")),
    "Percent": ("percent", ("precision", "scale")),
    "Text": ("string", ("length",)),
    "TextArea": ("textarea", ()),
    "LongTextArea": ("textarea", ("length", "visibleLines")),
    "Checkbox": ("boolean", ("defaultValue",)),
    "Date": ("date", ()),
    "DateTime": ("datetime", ()),
    "Picklist": ("picklist", ("valueSet",)),
    "MultiselectPicklist": ("multipicklist", ("valueSet", "visibleLines")),
    "Url": ("url", ()),
    "Email": ("email", ()),
    "Phone": ("phone", ()),
}
LENGTHS = {"picklist": 255, "multipicklist": 4099, "url": 255, "email": 80, "phone": 40}
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Created:
    """A custom field that a client made: where, as what, and the id of its definition."""

    kind: str
    field: Field
    id: str
    at: str
    metadata: Json

    @property
    def full_name(self) -> str:
        return f"{self.kind}.{self.field.name}"

    def seen_with(self, granted: dict[str, bool]) -> Field | None:
        """The field as somebody with these permissions has it; required ones are everybody's."""
        if self.field.required:
            return self.field
        may_change = granted.get(self.full_name)
        if may_change is None:
            return None
        return replace(self.field, createable=may_change, updateable=may_change)


def to_created(entry: dict[str, Any]) -> Created:
    """From the journal, which keeps checked descriptions only."""
    field = to_field(entry["name"], entry["metadata"])
    return Created(entry["type"], field, entry["id"], entry["at"], entry["metadata"])


def to_field(name: str, metadata: Json) -> Field:
    """400 for a description that cannot be a field."""
    known = TYPES.get(str(metadata.get("type")))
    if known is None:
        raise _bad(f"Unknown type of field: {metadata.get('type')}")
    kind, needed = known
    for key in needed:
        if metadata.get(key) is None:
            raise _bad(f"Must specify '{key}' for a CustomField of type {metadata['type']}")
    label = metadata.get("label")
    if not label:
        raise Refused(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Label]")
    _check_digits(metadata)
    return Field(
        name,
        kind,
        label=str(label),
        length=int(metadata.get("length") or LENGTHS.get(kind, 255 if kind == "textarea" else 0)),
        precision=int(metadata.get("precision") or 0),
        scale=int(metadata.get("scale") or 0),
        required=bool(metadata.get("required")),
        filterable=metadata["type"] != "LongTextArea",
        custom=True,
        external_id=bool(metadata.get("externalId")),
        unique=bool(metadata.get("unique")),
        values=_values(metadata),
        restricted=bool((metadata.get("valueSet") or {}).get("restricted")),
        description=metadata.get("description"),
    )


def _check_digits(metadata: Json) -> None:
    precision, scale = metadata.get("precision"), metadata.get("scale")
    for name, value in (
        ("precision", precision),
        ("scale", scale),
        ("length", metadata.get("length")),
    ):
        if value is not None and (
            not isinstance(value, int) or isinstance(value, bool) or value < 0
        ):
            raise _bad(f"{name} must be a whole number")
    if precision is not None and (precision > MOST_DIGITS or (scale or 0) > precision):
        raise _bad(f"precision must be at most {MOST_DIGITS} and at least the scale")


def _values(metadata: Json) -> tuple[str, ...]:
    definition = (metadata.get("valueSet") or {}).get("valueSetDefinition") or {}
    return tuple(str(one.get("fullName")) for one in definition.get("value") or ())


def _bad(message: str) -> Refused:
    return Refused(400, "FIELD_INTEGRITY_EXCEPTION", f"field integrity exception ({message})")
