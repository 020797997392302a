"""Chargebee's objects on the wire: customers and subscriptions.

Fields: those of the official clients, in API v2 with product catalog 2 (or 1). Checked Nov 2026.
"""

import json
from typing import Any

from sandbox.vendors.chargebee_cards import told_of
from sandbox.vendors.chargebee_catalog import item_price_id
from sandbox.vendors.chargebee_http import Json, present
from sandbox.vendors.chargebee_money import cents, in_decimal
from sandbox.vendors.chargebee_site import Site
from sandbox.vendors.chargebee_states import amount_due, status_of
from sandbox.vendors.stripe_books import Customer, Invoice, Metadata, Subscription

BASE_CURRENCY = "USD"
# The world's words for a subscription's state, and Chargebee's.
STATUSES = {
    "trialing": "in_trial",
    "paused": "paused",
    "canceled": "cancelled",
    "incomplete": "future",
    "incomplete_expired": "cancelled",
}
UNPAID = frozenset({"payment_due", "not_paid"})


def to_customer(site: Site, customer: Customer) -> Json:
    """A deleted one is hardly more than its id."""
    updated = site.customer_updated(customer)
    stamps = {"updated_at": updated, "resource_version": updated * 1000, "object": "customer"}
    if customer.deleted is not None:
        return {"id": customer.id, "deleted": True, **stamps}
    written = site.written.get(customer.id)
    return present(
        {
            "id": customer.id,
            "company": customer.name,
            "email": customer.email,
            "auto_collection": "on",
            "net_term_days": 0,
            "allow_direct_debit": False,
            "created_at": customer.created,
            "taxability": "taxable",
            "pii_cleared": "active",
            "channel": "web",
            "deleted": False,
            "promotional_credits": 0,
            "refundable_credits": 0,
            "excess_payments": 0,
            "unbilled_charges": 0,
            "preferred_currency_code": customer.currency and customer.currency.upper(),
            **told_of(site, customer.id),
            **_entered(site, customer.metadata),
            **(written.values if written else {}),
            **stamps,
        }
    )


def to_subscription(site: Site, subscription: Subscription) -> Json:
    updated = site.subscription_updated(subscription)
    return subscription_as_of(site, subscription, updated, _dues(site, subscription))


def subscription_as_of(site: Site, subscription: Subscription, at: int, dues: Json) -> Json:
    """The subscription as it stood at a moment, which is also its stamp."""
    status = _status(subscription, at)
    ended = status == "cancelled"
    leaves = subscription.ended if ended else subscription.period_end
    runs = status in {"active", "non_renewing", "in_trial"}
    return present(
        {
            "id": subscription.id,
            "customer_id": subscription.customer,
            "status": status,
            "currency_code": subscription.currency.upper(),
            "base_currency_code": BASE_CURRENCY,
            "billing_period": 1,
            "billing_period_unit": subscription.interval,
            "auto_collection": "on" if subscription.interval == "month" else "off",
            "created_at": subscription.created,
            "start_date": subscription.started if status == "future" else None,
            "started_at": None if status == "future" else subscription.started,
            "activated_at": subscription.started if runs else None,
            "current_term_start": subscription.period_start,
            "current_term_end": subscription.period_end,
            "next_billing_at": subscription.period_end if status == "active" else None,
            # Of one that will end it is when it will: a time to come.
            "cancelled_at": leaves if status in {"cancelled", "non_renewing"} else None,
            "cancel_schedule_created_at": subscription.canceled
            if subscription.cancel_at_period_end
            else None,
            "pause_date": at if status == "paused" else None,
            "has_scheduled_advance_invoices": False,
            "has_scheduled_changes": False,
            "decommissioned": False,
            "deleted": False,
            "mrr": _monthly(subscription) if runs else 0,
            **_sold(site, subscription),
            **dues,
            **_entered(site, subscription.metadata),
            "updated_at": at,
            "resource_version": at * 1000,
            "object": "subscription",
        }
    )


def _status(subscription: Subscription, at: int) -> str:
    if subscription.started > at:
        return "future"
    if subscription.status in STATUSES:
        return STATUSES[subscription.status]
    return "non_renewing" if subscription.cancel_at_period_end else "active"


def _sold(site: Site, subscription: Subscription) -> Json:
    """What is subscribed to: items, or in catalog 1 the plan."""
    seats, currency = subscription.seats, subscription.currency
    unit, total = subscription.unit_amount, subscription.unit_amount * seats
    figures: Json = {
        "quantity": seats,
        "unit_price": cents(unit, currency),
        "amount": cents(total, currency),
        "free_quantity": 0,
    }
    if site.settings.multi_decimal:
        figures |= {
            "quantity_in_decimal": str(seats),
            "unit_price_in_decimal": in_decimal(unit, currency),
            "amount_in_decimal": in_decimal(total, currency),
        }
    name = item_price_id(subscription)
    if site.settings.catalog == 1:
        return {"plan_id": name, **{f"plan_{key}": value for key, value in figures.items()}}
    item = {"item_price_id": name, "item_type": "plan", **figures, "object": "subscription_item"}
    return {"subscription_items": [item]}


def _monthly(subscription: Subscription) -> int:
    total = cents(subscription.unit_amount * subscription.seats, subscription.currency)
    return total if subscription.interval == "month" else round(total / 12)


def _dues(site: Site, subscription: Subscription) -> Json:
    """What is owed now; since when only if something is."""
    owed: list[Invoice] = [
        invoice
        for invoice in site.invoices_of.get(subscription.id, ())
        if status_of(invoice, site.opened) in UNPAID
    ]
    if not owed:
        return {"due_invoices_count": 0}
    return {
        "due_invoices_count": len(owed),
        "due_since": min(one.due or one.finalized or one.created for one in owed),
        "total_dues": sum(amount_due(one) for one in owed),
    }


def _entered(site: Site, metadata: Metadata) -> Json:
    """A world's metadata: what the site has a custom field for, and the rest as free JSON."""
    fields: dict[str, Any] = {}
    free: dict[str, str] = {}
    for name, value in metadata.items():
        has_field = f"cf_{name}" in site.settings.custom_fields
        (fields if has_field else free)[f"cf_{name}" if has_field else name] = value
    return fields | ({"meta_data": json.loads(json.dumps(free))} if free else {})
