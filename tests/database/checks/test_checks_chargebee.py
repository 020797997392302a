"""What of Chargebee is set aside, and that nothing else can keep the facts from being made."""

from itertools import product

import pytest

from include.checks import check_raw
from include.vendor_settings import Chargebee
from include.warehouse.conform import conform
from tests.database.checks.conftest import DAY, EPOCH, changed
from tests.database.checks.test_checks_guard_facts import HOSTILE, NOTHING, paths, spoilt

SOURCE = Chargebee(vendor="chargebee", name="chargebee", connection="c", account_keys=("cf_a", "b"))
LINE = {
    "entity_type": "plan_item_price", "quantity": 40, "quantity_in_decimal": "40",
    "amount": 400000, "amount_in_decimal": "4000.00", "date_from": EPOCH, "date_to": EPOCH,
    "proration_mode": None, "subscription_id": "s1",
}  # fmt: skip
GOOD = {
    "customers": {
        "id": "1", "company": "Kite", "email": "a@kite.example", "created_at": EPOCH,
        "preferred_currency_code": "EUR", "cf_a": "9", "meta_data": {"b": "8"}, "deleted": False,
        "updated_at": EPOCH,
    },
    "subscriptions": {
        "id": "1", "customer_id": "c1", "status": "active", "currency_code": "EUR", "cf_a": "9",
        "billing_period": 1, "billing_period_unit": "year", "started_at": EPOCH,
        "cancelled_at": EPOCH, "cancel_schedule_created_at": EPOCH, "current_term_end": EPOCH,
        "trial_end": EPOCH, "pause_date": EPOCH, "due_invoices_count": 0,
        "contract_term": {"contract_end": EPOCH}, "deleted": False, "updated_at": EPOCH,
        "subscription_items": [
            {"item_type": "plan", "quantity": 40, "quantity_in_decimal": "40", "amount": 400000,
             "amount_in_decimal": "4000.00", "billing_period": 1, "billing_period_unit": "month"}
        ],
    },
    "invoices": {
        "id": "1", "customer_id": "c1", "subscription_id": "s1", "status": "paid",
        "currency_code": "EUR", "total": 400000, "amount_due": 0, "amount_paid": 400000,
        "write_off_amount": 0, "date": EPOCH, "due_date": EPOCH, "paid_at": EPOCH,
        "voided_at": EPOCH, "next_retry_at": EPOCH, "dunning_status": "success",
        "linked_payments": [{"txn_id": "t1"}], "adjustment_credit_notes": [{"cn_date": EPOCH}],
        "line_items": [LINE], "deleted": False, "updated_at": EPOCH,
    },
    "transactions": {
        "id": "1", "customer_id": "c1", "type": "payment", "status": "success", "amount": 400000,
        "currency_code": "EUR", "date": EPOCH, "error_code": None, "deleted": False,
        "error_detail": {"decline_code": "x"}, "updated_at": EPOCH,
        "linked_invoices": [{"invoice_id": "i1", "applied_amount": 400000, "invoice_total": 1}],
    },
}  # fmt: skip
DELETED = "payload ->> 'deleted' = 'true'"
# Where each stream's records end up, and which accepted ones are no such fact by definition.
FACTS = {
    "customers": ("customer", "false"),
    "subscriptions": ("subscription", DELETED),
    "invoices": ("invoice", f"{DELETED} or payload ->> 'status' = 'pending'"),
    "transactions": ("payment", f"{DELETED} or payload ->> 'type' = 'authorization'"),
}


@pytest.fixture
def settings(landing):
    checks = landing.settings.checks.model_copy(update={"max_quarantined_share": 1.0})
    sources = (*landing.settings.sources, SOURCE)
    return landing.settings.model_copy(update={"checks": checks, "sources": sources})


def test_no_single_record_can_keep_the_facts_from_being_made(landing, settings):
    landing.land_sources()
    landing.conform()
    for stream, record in GOOD.items():
        places = [path for path in paths(record) if path != ("id",)]
        records = [
            spoilt(record, path, value) | {"id": f"r{at}"}
            for at, (path, value) in enumerate(product(places, (*HOSTILE, NOTHING)))
        ]
        assert len(records) > 40
        landing.land(f"chargebee.{stream}", [record, *records])
    check_raw(landing.engine, settings, run_no=1, as_of=DAY)
    accepted = {
        stream: landing.rows(
            "select count(*) from raw.accepted where stream = :stream and source = 'chargebee'"
            f" and coalesce(not ({exempt}), true)",
            stream=stream,
        )
        for stream, (_, exempt) in FACTS.items()
    }
    conform(landing.engine, settings)
    made = {
        stream: landing.rows(f"select count(*) from core.{table} where source = 'chargebee'")
        for stream, (table, _) in FACTS.items()
    }
    assert made == accepted
    assert all(rows[0][0] > 40 for rows in made.values())


BAD = {
    "customers": {"created_at is no time": {"created_at": "soon"}},
    "subscriptions": {
        "unknown status": {"status": "resting"},
        "the subscription names no customer": {"customer_id": ""},
        "the billing period is absurd": {"billing_period": 10**6},
    },
    "invoices": {
        "amount_due is missing or no number": {"amount_due": None},
        "line_items is no list": {"line_items": {}},
        "some of its lines were not read": {"line_items_next_offset": '["9"]'},
    },
    "transactions": {
        "unknown type": {"type": "gift"},
        "an amount is below zero": {"amount": -1},
    },
}


def test_a_bad_record_is_set_aside_with_the_reason(landing, settings):
    landing.land_sources()
    landing.conform()
    expected = []
    for stream, reasons in BAD.items():
        bad = [
            changed(GOOD[stream], **changes) | {"id": f"bad{at}"}
            for at, changes in enumerate(reasons.values())
        ]
        expected += [(f"chargebee.{stream}", f"bad{at}", why) for at, why in enumerate(reasons)]
        landing.land(f"chargebee.{stream}", [GOOD[stream], *bad])
    check_raw(landing.engine, settings, run_no=1, as_of=DAY)
    assert landing.quarantined() == sorted(expected)


def test_a_deleted_record_is_good_with_hardly_a_field(landing, settings):
    landing.land_sources()
    landing.conform()
    for stream in GOOD:
        landing.land(f"chargebee.{stream}", [{"id": "1", "deleted": True, "updated_at": EPOCH}])
    check_raw(landing.engine, settings, run_no=1, as_of=DAY)
    assert landing.quarantined() == []
