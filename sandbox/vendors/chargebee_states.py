"""How a Chargebee invoice stands at a moment, and when it came to stand so.

Words of API v2, checked Nov 2026.
"""

from sandbox.vendors.chargebee_money import cents
from sandbox.vendors.stripe_books import Invoice
from sandbox.vendors.stripe_events import RETRY_AFTER_DAYS, failures
from sandbox.vendors.stripe_invoices import given_up_at

BY_CARD = "charge_automatically"
GIVEN_UP = frozenset({"uncollectible", "void"})


def status_of(invoice: Invoice, at: int) -> str:
    """What is written off counts as paid, which is only told by its amount."""
    if invoice.status == "draft":
        return "pending"
    if invoice.status == "void":
        return "voided"
    if invoice.status in {"paid", "uncollectible"}:
        return "paid"
    if invoice.collection_method == BY_CARD:
        return "not_paid" if is_exhausted(invoice) else "payment_due"
    return "posted" if (invoice.due or 0) > at else "payment_due"


def amount_due(invoice: Invoice) -> int:
    """What is still to be paid, as Chargebee sends it."""
    if invoice.status in GIVEN_UP:
        return 0
    return cents(invoice.amount - invoice.paid_amount, invoice.currency)


def is_exhausted(invoice: Invoice) -> bool:
    return invoice.next_attempt is None and len(failures(invoice)) >= len(RETRY_AFTER_DAYS)


def settled_at(invoice: Invoice) -> int | None:
    """When an invoice was paid, written off or voided."""
    given_up = given_up_at(invoice, invoice.status) if invoice.status in GIVEN_UP else None
    return invoice.paid or given_up


def moments(invoice: Invoice, now: int) -> list[int]:
    """When something happened to an invoice up to now, in order; the first is its making."""
    settled = settled_at(invoice)
    late = None if settled and settled <= (invoice.due or 0) else invoice.due
    happened = [invoice.finalized, *failures(invoice), late, settled]
    return [invoice.created, *sorted(at for at in happened if at and invoice.created < at <= now)]
