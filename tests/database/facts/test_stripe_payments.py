"""Payments of Stripe as facts: what went through, what failed and why, what went back."""

import pytest
from sqlalchemy import text

from tests.database.records import epoch

from .conftest import company, customer, invoice, subscription


def part(part_id, *, on="2026-03-01", status="paid", amount=4_000, invoice="in_1", intent="pi_1"):
    return {
        "id": part_id, "invoice": invoice, "currency": "usd", "status": status,
        "amount_paid": amount if status == "paid" else None, "created": epoch("2026-02-15"),
        "payment": {"type": "payment_intent", "payment_intent": intent},
        "status_transitions": {"paid_at": epoch(on) if status == "paid" else None},
    }  # fmt: skip


def charge(charge_id, *, status="failed", on="2026-02-16", intent="pi_1", currency="usd"):
    return {
        "id": charge_id, "customer": "cus_1", "payment_intent": intent, "amount": 10_000,
        "currency": currency, "status": status, "created": epoch(on),
        "failure_code": "card_declined", "outcome": {"reason": "insufficient_funds"},
    }  # fmt: skip


def refund(refund_id, *, status="succeeded", on="2026-03-10"):
    return {
        "id": refund_id, "payment_intent": "pi_1", "amount": 500, "currency": "usd",
        "status": status, "created": epoch(on),
    }  # fmt: skip


@pytest.fixture
def payments(store):
    """The payments there are: id, status, invoice, amount, day."""

    def read():
        with store.connect() as connection:
            rows = connection.execute(
                text(
                    "select payment_id, status, invoice_id, amount_minor, occurred_at::date::text"
                    " from core.payment order by 1"
                )
            )
            return [tuple(row) for row in rows]

    return read


def test_each_attempt_is_one_payment_by_how_it_ended(conformed, payments):
    conformed(
        invoice_payments=[part("inpay_1"), part("inpay_2", status="open")],
        charges=[charge("ch_1"), charge("ch_2", status="succeeded", on="2026-03-01")],
        refunds=[refund("re_1"), refund("re_2", status="failed")],
    )
    assert payments() == [
        ("ch_1", "failed", "in_1", 10_000, "2026-02-16"),
        ("inpay_1", "succeeded", "in_1", 4_000, "2026-03-01"),
        ("re_1", "refunded", "in_1", 500, "2026-03-10"),
    ]


def test_a_charge_that_came_before_its_invoice_payment_finds_its_invoice_later(conformed, payments):
    conformed(charges=[charge("ch_1")])
    assert payments() == [("ch_1", "failed", None, 10_000, "2026-02-16")]
    conformed(invoice_payments=[part("inpay_1", status="canceled")])
    assert payments() == [("ch_1", "failed", "in_1", 10_000, "2026-02-16")]


def test_a_payment_that_was_undone_leaves(conformed, payments):
    conformed(invoice_payments=[part("inpay_1")], refunds=[refund("re_1", status="pending")])
    assert [row[1] for row in payments()] == ["succeeded", "pending"]
    conformed(invoice_payments=[part("inpay_1", status="canceled")],
              refunds=[refund("re_1", status="canceled")])  # fmt: skip
    assert payments() == []


def test_amounts_are_in_minor_units_of_iso_4217(conformed, payments):
    conformed(charges=[charge("ch_1", currency="mga")])  # Stripe sends whole ariary
    assert payments()[0][3] == 1_000_000


def test_failed_charges_of_an_invoice_reach_its_account(conformed, roll, series):
    """Requirement 002-17."""
    conformed(
        companies=[company("100")],
        customers=[customer("cus_1")],
        subscriptions=[subscription(hubspot_company_id="100")],
        invoices=[invoice("in_1", paid="2026-03-01", status="paid")],
        charges=[charge("ch_1"), charge("ch_2", on="2026-02-19")],
        invoice_payments=[part("inpay_1", amount=10_000)],
    )
    roll()
    assert series("payments_failed") == {"2026-02-16": 1, "2026-02-19": 1}
    assert series("payments_made") == {"2026-03-01": 1}
    assert series("invoices_failing") == {"2026-02-16": 1, "2026-03-01": -1}


@pytest.mark.parametrize(
    ("more", "dunning"),
    [
        ({"attempt_count": 0}, None),
        ({"attempt_count": 2, "next_payment_attempt": epoch("2026-03-01")}, "in_progress"),
        ({"attempt_count": 4}, "exhausted"),
        ({"attempt_count": 4, "status": "uncollectible"}, "exhausted"),
        ({"attempt_count": 2, "status": "void"}, "stopped"),
        ({"attempt_count": 2, "status": "paid"}, "success"),
        ({"attempt_count": 1, "status": "paid"}, None),
        ({"attempt_count": 2, "collection_method": "send_invoice"}, None),
    ],
)
def test_dunning_is_how_collecting_an_invoice_stands(conformed, store, more, dunning):
    conformed(invoices=[invoice("in_1") | {"collection_method": "charge_automatically"} | more])
    with store.connect() as connection:
        row = connection.execute(text("select attempts, dunning from core.invoice")).one()
    assert tuple(row) == (more["attempt_count"], dunning)
