"""Aggregates: COUNT, MIN, MAX, SUM and AVG over all rows or over groups of them."""

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.vendors.salesforce_columns import Value
from sandbox.vendors.salesforce_http import Json, Refused
from sandbox.vendors.salesforce_soql_scope import Read, Scope
from sandbox.vendors.salesforce_soql_syntax import Function, Operand, Path, Query

Aggregate = Callable[[list[Any]], Value]
AGGREGATES: dict[str, Aggregate] = {
    "COUNT": len,
    "COUNT_DISTINCT": lambda values: len(set(values)),
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "SUM": lambda values: sum(values) if values else None,
    "AVG": lambda values: sum(values) / len(values) if values else None,
}


def is_grouped(query: Query) -> bool:
    return bool(query.group) or any(
        isinstance(item, Function) and item.name in AGGREGATES for item in query.select
    )


def grouped(scope: Scope, query: Query, rows: Sequence[int]) -> list[Json]:
    """One record a group, in order of their first rows; without GROUP BY one record of all."""
    if query.having is not None:
        raise Refused(400, "MALFORMED_QUERY", "unexpected token: 'HAVING'")
    keys = [scope.bind(operand).read for operand in query.group]
    groups: dict[tuple[Value, ...], list[int]] = {}
    for row in rows:
        groups.setdefault(tuple(key(row) for key in keys), []).append(row)
    if not query.group:
        groups = {(): list(rows)}
    columns = _columns(scope, query)
    records = [
        {"attributes": {"type": "AggregateResult"}}
        | {name: take(members) for name, take in columns.items()}
        for members in groups.values()
    ]
    return _in_order(query, records)[query.offset :][: query.limit]


def _columns(scope: Scope, query: Query) -> dict[str, Callable[[list[int]], Value]]:
    """What each selected name makes of a group's rows."""
    grouped_by = {_name(operand) for operand in query.group}
    columns: dict[str, Callable[[list[int]], Value]] = {}
    for item in query.select:
        if isinstance(item, Query):
            raise Refused(400, "MALFORMED_QUERY", "Subqueries cannot be grouped")
        unnamed = f"expr{sum(1 for one in columns if one.startswith('expr'))}"
        if isinstance(item, Function) and item.name in AGGREGATES:
            columns[item.alias or unnamed] = _aggregate(scope, item)
            continue
        if _name(item) not in grouped_by:
            message = f"Field must be grouped or aggregated: {_name(item)}"
            raise scope.refused("MALFORMED_QUERY", item.at, message)
        bound = scope.bind(item)
        name = bound.name.rsplit(".", 1)[-1] if isinstance(item, Path) else bound.name
        columns[unnamed if name == "expr0" else name] = _first(bound.read)
    return columns


def _name(operand: Operand) -> str:
    if isinstance(operand, Path):
        return operand.text.lower()
    inner = "" if operand.argument is None else _name(operand.argument)
    return f"{operand.name.lower()}({inner})" if operand.name else inner


def _aggregate(scope: Scope, item: Function) -> Callable[[list[int]], Value]:
    aggregate = AGGREGATES[item.name]
    if item.argument is None:
        return aggregate
    bound = scope.bind(item.argument)
    if item.name in ("SUM", "AVG") and not bound.field.is_number:
        message = f"field {bound.field.name} does not support aggregate operator {item.name}"
        raise scope.refused("MALFORMED_QUERY", item.at, message)
    read = bound.read
    return lambda rows: aggregate([value for row in rows if (value := read(row)) is not None])


def _first(read: Read) -> Callable[[list[int]], Value]:
    return lambda rows: read(rows[0])


def _in_order(query: Query, records: list[Json]) -> list[Json]:
    for one in reversed(query.order):
        name = one.by.parts[-1] if isinstance(one.by, Path) else one.by.alias or "expr0"
        key = next((key for key in (records or [{}])[0] if key.lower() == name.lower()), None)
        if key is None:
            continue
        missing = [record for record in records if record[key] is None]
        held = [record for record in records if record[key] is not None]
        held.sort(key=lambda record, key=key: record[key], reverse=one.is_descending)  # type: ignore[misc]
        records = held + missing if one.nulls_last else missing + held
    return records
