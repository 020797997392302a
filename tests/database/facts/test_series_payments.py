"""Payments by their days: failed attempts, invoices in dunning, part payments of an overdue one."""

import pytest

from tests.database.records import epoch

from .conftest import company, customer, invoice, subscription

LINKED = {
    "companies": [company("100")],
    "customers": [customer("cus_1", hubspot_company_id="100")],
    "subscriptions": [subscription()],
}


def payment(payment_id, on, *, status="succeeded", amount=4_000, invoice="in_1", **more):
    return {
        "source": "stripe", "payment_id": payment_id, "customer_id": "cus_1",
        "invoice_id": invoice, "status": status, "amount_minor": amount, "currency": "usd",
        "occurred_at": f"{on}T12:00:00Z", **more,
    }  # fmt: skip


@pytest.fixture
def paid(conformed, put, roll):
    """Invoices as Stripe sends them, and payments as facts, in series."""

    def run(*invoices, payments=()):
        conformed(**LINKED, invoices=list(invoices))
        put("payment", *payments)
        roll()

    return run


def test_attempts_count_on_their_days_by_how_they_ended(paid, series):
    """Requirement 002-17."""
    paid(
        invoice(),
        payments=[
            payment("1", "2026-03-01", status="failed"),
            payment("2", "2026-03-01", status="failed"),
            payment("3", "2026-03-04"),
            payment("4", "2026-03-05", status="refunded"),
            payment("5", "2026-03-06", status="pending"),
            payment("6", "2026-03-07", invoice=None, status="failed"),
        ],
    )
    assert series("payments_failed") == {"2026-03-01": 2, "2026-03-07": 1}
    assert series("payments_made") == {"2026-03-04": 1}
    assert series("payments_refunded") == {"2026-03-05": 1}


def test_an_invoice_fails_from_its_first_failed_attempt_until_it_is_settled(paid, series):
    paid(
        invoice("in_1", paid="2026-03-09", status="paid"),
        invoice("in_2"),
        invoice("in_3", paid="2026-03-04", status="paid"),
        payments=[
            payment("1", "2026-03-01", status="failed"),
            payment("2", "2026-03-04", status="failed"),
            payment("3", "2026-03-05", status="failed", invoice="in_2"),
            payment("4", "2026-03-04", status="failed", invoice="in_3"),  # paid that day
        ],
    )
    assert series("invoices_failing") == {"2026-03-01": 1, "2026-03-05": 1, "2026-03-09": -1}


def test_a_part_payment_takes_from_what_is_overdue_from_its_day(paid, series):
    """Requirement 002-17: 100.00 due on 15 February, 40.00 of it paid in time, 25.00 late."""
    paid(
        invoice(due="2026-02-15", amount=10_000) | {"amount_remaining": 3_500},
        payments=[
            payment("1", "2026-02-16", amount=4_000),
            payment("2", "2026-03-01", amount=2_500),
            payment("3", "2026-03-02", amount=2_500, currency="eur"),  # of another currency
            payment("4", "2026-03-03", amount=2_500, status="failed"),
        ],
    )
    assert series("amount_overdue") == {"2026-02-17": 60, "2026-03-01": -25}
    assert series("amount_paid") == {"2026-02-16": 40, "2026-03-01": 25}
    assert series("amount_due") == {"2026-02-15": 100}


def test_what_is_settled_is_overdue_no_more_whatever_was_paid_before(paid, series):
    paid(
        invoice(due="2026-02-15", amount=10_000, paid="2026-03-05", status="paid"),
        payments=[
            payment("1", "2026-03-01", amount=4_000),
            payment("2", "2026-03-05", amount=6_000),
        ],
    )
    assert series("amount_overdue") == {
        "2026-02-17": 100, "2026-03-01": -40, "2026-03-05": -60,
    }  # fmt: skip
    assert series("amount_paid") == {"2026-03-01": 40, "2026-03-05": 60}


def test_payments_beyond_what_was_paid_count_no_more_than_that(paid, series):
    paid(
        invoice(due="2026-02-15", amount=10_000) | {"amount_remaining": 7_000},
        payments=[payment("1", "2026-03-01", amount=4_000)],
    )
    assert series("amount_overdue") == {"2026-02-17": 100, "2026-03-01": -30}


def test_a_later_payment_does_not_move_the_days_before_it(paid, series, put, roll):
    paid(invoice(due="2026-02-15", amount=10_000))
    before = {day: value for day, value in series("amount_overdue").items() if day < "2026-03-20"}
    assert before == {"2026-02-17": 100}
    put("payment", payment("1", "2026-03-20", status="failed"))
    roll()
    assert series("amount_overdue") == before
    assert series("invoices_failing") == {"2026-03-20": 1}


def test_an_earlier_payment_takes_from_what_those_after_it_may_bring(paid, series, put, roll):
    """Whether it arrives late or moves: of 100.00 due, 50.00 were paid."""
    paid(
        invoice(due="2026-02-15", amount=10_000) | {"amount_remaining": 5_000},
        payments=[payment("2", "2026-03-10", amount=5_000)],
    )
    assert series("amount_overdue") == {"2026-02-17": 100, "2026-03-10": -50}
    put("payment", payment("1", "2026-03-01", amount=3_000))
    roll()
    assert series("amount_overdue") == {"2026-02-17": 100, "2026-03-01": -30, "2026-03-10": -20}
    put("payment", payment("1", "2026-03-20", amount=3_000))
    roll()
    assert series("amount_overdue") == {"2026-02-17": 100, "2026-03-10": -50}


def test_what_came_between_giving_up_and_being_paid_counts_on_its_day(paid, series, put, roll):
    paid(
        invoice(due="2026-02-15", amount=10_000, paid="2026-03-20", status="paid")
        | {"status_transitions": {
            "marked_uncollectible_at": epoch("2026-03-01"), "paid_at": epoch("2026-03-20"),
        }}
    )  # fmt: skip
    assert series("amount_paid") == {"2026-03-20": 100}
    put("payment", payment("1", "2026-03-10"))
    roll()
    assert series("amount_paid") == {"2026-03-10": 40, "2026-03-20": 60}
    assert series("amount_overdue") == {"2026-02-17": 100, "2026-03-01": -100}


def test_a_payment_without_a_value_leaves_the_amount_unknown_on_its_day(paid, series):
    paid(
        invoice(due="2026-02-15", amount=10_000) | {"currency": "thb", "amount_remaining": 6_000},
        payments=[payment("1", "2026-03-01", currency="thb")],
    )
    assert series("amount_paid") == series("amount_overdue") == {}
    assert series("paid_unvalued") == {"2026-03-01": 1}
    assert series("overdue_unvalued") == {"2026-02-17": 1}
