"""Our fields as custom fields of Account, and their values as JSON. Pure.

Facts on types: Metadata API, CustomField, and describe's names for them, checked Nov 2026. Lists
are not restricted, so that a new band needs no change of the field.
"""

from collections.abc import Mapping
from typing import Any

from include.crm.catalogue import MARK, Field
from include.crm.values import LONGEST_SENTENCE

Described = Mapping[str, Any]
OBJECT = "Account"
SHORT = 3  # letters of a word that is written in capitals, as cs_ is
LONGEST_DESCRIPTION = 1_000
# What describe calls a field of each kind.
TYPES = {"number": "double", "list": "picklist", "text": "textarea", "day": "date", "link": "url"}


def name_of(ours: str) -> str:
    """Return the API name of a field like cs_health_score: CS_Health_Score__c."""
    first, *rest = ours.split("_")
    first = first.upper() if len(first) <= SHORT else first.capitalize()
    return "_".join([first, *(word.capitalize() for word in rest)]) + "__c"


def to_metadata(field: Field) -> dict[str, Any]:
    """Return the description that makes the field."""
    shared = {
        "label": field.label,
        "required": False,
        "description": field.description[-LONGEST_DESCRIPTION:],
        "inlineHelpText": field.description[:LONGEST_SENTENCE],
    }
    match field.kind:
        case "number":
            return shared | {"type": "Number", "precision": 5, "scale": 1}
        case "list":
            values = [{"fullName": word, "label": label_of(word)} for word in field.words]
            listed = {"valueSetDefinition": {"sorted": False, "value": values}}
            return shared | {"type": "Picklist", "valueSet": {"restricted": False, **listed}}
        case "text":
            return shared | {"type": "LongTextArea", "length": LONGEST_SENTENCE, "visibleLines": 3}
        case "day":
            return shared | {"type": "Date"}
        case "link":
            return shared | {"type": "Url"}


def label_of(word: str) -> str:
    return word.replace("_", " ").capitalize()


def problem_of(field: Field, described: Described) -> str:
    """Say why an existing field cannot be the one we made; empty when it can."""
    if described.get("type") != TYPES[field.kind]:
        return (
            f"Salesforce has a field {field.name} on Account of type {described.get('type')}, not"
            f" {TYPES[field.kind]}."
        )
    if described.get("calculated"):
        return f"Salesforce has a field {field.name} on Account that is a formula."
    return ""


def is_ours(description: str | None) -> bool:
    return (description or "").rstrip().endswith(MARK)


def to_json(value: str, type_: str) -> float | str | None:
    """Return a value as it is written: null clears a field. type_: what describe calls it."""
    if not value:
        return None
    return float(value) if type_ in ("double", "int", "currency", "percent") else value


def to_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value that was read as the text that stands for it; null is empty."""
    if value is None:
        return ""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
