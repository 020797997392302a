"""What becomes of Chargebee's records: states, amounts, dates."""

import pytest

from tests.database.chargebee.conftest import (
    customer,
    day,
    invoice,
    line,
    subscription,
    transaction,
)
from tests.database.records import epoch


def test_a_customer_names_its_account_on_top_in_free_json_or_by_its_id(billed):
    metadata = {"cf_hubspot_company_id": " 9 ", "meta_data": {"tier": 7}}
    billed(customers=[customer(**metadata, email="AP@Kite.example"), customer("c2", company="")])
    assert billed.rows("customer", "customer_id", "name", "email", "account_keys") == [
        ("c1", "Kite", "ap@kite.example", ["9", "7", "c1"]),
        ("c2", None, None, ["c2"]),
    ]


def test_a_deleted_customer_keeps_what_was_known(billed):
    billed(customers=[customer(cf_hubspot_company_id="9")])
    billed(customers=[{"id": "c1", "deleted": True, "updated_at": epoch("2026-03-01")}])
    assert billed.rows("customer", "customer_id", "name", "account_key", "is_deleted") == [
        ("c1", "Kite", "9", True)
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "active"),
        ({"due_invoices_count": 2}, "past_due"),
        ({"status": "in_trial"}, "trialing"),
        ({"status": "future", "started_at": None}, "incomplete"),
        ({"status": "cancelled", "started_at": None}, "incomplete_expired"),
        ({"status": "transferred"}, "incomplete_expired"),
    ],
)
def test_states_become_the_words_of_this_job(billed, changes, status):
    assert billed.sold(**changes)["status"] == status


def test_one_that_will_not_renew_has_not_ended(billed):
    leaving = {
        "cancelled_at": epoch("2026-04-01"),
        "cancel_schedule_created_at": epoch("2026-03-05"),
    }
    sold = billed.sold(status="non_renewing", **leaving)
    assert (sold["status"], sold["ended"]) == ("active", None)
    assert sold["canceled"] == day("2026-03-05")
    assert sold["period_end"] == day("2026-04-01")
    ended = billed.sold(status="cancelled", **leaving)
    assert (ended["status"], ended["ended"]) == ("canceled", day("2026-04-01"))
    assert ended["canceled"] == day("2026-03-05")


def test_a_pause_is_no_end_but_nothing_is_billed(billed):
    sold = billed.sold(status="paused", pause_date=epoch("2026-03-10"))
    assert (sold["status"], sold["ended"], sold["paused"]) == ("paused", None, day("2026-03-10"))
    assert billed.sold(status="active")["paused"] is None


def test_a_contract_says_when_it_is_up_for_renewal(billed):
    contract = {"contract_term": {"contract_end": epoch("2027-01-01")}}
    assert billed.sold(**contract)["period_end"] == day("2027-01-01")


def test_seats_are_of_plans_and_the_price_is_of_all_that_recurs(billed):
    items = [
        {"item_type": "plan", "quantity": 10, "amount": 120_000},
        {"item_type": "addon", "quantity": 3, "amount": 500, "billing_period": 1,
         "billing_period_unit": "month"},
        {"item_type": "charge", "quantity": 1, "amount": 99_999},
    ]  # fmt: skip
    yearly = {"billing_period": 1, "billing_period_unit": "year"}
    sold = billed.sold(items=items, **yearly)
    assert (sold["seats"], sold["amount"], sold["months"]) == (10, 126_000, 12)
    metered = [{"item_type": "plan", "quantity": 10}]
    assert billed.sold(items=metered)["amount"] is None


def test_decimals_are_the_true_value(billed):
    plan = {"item_type": "plan", "quantity": 10, "quantity_in_decimal": "10.6"}
    plan |= {"amount": 1_000, "amount_in_decimal": "10.0449"}
    sold = billed.sold(items=[plan])
    assert (sold["seats"], sold["amount"]) == (11, 1_004)


def test_catalog_1_has_its_plan_on_the_subscription(billed):
    old = {"plan_id": "pro", "plan_quantity": 7, "plan_amount": 7_000}
    sold = billed.sold(items=None, subscription_items=None, **old)
    assert (sold["seats"], sold["amount"]) == (7, 7_000)
    addons = [{"id": "more", "quantity": 2, "amount": 400}]
    assert billed.sold(subscription_items=None, addons=addons, **old)["amount"] == 7_400


@pytest.mark.parametrize(
    ("currency", "sent", "minor"),
    [("EUR", 1234, 1234), ("JPY", 1234, 1234), ("KWD", 1234, 12_340), ("UGX", 12, 1_200)],
)
def test_units_of_money_become_those_of_the_store(billed, currency, sent, minor):
    assert billed.sold(currency_code=currency, amount=sent)["amount"] == minor
    paid = {"amount_paid": sent, "lines": [line(amount=sent)]}
    found = billed.invoiced(currency_code=currency, **paid)
    assert (found["amount_due_minor"], found["recurring_minor"]) == (minor, minor)
    billed(transactions=[transaction(currency_code=currency, amount=sent)])
    assert billed.rows("payment", "payment_id", "amount_minor") == [("t1", minor)]


def test_a_deleted_subscription_ended_when_it_was_deleted(billed):
    billed(subscriptions=[subscription()])
    gone = {"deleted": True, "updated_at": epoch("2026-03-25")}
    billed(subscriptions=[{"id": "s1", **gone}, {"id": "never_seen", **gone}])
    assert billed.rows("subscription", "subscription_id", "status", "ended_at", "seats") == [
        ("s1", "canceled", day("2026-03-25"), 10)
    ]


def test_what_is_owed_and_what_was_paid(billed):
    paid = billed.invoiced()
    assert (paid["status"], paid["amount_due_minor"], paid["amount_remaining_minor"]) == (
        "paid", 10_000, 0,
    )  # fmt: skip
    assert (paid["paid_at"], paid["closed_at"]) == (day("2026-02-10"), None)
    owed = {"amount_due": 4_000, "amount_paid": 6_000, "paid_at": None}
    for status in ("posted", "payment_due", "not_paid"):
        found = billed.invoiced(status=status, **owed)
        assert (found["status"], found["amount_due_minor"]) == ("open", 10_000)
        assert (found["amount_remaining_minor"], found["paid_at"]) == (4_000, None)


def test_an_invoice_written_off_was_closed_and_not_paid(billed):
    note = {"cn_id": "n1", "cn_date": epoch("2026-03-01"), "cn_create_reason_code": "Write Off"}
    lost = {"amount_paid": 0, "write_off_amount": 10_000, "paid_at": epoch("2026-03-01")}
    found = billed.invoiced(adjustment_credit_notes=[note], **lost)
    assert (found["status"], found["paid_at"]) == ("uncollectible", None)
    assert found["closed_at"] == day("2026-03-01")
    assert (found["amount_due_minor"], found["amount_remaining_minor"]) == (10_000, 10_000)


def test_voided_ones_are_closed_and_pending_ones_are_none(billed):
    voided = {"status": "voided", "voided_at": epoch("2026-02-20"), "paid_at": None}
    found = billed.invoiced(amount_paid=0, **voided)
    assert (found["status"], found["closed_at"]) == ("void", day("2026-02-20"))
    billed(invoices=[invoice("i2", status="pending")])
    assert [row[0] for row in billed.rows("invoice", "invoice_id", "status")] == ["i1"]
    gone = {"id": "i1", "deleted": True, "updated_at": epoch("2026-03-01")}
    billed(invoices=[gone | {"id": "never_seen"}, gone])
    assert billed.rows("invoice", "invoice_id", "status", "closed_at") == [
        ("i1", "void", day("2026-02-20"))
    ]


def test_parts_of_a_term_say_no_seats_and_periods_in_advance_count_once(billed):
    added = [line(quantity=3, amount=1_000, proration_mode="delta")]
    found = billed.invoiced(lines=added)
    assert (found["seats"], found["recurring_minor"], found["period_start"]) == (None, None, None)
    later = {"date_from": epoch("2026-03-01"), "date_to": epoch("2026-04-01")}
    addon = line(entity_type="addon_item_price", quantity=2, amount=500)
    found = billed.invoiced(lines=[line(), line(**later), addon, line(entity_type="adhoc")])
    assert (found["seats"], found["recurring_minor"]) == (10, 10_500)
    reset = line(quantity=12, proration_mode="reset")
    assert (billed.invoiced(lines=[reset])["seats"]) == 12


def test_a_consolidated_invoice_belongs_to_the_one_subscription_of_its_lines(billed):
    both = [line(), line(subscription_id="s2")]
    assert billed.invoiced(subscription_id=None)["subscription_id"] == "s1"
    assert billed.invoiced(subscription_id=None, lines=both)["subscription_id"] is None


def test_dunning_is_told_with_its_attempts(billed):
    trying = {"dunning_status": "in_progress", "next_retry_at": epoch("2026-03-02")}
    found = billed.invoiced(
        status="payment_due", amount_due=10_000, amount_paid=0, paid_at=None, **trying
    )
    assert (found["attempts"], found["dunning"]) == (1, "in_progress")
    assert billed.rows("invoice", "invoice_id", "next_attempt_at") == [("i1", day("2026-03-02"))]


def test_payments_failures_and_refunds(billed):
    failed = {"status": "failure", "error_code": "card_declined"}
    refund = {"type": "refund", "linked_invoices": []}
    refund |= {"linked_credit_notes": [{"cn_reference_invoice_id": "i1", "applied_amount": 10_000}]}
    billed(
        transactions=[
            transaction(),
            transaction("t2", **failed),
            transaction("t3", **refund),
            transaction("t4", status="in_progress"),
            transaction("t5", type="authorization"),
            transaction("t6", linked_invoices=[]),
        ]
    )
    assert billed.rows("payment", "payment_id", "invoice_id", "status", "failure_code") == [
        ("t1", "i1", "succeeded", None),
        ("t2", "i1", "failed", "card_declined"),
        ("t3", "i1", "refunded", None),
        ("t4", "i1", "pending", None),
        ("t6", None, "succeeded", None),
    ]


def test_a_payment_for_two_invoices_is_two_and_what_it_is_no_more_for_ends(billed):
    def paying(*shares):
        return transaction(
            linked_invoices=[
                {"invoice_id": name, "applied_amount": amount} for name, amount in shares
            ]
        )

    billed(transactions=[paying(("i1", 4_000), ("i2", 6_000)), transaction("t2")])
    assert billed.rows("payment", "payment_id", "invoice_id", "amount_minor") == [
        ("t1|i1", "i1", 4_000), ("t1|i2", "i2", 6_000), ("t2", "i1", 10_000),
    ]  # fmt: skip
    billed(transactions=[paying(("i2", 10_000))])
    assert billed.rows("payment", "payment_id", "invoice_id")[0] == ("t1", "i2")
    billed(transactions=[{"id": "t1", "deleted": True}])
    assert billed.rows("payment", "payment_id", "invoice_id") == [("t2", "i1")]
