"""Field histories: one row for each tracked field that a save changed, and one for the creation.

A lookup makes two rows, one with the names and one with the ids. What a record was created with is
not in its history. Kept for 24 months (object reference and limits of field history, checked Nov
2026).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from sandbox.vendors.salesforce_columns import Column, Value, stamps
from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_store import Table
from sandbox.vendors.salesforce_world import (
    ADMIN,
    INTEGRATION,
    RECYCLE_BIN,
    STAGES,
    TYPES,
    happened,
    table_of,
)
from sandbox.world.model import World

KEPT = timedelta(days=730)
OF_DEALS = 5 * 10**12  # numbers of histories of opportunities: they share a prefix with accounts'
PER_RECORD = 10_000
OF_CLIENTS = {"Account": 10**14, "Opportunity": 2 * 10**14}  # of what was written through the API
# The fields with tracking switched on, by object, and which histories hold them.
TRACKED: dict[str, tuple[str, ...]] = {
    "Account": (
        "OwnerId",
        "ParentId",
        "Type",
        "ARR__c",
        "Renewal_Date__c",
        "Segment__c",
        "CSM_Pulse__c",
        "CSM_Pulse_Reason__c",
    ),
    "Opportunity": ("StageName", "Amount", "CloseDate", "OwnerId"),
}
HISTORY_OF = {"Account": "AccountHistory", "Opportunity": "OpportunityFieldHistory"}
# Column of accounts: the field that shows it, and who sets it.
SHOWN = {
    "owner_no": ("Owner", ADMIN),
    "segment": ("Segment__c", ADMIN),
    "parent_no": ("Parent", ADMIN),
    "lifecycle": ("Type", ADMIN),
    "arr": ("ARR__c", INTEGRATION),
    "renewal_date": ("Renewal_Date__c", INTEGRATION),
}
DATA_TYPES = {"Owner": "EntityId", "Parent": "EntityId", "ARR__c": "Currency"} | {
    "Renewal_Date__c": "DateOnly",
    "CSM_Pulse__c": "Double",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a history. at: the stamp; of: the record's number in the world."""

    of: int
    at: str
    field: str
    old: Value
    new: Value
    author: str


def account_history(world: World, now: datetime) -> Table:
    accounts = happened(world["accounts"], now)
    accounts = accounts[~(accounts["archived_at"] < now.replace(tzinfo=None) - RECYCLE_BIN)]
    born = dict(zip(accounts["account_no"], stamps(accounts["created_at"]), strict=True))
    changes = [_creation(int(number), str(at)) for number, at in born.items()]
    changes += [
        change
        for change in (*_of_accounts(world, now), *_of_pulses(world, now))
        if change.of in born and change.at > str(born[change.of])
    ]
    return _table("AccountHistory", ("AccountId", "001"), changes, now)


def opportunity_history(world: World, now: datetime) -> Table:
    deals = happened(world["deals"], now)
    changes = []
    for deal, born, closed in zip(
        deals.to_dict("records"),
        stamps(deals["created_at"]),
        stamps(deals["closed_at"]),
        strict=True,
    ):
        number = int(deal["deal_no"])
        changes.append(_creation(number, str(born)))
        if closed is not None and deal["stage"] in STAGES:
            was = "Renewal Upcoming" if deal["kind"] == "renewal" else "Negotiation/Review"
            became = STAGES[str(deal["stage"])]
            changes.append(Change(number, str(closed), "StageName", was, became, ADMIN))
    return _table("OpportunityFieldHistory", ("OpportunityId", "006"), changes, now)


def _creation(number: int, at: str) -> Change:
    return Change(number, at, "created", None, None, INTEGRATION)


def _of_accounts(world: World, now: datetime) -> Iterator[Change]:
    """What the world's account_changes say, each with the value before it."""
    frame = happened(world["account_changes"], now, "at").sort_values("at", kind="stable")
    named = _owner_names(world)
    held: dict[tuple[int, str], Any] = {}
    for number, attribute, value, at in zip(
        frame["account_no"], frame["attribute"], frame["value"], stamps(frame["at"]), strict=True
    ):
        field, author = SHOWN[attribute]
        key = (int(number), attribute)
        for show in _shown(attribute, world, named):
            yield Change(key[0], str(at), field, show(held.get(key)), show(value), author)
        held[key] = value


def _shown(
    attribute: str, world: World, owners: dict[str, str]
) -> tuple[Callable[[Any], Value], ...]:
    """How a history writes a value; twice for lookups."""
    match attribute:
        case "owner_no":
            return (lambda value: owners.get(_whole(value))), _as_id("005")
        case "parent_no":
            return (lambda value: _name(world, value)), _as_id("001")
        case "lifecycle":
            return ((lambda value: TYPES.get(value, value)),)
        case "arr":
            return ((lambda value: None if pd.isna(value) else float(value)),)
        case "renewal_date":
            return ((lambda value: None if pd.isna(value) else str(value)[:10]),)
    return ((lambda value: None if pd.isna(value) else str(value)),)


def _as_id(prefix: str) -> Callable[[Any], Value]:
    return lambda value: None if pd.isna(value) else record_id(prefix, int(float(value)))


def _whole(value: Any) -> str:  # noqa: ANN401
    return "" if pd.isna(value) else str(int(float(value)))


def _owner_names(world: World) -> dict[str, str]:
    owners = world["owners"]
    names = owners["first_name"] + " " + owners["last_name"]
    return {str(int(number)): name for number, name in zip(owners["owner_no"], names, strict=True)}


def _name(world: World, account_no: Any) -> Value:  # noqa: ANN401
    if pd.isna(account_no):
        return None
    accounts = world["accounts"]
    names = accounts["name"][accounts["account_no"] == int(float(account_no))]
    return None if names.empty else str(names.iloc[0])


def _of_pulses(world: World, now: datetime) -> Iterator[Change]:
    """What CSMs said, and what they had said before."""
    frame = happened(world["pulses"], now, "set_at").sort_values("set_at", kind="stable")
    held: dict[int, tuple[Value, Value]] = {}
    for number, value, reason, at in zip(
        frame["account_no"], frame["value"], frame["reason"], stamps(frame["set_at"]), strict=True
    ):
        said = (float(value), None if pd.isna(reason) else str(reason))
        before = held.get(int(number), (None, None))
        for field, old, new in zip(
            ("CSM_Pulse__c", "CSM_Pulse_Reason__c"), before, said, strict=True
        ):
            if old != new:
                yield Change(int(number), str(at), field, old, new, ADMIN)
        held[int(number)] = said


def _table(name: str, parent: tuple[str, str], changes: list[Change], now: datetime) -> Table:
    """Ids are made of the record and the change's place in its history, which never moves."""
    field, prefix = parent
    oldest = (now - KEPT).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    start = OF_DEALS if name == HISTORY_OF["Opportunity"] else 0
    placed: dict[int, int] = defaultdict(int)
    columns: dict[str, Column] = {
        key: []
        for key in (
            "Id",
            field,
            "CreatedById",
            "CreatedDate",
            "Field",
            "DataType",
            "OldValue",
            "NewValue",
        )
    }
    for change in sorted(changes, key=lambda one: one.at):
        place = placed[change.of]
        placed[change.of] += 1
        if change.at < oldest:
            continue
        row = (
            record_id("017", start + change.of * PER_RECORD + place),
            record_id(prefix, change.of),
            change.author,
            change.at,
            change.field,
            DATA_TYPES.get(change.field, "Text"),
            change.old,
            change.new,
        )
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    return table_of(name, columns)


MAKERS: dict[str, Callable[[World, datetime], Table]] = {
    HISTORY_OF["Account"]: account_history,
    HISTORY_OF["Opportunity"]: opportunity_history,
}
