"""One record at a time: read, create, change, delete, by its id or by an external id.

Vendor facts: REST API developer guide on sObject rows, checked Nov 2026.
"""

from sandbox.vendors.salesforce_describe import known_kind
from sandbox.vendors.salesforce_fields import Field, Kind
from sandbox.vendors.salesforce_http import Call, Refused, Reply, not_found
from sandbox.vendors.salesforce_ids import to_18
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_soql_scope import Scope
from sandbox.vendors.salesforce_soql_select import nothing_below, to_shape
from sandbox.vendors.salesforce_soql_syntax import Path
from sandbox.vendors.salesforce_values import RowError, to_stored
from sandbox.vendors.salesforce_write import checked, delete, refused, write


def get(org: Org, call: Call) -> Reply:
    kind = known_kind(org, call)
    return _shown(org, call, kind, _row(org, kind, call.path["id"]))


def get_by_external_id(org: Org, call: Call) -> Reply:
    kind = known_kind(org, call)
    rows = _rows_with(org, kind, call)
    if not rows:
        raise not_found()
    if len(rows) > 1:
        return _several(org, call, kind, rows)
    return _shown(org, call, kind, rows[0])


def create(org: Org, call: Call) -> Reply:
    kind = _writable(org, call)
    try:
        (outcome,) = write(org, [checked(org, kind, None, call.fields())])
    except RowError as error:
        raise refused(error) from error
    return Reply(201, {"id": outcome.id, "success": True, "errors": []})


def update(org: Org, call: Call) -> Reply:
    """204 with nothing in it."""
    kind = _writable(org, call)
    _row(org, kind, call.path["id"])
    _save(org, kind, call.path["id"], call)
    return Reply(204)


def upsert(org: Org, call: Call) -> Reply:
    """By external id: 200 for a change, 201 for a new record, 300 where two records have it."""
    kind = _writable(org, call)
    rows = _rows_with(org, kind, call)
    if len(rows) > 1:
        return _several(org, call, kind, rows)
    field = external_field(org, kind, call.path["field"])
    table = org.store[kind.name]
    one = str(table.value("Id", rows[0])) if rows else None
    more = {} if rows or field.type == "id" else {field.name: call.path["value"]}
    saved = _save(org, kind, one, call, more)
    return Reply(
        200 if rows else 201, {"id": saved, "success": True, "errors": [], "created": not rows}
    )


def remove(org: Org, call: Call) -> Reply:
    kind = _writable(org, call)
    row = _row(org, kind, call.path["id"])
    delete(org, kind, [str(org.store[kind.name].value("Id", row))])
    return Reply(204)


def external_field(org: Org, kind: Kind, name: str) -> Field:
    """A field that tells records apart: the id, or one that is marked as an external id."""
    field = org.fields(kind).get(name.lower())
    if field is None or not (field.external_id or field.type == "id"):
        message = "Provided external ID field does not exist or is not accessible: " + name
        raise not_found(message)
    return field


def _save(
    org: Org, kind: Kind, one: str | None, call: Call, more: dict[str, str] | None = None
) -> str | None:
    given = call.fields()
    if "id" in {name.lower() for name in given}:
        message = "The Id field should not be specified in the sobject data."
        raise Refused(400, "INVALID_FIELD", message)
    try:
        (outcome,) = write(org, [checked(org, kind, one, {**given, **(more or {})})])
    except RowError as error:
        raise refused(error) from error
    return outcome.id


def _writable(org: Org, call: Call) -> Kind:
    kind = known_kind(org, call)
    if not kind.writes:
        message = f"entity type {kind.name} does not support DML"
        raise Refused(400, "INVALID_TYPE_FOR_OPERATION", message)
    return kind


def _row(org: Org, kind: Kind, given: str) -> int:
    """404 for an id that is not there, and for one of a deleted record, each in its own words."""
    table = org.store[kind.name]
    one = to_18(given)
    row = table.rows.get(one) if one else None
    if row is None:
        raise not_found()
    if table.is_deleted(row):
        raise Refused(404, "ENTITY_IS_DELETED", "entity is deleted", fields=[])
    return row


def _rows_with(org: Org, kind: Kind, call: Call) -> list[int]:
    field = external_field(org, kind, call.path["field"])
    try:
        wanted = to_stored(field, call.path["value"])
    except RowError:
        return []
    return org.store[kind.name].find(field.name, wanted)


def _several(org: Org, call: Call, kind: Kind, rows: list[int]) -> Reply:
    """The addresses of the records that a value could mean."""
    table = org.store[kind.name]
    found = [f"{call.data}/sobjects/{kind.name}/{table.value('Id', row)}" for row in rows]
    return Reply(300, found)


def _shown(org: Org, call: Call, kind: Kind, row: int) -> Reply:
    """All fields, or those that `fields` names."""
    scope = Scope(org, kind, "")
    asked = [name.strip() for name in call.query.get("fields", "").split(",") if name.strip()]
    names = asked or [field.name for field in scope.every()]
    for name in asked:
        if "." not in name and name.lower() not in org.fields(kind):
            message = f"No such column '{name}' on sobject of type {kind.name}"
            raise Refused(400, "INVALID_FIELD", message)
    paths = [Path(tuple(name.split(".")), 0) for name in names]
    return Reply(body=to_shape(scope, paths, nothing_below, call.data)(row))
