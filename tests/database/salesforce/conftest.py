"""Records as Salesforce sends them, landed for real, and settings in which it is the CRM."""

from itertools import count

import pytest
from sqlalchemy import text

from include.settings import parse_settings
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.facts.conftest import AS_OF

RUNS = count(1)
ANN, BEN = "0055a0000000001AAA", "0055a0000000002AAA"
KITE, LARK = "0015a0000000003AAA", "0015a0000000004AAA"
CREATED = "2025-01-01T00:00:00.000+0000"
SETTINGS = """
scorecards: [scorecards/retention.v1.yaml]
crm: {send: false}
sources:
  - name: salesforce
    vendor: salesforce
    connection: salesforce_default
    event_outcome: Outcome__c
    fields:
      arr: ARR__c
      renewal_date: Renewal_Date__c
      segment: Segment__c
      tenant_key: Tenant_Key__c
      pulse: CSM_Pulse__c
      pulse_reason: CSM_Pulse_Reason__c
  - {name: zendesk, vendor: zendesk, connection: zendesk_default}
  - name: stripe
    vendor: stripe
    connection: stripe_default
    account_keys: [salesforce_account_id]
"""


def account(record_id=KITE, *, stamp=CREATED, deleted=False, **fields):
    return {
        "Id": record_id, "Name": "Kite", "OwnerId": ANN, "Type": "Customer",
        "CreatedDate": CREATED, "LastModifiedDate": stamp, "SystemModstamp": stamp,
        "LastModifiedById": BEN, "IsDeleted": deleted, "MasterRecordId": None, "ParentId": None,
        "Website": None, "CurrencyIsoCode": "EUR", "ARR__c": None, "Renewal_Date__c": None,
        "Segment__c": None, "Tenant_Key__c": None, "CSM_Pulse__c": None,
        "CSM_Pulse_Reason__c": None, **fields,
    }  # fmt: skip


HISTORY = count(1)


def change(field, old, new, on, *, record_id=KITE):
    return {
        "Id": f"017{next(HISTORY):012d}AAA", "AccountId": record_id, "Field": field,
        "OldValue": old, "NewValue": new, "CreatedDate": on, "CreatedById": ANN,
    }  # fmt: skip


def event(record_id="00U000000000001AAA", *, deleted=False, **fields):
    return {
        "Id": record_id, "IsDeleted": deleted, "AccountId": KITE, "WhatId": None,
        "Subject": "Talk", "Type": None, "StartDateTime": "2026-03-10T10:00:00.000+0000",
        "IsAllDayEvent": False, "IsRecurrence": False, "Outcome__c": None, **fields,
    }  # fmt: skip


def opportunity(**fields):
    return {
        "Id": "0065a0000000009AAA", "AccountId": KITE, "Type": "Renewal", "Amount": 1500.5,
        "CurrencyIsoCode": "EUR", "IsClosed": False, "IsWon": False, "CloseDate": "2026-03-10",
        "CreatedDate": CREATED, "IsDeleted": False, **fields,
    }  # fmt: skip


def task(record_id="00T000000000001AAA", **fields):
    return {
        "Id": record_id, "IsDeleted": False, "AccountId": KITE, "WhatId": None,
        "Subject": "Cadence call", "IsClosed": True, "ActivityDate": "2026-03-10",
        "CompletedDateTime": None, **fields,
    }  # fmt: skip


def contact(account_id=KITE, *, stamp=CREATED, deleted=False):
    return {
        "Id": "0035a0000000009AAA", "AccountId": account_id, "Email": " Ann@Kite.example ",
        "Title": "CFO", "CreatedDate": CREATED, "SystemModstamp": stamp, "IsDeleted": deleted,
    }  # fmt: skip


def relation(roles, *, stamp=CREATED, **fields):
    return {
        "Id": "07k5a0000000009AAA", "AccountId": KITE, "ContactId": "0035a0000000009AAA",
        "Roles": roles, "IsActive": True, "IsDeleted": False, "CreatedDate": CREATED,
        "SystemModstamp": stamp, **fields,
    }  # fmt: skip


@pytest.fixture
def settings():
    return parse_settings(SETTINGS, where="test.yaml")


@pytest.fixture
def arrive(store, settings):
    """Land records of Salesforce's streams and conform: arrive(accounts=[…], events=[…])."""

    def run(*, settings=settings, **streams):
        for stream, records in streams.items():
            land(
                store, run_id=f"run-{next(RUNS)}", as_of=AS_OF, source="salesforce",
                vendor="salesforce", stream=stream, pages=[Page(records, key=("Id",))],
            )  # fmt: skip
        return conform(store, settings)

    return run


@pytest.fixture
def rows(store):
    """Read rows of the store as tuples."""

    def read(statement, **binds):
        with store.begin() as connection:
            return [tuple(row) for row in connection.execute(text(statement), binds)]

    return read
