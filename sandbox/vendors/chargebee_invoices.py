"""Chargebee's invoices on the wire, with their lines and dunning.

Fields: those of the official clients, checked Nov 2026.
"""

import json

from sandbox.vendors.chargebee_catalog import item_price_id
from sandbox.vendors.chargebee_http import Json, present
from sandbox.vendors.chargebee_money import cents, in_decimal
from sandbox.vendors.chargebee_payments import linked_note, linked_payment, transactions_of
from sandbox.vendors.chargebee_site import Site
from sandbox.vendors.chargebee_states import (
    amount_due,
    is_exhausted,
    moments,
    settled_at,
    status_of,
)
from sandbox.vendors.stripe_books import Invoice
from sandbox.vendors.stripe_events import failures
from sandbox.vendors.stripe_ids import derived_id


def to_invoice(site: Site, invoice: Invoice) -> Json:
    return invoice_as_of(site, invoice, moments(invoice, site.opened)[-1])


def invoice_as_of(site: Site, invoice: Invoice, at: int) -> Json:
    """The invoice as it stood at a moment, which is also its stamp."""
    lines = to_lines(site, invoice)
    shown, following = page_of_lines(lines, site.settings.lines_a_page, 0)
    written_off = invoice.status == "uncollectible"
    return present(
        {
            "id": invoice.id,
            "customer_id": invoice.customer,
            "subscription_id": invoice.subscription,
            "recurring": invoice.subscription is not None,
            "status": status_of(invoice, at),
            "price_type": "tax_exclusive",
            "date": invoice.created,
            "due_date": invoice.due or invoice.finalized or invoice.created,
            "net_term_days": 30 if invoice.due else 0,
            "currency_code": invoice.currency.upper(),
            **_amounts(invoice),
            "paid_at": settled_at(invoice) if invoice.status in {"paid", "uncollectible"} else None,
            "voided_at": settled_at(invoice) if invoice.status == "void" else None,
            "generated_at": invoice.created,
            "first_invoice": invoice.billing_reason == "subscription_create",
            "has_advance_charges": False,
            "term_finalized": True,
            "is_gifted": False,
            "channel": "web",
            "deleted": False,
            "line_items": shown,
            "line_items_next_offset": following,
            **_dunning(invoice),
            "linked_payments": [linked_payment(one) for one in transactions_of(invoice)],
            "applied_credits": [],
            "adjustment_credit_notes": [linked_note(invoice)] if written_off else [],
            "issued_credit_notes": [],
            "linked_orders": [],
            "updated_at": at,
            "resource_version": at * 1000,
            "object": "invoice",
        }
    )


def _amounts(invoice: Invoice) -> Json:
    total = cents(invoice.amount, invoice.currency)
    written_off = total if invoice.status == "uncollectible" else 0
    return {
        "tax": 0,
        "sub_total": total,
        "total": total,
        "amount_paid": cents(invoice.paid_amount, invoice.currency),
        "amount_due": amount_due(invoice),
        "amount_to_collect": amount_due(invoice),
        "amount_adjusted": written_off,
        "write_off_amount": written_off,
        "credits_applied": 0,
        "round_off_amount": 0,
    }


def to_lines(site: Site, invoice: Invoice) -> list[Json]:
    """One line for all seats, or for each so many. What was added within a term is a part of it."""
    step = site.settings.seats_a_line or max(1, invoice.seats)
    blocks = [min(step, invoice.seats - first) for first in range(0, invoice.seats, step)] or [0]
    shares = [invoice.amount * sum(blocks[:n]) // max(1, invoice.seats) for n in range(len(blocks))]
    amounts = [
        after - before for before, after in zip(shares, [*shares[1:], invoice.amount], strict=True)
    ]
    pairs = zip(blocks, amounts, strict=True)
    return [_line(site, invoice, number, *pair) for number, pair in enumerate(pairs)]


def page_of_lines(lines: list[Json], limit: int, start: int) -> tuple[list[Json], str | None]:
    """Some of the lines, and how to ask for the following ones."""
    stop = start + limit
    following = json.dumps([str(stop)]) if stop < len(lines) else None
    return lines[start:stop], following


def _dunning(invoice: Invoice) -> Json:
    """Only card payments that failed are tried again."""
    failed = failures(invoice)
    if not failed:
        return {}
    if invoice.status == "paid":
        status = "success"
    else:
        gone = invoice.status == "uncollectible" or is_exhausted(invoice)
        status = "exhausted" if gone else "in_progress"
    attempts = [
        {
            "attempt": number,
            "transaction_id": one.id,
            "dunning_type": "auto_collect",
            "created_at": one.created,
            "txn_status": "success" if one.succeeded else "failure",
            "txn_amount": cents(invoice.amount, invoice.currency),
        }
        for number, one in enumerate(transactions_of(invoice))
    ]
    return {
        "dunning_status": status,
        "dunning_attempts": attempts,
        "next_retry_at": invoice.next_attempt if status == "in_progress" else None,
    }


def _line(site: Site, invoice: Invoice, number: int, seats: int, amount: int) -> Json:
    subscription = site.books.subscriptions.get(invoice.subscription or "")
    kind = "plan" if site.settings.catalog == 1 else "plan_item_price"
    added = invoice.billing_reason == "subscription_update"
    line: Json = {
        "id": derived_id("li_", 16, invoice.id, number),
        "subscription_id": invoice.subscription,
        "customer_id": invoice.customer,
        "date_from": invoice.period_start,
        "date_to": invoice.period_end,
        "unit_amount": cents(invoice.unit_amount, invoice.currency),
        "quantity": seats,
        "amount": cents(amount, invoice.currency),
        "pricing_model": "per_unit",
        "is_taxed": False,
        "tax_amount": 0,
        "discount_amount": 0,
        "item_level_discount_amount": 0,
        "description": f"{subscription.plan if subscription else 'Charge'}"
        + (" - Prorated Charges" if added else ""),
        "entity_type": kind if subscription else "adhoc",
        "entity_id": item_price_id(subscription) if subscription else None,
        "proration_mode": "delta" if added else None,
        "object": "line_item",
    }
    if site.settings.multi_decimal:
        line |= {
            "unit_amount_in_decimal": in_decimal(invoice.unit_amount, invoice.currency),
            "quantity_in_decimal": str(seats),
            "amount_in_decimal": in_decimal(amount, invoice.currency),
        }
    return present(line)
