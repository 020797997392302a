"""What a write may put into a field, and with which code a value is refused.

Codes and messages follow the API's error reference and public issue threads, checked Nov 2026.
"""

import re
from collections.abc import Callable
from datetime import date

from sandbox.vendors.salesforce_columns import Value
from sandbox.vendors.salesforce_fields import Field
from sandbox.vendors.salesforce_http import Json
from sandbox.vendors.salesforce_ids import to_18
from sandbox.vendors.salesforce_soql_dates import to_stamp

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
WRONG_TYPE = "JSON_PARSER_ERROR"


class RowError(Exception):
    """Why one record was not written. `fields`: which of its fields were at fault."""

    def __init__(self, code: str, message: str, *fields: str) -> None:
        super().__init__(message)
        self.code = code
        self.fields = list(fields)

    def body(self) -> Json:
        return {"statusCode": self.code, "message": str(self), "fields": self.fields}


def to_stored(field: Field, given: object) -> Value:
    """The value that is kept; None clears. RowError(WRONG_TYPE) for what is no such value."""
    if given is None or given == "":
        if field.required and field.type != "boolean":
            message = f"Required fields are missing: [{field.name}]"
            raise RowError("REQUIRED_FIELD_MISSING", message, field.name)
        return False if field.type == "boolean" else None
    if field.is_number:
        return _number(field, given)
    return CHECKS.get(field.type, _text)(field, given)


def _text(field: Field, given: object) -> Value:
    if not isinstance(given, str):
        raise _wrong_type(field, given)
    if field.length and len(given) > field.length:
        shown = f"{given[:60]}..." if len(given) > 60 else given
        message = f"{_label(field)}: data value too large: {shown} (max length={field.length})"
        raise RowError("STRING_TOO_LONG", message, field.name)
    return given


def _email(field: Field, given: object) -> Value:
    text = _text(field, given)
    if not EMAIL.fullmatch(str(text)):
        message = f"{_label(field)}: invalid email address: {text}"
        raise RowError("INVALID_EMAIL_ADDRESS", message, field.name)
    return text


def _picklist(field: Field, given: object) -> Value:
    text = str(_text(field, given))
    parts = text.split(";") if field.type == "multipicklist" else [text]
    for part in parts:
        if field.restricted and part not in field.values:
            message = f"{_label(field)}: bad value for restricted picklist field: {part}"
            raise RowError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, field.name)
    return text


def _number(field: Field, given: object) -> Value:
    """Rounded to the field's scale; whole numbers stay whole."""
    is_text = isinstance(given, str) and NUMBER.fullmatch(given)
    if isinstance(given, bool) or not (is_text or isinstance(given, int | float)):
        raise _wrong_type(field, given)
    value = float(str(given))
    if field.type == "int":
        return int(value)
    if field.precision and abs(value) >= 10 ** (field.precision - field.scale):
        message = f"{_label(field)}: value outside of valid range on numeric field: {value}"
        raise RowError("NUMBER_OUTSIDE_VALID_RANGE", message, field.name)
    return round(value, field.scale) if field.custom else value


def _flag(field: Field, given: object) -> Value:
    known = {"true": True, "false": False, "1": True, "0": False}
    if isinstance(given, bool):
        return given
    if not isinstance(given, str) or given.lower() not in known:
        raise _wrong_type(field, given)
    return known[given.lower()]


def _day(field: Field, given: object) -> Value:
    try:
        return date.fromisoformat(str(given)[:10]).isoformat()
    except ValueError as error:
        raise _wrong_type(field, given) from error


def _moment(field: Field, given: object) -> Value:
    stamp = to_stamp(str(given))
    if stamp is None:
        raise _wrong_type(field, given)
    return stamp


def _reference(field: Field, given: object) -> Value:
    one = to_18(given) if isinstance(given, str) else None
    if one is None:
        message = f"{_label(field)}: id value of incorrect type: {given}"
        raise RowError("MALFORMED_ID", message, field.name)
    return one


CHECKS: dict[str, Callable[[Field, object], Value]] = {
    "email": _email,
    "picklist": _picklist,
    "multipicklist": _picklist,
    "boolean": _flag,
    "date": _day,
    "datetime": _moment,
    "reference": _reference,
}


def _label(field: Field) -> str:
    return field.label or field.name


def _wrong_type(field: Field, given: object) -> RowError:
    kind = {bool: "VALUE_TRUE", int: "VALUE_NUMBER_INT", float: "VALUE_NUMBER_FLOAT"}
    token = kind.get(type(given), "VALUE_STRING" if isinstance(given, str) else "START_OBJECT")
    message = (
        f"Cannot deserialize instance of {field.type} from {token} value {given} or request may be "
        "missing a required field at [line:1, column:1]"
    )
    return RowError(WRONG_TYPE, message, field.name)
