"""Records with histories, subscriptions and deals, landed and conformed for real."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import text

from include.settings import ROOT, load_settings
from include.warehouse.conform import conform
from include.warehouse.database import query
from include.warehouse.landing import land
from include.warehouse.page import Page
from include.warehouse.terms import settle
from tests.database.records import epoch

AS_OF = date(2026, 3, 31)
RUNS = count(1)
SOURCES = {
    "companies": "hubspot", "deals": "hubspot", "customers": "stripe", "subscriptions": "stripe",
    "invoices": "stripe",
}  # fmt: skip


def past(*values):
    """A property's history as HubSpot sends it: newest first. values: (moment, value), in order."""
    entries = [
        {"value": value, "timestamp": f"{moment}T00:00:00Z" if len(moment) == 10 else moment}
        for moment, value in values
    ]
    return entries[::-1]


def company(crm_id="100", *, created="2025-01-01T00:00:00Z", history=None, **properties):
    """history: by property; its newest value is also the record's own, unless that is given."""
    newest = {name: entries[0]["value"] for name, entries in (history or {}).items() if entries}
    record = {
        "id": crm_id,
        "properties": {"name": f"Company {crm_id}", **newest, **properties},
        "createdAt": created,
        "archived": False,
    }
    return record | ({"propertiesWithHistory": history} if history is not None else {})


def customer(customer_id="cus_1", *, crm_id="100"):
    metadata = {"hubspot_company_id": crm_id}
    return {"id": customer_id, "email": None, "metadata": metadata, "created": epoch("2024-01-01")}


def subscription(subscription_id="sub_1", *, customer="cus_1", start="2025-01-01", ended=None,
                 status=None, seats=10, price=1000, interval="month", **more):  # fmt: skip
    price = {"unit_amount": price, "recurring": {"interval": interval, "interval_count": 1}}
    return {
        "id": subscription_id, "customer": customer, "currency": "usd", "metadata": {},
        "status": status or ("canceled" if ended else "active"), "start_date": epoch(start),
        "ended_at": epoch(ended), "items": {"data": [{"quantity": seats, "price": price}]},
        **{name: epoch(value) for name, value in more.items()},
    }  # fmt: skip


def invoice(invoice_id="in_1", *, subscription="sub_1", start, end, amount, seats=10,
            status="paid", proration=False, currency="usd"):  # fmt: skip
    line = {
        "quantity": seats, "amount": amount, "period": {"start": epoch(start), "end": epoch(end)},
        "parent": {"subscription_item_details": {"proration": proration}},
    }  # fmt: skip
    return {
        "id": invoice_id, "customer": "cus_1", "status": status, "currency": currency,
        "parent": {"subscription_details": {"subscription": subscription}},
        "amount_due": amount, "amount_remaining": 0, "created": epoch(start),
        "due_date": epoch(start), "status_transitions": {"paid_at": epoch(start)},
        "lines": {"data": [line]},
    }  # fmt: skip


def deal(deal_id, *, kind="renewal", won=None, lost=None, amount="1200", company_id="100"):
    properties = {
        "dealtype": kind, "amount": amount, "deal_currency_code": "USD", "dealstage": "x",
        "hs_is_closed_won": "true" if won else "false",
        "hs_is_closed_lost": "true" if lost else "false", "closedate": won or lost,
    }  # fmt: skip
    return {
        "id": deal_id, "properties": properties, "company_id": company_id,
        "createdAt": "2025-01-01T00:00:00Z", "archived": False,
    }  # fmt: skip


@pytest.fixture
def settings():
    return load_settings(ROOT / "health.yaml")


@pytest.fixture
def arrive(store, settings):
    """Land records and conform them: arrive(companies=[…], subscriptions=[…]); returns counts."""

    def run(changed=None, **streams):
        run_id = f"run-{next(RUNS)}"
        for stream, records in streams.items():
            source = SOURCES[stream]
            land(store, run_id=run_id, as_of=AS_OF, source=source, vendor=source, stream=stream,
                 pages=[Page(records)])  # fmt: skip
        return conform(store, changed or settings)

    return run


@pytest.fixture
def rows(store):
    """The rows of a statement file, or of plain SQL, as tuples of text-like values."""

    def read(statement, **binds):
        ready = query(statement) if "/" in statement and " " not in statement else text(statement)
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(ready, binds)]

    return read


@pytest.fixture
def values(rows):
    """An attribute of a record: (from, to, value, origin), days as text, None for no end."""

    def read(attribute, crm_id="100"):
        return rows(
            "select (valid_from at time zone 'UTC')::date::text, "
            "(valid_to at time zone 'UTC')::date::text, value, origin "
            "from core.account_attribute join core.account using (account_id) "
            "where attribute = :attribute and source_account_id = :crm_id order by valid_from",
            attribute=attribute, crm_id=crm_id,
        )  # fmt: skip

    return read


@pytest.fixture
def terms(rows):
    """Days of customers: (record, term, first, last, first of the term), days as text.

    last: None where it is the last day that was asked for.
    """

    def read(first_day="2000-01-01", last_day="2100-01-01"):
        binds = {
            "first_account": 1, "last_account": 999, "first_day": first_day, "last_day": last_day,
        }  # fmt: skip
        ids = dict(rows("select account_id, source_account_id from core.account"))
        begun = rows("select account_id, first_day, term_no from core.term")
        numbers = {(account, first): number for account, first, number in begun}
        found = [
            (account, numbers[account, begins], str(first), str(last), str(begins))
            for account, begins, first, last in rows("terms/on_days", **binds)
        ]
        return [
            (ids[account], number, first, None if last == last_day else last, begins)
            for account, number, first, last, begins in sorted(found)
        ]

    return read


@pytest.fixture
def outcomes(store, settings, rows):
    """Settle up to a day and list what counts then: (day, kind, before, after, conflict)."""

    def read(as_of="2026-12-31"):
        settle(store, settings, as_of=date.fromisoformat(as_of))
        found = rows(
            "select occurred_on::text, kind, amount_before, amount_after, conflict "
            "from health.current_outcome order by occurred_on, kind"
        )
        return [
            (day, kind, *(amount if amount is None else float(amount) for amount in amounts), said)
            for day, kind, *amounts, said in found
        ]

    return read
