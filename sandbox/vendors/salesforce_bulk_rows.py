"""What becomes of each row of a bulk load, in either Bulk API.

Vendor facts: Bulk API 2.0 developer guide, checked Nov 2026.
"""

from collections.abc import Mapping, Sequence

from sandbox.vendors.salesforce_collections import upsert_one
from sandbox.vendors.salesforce_fields import Kind
from sandbox.vendors.salesforce_http import Json
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_values import WRONG_TYPE, RowError
from sandbox.vendors.salesforce_write import Change, Outcome, checked, delete, row_of, write

Values = Mapping[str, object]


def tried(org: Org, kind: Kind, job: Json, rows: Sequence[Values]) -> list[Outcome]:
    """What becomes of each row, in order. job: its operation, and the field to upsert by."""
    if job["operation"].lower() in ("delete", "harddelete"):
        return [_deleted(org, kind, values) for values in rows]
    found: list[Change | RowError] = []
    for values in rows:
        try:
            found.append(_checked(org, kind, job, values))
        except RowError as error:
            found.append(error)
    written = iter(write(org, [one for one in found if isinstance(one, Change)]))
    return [Outcome(error=one) if isinstance(one, RowError) else next(written) for one in found]


def _checked(org: Org, kind: Kind, job: Json, values: Values) -> Change:
    operation, one = job["operation"], id_of(values)
    if operation == "upsert":
        return upsert_one(org, kind, job["externalIdFieldName"], values)
    if operation == "update" and not one:
        raise RowError("MISSING_ARGUMENT", "Id not specified in an update call", "Id")
    return checked(org, kind, one if operation == "update" else None, values)


def _deleted(org: Org, kind: Kind, values: Values) -> Outcome:
    try:
        table = org.store[kind.name]
        own = str(table.value("Id", row_of(table, id_of(values) or "")))
    except RowError as error:
        return Outcome(error=error)
    delete(org, kind, [own])
    return Outcome(own)


def id_of(values: Mapping[str, object]) -> str | None:
    given = next((value for name, value in values.items() if name.lower() == "id"), None)
    return None if given is None else str(given)


def told(error: RowError) -> str:
    """Code, message and fields in one cell."""
    code = "INVALID_TYPE_ON_FIELD_IN_RECORD" if error.code == WRONG_TYPE else error.code
    return f"{code}:{error}:{' '.join(error.fields)} --"
