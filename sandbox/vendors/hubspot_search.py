"""POST /{type}/search: filters, sorting, offset paging, over what the index has taken in.

Vendor facts: CRM search guide, checked Nov 2026. A filter on a value that is not there never
matches, except NOT_HAS_PROPERTY. Archived records and associations are never in the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sandbox.vendors.hubspot_http import Call, Refused, Reply, objects_of, texts_of
from sandbox.vendors.hubspot_objects import to_record, wanted_of
from sandbox.vendors.hubspot_store import Column, Store, Table
from sandbox.vendors.hubspot_values import Key, to_bound, to_key

MOST = 200
CAP = 10_000
MOST_GROUPS, MOST_IN_GROUP, MOST_FILTERS = 5, 6, 18
MOST_QUERY = 3_000
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "LT": lambda a, b: a < b,
    "LTE": lambda a, b: a <= b,
    "GT": lambda a, b: a > b,
    "GTE": lambda a, b: a >= b,
}
OPERATORS = {
    *COMPARISONS,
    "EQ",
    "NEQ",
    "BETWEEN",
    "IN",
    "NOT_IN",
    "HAS_PROPERTY",
    "NOT_HAS_PROPERTY",
    "CONTAINS_TOKEN",
    "NOT_CONTAINS_TOKEN",
}
ASSOCIATED = "associations."  # and an object type: a filter on the ids of associated records
Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Index:
    """The records that a search sees: live ones, with the values the index holds of them."""

    store: Store
    table: Table
    known: dict[str, dict[str, Any]]
    rows: list[int]
    old: dict[int, dict[str, str | None] | None]

    def column(self, name: str) -> Column:
        column = self.table.column(name)
        behind = [(row, was[name]) for row, was in self.old.items() if was and name in was]
        if behind:
            column = list(column)
            for row, value in behind:
                column[row] = value
        return column


def search(store: Store, call: Call, now: float) -> Reply:
    table = store.table(call.path["type"])
    body = call.json()
    limit, offset = _page_of(body)
    index = _index(store, table, now)
    rows = _sorted(index, _matching(index, body), body.get("sorts") or [])
    wanted = wanted_of(store, table.kind, texts_of(body, "properties"), ())
    results = []
    for row in rows[offset : offset + limit]:
        record = to_record(table, row, wanted)
        was = index.old.get(row) or {}
        record["properties"] |= {
            name: value for name, value in was.items() if name in record["properties"]
        }
        record["updatedAt"] = was.get(table.kind.modified, record["updatedAt"])
        results.append(record)
    answer: dict[str, Any] = {"total": len(rows), "results": results}
    if len(rows) > offset + limit:
        answer["paging"] = {"next": {"after": str(offset + limit)}}
    return Reply(200, answer)


def _page_of(body: dict[str, Any]) -> tuple[int, int]:
    """Limit and offset. Whatever `total` says, rows from 10,000 on cannot be reached."""
    limit, after = body.get("limit") or 10, body.get("after") or "0"
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST:
        raise Refused(400, f"The limit must be between 1 and {MOST}, but {limit} was requested.")
    if not str(after).isdigit():
        raise Refused(400, f"Invalid 'after': '{after}' is not an offset")
    if int(after) + limit > CAP:
        raise Refused(400, f"Search results past {CAP:,} cannot be requested (after={after}).")
    return limit, int(after)


def _index(store: Store, table: Table, now: float) -> Index:
    old = table.indexed_before(now)
    rows = [
        row for row in range(len(table.ids)) if table.live(row) and old.get(row, {}) is not None
    ]
    return Index(store, table, store.known(table.kind), rows, old)


def _matching(index: Index, body: dict[str, Any]) -> list[int]:
    groups = [objects_of(group, "filters") for group in objects_of(body, "filterGroups")]
    if body.get("filters"):
        groups.append(objects_of(body, "filters"))
    filters = sum(len(group) for group in groups)
    widest = max((len(group) for group in groups), default=0)
    if len(groups) > MOST_GROUPS or widest > MOST_IN_GROUP or filters > MOST_FILTERS:
        raise Refused(
            400,
            f"Too many filters: at most {MOST_GROUPS} groups of {MOST_IN_GROUP} filters and "
            f"{MOST_FILTERS} filters in total are supported.",
        )
    rows = _by_text(index, str(body.get("query") or ""))
    if not groups:
        return rows
    kept: set[int] = set()
    for group in groups:
        kept.update(_all_of(index, group, rows))
    return sorted(kept)


def _by_text(index: Index, query: str) -> list[int]:
    """Rows in which every word of the query begins some word of the searched properties."""
    if len(query) > MOST_QUERY:
        raise Refused(400, f"The query is longer than {MOST_QUERY} characters.")
    words = query.lower().split()
    if not words:
        return index.rows
    columns = [index.column(name) for name in index.table.kind.searched]
    texts = ((row, " ".join(c[row] or "" for c in columns).lower()) for row in index.rows)
    return [row for row, text in texts if all(word in text for word in words)]


def _all_of(index: Index, filters: Sequence[dict[str, Any]], rows: list[int]) -> list[int]:
    for given in filters:
        name, operator = given.get("propertyName"), given.get("operator")
        if str(name).startswith(ASSOCIATED):
            rows = _linked(index, given, rows)
            continue
        if name not in index.known:
            raise _bad(f"There was a problem with the request: property '{name}' does not exist")
        if operator not in OPERATORS:
            raise Refused(400, f"Invalid input JSON: '{operator}' is not a filter operator")
        column = index.column(name)
        if operator == "NOT_HAS_PROPERTY":
            rows = [row for row in rows if not column[row]]
            continue
        test = _test(given, index.known[name])
        rows = [row for row in rows if (value := column[row]) and test(value)]
    return rows


def _linked(index: Index, given: dict[str, Any], rows: list[int]) -> list[int]:
    """Rows associated with a record that the filter names; the guide shows EQ, IN takes several."""
    target = index.store.kind(given["propertyName"].removeprefix(ASSOCIATED))
    operator = given.get("operator")
    if operator not in ("EQ", "IN"):
        raise _bad(f"operator {operator} is not supported on {given['propertyName']}")
    named = [given.get("value")] if operator == "EQ" else given.get("values") or []
    if not isinstance(named, list) or not all(str(one).isdigit() for one in named):
        raise _bad(f"operator {operator} on {given['propertyName']}: bad value {named!r}")
    origin = index.table.kind
    linked = {own for one in named for own in index.store.linked_ids(target, origin, int(one))}
    return [row for row in rows if index.table.ids[row] in linked]


def _test(given: dict[str, Any], shown: dict[str, Any]) -> Test:
    """What a filter asks of a value that is there."""
    operator, kind = given["operator"], shown["type"]
    if operator == "HAS_PROPERTY":
        return lambda _value: True
    if operator in ("IN", "NOT_IN"):
        return _membership(given, kind)
    bound = _key(kind, given.get("value"), given)
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        pattern = str(given["value"]).lower()
        return lambda value: _has_token(value, pattern) is (operator == "CONTAINS_TOKEN")
    if operator == "BETWEEN":
        high = _key(kind, given.get("highValue"), given)
        return lambda value: (key := to_key(kind, value)) is not None and bound <= key <= high
    if operator in COMPARISONS:
        compare = COMPARISONS[operator]
        return lambda value: (key := to_key(kind, value)) is not None and compare(key, bound)
    return lambda value: (to_key(kind, value) == bound) is (operator == "EQ")


def _membership(given: dict[str, Any], kind: str) -> Test:
    """IN on text looks into a lower-cased index, so a value with a capital finds nothing."""
    values = given.get("values")
    if not isinstance(values, list) or not values:
        raise _bad(f"operator {given['operator']} requires values")
    inside = given["operator"] == "IN"
    if kind == "string":
        wanted = set(map(str, values))
        return lambda value: (value.lower() in wanted) is inside
    keys = {_key(kind, value, given) for value in values}
    return lambda value: (to_key(kind, value) in keys) is inside


def _key(kind: str, value: object, given: dict[str, Any]) -> Key:
    key = None if value is None else to_bound(kind, str(value))
    if key is None:
        raise _bad(f"operator {given['operator']} on {given['propertyName']}: bad value {value!r}")
    return key


def _has_token(value: str, pattern: str) -> bool:
    text = value.lower()
    tokens = "".join(char if char.isalnum() else " " for char in text).split()
    return fnmatchcase(text, pattern) or any(fnmatchcase(token, pattern) for token in tokens)


def _sorted(index: Index, rows: list[int], sorts: object) -> list[int]:
    """By one property, records without it last; without a sort by id, the order of creation."""
    if not isinstance(sorts, list) or len(sorts) > 1:
        raise _bad("Only one sorting rule can be applied to any search.")
    if not sorts:
        return rows
    given = sorts[0]
    if isinstance(given, dict):
        name, down = given.get("propertyName"), given.get("direction") == "DESCENDING"
    else:
        name, down = str(given).lstrip("-"), str(given).startswith("-")
    if name not in index.known:
        raise _bad(f"There was a problem with the request: property '{name}' does not exist")
    kind, column = index.known[name]["type"], index.column(name)
    keys = {row: key for row in rows if (key := to_key(kind, column[row])) is not None}
    there = sorted(keys, key=keys.__getitem__, reverse=down)
    return there + [row for row in rows if row not in keys]


def _bad(message: str) -> Refused:
    return Refused(400, message)
