"""Conditions of a query as functions of a row: what is compared with what, by the field's type.

Text is compared without its case, ids with theirs; `!=` and NOT IN hold for missing values too,
everything else does not (SOQL reference, checked Nov 2026).
"""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.vendors.salesforce_columns import Value
from sandbox.vendors.salesforce_fields import Field
from sandbox.vendors.salesforce_http import Refused
from sandbox.vendors.salesforce_ids import to_18
from sandbox.vendors.salesforce_soql_dates import days_of, midnight, to_day, to_stamp
from sandbox.vendors.salesforce_soql_scope import Bound, Read, Scope
from sandbox.vendors.salesforce_soql_syntax import Among, Both, Compare, Condition, Literal, Not

Test = Callable[[int], bool]
Rows = Callable[[Any], set[Value]]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def to_test(scope: Scope, condition: Condition, subquery: Rows) -> Test:
    """`subquery` gives the values of a semi-join's only column."""
    match condition:
        case Both("AND", parts):
            tests = [to_test(scope, part, subquery) for part in parts]
            return lambda row: all(test(row) for test in tests)
        case Both(_, parts):
            tests = [to_test(scope, part, subquery) for part in parts]
            return lambda row: any(test(row) for test in tests)
        case Not(part):
            inner = to_test(scope, part, subquery)
            return lambda row: not inner(row)
        case Compare():
            return _compared(scope, condition)
        case Among():
            return _among(scope, condition, subquery)


def _compared(scope: Scope, condition: Compare) -> Test:
    bound, literal, sign = _filterable(scope, condition.left), condition.right, condition.sign
    if sign == "LIKE":
        return _like(scope, bound, literal)
    if literal.kind == "null" or (literal.text == "''" and bound.field.is_text):
        return _missing(scope, bound, literal, sign)
    read = _keys(bound)
    if literal.kind == "range":
        return _in_range(read, sign, _range(scope, bound, literal))
    key, compare = to_key(scope, bound, literal), COMPARE[sign]
    if sign == "!=":
        return lambda row: read(row) != key
    return lambda row: (value := read(row)) is not None and compare(value, key)


def _filterable(scope: Scope, operand: Any) -> Bound:  # noqa: ANN401
    bound = scope.bind(operand)
    if not bound.field.filterable:
        message = f"field '{bound.field.name}' can not be filtered in a query call"
        raise scope.refused("INVALID_FIELD", operand.at, message)
    return bound


def _missing(scope: Scope, bound: Bound, literal: Literal, sign: str) -> Test:
    read = bound.read
    if sign == "=":
        return lambda row: read(row) is None
    if sign == "!=":
        return lambda row: read(row) is not None
    raise scope.refused("MALFORMED_QUERY", literal.at, f"unexpected token: '{literal.text}'")


def _keys(bound: Bound) -> Read:
    """Values as they are compared."""
    read = bound.read
    if not bound.field.is_text and bound.field.type != "anyType":
        return read
    return lambda row: value.casefold() if isinstance(value := read(row), str) else value


def to_key(scope: Scope, bound: Bound, literal: Literal) -> Value:
    """A literal as it is compared with the values of a field; 400 for one of another type."""
    field = bound.field
    key = _key(field, literal)
    if key is not None:
        return key
    if field.is_id and literal.kind == "text":
        text = unescaped(literal.text)
        raise scope.refused(
            "INVALID_QUERY_FILTER_OPERATOR", literal.at, f"invalid ID field: {text}"
        )
    quotes = "should be" if field.is_text or field.is_id else "should not be"
    shown_type = {"datetime": "dateTime", "id": "ID"}.get(field.type, field.type)
    message = (
        f"value of filter criterion for field '{field.name}' must be of type {shown_type} and "
        f"{quotes} enclosed in quotes"
    )
    raise scope.refused("INVALID_FIELD", literal.at, message)


def _key(field: Field, literal: Literal) -> Value:
    """None where the literal is of another type than the field, or means nothing."""
    text = literal.text
    match literal.kind:
        case "text" if field.is_id:
            return "" if text == "''" else to_18(unescaped(text))
        case "text" if field.is_text or field.type == "anyType":
            return unescaped(text).casefold()
        case "number" if field.is_number:
            return float(text)
        case "flag" if field.type == "boolean":
            return text == "TRUE"
        case "moment" if field.type == ("datetime" if "T" in text else "date"):
            return to_stamp(text) if "T" in text else to_day(text)
    return None


def unescaped(literal: str) -> str:
    return ESCAPED.sub(lambda found: CONTROLS.get(found[1], found[1]), literal[1:-1])


def _range(scope: Scope, bound: Bound, literal: Literal) -> tuple[str, str]:
    days = days_of(literal.text, literal.count, scope.org.moment().date())
    if days is None:
        message = f"unexpected token: '{literal.text}'"
        raise scope.refused("MALFORMED_QUERY", literal.at, message)
    if bound.field.type == "datetime":
        return midnight(days[0]), midnight(days[1])
    if bound.field.type == "date":
        return days[0].isoformat(), days[1].isoformat()
    to_key(scope, bound, literal)
    raise AssertionError("a range fits dates only")


def _in_range(read: Read, sign: str, days: tuple[str, str]) -> Test:
    """`=`: within the days; before and after: of their first and last moment."""
    first, after = days

    def test(row: int) -> bool:
        value = read(row)
        if value is None:
            return sign == "!="
        text = str(value)
        return {
            "=": first <= text < after,
            "!=": not first <= text < after,
            "<": text < first,
            "<=": text < after,
            ">": text >= after,
            ">=": text >= first,
        }[sign]

    return test


def _like(scope: Scope, bound: Bound, literal: Literal) -> Test:
    """% for any text, _ for one character, a backslash for themselves."""
    if not bound.field.is_text or literal.kind != "text":
        message = f"invalid operator on {bound.field.type} field"
        raise scope.refused("INVALID_FIELD", literal.at, message)
    pattern, read = to_pattern(literal.text[1:-1]), bound.read
    return lambda row: pattern.fullmatch(str(read(row) or "")) is not None


def to_pattern(like: str) -> re.Pattern[str]:
    signs = re.findall(r"\\.|.", like, re.DOTALL)
    shown = {"%": ".*", "_": "."}
    return re.compile(
        "".join(
            shown.get(sign)
            or re.escape(CONTROLS.get(sign[-1], sign[-1]) if len(sign) > 1 else sign)
            for sign in signs
        ),
        re.IGNORECASE | re.DOTALL,
    )


def _among(scope: Scope, condition: Among, subquery: Rows) -> Test:
    bound, sign = _filterable(scope, condition.left), condition.sign
    if sign in ("INCLUDES", "EXCLUDES"):
        return _of_several(scope, bound, condition)
    if isinstance(condition.right, tuple):
        keys = _members(scope, bound, condition.right)
    else:
        keys = subquery(condition.right)
    read, is_in = _keys(bound), sign == "IN"
    return lambda row: (read(row) in keys) is is_in


def _members(scope: Scope, bound: Bound, literals: Sequence[Literal]) -> set[Value]:
    return {None if one.kind == "null" else to_key(scope, bound, one) for one in literals}


def _of_several(scope: Scope, bound: Bound, condition: Among) -> Test:
    """A multi-select picklist holds all parts, split at semicolons, of one of the values."""
    if bound.field.type != "multipicklist" or not isinstance(condition.right, tuple):
        raise Refused(400, "MALFORMED_QUERY", f"{condition.sign} needs a multi-select picklist")
    keys = [str(to_key(scope, bound, one)).split(";") for one in condition.right]
    read, is_included = _keys(bound), condition.sign == "INCLUDES"

    def test(row: int) -> bool:
        held = str(read(row) or "").split(";")
        return any(set(key) <= set(held) for key in keys) is is_included

    return test
