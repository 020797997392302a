"""Pauses, ends to come and renewals of Chargebee's subscriptions, in series and outcomes."""

from datetime import date

import pytest
from sqlalchemy import text

from include.warehouse.landing import land
from include.warehouse.page import Page
from include.warehouse.rollup import roll_up
from include.warehouse.terms import settle
from tests.database.chargebee.conftest import (
    AS_OF,
    RUNS,
    customer,
    invoice,
    line,
    subscription,
)
from tests.database.records import epoch

COMPANY = {
    "id": "9", "createdAt": "2024-01-01T00:00:00Z", "archived": False,
    "properties": {"name": "Kite", "lifecyclestage": "customer"},
}  # fmt: skip


def year_of(first, after, invoice_id="i1", **changes):
    """An invoice of a whole year."""
    lines = [line(date_from=epoch(first), date_to=epoch(after), amount=120_000, **changes)]
    return invoice(invoice_id, date=epoch(first), due_date=epoch(first), lines=lines)


def yearly(**changes):
    return subscription(amount=120_000, billing_period_unit="year", **changes)


@pytest.fixture
def told(store, settings, billed):
    """Land a site's records beside one CRM account; then seats by day and outcomes."""

    def run(as_of=AS_OF, **streams):
        land(store, run_id=f"run-{next(RUNS)}", as_of=AS_OF, source="hubspot", vendor="hubspot",
             stream="companies", pages=[Page([COMPANY])])  # fmt: skip
        billed(customers=[customer(cf_hubspot_company_id="9")], **streams)
        roll_up(store, settings)
        settle(store, settings, as_of=as_of)
        with store.connect() as connection:
            seats = connection.execute(
                text(
                    "select day::text, value from health.account_day join health.series"
                    " using (series_id) where name = 'seats' order by day"
                )
            )
            happened = connection.execute(
                text("select kind, occurred_on::text from health.current_outcome order by 2, 1")
            )
            return dict(seats.all()), [tuple(row) for row in happened]

    return run


def test_a_pause_takes_the_seats_away_and_is_no_churn(told):
    paused = {"status": "paused", "pause_date": epoch("2026-03-10")}
    streams = {"invoices": [year_of("2026-01-01", "2027-01-01")]}
    seats, happened = told(subscriptions=[yearly(**paused)], **streams)
    assert seats == {"2026-01-01": 10, "2026-03-10": -10}, "no invoice says those of 2025"
    assert happened == [("renewal", "2026-01-01"), ("contraction", "2026-03-10")]


def test_one_that_goes_on_after_a_pause_has_its_seats_again(told):
    streams = {"invoices": [year_of("2026-01-01", "2027-01-01")]}
    told(subscriptions=[yearly(status="paused", pause_date=epoch("2026-03-10"))], **streams)
    seats, happened = told(subscriptions=[yearly()], **streams)
    assert seats == {"2026-01-01": 10}
    assert happened == [("renewal", "2026-01-01")]


def test_one_that_will_not_renew_is_a_customer_until_its_end(told):
    leaving = {"status": "non_renewing", "cancelled_at": epoch("2026-03-20")}
    leaving |= {"cancel_schedule_created_at": epoch("2026-01-05")}
    assert told(date(2026, 3, 19), subscriptions=[subscription(**leaving)])[1] == []
    ended = leaving | {"status": "cancelled"}
    seats, happened = told(subscriptions=[subscription(**ended)])
    assert seats == {"2025-01-01": 10, "2026-03-20": -10}
    assert happened == [("churn", "2026-03-20")]


def test_one_that_never_started_is_none(told):
    future = subscription(status="future", started_at=None, start_date=epoch("2026-03-01"))
    assert told(subscriptions=[future]) == ({}, [])
