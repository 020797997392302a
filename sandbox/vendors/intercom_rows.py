"""A world's tables as Intercom's records see them: epoch seconds, Intercom's ids, indexes.

Organisations are companies, people who use the product or write to support are contacts, support
tickets are conversations. Incidents were turned into tickets, which keep the conversation's id.
"""

from collections import defaultdict
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sandbox.world.model import World

Row = dict[str, Any]

AGENTS = (("Asha Lind", "asha"), ("Bo Okafor", "bo"), ("Cleo Marsh", "cleo"))
ADMIN_ID, TEAM_ID, TICKET_TYPE_ID = 991_267_001, 5_017_001, 78
PERSON_SPAN = 1_000
# The third person at a subsidiary works for its parent as well: a contact of two companies.
SHARED_ORDINAL = 3
# What the world calls a ticket's state, in Intercom's words.
STATES = {"new": "open", "open": "open", "pending": "snoozed", "hold": "snoozed"}
PRIORITIES = {None: "none", "low": "low", "normal": "medium", "high": "high", "urgent": "urgent"}
SNOOZE_S = 3 * 86_400


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Plain values: times as epoch seconds, missing as None, whole numbers as int."""
    columns = [_plain(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    missing = column.isna().tolist()
    if column.dtype.kind == "M":
        values = column.to_numpy().astype("datetime64[s]").astype(np.int64).tolist()
    else:
        values = column.tolist()
    return [None if gone else _whole(v) for v, gone in zip(values, missing, strict=True)]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def object_id(created_at: int, number: int) -> str:
    """24 hexadecimal digits that begin with the time, as Intercom's ids do."""
    return f"{created_at:08x}{number:016x}"


class Workspace:
    """The records of one world as of `now`, in the order of their ids; made when first asked for.

    Companies and attributes can change afterwards (`intercom_writes`); all else is only read.
    """

    def __init__(self, world: World, now: datetime) -> None:
        self._world = world
        self._now = int(now.timestamp())
        self.started_at = int(pd.Timestamp(world.start, tz="UTC").timestamp())

    @cached_property
    def companies(self) -> dict[str, Row]:
        """By Intercom's id; those that were deleted are not here."""
        accounts = {row["account_no"]: row for row in rows_of(self._world["accounts"])}
        rows = rows_of(self._world["organizations"].sort_values("organization_no"))
        return {
            company["id"]: company
            for row in rows
            if row["deleted_at"] is None and row["created_at"] <= self._now
            for company in [_company(row, accounts.get(row["account_no"], {}))]
        }

    @cached_property
    def contacts(self) -> list[Row]:
        askers: dict[Any, int] = {}
        for row in sorted(self._tickets, key=lambda row: row["created_at"]):
            askers[row["requester_no"]] = row["created_at"]
        homes, parents = self._homes, self._parents
        contacts = []
        for row in rows_of(self._world["people"].sort_values("person_no")):
            asked_at = askers.get(row["person_no"])
            is_known = row["is_user"] or row["is_requester"] or asked_at is not None
            if is_known and row["created_at"] <= self._now:
                companies = [homes.get(row["account_no"])]
                if row["person_no"] % PERSON_SPAN == SHARED_ORDINAL:
                    companies.append(homes.get(parents.get(row["account_no"])))
                contacts.append(_contact(row, asked_at, [one for one in companies if one]))
        return sorted(contacts, key=lambda row: row["id"])

    @cached_property
    def contact_by_id(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.contacts}

    @cached_property
    def contacts_of(self) -> dict[str, list[Row]]:
        """By the company's id. A company that nobody belongs to shows in no list of companies."""
        found = defaultdict(list)
        for row in self.contacts:
            for company_id in row["company_ids"]:
                found[company_id].append(row)
        return found

    @cached_property
    def conversations(self) -> list[Row]:
        people = {row["person_no"]: row for row in self.contacts}
        homes = {row["organization_no"]: row["id"] for row in self.companies.values()}
        ratings = {row["ticket_no"]: row for row in self._ratings}
        return [
            _conversation(
                row,
                people.get(row["requester_no"]),
                homes.get(row["organization_no"]),
                ratings.get(row["ticket_no"]),
            )
            for row in self._tickets
            if row["status"] != "deleted"
        ]

    @cached_property
    def conversation_by_id(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.conversations}

    @cached_property
    def tickets(self) -> list[Row]:
        return [row for row in self.conversations if row["is_ticket"]]

    @cached_property
    def deleted(self) -> list[Row]:
        """Deleted conversations, the newest deletion first."""
        gone = [row for row in self._tickets if row["status"] == "deleted"]
        return sorted(gone, key=lambda row: (-row["updated_at"], row["ticket_no"]))

    @cached_property
    def segments(self) -> list[Row]:
        names = sorted({row["segment"] for row in self.companies.values()} - {None})
        return [
            {"id": object_id(self.started_at, place), "name": name, "person_type": "user"}
            for place, name in enumerate(names, start=1)
        ]

    def has_users(self, company: Row) -> bool:
        """In a world without people, whoever wrote to support was somebody."""
        return bool(self.contacts_of.get(company["id"])) or company["id"] in self._named

    @cached_property
    def _named(self) -> set[str | None]:
        """Companies with conversations of unnamed people."""
        return {row["company_id"] for row in self.conversations if row["contact_id"] is None}

    @cached_property
    def _tickets(self) -> list[Row]:
        rows = rows_of(self._world["tickets"].sort_values("ticket_no"))
        return [row for row in rows if row["created_at"] <= self._now]

    @cached_property
    def _ratings(self) -> list[Row]:
        rows = rows_of(self._world["ratings"].sort_values("rating_no"))
        return [row for row in rows if row["created_at"] <= self._now]

    @cached_property
    def _homes(self) -> dict[Any, str]:
        """The first company of each account."""
        homes: dict[Any, str] = {}
        for row in self.companies.values():
            homes.setdefault(row["account_no"], row["id"])
        homes.pop(None, None)
        return homes

    @cached_property
    def _parents(self) -> dict[Any, Any]:
        rows = rows_of(self._world["accounts"][["account_no", "parent_no"]])
        return {row["account_no"]: row["parent_no"] for row in rows}


def _company(row: Row, account: Row) -> Row:
    """`company_id` is the product's own key where there is one, else what somebody wrote."""
    key = account.get("tenant_key") or row["external_id"] or f"org-{row['organization_no']}"
    domains = list(row["domains"] or ())
    return {
        "id": object_id(row["created_at"], row["organization_no"]),
        "organization_no": row["organization_no"],
        "account_no": row["account_no"],
        "company_id": key,
        "name": row["name"],
        "website": f"https://www.{domains[0]}/" if domains else None,
        "size": account.get("employees"),
        "industry": account.get("industry"),
        "plan": None,
        "monthly_spend": int((account.get("arr") or 0) / 12),
        "segment": account.get("segment"),
        "custom_attributes": {"crm_id": row["external_id"]} if row["external_id"] else {},
        "remote_created_at": row["created_at"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def _contact(row: Row, asked_at: int | None, company_ids: list[str]) -> Row:
    """A contact changes when it is first seen and when it writes."""
    names = [part for part in (row["first_name"], row["last_name"]) if part]
    return {
        "id": object_id(row["created_at"], row["person_no"]),
        "person_no": row["person_no"],
        "external_id": str(row["person_no"]) if row["is_user"] else None,
        "role": "user" if row["is_user"] else "lead",
        "email": row["email"],
        "name": " ".join(names) or None,
        "created_at": row["created_at"],
        "updated_at": max(row["updated_at"], row["created_at"], asked_at or 0),
        "last_replied_at": asked_at,
        "company_ids": list(dict.fromkeys(company_ids)),
    }


def _conversation(row: Row, contact: Row | None, home: str | None, rating: Row | None) -> Row:
    """Names its company where the contact does not tell it, for every second at least."""
    is_open = row["status"] in STATES
    companies = contact["company_ids"] if contact else []
    is_told = contact is None or (len(companies) > 1 and row["ticket_no"] % 2 == 0)
    changed_at = [row["updated_at"], row["created_at"], rating["updated_at"] if rating else 0]
    return row | {
        "id": str(row["ticket_no"]),
        "state": STATES.get(row["status"], "closed"),
        "open": is_open,
        "priority": PRIORITIES[row["priority"]],
        "updated_at": max(changed_at),
        "snoozed_until": row["updated_at"] + SNOOZE_S
        if STATES.get(row["status"]) == "snoozed"
        else None,
        "waiting_since": row["created_at"] if row["status"] == "new" else None,
        "admin_id": ADMIN_ID + row["ticket_no"] % len(AGENTS),
        "contact": contact,
        "contact_id": contact["id"] if contact else None,
        "company_id": home if is_told else None,
        "is_ticket": row["type"] == "incident",
        "rating": rating,
    }
