"""Stripe's invoices on the wire, with their lines.

The shape of 2025-03-31 (basil) and later: what an invoice belongs to stands under `parent`, what
a line costs under `pricing`. Checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.stripe_books import Books, Invoice, Subscription
from sandbox.vendors.stripe_ids import derived_id
from sandbox.vendors.stripe_objects import invoice_prefix, item_id
from sandbox.vendors.stripe_prices import LIVEMODE, Json, price_id, product_id, to_list

DAY = 86_400
# An unpaid invoice is written off that many days after its creation.
GIVEN_UP_AFTER_DAYS = {"charge_automatically": 30, "send_invoice": 150}


# Fields that are the same on every invoice of this account.
SAME_FOR_ALL: Json = {
    "automatic_tax": {
        "disabled_reason": None,
        "enabled": False,
        "liability": None,
        "provider": None,
        "status": None,
    },
    "payment_settings": {
        "default_mandate": None,
        "payment_method_options": None,
        "payment_method_types": None,
    },
    "account_country": "US",
    "account_name": "Kite Analytics",
    "amount_overpaid": 0,
    "amount_shipping": 0,
    "issuer": {"type": "self"},
    "livemode": LIVEMODE,
    "metadata": {},
    "post_payment_credit_notes_amount": 0,
    "pre_payment_credit_notes_amount": 0,
    "starting_balance": 0,
    "customer_tax_exempt": "none",
    "account_tax_ids": None,
    "application": None,
    "custom_fields": None,
    "customer_account": None,
    "customer_address": None,
    "customer_phone": None,
    "customer_shipping": None,
    "customer_tax_ids": [],
    "default_payment_method": None,
    "default_source": None,
    "default_tax_rates": [],
    "description": None,
    "discounts": [],
    "footer": None,
    "from_invoice": None,
    "hosted_invoice_url": None,
    "invoice_pdf": None,
    "last_finalization_error": None,
    "latest_revision": None,
    "on_behalf_of": None,
    "receipt_number": None,
    "rendering": None,
    "shipping_cost": None,
    "shipping_details": None,
    "statement_descriptor": None,
    "test_clock": None,
    "total_discount_amounts": [],
    "total_pretax_credit_amounts": [],
    "total_taxes": [],
}


def to_invoice(books: Books, invoice: Invoice) -> Json:
    customer = books.customers.get(invoice.customer)
    subscription = books.subscriptions.get(invoice.subscription or "")
    start, end = billed_period(invoice, subscription)
    draft, open_ = invoice.status == "draft", invoice.status == "open"
    return {
        "id": invoice.id,
        "object": "invoice",
        **SAME_FOR_ALL,
        **_amounts(invoice),
        "attempt_count": invoice.attempts,
        "attempted": invoice.attempts > 0,
        "auto_advance": draft or open_,
        "automatically_finalizes_at": invoice.created + 3_600 if draft else None,
        "billing_reason": invoice.billing_reason,
        "collection_method": invoice.collection_method,
        "created": invoice.created,
        "currency": invoice.currency,
        "customer": invoice.customer,
        "customer_email": customer.email if customer else None,
        "customer_name": customer.name if customer else None,
        "due_date": invoice.due,
        "effective_at": invoice.finalized,
        "ending_balance": None if draft else 0,
        "lines": to_lines(invoice, subscription),
        "next_payment_attempt": invoice.next_attempt,
        "number": None if draft else f"{invoice_prefix(invoice.customer)}-{invoice.number:04d}",
        "parent": to_parent(subscription),
        "period_end": end,
        "period_start": start,
        "status": invoice.status,
        "status_transitions": {
            "finalized_at": invoice.finalized,
            "marked_uncollectible_at": given_up_at(invoice, "uncollectible"),
            "paid_at": invoice.paid,
            "voided_at": given_up_at(invoice, "void"),
        },
        "webhooks_delivered_at": invoice.created,
    }


def _amounts(invoice: Invoice) -> Json:
    """No taxes and no discounts, so the total has many names."""
    totals = ("amount_due", "subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")
    return dict.fromkeys(totals, invoice.amount) | {
        "amount_paid": invoice.paid_amount,
        "amount_remaining": invoice.amount - invoice.paid_amount,
    }


def given_up_at(invoice: Invoice, status: str) -> int | None:
    if invoice.status != status:
        return None
    return invoice.created + GIVEN_UP_AFTER_DAYS[invoice.collection_method] * DAY


def billed_period(invoice: Invoice, subscription: Subscription | None) -> tuple[int, int]:
    """What the invoice calls its period: for a renewal the one that just ended, so not the time
    that the line pays for; for a first or single invoice the moment of its creation."""
    if subscription is None or invoice.billing_reason != "subscription_cycle":
        return invoice.created, invoice.created
    length = 365 * DAY if subscription.interval == "year" else 30 * DAY
    return invoice.period_start - length, invoice.period_start


def to_parent(subscription: Subscription | None) -> Json | None:
    if subscription is None:
        return None
    details = {"metadata": subscription.metadata, "subscription": subscription.id}
    return {
        "type": "subscription_details",
        "quote_details": None,
        "subscription_details": details,
    }


def to_lines(invoice: Invoice, subscription: Subscription | None) -> Json:
    lines = [to_line(invoice, subscription)]
    return {**to_list(f"/v1/invoices/{invoice.id}/lines", lines), "total_count": len(lines)}


def to_line(invoice: Invoice, subscription: Subscription | None) -> Json:
    proration = invoice.billing_reason == "subscription_update"
    what = subscription.plan if subscription else "Seats"
    return {
        "id": derived_id("il_1", 23, "line", invoice.id),
        "object": "line_item",
        "amount": invoice.amount,
        "currency": invoice.currency,
        "description": f"{invoice.seats} seats of {what}",
        "discount_amounts": [],
        "discountable": not proration,
        "discounts": [],
        "invoice": invoice.id,
        "livemode": LIVEMODE,
        "metadata": subscription.metadata if subscription else {},
        "parent": _line_parent(invoice, subscription, proration=proration),
        "period": {"start": invoice.period_start, "end": invoice.period_end},
        "pretax_credit_amounts": [],
        "pricing": _pricing(invoice, subscription),
        "quantity": invoice.seats,
        "quantity_decimal": str(invoice.seats),
        "subscription": subscription.id if subscription else None,
        "subtotal": invoice.amount,
        "taxes": [],
    }


def _line_parent(invoice: Invoice, subscription: Subscription | None, *, proration: bool) -> Json:
    details: dict[str, Any] = {
        "invoice_item": derived_id("ii_1", 23, "invoice item", invoice.id),
        "proration": proration,
        "proration_details": {"credited_items": None},
        "subscription": subscription.id if subscription else None,
    }
    if subscription is None:
        return {
            "type": "invoice_item_details",
            "invoice_item_details": details,
            "subscription_item_details": None,
        }
    details |= {
        "invoice_item": details["invoice_item"] if proration else None,
        "subscription_item": item_id(subscription.id),
    }
    return {
        "type": "subscription_item_details",
        "invoice_item_details": None,
        "subscription_item_details": details,
    }


def _pricing(invoice: Invoice, subscription: Subscription | None) -> Json | None:
    if subscription is None:
        return None
    return {
        "type": "price_details",
        "price_details": {
            "price": price_id(subscription),
            "product": product_id(subscription.plan),
        },
        "unit_amount_decimal": str(invoice.unit_amount),
    }
