"""Stripe's subscriptions and invoices as events show them: in the shapes of before 2025-03-31.

Vendor facts: events API reference and upgrade notes, checked Nov 2026.
"""

from dataclasses import replace

from sandbox.vendors.stripe_books import Books, Invoice, Subscription
from sandbox.vendors.stripe_invoices import to_invoice
from sandbox.vendors.stripe_objects import to_subscription
from sandbox.vendors.stripe_prices import Json


def to_old_subscription(books: Books, subscription: Subscription) -> Json:
    """As before 2025-03-31: the period, quantity and plan on the subscription itself."""
    shown = to_subscription(books, subscription)
    [item] = shown["items"]["data"]
    kept = {name: value for name, value in item.items() if not name.startswith("current_period")}
    shown["items"] = {**shown["items"], "data": [kept]}
    return shown | {
        "current_period_end": subscription.period_end,
        "current_period_start": subscription.period_start,
        "discount": None,
        "plan": item["plan"],
        "quantity": subscription.seats,
    }


def to_old_invoice(books: Books, invoice: Invoice) -> Json:
    """As before 2025-03-31: the subscription and whether it is paid on the invoice itself."""
    shown = to_invoice(books, invoice)
    del shown["parent"], shown["total_taxes"], shown["amount_overpaid"]
    lines = [_to_old_line(line) for line in shown["lines"]["data"]]
    return shown | {
        "charge": None,
        "discount": None,
        "lines": {**shown["lines"], "data": lines},
        "paid": invoice.status == "paid",
        "paid_out_of_band": False,
        "payment_intent": None,
        "subscription": invoice.subscription,
        "tax": None,
        "total_tax_amounts": [],
    }


def to_upcoming(books: Books, latest: Invoice, start: int) -> Json:
    """The invoice that would be made then. It is none yet, so it has no id, and no number."""
    unpaid = {"paid": None, "paid_amount": 0, "attempts": 0, "next_attempt": start}
    draft = replace(latest, created=start, status="draft", finalized=None, **unpaid)
    return {name: value for name, value in to_old_invoice(books, draft).items() if name != "id"}


def _to_old_line(line: Json) -> Json:
    """As before 2025-03-31: its kind and whether it bills a difference on the line itself."""
    kind = line["parent"]["type"].removesuffix("_details")
    kept = {name: line[name] for name in line if name not in ("parent", "pricing", "taxes")}
    return kept | {
        "proration": line["parent"][f"{kind}_details"]["proration"],
        "tax_amounts": [],
        "type": "subscription" if kind == "subscription_item" else "invoiceitem",
    }
