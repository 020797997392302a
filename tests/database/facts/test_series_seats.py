"""Paid seats by day: what was said when, by invoices and by the subscription itself."""

import pytest
from sqlalchemy import text

from .conftest import company, customer, invoice, subscription

LINKED = {
    "companies": [company("100")],
    "customers": [customer("cus_1", hubspot_company_id="100")],
}


def without_quantity(**said):
    """A metered price: the vendor says no number of seats."""
    record = subscription(**said)
    record["items"]["data"][0].pop("quantity")
    return record


@pytest.fixture
def seen(store):
    """Say when what arrived last was seen, in place of now: seen("2026-01-02")."""

    def date_back(day):
        with store.begin() as connection:
            connection.execute(
                text(
                    "update core.subscription_seats set seen_at = :day"
                    " where seen_at > now() - interval '1 day'"
                ),
                {"day": f"{day}T12:00:00Z"},
            )

    return date_back


def test_seats_that_are_sold_later_leave_earlier_days_alone(conformed, seen, roll, series):
    """Ten when we looked first, which counts from the start; fifty since the second of March."""
    conformed(**LINKED, subscriptions=[subscription(start="2025-01-01", seats=10)])
    seen("2025-02-01")
    conformed(subscriptions=[subscription(start="2025-01-01", seats=50)])
    seen("2026-03-02")
    roll()
    assert series("seats") == {"2025-01-01": 10, "2026-03-02": 40}
    assert series("seats_unknown") == {}


def test_what_the_first_invoice_bills_leaves_the_trial_before_it_alone(
    conformed, seen, roll, series
):
    conformed(**LINKED, subscriptions=[subscription(start="2026-01-01", seats=5)])
    seen("2026-01-02")
    conformed(
        subscriptions=[subscription(start="2026-01-01", seats=50)],
        invoices=[invoice(created="2026-02-01", seats=50)],
    )
    roll()
    assert series("seats") == {"2026-01-01": 5, "2026-02-01": 45}


def test_before_an_invoice_that_nothing_was_seen_before_seats_are_unknown(conformed, series):
    conformed(
        **LINKED,
        subscriptions=[subscription(start="2026-01-01", seats=50)],
        invoices=[invoice(created="2026-02-01", seats=40)],
    )
    assert series("seats") == {"2026-02-01": 40}
    assert series("seats_unknown") == {"2026-01-01": 1, "2026-02-01": -1}


def test_seats_that_nobody_says_are_unknown_until_the_subscription_ends(conformed, roll, series):
    conformed(
        **LINKED,
        subscriptions=[
            subscription("sub_1", seats=10, start="2026-01-01"),
            without_quantity(
                subscription_id="sub_2", start="2026-02-01", ended="2026-03-01", status="canceled"
            ),
        ],
    )
    roll()
    assert series("seats") == {"2026-01-01": 10}
    assert series("seats_unknown") == {"2026-02-01": 1, "2026-03-01": -1}


def test_a_subscription_that_ended_before_it_began_never_had_seats(conformed, roll, series):
    conformed(
        **LINKED,
        subscriptions=[subscription(start="2026-02-01", ended="2026-01-01", status="canceled")],
    )
    roll()
    assert series("seats") == series("seats_unknown") == {}
