"""Writing records: check one after the other, note what is good in the journal, then apply it.

Vendor facts: REST API developer guide on sObject rows and collections, checked Nov 2026.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.vendors.salesforce_columns import Value
from sandbox.vendors.salesforce_fields import Field, Kind
from sandbox.vendors.salesforce_http import Json, Refused
from sandbox.vendors.salesforce_ids import to_18
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_store import Table
from sandbox.vendors.salesforce_values import WRONG_TYPE, RowError, to_stored

# Fields of which no two records may have the same values, beside those that are unique alone.
TOGETHER: dict[str, tuple[str, ...]] = {
    "PermissionSet": ("Name",),
    "PermissionSetAssignment": ("PermissionSetId", "AssigneeId"),
    "FieldPermissions": ("ParentId", "Field"),
}
WHOLE_CALL = (WRONG_TYPE, "INVALID_FIELD")


@dataclass(frozen=True, slots=True)
class Change:
    """One checked record; `id` None: a record to create."""

    kind: Kind
    id: str | None
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record: an id, or an error."""

    id: str | None = None
    created: bool = False
    error: RowError | None = None


def checked(org: Org, kind: Kind, one: str | None, given: Mapping[str, object]) -> Change:
    """A change to a record, or a new one. RowError says what is wrong with it."""
    table = org.store[kind.name]
    row = None if one is None else row_of(table, one)
    known = org.fields(kind)
    values: dict[str, Value] = {}
    for name, value in given.items():
        if name.lower() in ("attributes", "id"):
            continue
        field = writable(kind, known, name, creating=row is None)
        values[field.name] = to_stored(field, value)
        check_reference(org, field, values[field.name])
    if row is None:
        check_required(kind, values)
    check_alone(table, known, row, values)
    check_permission(org, kind, values)
    own_id = None if row is None else str(table.value("Id", row))
    check_lock(org, own_id)
    return Change(kind, own_id, values)


def row_of(table: Table, given: str) -> int:
    """The record's row. RowError where the id is none, of another object, unknown or deleted."""
    one = to_18(given)
    if one is None or not one.startswith(table.kind.prefix):
        message = f"{table.kind.label} ID: id value of incorrect type: {given}"
        raise RowError("MALFORMED_ID", message, "Id")
    row = table.rows.get(one)
    if row is None:
        raise RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    if table.is_deleted(row):
        raise RowError("ENTITY_IS_DELETED", "entity is deleted")
    return row


def writable(kind: Kind, known: Mapping[str, Field], name: str, *, creating: bool) -> Field:
    field = known.get(name.lower())
    if field is None:
        raise RowError("INVALID_FIELD", f"No such column '{name}' on sobject of type {kind.name}")
    if not (field.createable if creating else field.updateable):
        message = (
            f"Unable to create/update fields: {field.name}. Please check the security settings of "
            "this field and verify that it is read/write for your profile or permission set."
        )
        raise RowError("INVALID_FIELD_FOR_INSERT_UPDATE", message, field.name)
    return field


def check_reference(org: Org, field: Field, value: Value) -> None:
    """A lookup leads to a record that is there, where the sandbox has such objects."""
    if field.type != "reference" or value is None:
        return
    kinds = [kind for name in field.refers if (kind := org.kind(name))]
    tables = [org.store[kind.name] for kind in kinds if str(value).startswith(kind.prefix)]
    if kinds and not tables:
        label = field.label or field.name
        raise RowError("MALFORMED_ID", f"{label}: id value of incorrect type: {value}", field.name)
    for table in tables:
        row = table.rows.get(str(value))
        if row is None:
            raise RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if table.is_deleted(row):
            raise RowError("ENTITY_IS_DELETED", "entity is deleted")


def check_required(kind: Kind, values: Mapping[str, Value]) -> None:
    """Of a new record; what the org fills in by itself may be left out."""
    missing = [
        field.name
        for field in kind.fields
        if field.required
        and field.createable
        and field.type != "boolean"
        and field.name != "OwnerId"
        and values.get(field.name) is None
    ]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise RowError("REQUIRED_FIELD_MISSING", message, *missing)


def check_alone(
    table: Table, known: Mapping[str, Field], row: int | None, values: Mapping[str, Value]
) -> None:
    """No other record has the value of a unique field."""
    for name, value in values.items():
        if not known[name.lower()].unique or value is None:
            continue
        for holder in table.find(name, value):
            if holder != row:
                held = table.value("Id", holder)
                message = (
                    f"duplicate value found: {name} duplicates value on record with id: {held}"
                )
                raise RowError("DUPLICATE_VALUE", message)
    together = TOGETHER.get(table.kind.name, ())
    if row is None and together and all(name in values for name in together):
        holders = [set(table.find(name, values[name])) for name in together]
        if set.intersection(*holders):
            message = (
                "duplicate value found: <unknown> duplicates value on record with id: <unknown>"
            )
            raise RowError("DUPLICATE_VALUE", message)


def check_permission(org: Org, kind: Kind, values: Mapping[str, Value]) -> None:
    """Field permissions are about a custom field that exists and is not required."""
    if kind.name != "FieldPermissions" or "Field" not in values:
        return
    field = next((one for one in org.created if one.full_name == values["Field"]), None)
    own = str(values["Field"]).partition(".")
    standard = org.kind(own[0])
    exists = field is not None or (
        standard is not None and any(one.name == own[2] for one in standard.fields)
    )
    if not exists:
        message = f"Field Name: bad value for restricted picklist field: {values['Field']}"
        raise RowError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, "Field")
    if field is not None and field.field.required:
        message = f"You cannot deploy to a required field: {field.full_name}"
        raise RowError("FIELD_INTEGRITY_EXCEPTION", message, "Field")
    if values.get("PermissionsEdit") and not values.get("PermissionsRead"):
        message = "Edit permission needs read permission"
        raise RowError("FIELD_INTEGRITY_EXCEPTION", message, "PermissionsEdit")


def check_lock(org: Org, one: str | None) -> None:
    """Somebody else is writing to the record, as often as the settings say."""
    if one is None or not org.locks.get(one):
        return
    org.locks[one] -= 1
    message = f"unable to obtain exclusive access to this record or 1 records: {one}"
    raise RowError("UNABLE_TO_LOCK_ROW", message)


def write(org: Org, changes: Sequence[Change]) -> list[Outcome]:
    """Carry out checked changes in their order; new records get their ids here."""
    by_kind: dict[str, list[Json]] = {}
    outcomes = []
    for change in changes:
        rows = by_kind.setdefault(change.kind.name, [])
        ahead = sum(1 for row in rows if row["new"])
        one = change.id or org.store[change.kind.name].next_id(ahead)
        rows.append({"id": one, "new": change.id is None, "values": change.values})
        outcomes.append(Outcome(one, created=change.id is None))
    for name, rows in by_kind.items():
        org.commit({"op": "write", "type": name, "at": org.now(), "rows": rows})
    return outcomes


def delete(org: Org, kind: Kind, ids: Sequence[str]) -> None:
    org.commit({"op": "delete", "type": kind.name, "at": org.now(), "ids": list(ids)})


def refused(error: RowError) -> Refused:
    """The same refusal where a request is about one record."""
    status = 404 if error.code == "ENTITY_IS_DELETED" else 400
    fields = None if error.code in WHOLE_CALL else error.fields
    return Refused(status, error.code, str(error), fields=fields)
