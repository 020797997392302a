"""A sandbox world in Salesforce's words: one maker of a table for each object of the CRM.

Record ids are made of the row's own number (account_no, person_no, deal_no, meeting_no, owner_no),
so they stay when the world grows. They stand nowhere else: support desk and billing of a world know
an account by its HubSpot id, where somebody wrote one down. What leads from here to the other
systems is `Account.Tenant_Key__c` (product analytics' group key, and `tenant_id` in billing's
metadata), the domain in `Account.Website` and the addresses in `Contact.Email`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from sandbox.vendors.salesforce_catalog import KINDS
from sandbox.vendors.salesforce_columns import (
    Column,
    amounts,
    days,
    flags,
    ids,
    numbers,
    stamps,
    texts,
    wholes,
    words,
)
from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_store import Table
from sandbox.world.model import World

ADMIN = record_id("005", 900_000)
INTEGRATION = record_id("005", 900_001)
ORG = record_id("00D", 1)
LOSERS_FROM = 8_000_000  # numbers of accounts that were merged into others
RECYCLE_BIN = timedelta(days=15)
EXPECTED_CLOSE = timedelta(days=90)  # open deals close that long after their creation, they hope
HOME_CURRENCY = "USD"
TYPES = {
    "lead": "Prospect",
    "opportunity": "Prospect",
    "customer": "Customer",
    "other": "Former Customer",
}
DEALS = {"newbusiness": "New Business", "renewal": "Renewal", "expansion": "Expansion"}
STAGES = {"closedwon": "Closed Won", "closedlost": "Closed Lost"}


def happened(frame: pd.DataFrame, now: datetime, column: str = "created_at") -> pd.DataFrame:
    """The rows that exist by now."""
    return frame[~(frame[column] > now.replace(tzinfo=None))]


def table_of(name: str, columns: dict[str, Column]) -> Table:
    """The columns of an object, with who created and changed its records where nobody said."""
    size = len(columns["Id"])
    known = {field.name for field in KINDS[name].fields}
    defaults: dict[str, Column] = {
        "IsDeleted": [False] * size,
        "CreatedById": [INTEGRATION] * size,
        "LastModifiedById": [INTEGRATION] * size,
    }
    filled = {key: column for key, column in defaults.items() if key in known}
    return Table(KINDS[name], {**filled, **columns})


def moved(frame: pd.DataFrame) -> dict[str, Column]:
    """When records were created and last changed; a missing change is the creation."""
    changed = stamps(frame["updated_at"].fillna(frame["created_at"]))
    return {
        "CreatedDate": stamps(frame["created_at"]),
        "LastModifiedDate": changed,
        "SystemModstamp": list(changed),
    }


def owners_of(world: World, account_nos: pd.Series) -> Column:
    """The users who own the accounts, and so what hangs on them; the administrator for nobody's."""
    owners = account_nos.map(world["accounts"].set_index("account_no")["owner_no"])
    return [one or ADMIN for one in ids("005", owners)]


def accounts(world: World, now: datetime) -> Table:
    """Every company, then the ones that were merged into them: deleted, with their winner's id.

    What was deleted longer ago than the recycle bin keeps is gone. Merged ones stay, so that every
    client meets some.
    """
    frame = happened(world["accounts"], now).sort_values("account_no")
    frame = frame[~(frame["archived_at"] < now.replace(tzinfo=None) - RECYCLE_BIN)]
    gone = frame["archived_at"].le(now.replace(tzinfo=None))
    table = table_of(
        "Account",
        {
            "Id": ids("001", frame["account_no"]),
            "Name": texts(frame["name"]),
            "Type": words(frame["lifecycle"], TYPES),
            "ParentId": ids("001", frame["parent_no"]),
            "BillingCountry": texts(frame["country"]),
            "Website": texts(frame["website"]),
            "Industry": texts(frame["industry"]),
            "NumberOfEmployees": wholes(frame["employees"]),
            "OwnerId": [one or ADMIN for one in ids("005", frame["owner_no"])],
            "ARR__c": numbers(frame["arr"]),
            "Renewal_Date__c": days(frame["renewal_date"]),
            "Segment__c": texts(frame["segment"]),
            "Tenant_Key__c": texts(frame["tenant_key"]),
            "CurrencyIsoCode": [HOME_CURRENCY] * len(frame),
            "IsDeleted": flags(gone),
            **moved(frame),
        },
    )
    _set_pulses(table, happened(world["pulses"], now, "set_at"))
    _add_merged(table, frame, f"{world.start.isoformat()}T09:00:00.000+0000")
    return table


def _set_pulses(table: Table, pulses: pd.DataFrame) -> None:
    """What CSMs said last; saying it moved the account's stamps."""
    pulses = pulses.sort_values("set_at", kind="stable")
    said = zip(
        ids("001", pulses["account_no"]),
        numbers(pulses["value"]),
        texts(pulses["reason"]),
        stamps(pulses["set_at"]),
        strict=True,
    )
    for account, value, reason, at in said:
        row = table.rows.get(str(account))
        if row is None:
            continue
        table.put("CSM_Pulse__c", row, value)
        table.put("CSM_Pulse_Reason__c", row, reason)
        for name in ("LastModifiedDate", "SystemModstamp"):
            table.put(name, row, max(str(at), str(table.value(name, row))))


def _add_merged(table: Table, frame: pd.DataFrame, start: str) -> None:
    """Merges took place on the world's first day, or when the winner was made."""
    for number, merged in zip(frame["account_no"], frame["merged_crm_ids"], strict=True):
        winner = table.rows[record_id("001", int(number))]
        at = max(start, str(table.value("CreatedDate", winner)))
        for place in range(len(merged or ())):
            table.append(
                {name: table.value(name, winner) for name in ("Name", "OwnerId", "CreatedDate")}
                | {
                    "Id": record_id("001", LOSERS_FROM + 10 * int(number) + place),
                    "IsDeleted": True,
                    "MasterRecordId": table.value("Id", winner),
                    "CreatedById": INTEGRATION,
                    "LastModifiedById": ADMIN,
                    "CurrencyIsoCode": HOME_CURRENCY,
                    "LastModifiedDate": at,
                    "SystemModstamp": at,
                }
            )
    table.created = 0


def contacts(world: World, now: datetime) -> Table:
    frame = contacts_of(world, now)
    names = zip(texts(frame["first_name"]), texts(frame["last_name"]), strict=True)
    return table_of(
        "Contact",
        {
            "Id": ids("003", frame["person_no"]),
            "AccountId": ids("001", frame["account_no"]),
            "FirstName": texts(frame["first_name"]),
            "LastName": texts(frame["last_name"]),
            "Name": [" ".join(str(part) for part in pair if part) for pair in names],
            "Email": texts(frame["email"]),
            "Title": texts(frame["job_title"]),
            "OwnerId": owners_of(world, frame["account_no"]),
            "HasOptedOutOfEmail": flags(frame["person_no"] % 19 == 0),
            "CurrencyIsoCode": [HOME_CURRENCY] * len(frame),
            **moved(frame),
        },
    )


def contacts_of(world: World, now: datetime) -> pd.DataFrame:
    people = world["people"]
    return happened(people[people["is_contact"]], now).sort_values("person_no")


def opportunities(world: World, now: datetime) -> Table:
    frame = happened(world["deals"], now).sort_values("deal_no")
    closes = frame["closed_at"].fillna(frame["created_at"] + EXPECTED_CLOSE)
    is_open = np.array(frame["stage"] == "open")
    won = flags(frame["stage"] == "closedwon")
    renews = frame["kind"] == "renewal"
    started = pd.Series(np.where(renews, "Renewal Upcoming", "Negotiation/Review"), frame.index)
    return table_of(
        "Opportunity",
        {
            "Id": ids("006", frame["deal_no"]),
            "AccountId": ids("001", frame["account_no"]),
            "Name": texts(frame["name"]),
            "StageName": words(frame["stage"].where(~is_open, started), STAGES),
            "Amount": amounts(frame["amount_minor"], frame["currency"]),
            "Probability": [100.0 if one else 0.0 for one in won],
            "CloseDate": days(closes),
            "Type": words(frame["kind"], DEALS),
            "IsClosed": flags(~is_open),
            "IsWon": won,
            "ForecastCategory": _forecasts(flags(is_open), won),
            "OwnerId": owners_of(world, frame["account_no"]),
            "CurrencyIsoCode": texts(frame["currency"].str.upper()),
            **moved(frame),
        },
    )


def _forecasts(is_open: Column, won: Column) -> Column:
    pairs = zip(is_open, won, strict=True)
    return ["Pipeline" if still else "Closed" if is_won else "Omitted" for still, is_won in pairs]


MAKERS: dict[str, Callable[[World, datetime], Table]] = {
    "Account": accounts,
    "Contact": contacts,
    "Opportunity": opportunities,
}
