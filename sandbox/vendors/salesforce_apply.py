"""Carrying out what the journal keeps: the same when a client writes and when an org is rebuilt."""

from typing import Any

from sandbox.vendors.salesforce_columns import Value
from sandbox.vendors.salesforce_histories import DATA_TYPES, HISTORY_OF, OF_CLIENTS, TRACKED
from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_store import Store, Table
from sandbox.vendors.salesforce_world import INTEGRATION

Entry = dict[str, Any]
CLOSED = ("Closed Won", "Closed Lost")


def apply(store: Store, table: Table, entry: Entry) -> None:
    """Entries about records that are not there come from a journal kept with another world."""
    if entry["op"] == "delete":
        for one in entry["ids"]:
            _delete(table, one, entry["at"])
        return
    for written in entry["rows"]:
        row = table.rows.get(written["id"])
        if row is None and written["new"]:
            _create(store, table, written, entry["at"])
        elif row is not None:
            _update(store, table, row, written["values"], entry["at"])


def _delete(table: Table, one: str, at: str) -> None:
    row = table.rows.get(one)
    if row is None:
        return
    if "IsDeleted" not in table.columns:
        table.remove(row)
        return
    table.put("IsDeleted", row, value=True)
    _stamp(table, row, at)


def _create(store: Store, table: Table, written: dict[str, Any], at: str) -> None:
    known = {field.name for field in table.kind.fields}
    flags = {field.name: False for field in table.kind.fields if field.type == "boolean"}
    system = {"CreatedDate": at, "CreatedById": INTEGRATION, "LastModifiedById": INTEGRATION} | {
        "LastModifiedDate": at,
        "SystemModstamp": at,
        "OwnerId": INTEGRATION,
    }
    base = {name: value for name, value in system.items() if name in known}
    row = table.append({**flags, **base, **written["values"], "Id": written["id"]})
    _derive(store, table, row)
    if table.kind.name in HISTORY_OF:
        _remember(store, table, row, at, ("created", None, None))


def _update(store: Store, table: Table, row: int, values: dict[str, Value], at: str) -> None:
    tracked = TRACKED.get(table.kind.name, ())
    for name, value in values.items():
        before = table.value(name, row)
        table.put(name, row, value)
        if name in tracked and value != before:
            _remember(store, table, row, at, (name, before, value))
    _derive(store, table, row)
    _stamp(table, row, at)


def _stamp(table: Table, row: int, at: str) -> None:
    """Any write moves the stamps, also one that changes nothing; a world may know a later one."""
    for name in ("LastModifiedDate", "SystemModstamp"):
        if name in table.columns:
            table.put(name, row, max(at, str(table.value(name, row) or at)))
    if "LastModifiedById" in table.columns:
        table.put("LastModifiedById", row, INTEGRATION)


def _remember(
    store: Store, table: Table, row: int, at: str, change: tuple[str, Value, Value]
) -> None:
    """A row of the object's history; lookups get one with the names and one with the ids."""
    name, old, new = change
    history = store[HISTORY_OF[table.kind.name]]
    field = next((one for one in table.kind.fields if one.name == name), None)
    is_lookup = field is not None and field.relationship is not None
    label = name.removesuffix("Id") if is_lookup else name
    pairs = [(old, new)]
    if is_lookup and field is not None:
        parent = store[field.refers[0]]
        pairs.insert(0, (_name_of(parent, old), _name_of(parent, new)))
    for was, became in pairs:
        history.append(
            {
                "Id": record_id("017", OF_CLIENTS[table.kind.name] + history.created),
                f"{table.kind.name}Id": table.value("Id", row),
                "IsDeleted": False,
                "CreatedById": INTEGRATION,
                "CreatedDate": at,
                "Field": label,
                "DataType": DATA_TYPES.get(label, "Text"),
                "OldValue": was,
                "NewValue": became,
            }
        )


def _name_of(parent: Table, one: Value) -> Value:
    row = parent.rows.get(str(one))
    return None if row is None else parent.value("Name", row)


def _derive(store: Store, table: Table, row: int) -> None:
    """What Salesforce itself fills in from what was written."""
    match table.kind.name:
        case "Contact":
            parts = (table.value("FirstName", row), table.value("LastName", row))
            table.put("Name", row, " ".join(str(part) for part in parts if part))
        case "Opportunity":
            stage = str(table.value("StageName", row))
            table.put("IsClosed", row, stage in CLOSED)
            table.put("IsWon", row, stage == CLOSED[0])
        case "Task" | "Event":
            _derive_activity(store, table, row)


def _derive_activity(store: Store, table: Table, row: int) -> None:
    what = str(table.value("WhatId", row))
    account: Value = what if what.startswith("001") else None
    if what.startswith("006") and what in store["Opportunity"].rows:
        deals = store["Opportunity"]
        account = deals.value("AccountId", deals.rows[what])
    table.put("AccountId", row, account)
    if table.kind.name == "Task":
        is_closed = table.value("Status", row) == "Completed"
        done_at = table.value("CompletedDateTime", row) or table.value("SystemModstamp", row)
        table.put("IsClosed", row, is_closed)
        table.put("CompletedDateTime", row, done_at if is_closed else None)
