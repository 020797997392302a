"""Records as vendors send them, landed for real, and the settings they are read with."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import MetaData, Table, text
from sqlalchemy.dialects.postgresql import insert

from include.settings import ROOT, load_settings
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from include.warehouse.rollup import WINDOWS, roll_up, statement_binds
from include.warehouse.series_check import check_series
from tests.database.records import epoch

AS_OF = date(2026, 3, 31)
VENDORS = {"hubspot", "zendesk", "stripe", "posthog"}
RUNS = count(1)


def company(crm_id="100", *, archived=False, created="2025-01-01T00:00:00Z", **properties):
    entered = {"name": f"Company {crm_id}", "lifecyclestage": "customer", **properties}
    return {"id": crm_id, "properties": entered, "createdAt": created, "archived": archived}


def meeting(touch_id, company_id="100", *, on="2026-03-10T10:00:00Z", kind="Business review",
            outcome="COMPLETED"):  # fmt: skip
    properties = {
        "hs_activity_type": kind, "hs_meeting_start_time": on, "hs_meeting_outcome": outcome,
    }  # fmt: skip
    return {"id": touch_id, "properties": properties, "company_id": company_id, "archived": False}


def customer(customer_id="cus_1", *, email=None, created="2025-01-01", **metadata):
    return {"id": customer_id, "email": email, "metadata": metadata, "created": epoch(created)}


def subscription(subscription_id="sub_1", *, customer="cus_1", seats=10, start="2025-01-01",
                 ended=None, status="active", **metadata):  # fmt: skip
    price = {"unit_amount": 1000, "recurring": {"interval": "month", "interval_count": 1}}
    item = {"quantity": seats, "price": price, "current_period_end": epoch("2026-04-01")}
    return {
        "id": subscription_id, "customer": customer, "status": status, "currency": "usd",
        "start_date": epoch(start), "ended_at": epoch(ended) if ended else None,
        "metadata": metadata, "items": {"data": [item]},
    }  # fmt: skip


def invoice(invoice_id="in_1", *, customer="cus_1", subscription="sub_1", created="2026-02-01",
            due="2026-02-15", paid=None, status="open", seats=10, amount=10_000):  # fmt: skip
    line = {"quantity": seats, "period": {"start": epoch(created), "end": epoch("2027-01-01")}}
    return {
        "id": invoice_id, "customer": customer, "status": status, "currency": "usd",
        "parent": {"subscription_details": {"subscription": subscription}},
        "amount_due": amount, "amount_remaining": 0 if paid else amount,
        "created": epoch(created), "due_date": epoch(due) if due else None,
        "status_transitions": {"paid_at": epoch(paid) if paid else None},
        "lines": {"data": [line]},
    }  # fmt: skip


def organization(organization_id=1, *, external_id=None, domains=(), created="2025-01-01"):
    return {
        "id": organization_id, "name": f"Organization {organization_id}",
        "external_id": external_id, "domain_names": list(domains),
        "created_at": f"{created}T00:00:00Z",
    }  # fmt: skip


def ticket(ticket_id, *, organization_id=1, requester_id=None, created="2026-03-01T09:00:00Z",
           solved=None, status=None, priority="normal"):  # fmt: skip
    return {
        "id": ticket_id, "organization_id": organization_id, "requester_id": requester_id,
        "priority": priority, "status": status or ("solved" if solved else "open"),
        "created_at": created, "updated_at": created, "metric_set": {"solved_at": solved},
    }  # fmt: skip


def usage(day, *, key="100", users=("u1",), features=("f1",), events=5):
    return {
        "account_key": key, "day": day, "events": events, "users": list(users),
        "features": list(features),
    }  # fmt: skip


@pytest.fixture
def settings():
    return load_settings(ROOT / "health.yaml")


@pytest.fixture
def arrive(store):
    """Land records of any streams: arrive(companies=[…], tickets=[…])."""
    sources = {
        "owners": "hubspot", "companies": "hubspot", "contacts": "hubspot", "meetings": "hubspot",
        "deals": "hubspot", "feedback_submissions": "hubspot", "organizations": "zendesk",
        "users": "zendesk", "tickets": "zendesk",
        "satisfaction_ratings": "zendesk", "customers": "stripe", "subscriptions": "stripe",
        "invoices": "stripe", "invoice_payments": "stripe", "charges": "stripe",
        "refunds": "stripe", "usage_day": "posthog",
    }  # fmt: skip

    def land_streams(**streams):
        run = f"run-{next(RUNS)}"
        for stream, records in streams.items():
            key = ("account_key", "day") if stream == "usage_day" else ("id",)
            source = sources[stream]
            land(store, run_id=run, as_of=AS_OF, source=source, vendor=source, stream=stream,
                 pages=[Page(records, key=key)])  # fmt: skip

    return land_streams


@pytest.fixture
def conformed(store, settings, arrive):
    """Land records and turn them into facts and series; returns what conform counted."""

    def run(**streams):
        arrive(**streams)
        counts = conform(store, settings)
        roll_up(store, settings)
        return counts

    return run


@pytest.fixture
def put(store):
    """Write facts as any source may: put("payment", {…}, {…}); rows with a known key replace."""

    def run(fact, *rows):
        with store.begin() as connection:
            table = Table(fact, MetaData(schema="core"), autoload_with=connection)
            for row in rows:
                change = insert(table).values(row)
                key = list(table.primary_key)
                connection.execute(change.on_conflict_do_update(index_elements=key, set_=row))

    return run


@pytest.fixture
def roll(store, settings):
    """Bring the series in line with the facts, which must be what all days at once give."""

    def run():
        roll_up(store, settings)
        with store.begin() as connection:
            binds = statement_binds(settings, WINDOWS)
            checked = list(check_series(connection, binds, accounts=None))
        assert [one for one in checked if one.differences] == []

    return run


@pytest.fixture
def series(store):
    """The rows of one series, by day."""

    def read(name):
        asked = text(
            "select day, value from health.account_day join health.series using (series_id)"
            " where name = :name order by day"
        )
        with store.connect() as connection:
            rows = connection.execute(asked, {"name": name}).all()
        return {row.day.isoformat(): row.value for row in rows}

    return read


@pytest.fixture
def level(series):
    """What a series of changes has come to by the end of a day."""

    def read(name, day):
        return sum(value for changed, value in series(name).items() if changed <= day)

    return read
