"""What Zendesk accepts as values of an organisation and of its custom fields."""

import re

from sandbox.vendors.zendesk_http import record_invalid
from sandbox.vendors.zendesk_rows import Desk, Row

# fmt: off
FIELD_TYPES = (
    "text", "textarea", "checkbox", "date", "integer", "decimal", "regexp", "dropdown", "lookup",
    "multiselect",
)
WRITABLE = (
    "name", "external_id", "domain_names", "details", "notes", "group_id", "shared_tickets",
    "shared_comments", "tags",
)
# fmt: on
UNIQUE = ("name", "external_id")


def checked_changes(changes: Row, row: Row | None, desk: Desk) -> Row:
    """The part that is kept: unknown attributes and custom fields are dropped silently.

    `row` is the organisation that changes, None for a new one. 422 for a value that cannot be.
    """
    kept = {key: value for key, value in changes.items() if key in WRITABLE}
    _check_unique(kept, row, desk)
    fields = changes.get("organization_fields")
    if isinstance(fields, dict):
        types = {field["key"]: field["type"] for field in desk.fields}
        kept["organization_fields"] = {
            key: _field_value(key, types[key], value)
            for key, value in fields.items()
            if key in types
        }
    return kept


def checked_field(given: Row, desk: Desk) -> Row:
    """A new custom field; its key is its own and stays."""
    key, title, kind = given.get("key"), given.get("title"), given.get("type", "text")
    if not isinstance(title, str) or not title:
        raise record_invalid("title", "BlankValue", "Title: cannot be blank")
    if kind not in FIELD_TYPES:
        raise record_invalid("type", "InvalidValue", f"Type: {kind} is not a field type")
    if not isinstance(key, str) or not re.fullmatch(r"\w+", key):
        raise record_invalid("key", "InvalidValue", "Key: must be letters, digits and _")
    if any(field["key"] == key for field in desk.fields):
        raise record_invalid("key", "DuplicateValue", f"Key: {key} has already been taken")
    description = str(given.get("description") or "")
    return {"key": key, "title": title, "type": kind, "description": description}


def _check_unique(kept: Row, row: Row | None, desk: Desk) -> None:
    others = [other for other in desk.living_organizations() if other is not row]
    for key in UNIQUE:
        if kept.get(key) and any(same_text(other[key], kept[key]) for other in others):
            said = f"{key.capitalize()}: {kept[key]} has already been taken"
            raise record_invalid(key, "DuplicateValue", said)


def same_text(one: object, other: object) -> bool:
    """Zendesk matches names and external ids without regard to case."""
    return one is not None and str(one).casefold() == str(other).casefold()


def _field_value(key: str, kind: str, value: object) -> object:
    """Numbers also come as text; None empties the field."""
    try:
        if value is None or kind not in ("integer", "decimal", "checkbox"):
            return value if value is None or kind == "multiselect" else str(value)
        if kind == "checkbox":
            return str(value).lower() in ("true", "1")
        return int(str(value)) if kind == "integer" else float(str(value))
    except ValueError as error:
        said = f"{key}: {value} is not a valid {kind}"
        raise record_invalid(key, "InvalidValue", said) from error
