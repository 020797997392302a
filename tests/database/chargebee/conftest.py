"""Chargebee's records, landed for real, and the facts that are made of them."""

from datetime import UTC, date, datetime
from itertools import count

import pytest
from sqlalchemy import text

from include.settings import ROOT, load_settings
from include.vendor_settings import Chargebee
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.records import epoch

AS_OF = date(2026, 3, 31)
RUNS = count(1)
KEYS = ("cf_hubspot_company_id", "tier", "id")
CHARGEBEE = Chargebee(vendor="chargebee", name="chargebee", connection="c", account_keys=KEYS)


def customer(customer_id="c1", **changes):
    known = {"company": "Kite", "created_at": epoch("2025-01-01"), "deleted": False}
    return {"id": customer_id, **known, **changes}


def subscription(subscription_id="s1", *, seats=10, amount=10_000, items=None, **changes):
    plan = {"item_price_id": "pro", "item_type": "plan", "quantity": seats, "amount": amount}
    return {
        "id": subscription_id, "customer_id": "c1", "status": "active", "currency_code": "EUR",
        "billing_period": 1, "billing_period_unit": "month", "started_at": epoch("2025-01-01"),
        "created_at": epoch("2024-12-31"), "current_term_end": epoch("2026-04-01"),
        "subscription_items": [plan] if items is None else items,
        "updated_at": epoch("2026-03-20"), **changes,
    }  # fmt: skip


def line(**changes):
    return {
        "entity_type": "plan_item_price", "quantity": 10, "amount": 10_000,
        "date_from": epoch("2026-02-01"), "date_to": epoch("2026-03-01"), "subscription_id": "s1",
        **changes,
    }  # fmt: skip


def invoice(invoice_id="i1", *, lines=None, **changes):
    return {
        "id": invoice_id, "customer_id": "c1", "subscription_id": "s1", "status": "paid",
        "currency_code": "EUR", "total": 10_000, "amount_due": 0, "amount_paid": 10_000,
        "write_off_amount": 0, "date": epoch("2026-02-01"), "due_date": epoch("2026-02-15"),
        "paid_at": epoch("2026-02-10"), "line_items": [line()] if lines is None else lines,
        "linked_payments": [{"txn_id": "t1"}], "updated_at": epoch("2026-02-10"), **changes,
    }  # fmt: skip


def transaction(transaction_id="t1", **changes):
    return {
        "id": transaction_id, "customer_id": "c1", "type": "payment", "status": "success",
        "date": epoch("2026-02-10"), "amount": 10_000, "currency_code": "EUR",
        "linked_invoices": [{"invoice_id": "i1", "applied_amount": 10_000}], **changes,
    }  # fmt: skip


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def settings():
    """As health.yaml says, and a Chargebee site beside."""
    plain = load_settings(ROOT / "health.yaml")
    return plain.model_copy(update={"sources": (*plain.sources, CHARGEBEE)})


@pytest.fixture
def billed(store, settings):
    """Land records of Chargebee and make facts of them: billed(customers=[…]) and look."""

    class Billed:
        def __call__(self, **streams):
            run = f"run-{next(RUNS)}"
            for stream, records in streams.items():
                land(store, run_id=run, as_of=AS_OF, source="chargebee", vendor="chargebee",
                     stream=stream, pages=[Page(records)])  # fmt: skip
            conform(store, settings)

        def rows(self, table, *columns):
            with store.connect() as connection:
                found = connection.execute(
                    text(f"select {', '.join(columns)} from core.{table} order by 1, 2")
                )
                return [tuple(row) for row in found]

        def sold(self, **changes):
            self(subscriptions=[subscription(**changes)])
            ((*values,),) = self.rows(
                "subscription", "status", "seats", "amount_minor", "months",
                "started_at", "ended_at", "canceled_at", "period_end", "paused_at",
            )  # fmt: skip
            names = ("status", "seats", "amount", "months", "started", "ended", "canceled")
            return dict(zip((*names, "period_end", "paused"), values, strict=True))

        def invoiced(self, **changes):
            self(invoices=[invoice(**changes)])
            names = (
                "status", "amount_due_minor", "amount_remaining_minor", "seats", "paid_at",
                "closed_at", "due_at", "recurring_minor", "attempts", "dunning", "subscription_id",
                "period_start",
            )  # fmt: skip
            ((*values,),) = self.rows("invoice", *names)
            return dict(zip(names, values, strict=True))

    return Billed()
