"""Running a query: which rows, in which order, and what they look like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.vendors.salesforce_columns import Value
from sandbox.vendors.salesforce_http import Json, Refused
from sandbox.vendors.salesforce_org import Readable
from sandbox.vendors.salesforce_soql_groups import grouped, is_grouped
from sandbox.vendors.salesforce_soql_scope import Scope
from sandbox.vendors.salesforce_soql_select import expanded, to_shape
from sandbox.vendors.salesforce_soql_syntax import (
    Both,
    Condition,
    Function,
    Order,
    Query,
    shown,
)
from sandbox.vendors.salesforce_soql_where import to_test

Show = Callable[[Any], Json]
MOST_FOUND = 50_000


@dataclass(frozen=True, slots=True)
class Found:
    """total: how many there are; rows: what `show` makes a record of, one by one."""

    total: int
    rows: Sequence[Any]
    show: Show


@dataclass(frozen=True, slots=True)
class Reading:
    """How an org is asked: `everything` shows deleted and archived rows too."""

    org: Readable
    everything: bool = False
    data: str = "/services/data/v66.0"


def run(reading: Reading, query: Query) -> Found:
    scope = scope_of(reading.org, query)
    rows = matching(reading, scope, query)
    if is_count(query):
        return Found(len(rows), (), lambda row: row)
    if is_grouped(query):
        records = grouped(scope, query, rows)
        return Found(len(records), records, lambda row: row)
    shape = to_shape(scope, expanded(scope, query), children(reading), reading.data)
    ordered = _cut(query, in_order(scope, query.order, rows))
    return Found(len(ordered), ordered, shape)


def scope_of(org: Readable, query: Query) -> Scope:
    kind = org.kind(query.source.text)
    if kind is None:
        message = (
            f"sObject type '{query.source.text}' is not supported. If you are attempting to use a "
            "custom object, be sure to append the '__c' after the entity name. Please reference "
            "your WSDL or the describe call for the appropriate names."
        )
        raise Refused(400, "INVALID_TYPE", shown(query.text, query.source.at, message))
    return Scope(org, kind, query.text, query.alias)


def matching(reading: Reading, scope: Scope, query: Query) -> list[int]:
    """Rows that meet the condition, in the order in which they were made."""
    columns = scope.table.columns
    rows: Sequence[int] = range(len(scope.table))
    if not (reading.everything or query.all_rows):
        for hidden in [columns[name] for name in ("IsDeleted", "IsArchived") if name in columns]:
            rows = [row for row in rows if not hidden[row]]
    for condition in parts_of(query.where):
        test = to_test(scope, condition, lambda inner: column_of(reading, inner))
        rows = [row for row in rows if test(row)]
    return list(rows)


def parts_of(condition: Condition | None) -> Sequence[Condition]:
    """What must hold, one after the other: each part leaves fewer rows to the next."""
    if condition is None:
        return ()
    is_all = isinstance(condition, Both) and condition.word == "AND"
    return condition.parts if isinstance(condition, Both) and is_all else (condition,)


def column_of(reading: Reading, query: Query) -> set[Value]:
    """The values of a semi-join's only column; missing ones join nothing."""
    if len(query.select) != 1 or isinstance(query.select[0], Query):
        raise Refused(400, "MALFORMED_QUERY", "Inner select must have exactly one column in select")
    scope = scope_of(reading.org, query)
    read = scope.bind(query.select[0]).read
    rows = matching(reading, scope, query)
    return {read(row) for row in rows} - {None}


def is_count(query: Query) -> bool:
    """SELECT COUNT(), which answers with a number and no records."""
    only = query.select[0]
    return (
        len(query.select) == 1
        and isinstance(only, Function)
        and only.name == "COUNT"
        and only.argument is None
    )


def in_order(scope: Scope, order: Sequence[Order], rows: list[int]) -> list[int]:
    """Sorted by the last name first, so that the first one counts most; sorting keeps ties."""
    for one in reversed(order):
        bound = scope.bind(one.by)
        read, is_text = bound.read, bound.field.is_text
        if not bound.field.filterable:
            message = f"field '{bound.field.name}' can not be sorted in a query call"
            raise scope.refused("MALFORMED_QUERY", one.by.at, message)
        missing = [row for row in rows if read(row) is None]
        held = [row for row in rows if read(row) is not None]
        keys = {row: str(read(row)).casefold() if is_text else read(row) for row in held}
        held.sort(key=keys.__getitem__, reverse=one.is_descending)  # type: ignore[arg-type]
        rows = held + missing if one.nulls_last else missing + held
    return rows


def children(reading: Reading) -> Callable[[Scope, Query], Callable[[int], Json | None]]:
    """How a subquery of a select list becomes a function of the parent's row."""

    def below(scope: Scope, query: Query) -> Callable[[int], Json | None]:
        kind, link = _child(scope, query)
        inner = Scope(reading.org, kind, query.text, query.alias)
        by_parent: dict[Value, list[int]] = {}
        ids = inner.table.column(link)
        for row in in_order(inner, query.order, matching(reading, inner, query)):
            by_parent.setdefault(ids[row], []).append(row)
        shape = to_shape(inner, expanded(inner, query), below, reading.data)
        own = scope.table.columns["Id"]

        def shown_below(row: int) -> Json | None:
            rows = _cut(query, by_parent.get(own[row], []))
            records = [shape(child) for child in rows]
            return {"totalSize": len(rows), "done": True, "records": records} if rows else None

        return shown_below

    return below


def _child(scope: Scope, query: Query) -> tuple[Any, str]:
    """The object and its reference that a way down means."""
    wanted = query.source.text.lower()
    for kind in scope.org.kinds.values():
        for field in kind.fields:
            if field.refers[:1] == (scope.kind.name,) and (field.children or "").lower() == wanted:
                return kind, field.name
    raise scope.no_relationship(query.source.text, query.source.at)


def _cut(query: Query, rows: list[int]) -> list[int]:
    last = None if query.limit is None else query.offset + query.limit
    return rows[query.offset : last]
