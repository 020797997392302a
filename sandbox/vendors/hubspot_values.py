"""HubSpot property values: comparing them in a search, and what a write accepts.

A value is always text. What makes a write a 400, and with which code, follows the CRM property
guide and public issue threads, checked Nov 2026.
"""

import re
from datetime import UTC, datetime
from typing import Any

Key = str | float
NUMBER = re.compile(r"-?\d+(\.\d+)?")
EPOCH_MS = re.compile(r"-?\d+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Invalid(Exception):
    """A value that its property cannot take, with HubSpot's code for the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def to_iso(moment: datetime) -> str:
    """UTC with milliseconds, as HubSpot writes every time."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds').split('+')[0]}Z"


def to_epoch_ms(stored: str) -> int:
    """Epoch milliseconds of a stored time or day; a day is its midnight in UTC."""
    moment = datetime.fromisoformat(stored)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def to_key(kind: str, value: str | None) -> Key | None:
    """What a stored value is compared by; None for no value. Stored times sort as text."""
    if not value:
        return None
    if kind == "number":
        return float(value)
    return value.lower() if kind in ("string", "bool") else value


def to_bound(kind: str, given: str) -> Key | None:
    """The key of a value in a filter; None for one that is none of this type."""
    if kind == "number":
        return float(given) if NUMBER.fullmatch(given) else None
    if kind in ("date", "datetime"):
        moment = _moment(given)
        if moment is None:
            return None
        midnight = "T00:00:00.000Z" if kind == "date" else ""
        return to_iso(moment).removesuffix(midnight)
    return to_key(kind, given)


def _moment(value: str) -> datetime | None:
    """From epoch milliseconds or ISO 8601; a time without a zone is UTC."""
    try:
        if EPOCH_MS.fullmatch(value):
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def to_stored(shown: dict[str, Any], given: object) -> str:
    """The text that is kept for a written value; `""` clears. Raises Invalid."""
    if shown["modificationMetadata"]["readOnlyValue"] or shown["calculated"]:
        message = f'"{shown["name"]}" is a read only property; its value cannot be set.'
        raise Invalid("READ_ONLY_VALUE", message)
    value = str(given).lower() if isinstance(given, bool) else str(given)
    if value == "" or shown["type"] in ("string", "phone_number"):
        return _text(shown, value)
    if value != value.strip():
        # Values of other types with spaces around them are refused since April 2025.
        raise Invalid("INVALID_WHITESPACE", f'"{value}" has leading or trailing spaces.')
    return {
        "number": _number,
        "date": _date,
        "datetime": _datetime,
        "bool": _option,
        "enumeration": _option,
    }[shown["type"]](shown, value)


def _text(shown: dict[str, Any], value: str) -> str:
    if shown["name"] == "email" and value and not EMAIL.fullmatch(value):
        raise Invalid("INVALID_EMAIL", f"Email address {value} is invalid")
    return value


def _number(_shown: dict[str, Any], value: str) -> str:
    if not NUMBER.fullmatch(value):
        raise Invalid("INVALID_INTEGER", f"{value} was not a valid number.")
    return value


def _date(_shown: dict[str, Any], value: str) -> str:
    moment = _moment(value)
    if moment is None:
        raise Invalid("INVALID_DATE", f"{value} was not a valid date.")
    if moment.timestamp() % 86_400:
        at = f"{moment.hour}:{moment.minute}:{moment.second}.{moment.microsecond // 1000}"
        raise Invalid("INVALID_DATE", f"{value} is at {at} UTC, not midnight!")
    return moment.astimezone(UTC).date().isoformat()


def _datetime(_shown: dict[str, Any], value: str) -> str:
    moment = _moment(value)
    if moment is None:
        raise Invalid("INVALID_LONG", f"{value} was not a valid long.")
    return to_iso(moment)


def _option(shown: dict[str, Any], value: str) -> str:
    """Several values only in a checkbox field; no check where the options are kept elsewhere."""
    if shown["externalOptions"]:
        return value
    allowed = [option["value"] for option in shown["options"]]
    several = shown["fieldType"] == "checkbox"
    given = [part for part in value.split(";") if part] if several else [value]
    for part in given:
        if part not in allowed:
            raise Invalid("INVALID_OPTION", f"{part} was not one of the allowed options: {allowed}")
    return ";".join(given) if several else value
