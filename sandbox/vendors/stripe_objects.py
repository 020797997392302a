"""Stripe's objects on the wire: customers, subscriptions and their items.

Complete in the fields that the published API description requires, in the shape of 2025-03-31
(basil) and later: periods stand on the items. Checked Nov 2026.
"""

from sandbox.vendors.stripe_books import Books, Customer, Subscription
from sandbox.vendors.stripe_ids import derived_id
from sandbox.vendors.stripe_prices import LIVEMODE, Json, to_list, to_plan, to_price

ACCOUNT_ID = "acct_1KiteAnalytics0"
# Fields that this account never fills.
NO_CUSTOMER_FIELDS: Json = {
    "address": None,
    "customer_account": None,
    "default_source": None,
    "discount": None,
    "phone": None,
    "preferred_locales": [],
    "shipping": None,
    "test_clock": None,
}
NO_SUBSCRIPTION_FIELDS: Json = {
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "invoice_settings": {
        "account_tax_ids": None,
        "custom_fields": None,
        "description": None,
        "footer": None,
        "issuer": {"type": "self"},
    },
    "payment_settings": {
        "payment_method_options": None,
        "payment_method_types": None,
        "save_default_payment_method": "off",
    },
    "trial_settings": {
        "end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": "create_invoice"}
    },
    "billing_mode": {"type": "classic", "flexible": None},
    "application": None,
    "application_fee_percent": None,
    "billing_cycle_anchor_config": None,
    "billing_schedules": [],
    "billing_thresholds": None,
    "customer_account": None,
    "default_payment_method": None,
    "default_source": None,
    "default_tax_rates": [],
    "description": None,
    "discounts": [],
    "managed_payments": None,
    "next_pending_invoice_item_invoice": None,
    "on_behalf_of": None,
    "pause_collection": None,
    "pending_invoice_item_interval": None,
    "pending_setup_intent": None,
    "pending_update": None,
    "schedule": None,
    "test_clock": None,
    "transfer_data": None,
}


def to_customer(books: Books, customer: Customer) -> Json:
    if customer.deleted is not None:
        return {"id": customer.id, "object": "customer", "deleted": True}
    return {
        "id": customer.id,
        "object": "customer",
        **NO_CUSTOMER_FIELDS,
        "balance": 0,
        "created": customer.created,
        "currency": customer.currency,
        "delinquent": customer.id in books.delinquent,
        "description": customer.description,
        "email": customer.email,
        "invoice_prefix": invoice_prefix(customer.id),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": LIVEMODE,
        "metadata": customer.metadata,
        "name": customer.name,
        "next_invoice_sequence": books.sequence.get(customer.id, 0) + 1,
        "tax_exempt": "none",
    }


def invoice_prefix(customer_id: str) -> str:
    return derived_id("", 8, "prefix", customer_id).upper()


def to_subscription(books: Books, subscription: Subscription) -> Json:
    latest = books.latest_invoice.get(subscription.id)
    by_mail = latest is not None and latest.collection_method == "send_invoice"
    trialing = subscription.status == "trialing"
    ends = subscription.cancel_at_period_end and subscription.ended is None
    items = f"/v1/subscription_items?subscription={subscription.id}"
    return {
        "id": subscription.id,
        "object": "subscription",
        **NO_SUBSCRIPTION_FIELDS,
        "billing_cycle_anchor": subscription.started,
        "cancel_at": subscription.period_end if ends else None,
        "cancel_at_period_end": subscription.cancel_at_period_end,
        "canceled_at": subscription.canceled,
        "cancellation_details": {
            "comment": None,
            "feedback": None,
            "feedback_option": None,
            "reason": "cancellation_requested" if subscription.canceled else None,
        },
        "collection_method": "send_invoice" if by_mail else "charge_automatically",
        "created": subscription.created,
        "currency": subscription.currency,
        "customer": subscription.customer,
        "days_until_due": 30 if by_mail else None,
        "ended_at": subscription.ended,
        "items": {**to_list(items, [to_item(subscription)]), "total_count": 1},
        "latest_invoice": latest.id if latest else None,
        "livemode": LIVEMODE,
        "metadata": subscription.metadata,
        "start_date": subscription.started,
        "status": subscription.status,
        "trial_end": subscription.period_end if trialing else None,
        "trial_start": subscription.started if trialing else None,
    }


def to_account(created: int) -> Json:
    """The account itself. Its owner's details are not asked for by anybody here."""
    return {
        "id": ACCOUNT_ID,
        "object": "account",
        "business_profile": {"mcc": None, "name": "Kite Analytics", "url": None},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "US",
        "created": created,
        "default_currency": "usd",
        "details_submitted": True,
        "email": None,
        "external_accounts": to_list(f"/v1/accounts/{ACCOUNT_ID}/external_accounts", []),
        "metadata": {},
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": "Kite Analytics", "timezone": "Etc/UTC"}},
        "type": "standard",
    }


def item_id(subscription_id: str) -> str:
    return derived_id("si_", 14, "item", subscription_id)


def to_item(subscription: Subscription) -> Json:
    """A subscription's one item; the account sells one price a subscription."""
    price = to_price(subscription)
    return {
        "id": item_id(subscription.id),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": subscription.created,
        "current_period_end": subscription.period_end,
        "current_period_start": subscription.period_start,
        "current_trial": None,
        "discounts": [],
        "metadata": {},
        "plan": to_plan(price),
        "price": price,
        "quantity": subscription.seats,
        "subscription": subscription.id,
        "tax_rates": [],
    }
