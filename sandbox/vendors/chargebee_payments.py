"""Chargebee's transactions and credit notes on the wire: how an invoice was settled, or was not.

Fields: those of the official clients. What writing off does: API v2 on invoices. Checked Nov 2026.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.vendors.chargebee_cards import GATEWAY, source_id
from sandbox.vendors.chargebee_http import Json, present
from sandbox.vendors.chargebee_money import cents
from sandbox.vendors.chargebee_states import BY_CARD, settled_at, status_of
from sandbox.vendors.stripe_books import Invoice
from sandbox.vendors.stripe_events import failures
from sandbox.vendors.stripe_ids import derived_id

DECLINED = "2001"
DECLINED_TEXT = "(2001) Insufficient funds"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One try to be paid. created: when, in epoch seconds."""

    id: str
    created: int
    invoice: Invoice
    succeeded: bool


def transactions_of(invoice: Invoice) -> Iterator[Transaction]:
    for at in failures(invoice):
        yield Transaction(derived_id("txn_", 16, invoice.id, at), at, invoice, succeeded=False)
    if invoice.paid is not None:
        name = derived_id("txn_", 16, invoice.id, "paid")
        yield Transaction(name, invoice.paid, invoice, succeeded=True)


def to_transaction(transaction: Transaction) -> Json:
    invoice, succeeded = transaction.invoice, transaction.succeeded
    by_card = invoice.collection_method == BY_CARD
    amount = cents(invoice.amount, invoice.currency)
    return present(
        {
            "id": transaction.id,
            "customer_id": invoice.customer,
            "subscription_id": invoice.subscription,
            "gateway": "chargebee" if by_card else "not_applicable",
            "gateway_account_id": GATEWAY["gateway_account_id"] if by_card else None,
            "payment_source_id": source_id(invoice.customer) if by_card else None,
            "payment_method": "card" if by_card else "bank_transfer",
            "type": "payment",
            "date": transaction.created,
            "settled_at": transaction.created if succeeded else None,
            "currency_code": invoice.currency.upper(),
            "amount": amount,
            "amount_unused": 0,
            "status": "success" if succeeded else "failure",
            "error_code": None if succeeded else DECLINED,
            "error_text": None if succeeded else DECLINED_TEXT,
            "linked_invoices": [
                {
                    "invoice_id": invoice.id,
                    "applied_amount": amount if succeeded else 0,
                    "applied_at": transaction.created,
                    "invoice_date": invoice.created,
                    "invoice_total": amount,
                    "invoice_status": status_of(invoice, transaction.created),
                }
            ],
            "linked_refunds": [],
            "deleted": False,
            "updated_at": transaction.created,
            "resource_version": transaction.created * 1000,
            "object": "transaction",
        }
    )


def to_credit_note(invoice: Invoice) -> Json:
    """What takes an invoice out of the books that nobody will pay."""
    at, total = settled_at(invoice) or invoice.created, cents(invoice.amount, invoice.currency)
    return {
        "id": note_id(invoice),
        "customer_id": invoice.customer,
        "reference_invoice_id": invoice.id,
        "type": "adjustment",
        "reason_code": "write_off",
        "create_reason_code": "Write Off",
        "status": "adjusted",
        "date": at,
        "price_type": "tax_exclusive",
        "currency_code": invoice.currency.upper(),
        "total": total,
        "sub_total": total,
        "amount_allocated": total,
        "amount_refunded": 0,
        "amount_available": 0,
        "generated_at": at,
        "deleted": False,
        "updated_at": at,
        "resource_version": at * 1000,
        "object": "credit_note",
    }


def note_id(invoice: Invoice) -> str:
    return derived_id("CN-", 10, invoice.id)


def linked_payment(transaction: Transaction) -> Json:
    amount = cents(transaction.invoice.amount, transaction.invoice.currency)
    return {
        "txn_id": transaction.id,
        "applied_amount": amount if transaction.succeeded else 0,
        "applied_at": transaction.created,
        "txn_status": "success" if transaction.succeeded else "failure",
        "txn_date": transaction.created,
        "txn_amount": amount,
    }


def linked_note(invoice: Invoice) -> Json:
    note = to_credit_note(invoice)
    return {
        "cn_id": note["id"],
        "cn_reason_code": note["reason_code"],
        "cn_create_reason_code": note["create_reason_code"],
        "cn_date": note["date"],
        "cn_total": note["total"],
        "cn_status": note["status"],
    }
