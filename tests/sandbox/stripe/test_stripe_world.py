"""A simulated world seen through Stripe: everything arrives, once, complete and consistent."""

from collections import Counter

import pytest

from .conftest import served

# The fields that the published API description requires, checked Nov 2026.
REQUIRED = {
    "customer": "id object balance created default_source description email invoice_settings "
    "livemode metadata shipping",
    "subscription": "id object application application_fee_percent automatic_tax "
    "billing_cycle_anchor billing_cycle_anchor_config billing_mode billing_schedules "
    "billing_thresholds cancel_at cancel_at_period_end canceled_at cancellation_details "
    "collection_method created currency customer customer_account days_until_due "
    "default_payment_method default_source description discounts ended_at invoice_settings items "
    "latest_invoice livemode managed_payments metadata next_pending_invoice_item_invoice "
    "on_behalf_of pause_collection payment_settings pending_invoice_item_interval "
    "pending_setup_intent pending_update schedule start_date status test_clock transfer_data "
    "trial_end trial_settings trial_start",
    "subscription_item": "id object billing_thresholds created current_period_end "
    "current_period_start current_trial discounts metadata plan price subscription tax_rates",
    "invoice": "id object account_country account_name account_tax_ids amount_due amount_overpaid "
    "amount_paid amount_remaining amount_shipping application attempt_count attempted "
    "automatic_tax automatically_finalizes_at billing_reason collection_method created currency "
    "custom_fields customer customer_account customer_address customer_email customer_name "
    "customer_phone customer_shipping customer_tax_exempt default_payment_method default_source "
    "default_tax_rates description discounts due_date effective_at ending_balance footer "
    "from_invoice issuer last_finalization_error latest_revision lines livemode metadata "
    "next_payment_attempt number on_behalf_of parent payment_settings period_end period_start "
    "post_payment_credit_notes_amount pre_payment_credit_notes_amount receipt_number rendering "
    "shipping_cost shipping_details starting_balance statement_descriptor status "
    "status_transitions subtotal subtotal_excluding_tax test_clock total total_discount_amounts "
    "total_excluding_tax total_pretax_credit_amounts total_taxes webhooks_delivered_at",
    "line_item": "id object amount currency description discount_amounts discountable discounts "
    "invoice livemode metadata parent period pretax_credit_amounts pricing quantity "
    "quantity_decimal subscription subtotal taxes",
    "price": "id object active billing_scheme created currency custom_unit_amount livemode "
    "lookup_key metadata nickname product recurring tax_behavior tiers_mode transform_quantity "
    "type unit_amount unit_amount_decimal",
    "product": "id object active created description images livemode marketing_features metadata "
    "name package_dimensions shippable tax_details type updated url",
    "event": "id object api_version created data livemode pending_webhooks request type",
}


def walk(account, path, **params):
    """Every row of a list, page by page."""
    rows, more, after = [], True, {}
    while more:
        page = account.get(path, limit=100, **params, **after)
        rows += page["data"]
        more = page["has_more"]
        after = {"starting_after": rows[-1]["id"]} if rows else {}
    return rows


@pytest.fixture(scope="module")
def books(world):
    """Everything that the lists hold."""
    with served(world) as account:
        return {
            "customers": walk(account, "/customers"),
            "subscriptions": walk(account, "/subscriptions", status="all"),
            "invoices": walk(account, "/invoices"),
            "products": walk(account, "/products"),
            "events": walk(account, "/events"),
        }


def test_every_row_of_the_world_arrives_once(world, books):
    customers = world["customers"]
    live = set(customers[customers["deleted_at"].isna()]["customer_id"])
    assert len(live) > 20
    assert Counter(row["id"] for row in books["customers"]) == Counter(live)
    for table in ("subscriptions", "invoices"):
        ids = world[table][f"{table[:-1]}_id"]
        assert Counter(row["id"] for row in books[table]) == Counter(ids)
        assert len(books[table]) > 20


def test_lists_run_from_new_to_old(books):
    for rows in books.values():
        created = [row["created"] for row in rows]
        assert created
        assert created == sorted(created, reverse=True)


def test_every_object_has_every_required_field(books):
    shown = [row for rows in books.values() for row in rows]
    items = [item for row in books["subscriptions"] for item in row["items"]["data"]]
    lines = [line for row in books["invoices"] for line in row["lines"]["data"]]
    shown += [*items, *lines, *(item["price"] for item in items)]
    assert {row["object"] for row in shown} == REQUIRED.keys()
    for row in shown:
        assert set(REQUIRED[row["object"]].split()) <= row.keys()


def test_money_adds_up(world, books):
    paid = sum(row["amount_paid"] for row in books["invoices"])
    assert paid == world["invoices"]["amount_paid_minor"].sum() > 0
    for row in books["invoices"]:
        assert row["amount_due"] == row["amount_paid"] + row["amount_remaining"]
        assert row["total"] == sum(line["amount"] for line in row["lines"]["data"])


def test_references_lead_somewhere(books, world):
    customers = set(world["customers"]["customer_id"])
    invoices = {row["id"] for row in books["invoices"]}
    products = {row["id"] for row in books["products"]}
    for row in books["subscriptions"]:
        assert row["customer"] in customers
        assert row["latest_invoice"] in {*invoices, None}
        assert row["items"]["data"][0]["price"]["product"] in products


def test_event_ids_are_unique_and_name_what_changed(books):
    events = books["events"]
    assert len({row["id"] for row in events}) == len(events) > 20
    assert {row["type"].rpartition(".")[0] for row in events} <= {
        "charge",
        "customer",
        "customer.subscription",
        "invoice",
        "invoice_payment",
    }
