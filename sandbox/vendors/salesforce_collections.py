"""sObject Collections: up to 200 records in one call, each with an answer of its own, in order.

The status is 200 even where every record failed; only a body that cannot be understood, or a field
that does not exist, fails the call (REST API developer guide and issue threads, checked Nov 2026).
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sandbox.vendors.salesforce_fields import Kind
from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply, malformed_json, not_found
from sandbox.vendors.salesforce_ids import to_18
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_records import external_field
from sandbox.vendors.salesforce_soql_scope import Scope
from sandbox.vendors.salesforce_soql_select import nothing_below, to_shape
from sandbox.vendors.salesforce_soql_syntax import Path
from sandbox.vendors.salesforce_values import RowError, to_stored
from sandbox.vendors.salesforce_write import (
    WHOLE_CALL,
    Change,
    Outcome,
    checked,
    delete,
    refused,
    row_of,
    write,
)

MOST_ROWS, MOST_RUNS = 200, 10
Check = Callable[[Json], Change]
ROLLED_BACK = RowError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone "
    "header",
)


def update(org: Org, call: Call) -> Reply:
    """By id: PATCH /composite/sobjects."""
    seen: set[str] = set()

    def check(row: Json) -> Change:
        kind, one = _kind(org, row), _id(row)
        if one is None:
            raise RowError("MISSING_ARGUMENT", "Id not specified in an update call", "Id")
        change = checked(org, kind, one, row)
        return _once(seen, change.id, change, "Id")

    return _each(org, call, check)


def create(org: Org, call: Call) -> Reply:
    def check(row: Json) -> Change:
        if _id(row) is not None:
            message = "cannot specify Id in an insert call"
            raise RowError("INVALID_FIELD_FOR_INSERT_UPDATE", message, "Id")
        return checked(org, _kind(org, row), None, row)

    return _each(org, call, check)


def upsert(org: Org, call: Call) -> Reply:
    """By external id, records of one object: PATCH /composite/sobjects/{object}/{field}."""
    kind = org.kind(call.path["object"])
    if kind is None:
        raise not_found()
    field = external_field(org, kind, call.path["field"])
    seen: set[str] = set()

    def check(row: Json) -> Change:
        values = {name.lower(): value for name, value in row.items()}
        key = values.get(field.name.lower())
        change = upsert_one(org, kind, field.name, row)
        return _once(seen, str(key).casefold() if key else None, change, field.name)

    return _each(org, call, check, tells_created=True)


def upsert_one(org: Org, kind: Kind, name: str, row: Mapping[str, object]) -> Change:
    """The change that an upsert makes: to the record with this value, or a new one."""
    field = external_field(org, kind, name)
    key = next((value for given, value in row.items() if given.lower() == name.lower()), None)
    if field.type == "id":
        return checked(org, kind, str(key) if key else None, row)
    if key in (None, ""):
        raise RowError("MISSING_ARGUMENT", f"{field.name} not specified", field.name)
    holders = org.store[kind.name].find(field.name, to_stored(field, key))
    if len(holders) > 1:
        message = f"{field.name}: more than one record found for external id field"
        raise RowError("DUPLICATE_EXTERNAL_ID", message, field.name)
    one = str(org.store[kind.name].value("Id", holders[0])) if holders else None
    return checked(org, kind, one, row)


def remove(org: Org, call: Call) -> Reply:
    """DELETE /composite/sobjects?ids=a,b."""
    ids = [one for one in call.query.get("ids", "").split(",") if one]
    _check_count(len(ids))
    return Reply(body=[_shown(_removed(org, one)) for one in ids])


def _removed(org: Org, one: str) -> Outcome:
    kind = next((kind for kind in org.kinds.values() if one.startswith(kind.prefix)), None)
    if kind is None or not kind.writes:
        return Outcome(error=RowError("MALFORMED_ID", f"malformed id {one}", "Id"))
    table = org.store[kind.name]
    try:
        own = str(table.value("Id", row_of(table, one)))
        delete(org, kind, [own])
    except RowError as error:
        return Outcome(error=error)
    return Outcome(own)


def retrieve(org: Org, call: Call) -> Reply:
    """Records by their ids, in their order; null for one that is not there."""
    kind = org.kind(call.path["object"])
    if kind is None:
        raise not_found()
    if call.method == "POST":
        body = call.fields()
        ids, names = body.get("ids", []), body.get("fields", [])
    else:
        ids, names = (call.query.get(key, "").split(",") for key in ("ids", "fields"))
    scope = Scope(org, kind, "")
    paths = [Path(tuple(str(name).split(".")), 0) for name in dict.fromkeys(["Id", *names])]
    show = to_shape(scope, paths, nothing_below, call.data)
    rows = [scope.table.rows.get(to_18(str(one)) or "") for one in ids]
    there = (row if row is not None and not scope.table.is_deleted(row) else None for row in rows)
    return Reply(body=[None if row is None else show(row) for row in there])


def _each(org: Org, call: Call, check: Check, *, tells_created: bool = False) -> Reply:
    body = call.fields()
    rows = body.get("records")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise malformed_json("records must be an array of objects")
    _check_count(len(rows))
    _check_runs(rows)
    outcomes = carry_out(org, rows, check, all_or_none=bool(body.get("allOrNone")))
    return Reply(body=[_shown(one, tells_created=tells_created) for one in outcomes])


def carry_out(
    org: Org, rows: Sequence[Json], check: Check, *, all_or_none: bool = False
) -> list[Outcome]:
    """Write what is good. A value that no field could take, or an unknown field, fails the call."""
    found: list[Change | RowError] = []
    for row in rows:
        try:
            found.append(check(row))
        except RowError as error:
            if error.code in WHOLE_CALL:
                raise refused(error) from error
            found.append(error)
    failed = [one for one in found if isinstance(one, RowError)]
    if all_or_none and failed:
        errors = [one if isinstance(one, RowError) else ROLLED_BACK for one in found]
        return [Outcome(error=error) for error in errors]
    written = iter(write(org, [one for one in found if isinstance(one, Change)]))
    return [Outcome(error=one) if isinstance(one, RowError) else next(written) for one in found]


def _shown(outcome: Outcome, *, tells_created: bool = False) -> Json:
    if outcome.error is not None:
        return {"success": False, "errors": [outcome.error.body()]}
    shown: Json = {"id": outcome.id, "success": True, "errors": []}
    return shown | ({"created": outcome.created} if tells_created else {})


def _kind(org: Org, row: Json) -> Kind:
    attributes = row.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    kind = org.kind(name) if isinstance(name, str) else None
    if kind is None or not kind.writes:
        message = f"sObject type '{name}' is not supported."
        raise Refused(400, "INVALID_TYPE", message)
    return kind


def _id(row: Json) -> str | None:
    given: Any = next((value for name, value in row.items() if name.lower() == "id"), None)
    return None if given is None else str(given)


def _once(seen: set[str], key: str | None, change: Change, name: str) -> Change:
    """The same record twice in a call is an error of the second."""
    if key is not None and key in seen:
        message = f"duplicate value found: {name} duplicates value on record with id: {change.id}"
        raise RowError("DUPLICATE_VALUE", message, name)
    seen.update([key] if key else [])
    return change


def _check_count(count: int) -> None:
    if count > MOST_ROWS:
        message = f"record limit reached. cannot submit more than {MOST_ROWS} records with this API"
        raise Refused(400, "LIMIT_EXCEEDED", message)


def _check_runs(rows: Sequence[Json]) -> None:
    """Records of several objects stand in at most ten runs of one object each."""
    types = [str((row.get("attributes") or {}).get("type")).lower() for row in rows]
    if sum(left != right for left, right in pairwise(types)) + 1 > MOST_RUNS:
        message = f"cannot have more than {MOST_RUNS} chunks of different types"
        raise Refused(400, "LIMIT_EXCEEDED", message)
