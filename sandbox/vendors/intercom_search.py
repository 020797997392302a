"""Intercom's search queries: filters in groups, evaluated on rows of the workspace.

Dates of contacts are matched by whole days in the workspace's time zone; those of conversations and
tickets to the second, where `>` and `<` include the value itself (API description 2.16, checked
Nov 2026).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from sandbox.vendors.intercom_http import invalid
from sandbox.vendors.intercom_rows import Row

MOST_FILTERS = 15
MOST_LEVELS = 2
Matches = Callable[[Row], bool]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda have, wanted: have == wanted,
    "!=": lambda have, wanted: have != wanted,
    "IN": lambda have, wanted: have in wanted,
    "NIN": lambda have, wanted: have not in wanted,
    ">": lambda have, wanted: have is not None and have > wanted,
    "<": lambda have, wanted: have is not None and have < wanted,
    ">=": lambda have, wanted: have is not None and have >= wanted,
    "<=": lambda have, wanted: have is not None and have <= wanted,
    "~": lambda have, wanted: have is not None and wanted in have,
    "!~": lambda have, wanted: have is None or wanted not in have,
    "^": lambda have, wanted: have is not None and have.startswith(wanted),
    "$": lambda have, wanted: have is not None and have.endswith(wanted),
}
TEXT_ONLY = ("~", "!~", "^", "$")


@dataclass(frozen=True, slots=True)
class Field:
    """kind: text, number, date, flag, texts (of which one must match) or id (see `id_key`).

    operators: those that this field takes, where they are not those of its kind.
    """

    kind: str
    read: Callable[[Row], Any]
    operators: tuple[str, ...] = ()

    def takes(self, operator: str, zone: tzinfo | None) -> bool:
        """zone: of the days by which the record's dates are matched."""
        if self.operators:
            return operator in self.operators
        if operator in TEXT_ONLY:
            return self.kind in ("text", "texts")
        return operator in OPERATORS and (operator not in (">=", "<=") or zone is not None)


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be searched for. day_zone: where dates are cut to days; None: to the second."""

    fields: Mapping[str, Field]
    day_zone: tzinfo | None = None


def compiled(query: object, kind: Kind) -> Matches:
    """400 for a query that Intercom would not take."""
    return _group(query, kind, 1)


def _group(query: object, kind: Kind, level: int) -> Matches:
    if not isinstance(query, dict):
        raise invalid("query must be an object")
    operator, value = query.get("operator"), query.get("value")
    if "field" in query:
        return _filter(query["field"], operator, value, kind)
    if operator not in ("AND", "OR") or not isinstance(value, list) or not value:
        raise invalid("query needs a field, or AND or OR with a list of filters")
    if level > MOST_LEVELS:
        raise invalid(f"query must not have more than {MOST_LEVELS} nested filters")
    if len(value) > MOST_FILTERS:
        raise invalid(f"query must not have more than {MOST_FILTERS} filters in a group")
    parts = [_group(part, kind, level + 1) for part in value]
    combine = all if operator == "AND" else any
    return lambda row: combine(part(row) for part in parts)


def _filter(name: object, operator: object, value: object, kind: Kind) -> Matches:
    field = _field(name, kind)
    if not isinstance(operator, str) or not field.takes(operator, kind.day_zone):
        raise invalid(f"operator {operator} is not supported on {name}")
    if field.kind == "date":
        return _date_filter(field, operator, value, kind.day_zone)
    wanted: Any
    if operator in ("IN", "NIN"):
        if not isinstance(value, list):
            raise invalid(f"the value of {operator} must be a list")
        wanted = [_value(one, field.kind, name) for one in value]
    else:
        wanted = _value(value, field.kind, name)
    compare = OPERATORS[operator]
    if field.kind == "texts":
        is_negative = operator in ("!=", "NIN", "!~")
        combine = all if is_negative else any
        return lambda row: combine(compare(one, wanted) for one in field.read(row))
    return lambda row: compare(field.read(row), wanted)


def _date_filter(field: Field, operator: str, value: object, zone: tzinfo | None) -> Matches:
    if zone is None:
        seconds = [_epoch(one) for one in (value if isinstance(value, list) else [value])]
        compare = OPERATORS[{">": ">=", "<": "<="}.get(operator, operator)]
        wanted = seconds if isinstance(value, list) else seconds[0]
        return lambda row: compare(field.read(row), wanted)
    if operator not in ("=", ">", "<"):
        raise invalid(f"operator {operator} is not supported on date fields")
    first, end = _day(_epoch(value), zone)
    low, high = {"=": (first, end), ">": (end, math.inf), "<": (-math.inf, first)}[operator]
    return lambda row: (at := field.read(row)) is not None and low <= at < high


def _day(second: int, zone: tzinfo) -> tuple[float, float]:
    """The first second of its day in the zone, and that of the day after."""
    day = datetime.fromtimestamp(second, zone).date()
    midnights = (
        datetime.combine(one, time(), zone).timestamp() for one in (day, day + timedelta(days=1))
    )
    return next(midnights), next(midnights)


def _epoch(value: object) -> int:
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError) as error:
        raise invalid(f"{value} is no date: a UNIX timestamp is expected") from error


def _field(name: object, kind: Kind) -> Field:
    found = kind.fields.get(str(name))
    if found is None:
        raise invalid(f"{name} is not a valid field")
    return found


def _value(value: object, kind: str, name: object) -> Any:  # noqa: ANN401 - any JSON value
    if kind == "flag":
        if str(value).lower() not in ("true", "false"):
            raise invalid(f"the value of {name} must be a boolean")
        return str(value).lower() == "true"
    if kind == "number" and value is not None:
        return _whole(value, name)
    if isinstance(value, dict | list):
        raise invalid(f"the value of {name} is not valid")
    if kind == "id":
        return id_key(str(value))
    return None if value is None else str(value)


def _whole(value: object, name: object) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise invalid(f"the value of {name} must be a number") from error


def id_key(text: str) -> tuple[int, str]:
    """Ids are texts, of digits mostly: they go by their number."""
    return len(text), text
