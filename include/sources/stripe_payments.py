"""How Stripe's invoices were paid: the streams of payments, and which events touch them.

Invoice payments say what of a payment went to which invoice, charges which attempts failed, refunds
what went back. Vendor facts: Stripe API reference on each, from 2025-03-31 (basil) on, checked Nov
2026.
"""

from typing import Any

from include.errors import FixConfig
from include.sources.http.refusals import Refused

PAYMENTS = ("invoice_payments", "charges", "refunds")
PAYMENT_EVENTS: dict[str, tuple[str, ...]] = {
    "invoice_payments": (
        "invoice.finalized", "invoice.paid", "invoice.payment_failed", "invoice.updated",
        "invoice.voided", "invoice.marked_uncollectible", "invoice_payment.paid",
    ),
    "charges": (
        "charge.failed", "charge.succeeded", "charge.pending", "charge.captured",
        "charge.refunded", "charge.updated", "charge.expired",
    ),
    "refunds": ("refund.created", "refund.updated", "refund.failed"),
}  # fmt: skip


def touched_id(stream: str, thing: dict[str, Any]) -> str:
    """Return what to fetch for an event's object: itself, but of payments those of their invoice.

    No event tells that an invoice payment was made, only that it was paid.
    """
    paid = stream == "invoice_payments" and thing.get("object") == "invoice_payment"
    return str(thing["invoice"] if paid else thing["id"])


class InvoiceGone(FixConfig):
    """The invoice whose payments were asked for is no more: a draft that was deleted."""


def refusal_of(refused: Refused) -> InvoiceGone | None:
    """Return what a filter by an invoice that is not there means: 400, with this code and param."""
    error = refused.document.get("error") if isinstance(refused.document, dict) else None
    told = (error.get("code"), error.get("param")) if isinstance(error, dict) else None
    if told != ("resource_missing", "invoice"):
        return None
    return InvoiceGone(f"{refused.place} answered {refused.status}: there is no such invoice.")
