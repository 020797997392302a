"""Stripe's subscriptions and invoices in the shapes of before 2025-03-31 (basil).

Events show them so, and answers to requests that name such a version. Of the many changes between
older versions this knows the one that moved what a scorer reads. Vendor facts: events API reference
and upgrade notes, checked Nov 2026.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sandbox.vendors.stripe_books import Books, Invoice, Subscription
from sandbox.vendors.stripe_invoices import to_invoice
from sandbox.vendors.stripe_objects import to_subscription
from sandbox.vendors.stripe_prices import Json

MOVED_IN = "2025-03-31"
# What can be expanded in the old shape alone, by object: where that stands today; None: such an id
# or list is always empty in this account, or comes whole anyway.
OLD_PATHS: dict[str, dict[str, str | None]] = {
    "invoice": {
        "subscription": "parent.subscription_details.subscription",
        **dict.fromkeys(("charge", "discount", "payment_intent", "total_tax_amounts")),
    },
    "subscription": {"discount": None, "plan": None},
}


def is_old(version: str) -> bool:
    """Whether an API version, as 2022-11-15 or 2025-03-31.basil, is from before the move."""
    return version[:10] < MOVED_IN


def to_new_paths(kind: str, paths: Iterable[str]) -> list[str]:
    """Paths to expand, of an object or (behind `data.`) of each of a list, as they are today."""
    found = []
    for path in paths:
        lead = "data." if path.startswith("data.") else ""
        first, dot, rest = path.removeprefix(lead).partition(".")
        today = OLD_PATHS.get(kind, {}).get(first, first)
        if today is not None:
            found.append(f"{lead}{today}{dot}{rest}")
    return found


def to_old(shown: Any) -> Any:  # noqa: ANN401 - any part of an answer
    """An answer with every subscription, invoice and line in its old shape; old ones stay."""
    if isinstance(shown, list):
        return [to_old(one) for one in shown]
    if not isinstance(shown, dict):
        return shown
    inner = {name: to_old(value) for name, value in shown.items()}
    if inner.get("object") == "subscription" and "items" in inner and "plan" not in inner:
        return _subscription(inner)
    if inner.get("object") == "invoice" and "parent" in inner:
        return _invoice(inner)
    if inner.get("object") == "line_item" and "parent" in inner:
        return _line(inner)
    return inner


def to_old_subscription(books: Books, subscription: Subscription) -> Json:
    return _subscription(to_subscription(books, subscription))


def to_old_invoice(books: Books, invoice: Invoice) -> Json:
    shown: Json = to_old(to_invoice(books, invoice))
    return shown


def to_upcoming(books: Books, latest: Invoice, start: int) -> Json:
    """The invoice that would be made then. It is none yet, so it has no id, and no number."""
    unpaid = {"paid": None, "paid_amount": 0, "attempts": 0, "next_attempt": start}
    draft = replace(latest, created=start, status="draft", finalized=None, **unpaid)
    return {name: value for name, value in to_old_invoice(books, draft).items() if name != "id"}


def _subscription(shown: Json) -> Json:
    """The period, quantity and plan stand on the subscription itself."""
    [item] = shown["items"]["data"]
    kept = {name: value for name, value in item.items() if not name.startswith("current_period")}
    return shown | {
        "current_period_end": item["current_period_end"],
        "current_period_start": item["current_period_start"],
        "discount": None,
        "items": {**shown["items"], "data": [kept]},
        "plan": item["plan"],
        "quantity": item["quantity"],
    }


def _invoice(shown: Json) -> Json:
    """The subscription, and whether it is paid, stand on the invoice itself."""
    gone = ("parent", "total_taxes", "amount_overpaid")
    details = (shown["parent"] or {}).get("subscription_details") or {}
    return {name: value for name, value in shown.items() if name not in gone} | {
        "charge": None,
        "discount": None,
        "paid": shown["status"] == "paid",
        "paid_out_of_band": False,
        "payment_intent": None,
        "subscription": details.get("subscription"),
        "tax": None,
        "total_tax_amounts": [],
    }


def _line(shown: Json) -> Json:
    """Its kind, and whether it bills a difference, stand on the line itself."""
    kind = shown["parent"]["type"].removesuffix("_details")
    kept = {name: shown[name] for name in shown if name not in ("parent", "pricing", "taxes")}
    return kept | {
        "proration": shown["parent"][f"{kind}_details"]["proration"],
        "tax_amounts": [],
        "type": "subscription" if kind == "subscription_item" else "invoiceitem",
    }
