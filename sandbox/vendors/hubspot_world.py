"""A sandbox world in HubSpot's words: one column of text per property.

Who owns what: the CRM id of an account is the company's record id; other record ids are made of
the row's own number, so they stay when the world grows.
"""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sandbox.vendors.hubspot_associations import connect, connect_family
from sandbox.vendors.hubspot_catalog import KINDS, Kind
from sandbox.vendors.hubspot_columns import (
    amounts,
    days,
    flags,
    home_amounts,
    listed,
    numbers,
    offset_ids,
    stamps,
    texts,
)
from sandbox.vendors.hubspot_histories import add_histories
from sandbox.vendors.hubspot_people import PIPELINES, owner_ids, stage_of, to_owners
from sandbox.vendors.hubspot_schema import groups_of, properties_of
from sandbox.vendors.hubspot_store import Column, Store, Table
from sandbox.vendors.hubspot_surveys import SURVEYS_FROM, answers_of
from sandbox.world.model import World

CONTACTS_FROM = 51_000_000_000
DEALS_FROM = 30_000_000_000
MEETINGS_FROM = 60_000_000_000
ARCHIVE_KEPT = timedelta(days=90)
EXPECTED_CLOSE = timedelta(days=90)  # open deals close that long after their creation, they hope
MEETING_TYPES = {
    "review": "Business review",
    "check_in": "Check-in",
    "training": "Training",
    "kickoff": "Kickoff",
}


def to_store(world: World, now: datetime) -> Store:
    """The portal as of `now`: rows created later do not exist yet."""
    tables = {
        "companies": _companies(world, now),
        "contacts": _contacts(world, now),
        "deals": _deals(world, now),
        "meetings": _meetings(world, now),
        "feedback_submissions": answers_of(world, now, CONTACTS_FROM),
    }
    for kind in KINDS.values():
        tables.setdefault(kind.name, Table(kind, [], {}))
    store = Store(
        tables=tables,
        properties={kind.name: properties_of(tables[kind.name]) for kind in KINDS.values()},
        groups={kind.name: groups_of(kind) for kind in KINDS.values()},
        owners=to_owners(world),
        pipelines=PIPELINES,
    )
    _connect(world, store)
    return store


def _companies(world: World, now: datetime) -> Table:
    cut = np.datetime64(now.replace(tzinfo=None) - ARCHIVE_KEPT)
    every = world["accounts"]
    frame = _happened(every[~(every["archived_at"] < cut)], now)
    frame = frame.iloc[np.argsort(frame["crm_id"].astype("int64"), kind="stable")]
    crm_ids = dict(zip(every["account_no"], every["crm_id"], strict=True))
    children = every["parent_no"].value_counts()
    people = world["people"]
    contacts = people[people["is_contact"].astype(bool)]["account_no"].value_counts()
    merged = [listed(ids) for ids in frame["merged_crm_ids"]]
    columns = {
        **{name: texts(frame[name]) for name in ("name", "domain", "website", "country")},
        **{name: texts(frame[name]) for name in ("industry", "segment", "tenant_key")},
        "numberofemployees": numbers(frame["employees"]),
        "arr": numbers(frame["arr"]),
        "renewal_date": days(frame["renewal_date"]),
        "lifecyclestage": texts(frame["lifecycle"]),
        "hubspot_owner_id": owner_ids(frame["owner_no"]),
        "hs_parent_company_id": texts(frame["parent_no"].map(crm_ids)),
        "hs_num_child_companies": numbers(frame["account_no"].map(children).fillna(0)),
        "num_associated_contacts": numbers(frame["account_no"].map(contacts).fillna(0)),
        "hs_merged_object_ids": [";".join(ids) or None for ids in merged],
    }
    table = _table(KINDS["companies"], frame["crm_id"].astype("int64").tolist(), columns)
    _stamp(table, frame)
    for record_id, ids in zip(table.ids, merged, strict=True):
        table.merged_into.update({int(old): record_id for old in ids})
    archived = stamps(frame["archived_at"].where(frame["archived_at"] <= now.replace(tzinfo=None)))
    table.archived_at = {row: at for row, at in enumerate(archived) if at}
    rows = dict(zip(frame["account_no"], range(len(frame)), strict=True))
    add_histories(table, _happened_at(world["account_changes"], now), rows, crm_ids)
    _pulse(world, table, rows, now)
    return table


def _contacts(world: World, now: datetime) -> Table:
    people = world["people"]
    frame = _happened(people[people["is_contact"].astype(bool)], now).sort_values("person_no")
    accounts = world["accounts"].set_index("account_no")
    columns = {
        "email": texts(frame["email"]),
        "firstname": texts(frame["first_name"]),
        "lastname": texts(frame["last_name"]),
        "jobtitle": texts(frame["job_title"]),
        "hs_buying_role": texts(frame["buying_role"].str.upper()),
        "company": texts(frame["account_no"].map(accounts["name"])),
        "associatedcompanyid": texts(frame["account_no"].map(accounts["crm_id"])),
        "lifecyclestage": texts(frame["account_no"].map(accounts["lifecycle"])),
        "hubspot_owner_id": owner_ids(frame["account_no"].map(accounts["owner_no"])),
        "hs_email_optout": flags(frame["person_no"] % 19 == 0),
    }
    table = _table(KINDS["contacts"], offset_ids(frame["person_no"], CONTACTS_FROM), columns)
    _stamp(table, frame)
    return table


def _deals(world: World, now: datetime) -> Table:
    frame = _happened(world["deals"], now).sort_values("deal_no")
    owners = world["accounts"].set_index("account_no")["owner_no"]
    places = [stage_of(*pair) for pair in zip(frame["kind"], frame["stage"], strict=True)]
    closes = frame["closed_at"].fillna(frame["created_at"] + EXPECTED_CLOSE)
    columns = {
        "dealname": texts(frame["name"]),
        "amount": amounts(frame["amount_minor"], frame["currency"]),
        "amount_in_home_currency": home_amounts(frame["amount_minor"], frame["currency"]),
        "deal_currency_code": texts(frame["currency"].str.upper()),
        "pipeline": [pipeline for pipeline, _ in places],
        "dealstage": [stage["id"] for _, stage in places],
        "hs_deal_stage_probability": [stage["metadata"]["probability"] for _, stage in places],
        "hs_is_closed": [stage["metadata"]["isClosed"] for _, stage in places],
        "hs_is_closed_won": flags(frame["stage"] == "closedwon"),
        "hs_is_closed_lost": flags(frame["stage"] == "closedlost"),
        "dealtype": texts(frame["kind"]),
        "closedate": stamps(closes),
        "hubspot_owner_id": owner_ids(frame["account_no"].map(owners)),
    }
    table = _table(KINDS["deals"], offset_ids(frame["deal_no"], DEALS_FROM), columns)
    _stamp(table, frame)
    return table


def _meetings(world: World, now: datetime) -> Table:
    frame = _happened(world["meetings"], now).sort_values("meeting_no")
    owners = world["accounts"].set_index("account_no")["owner_no"]
    columns = {
        "hs_meeting_title": texts(frame["title"]),
        "hs_activity_type": [MEETING_TYPES.get(kind, kind) for kind in texts(frame["kind"])],
        "hs_meeting_start_time": stamps(frame["starts_at"]),
        "hs_meeting_end_time": stamps(frame["ends_at"]),
        "hs_meeting_outcome": texts(frame["outcome"]),
        "hs_timestamp": stamps(frame["starts_at"]),
        "hubspot_owner_id": owner_ids(frame["account_no"].map(owners)),
    }
    table = _table(KINDS["meetings"], offset_ids(frame["meeting_no"], MEETINGS_FROM), columns)
    _stamp(table, frame)
    return table


def _happened_at(changes: pd.DataFrame, now: datetime) -> pd.DataFrame:
    return changes[changes["at"] <= now.replace(tzinfo=None)]


def _happened(frame: pd.DataFrame, now: datetime) -> pd.DataFrame:
    return frame[~(frame["created_at"] > now.replace(tzinfo=None))]


def _table(kind: Kind, ids: list[int], columns: dict[str, Column]) -> Table:
    return Table(kind, ids, {"hs_object_id": [str(one) for one in ids], **columns})


def _stamp(table: Table, frame: pd.DataFrame) -> None:
    """Both times of every record; a missing change time is the creation."""
    table.columns[table.kind.created] = stamps(frame["created_at"])
    changed = frame["updated_at"].fillna(frame["created_at"])
    table.columns[table.kind.modified] = stamps(changed)


def _pulse(world: World, table: Table, rows: dict[Any, int], now: datetime) -> None:
    """The CSM's pulse with its history; setting it moved the company's modified date."""
    pulses = world["pulses"].sort_values("set_at", kind="stable")
    pulses = pulses[pulses["set_at"] <= now.replace(tzinfo=None)]
    values = {
        "csm_pulse": numbers(pulses["value"]),
        "csm_pulse_reason": texts(pulses["reason"]),
    }
    author = {"sourceType": "CRM_UI", "sourceId": "userId:7000001", "updatedByUserId": 7000001}
    for name, texts_set in values.items():
        table.columns[name] = [None] * len(table.ids)
        history = table.history.setdefault(name, {})
        for number, value, at in zip(
            pulses["account_no"], texts_set, stamps(pulses["set_at"]), strict=True
        ):
            row = rows.get(number)
            if row is None or at is None:
                continue
            version = {"value": value or "", "timestamp": at, **author}
            history.setdefault(row, []).insert(0, version)
            table.put(name, row, value)
            latest = table.value(table.kind.modified, row)
            table.put(table.kind.modified, row, max(at, latest or at))


def _connect(world: World, store: Store) -> None:
    crm_ids = world["accounts"].set_index("account_no")["crm_id"].astype("int64")
    for name, key, start in (
        ("people", "person_no", CONTACTS_FROM),
        ("deals", "deal_no", DEALS_FROM),
        ("meetings", "meeting_no", MEETINGS_FROM),
    ):
        frame = world[name].dropna(subset=["account_no"])
        companies = frame["account_no"].map(crm_ids)
        kind = "contacts" if name == "people" else name
        there = set(store.tables[kind].ids)
        for own, company in zip(offset_ids(frame[key], start), companies, strict=True):
            if own in there and not pd.isna(company):
                connect(store, (kind, "companies"), (own, int(company)))
    answers = world["surveys"]
    contacts = offset_ids(answers["person_no"], CONTACTS_FROM)
    there = set(store.tables["feedback_submissions"].ids)
    for own, contact in zip(offset_ids(answers["answer_no"], SURVEYS_FROM), contacts, strict=True):
        if own in there:
            connect(store, ("feedback_submissions", "contacts"), (own, contact))
    family = world["accounts"].dropna(subset=["parent_no"])
    for child, parent in zip(family["crm_id"], family["parent_no"].map(crm_ids), strict=True):
        if not pd.isna(parent):
            connect_family(store, int(parent), int(child))
