"""Stripe's charges, payment intents and invoice payments on the wire.

The shape of 2025-03-31 (basil) and later: of the three only an invoice payment names its invoice.
Checked Nov 2026.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.vendors.stripe_books import Invoice
from sandbox.vendors.stripe_ids import derived_id
from sandbox.vendors.stripe_invoices import given_up_at
from sandbox.vendors.stripe_methods import method_id, method_of, to_destination, to_method
from sandbox.vendors.stripe_prices import LIVEMODE, Json

MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "do_not_honor": "Your card was declined.",
    "expired_card": "Your card has expired.",
}
# Fields that this account never fills.
NO_CHARGE_FIELDS: Json = {
    "application": None,
    "application_fee": None,
    "application_fee_amount": None,
    "balance_transaction": None,
    "calculated_statement_descriptor": None,
    "description": "Subscription update",
    "disputed": False,
    "failure_balance_transaction": None,
    "fraud_details": {},
    "livemode": LIVEMODE,
    "metadata": {},
    "on_behalf_of": None,
    "radar_options": {},
    "receipt_email": None,
    "receipt_number": None,
    "receipt_url": None,
    "review": None,
    "shipping": None,
    "source": None,
    "source_transfer": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_data": None,
    "transfer_group": None,
}
NO_INTENT_FIELDS: Json = {
    "amount_capturable": 0,
    "allowed_payment_method_types": None,
    "amount_details": {"tip": {}},
    "application": None,
    "application_fee_amount": None,
    "automatic_payment_methods": None,
    "cancellation_reason": None,
    "capture_method": "automatic",
    "confirmation_method": "automatic",
    "customer_account": None,
    "description": "Subscription update",
    "excluded_payment_method_types": None,
    "livemode": LIVEMODE,
    "managed_payments": None,
    "metadata": {},
    "next_action": None,
    "on_behalf_of": None,
    "payment_method_configuration_details": None,
    "payment_method_options": {},
    "payment_record": None,
    "processing": None,
    "receipt_email": None,
    "review": None,
    "setup_future_usage": "off_session",
    "shipping": None,
    "source": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_data": None,
    "transfer_group": None,
}


@dataclass(frozen=True, slots=True)
class Charge:
    """One attempt to collect an invoice. decline: code and decline code; None: it went through."""

    id: str
    created: int
    invoice: Invoice
    status: str
    decline: tuple[str, str] | None

    @property
    def number(self) -> int:
        """Where it stands among those of one second."""
        return self.invoice.number


def intent_id(invoice: Invoice) -> str:
    return derived_id("pi_3", 23, "payment intent", invoice.id)


def to_charge(charge: Charge, refunded: int = 0) -> Json:
    """refunded: how much of it has gone back so far."""
    invoice, went_through = charge.invoice, charge.decline is None
    code, decline = charge.decline or (None, None)
    amount = invoice.paid_amount if went_through else invoice.amount
    return {
        "id": charge.id,
        "object": "charge",
        **NO_CHARGE_FIELDS,
        "amount": amount,
        "amount_captured": amount if went_through else 0,
        "amount_refunded": refunded,
        "billing_details": {
            "address": None, "email": None, "name": None, "phone": None, "tax_id": None,
        },
        "captured": went_through,
        "created": charge.created,
        "currency": invoice.currency,
        "customer": invoice.customer,
        "failure_code": code,
        "failure_message": MESSAGES[decline] if decline else None,
        "outcome": _outcome(decline),
        "paid": went_through,
        "payment_intent": intent_id(invoice),
        "payment_method": method_id(invoice.customer),
        "payment_method_details": to_method(invoice, amount if went_through else None),
        "refunded": went_through and refunded == amount,
        "status": charge.status,
    }  # fmt: skip


def _outcome(decline: str | None) -> Json:
    passed = decline is None
    return {
        "advice_code": None if passed else "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None if passed else "51",
        "network_status": "approved_by_network" if passed else "declined_by_network",
        "reason": decline,
        "risk_level": "normal",
        "seller_message": "Payment complete." if passed else "The bank declined the payment.",
        "type": "authorized" if passed else "issuer_declined",
    }


def to_intent(invoice: Invoice, created: int, charges: Sequence[Charge]) -> Json:
    """charges: the attempts so far, oldest first."""
    latest = charges[-1] if charges else None
    canceled_at = given_up_at(invoice, "void")
    status = "requires_payment_method"
    if invoice.paid is not None:
        status = "succeeded"
    elif canceled_at is not None:
        status = "canceled"
    failed = latest is not None and latest.decline is not None
    method = method_id(invoice.customer)
    return {
        "id": intent_id(invoice),
        "object": "payment_intent",
        **NO_INTENT_FIELDS,
        "amount": invoice.amount,
        "amount_received": invoice.paid_amount if invoice.paid is not None else 0,
        "canceled_at": canceled_at,
        "client_secret": f"{intent_id(invoice)}_secret_{derived_id('', 25, 'secret', invoice.id)}",
        "created": created,
        "currency": invoice.currency,
        "customer": invoice.customer,
        "last_payment_error": _error(latest) if latest and failed else None,
        "latest_charge": latest.id if latest else None,
        "payment_method": method if status == "succeeded" else None,
        "payment_method_types": [method_of(invoice)],
        "status": status,
    }


def _error(charge: Charge) -> Json:
    code, decline = charge.decline or ("", "")
    return {
        "charge": charge.id,
        "code": code,
        "decline_code": decline,
        "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
        "message": MESSAGES[decline],
        "type": "card_error",
    }


def to_invoice_payment(invoice: Invoice, part: Json, *, paid_at: int | None) -> Json:
    """part: id, created, is_default, status and amount_paid of what goes to the invoice."""
    asked = (
        part["amount_paid"] if part["status"] == "paid" else invoice.amount - invoice.paid_amount
    )
    return {
        **part,
        "object": "invoice_payment",
        "amount_requested": asked,
        "currency": invoice.currency,
        "invoice": invoice.id,
        "livemode": LIVEMODE,
        "payment": {"type": "payment_intent", "payment_intent": intent_id(invoice)},
        "status_transitions": {
            "canceled_at": given_up_at(invoice, "void") if part["status"] == "canceled" else None,
            "paid_at": paid_at,
        },
    }


def to_refund(charge: Charge, refund: Json) -> Json:
    """refund: id, amount and created of what went back of a charge."""
    return {
        **refund,
        "object": "refund",
        "balance_transaction": None,
        "charge": charge.id,
        "currency": charge.invoice.currency,
        "customer": charge.invoice.customer,
        "customer_account": None,
        "destination_details": to_destination(charge.invoice),
        "metadata": {},
        "payment_intent": intent_id(charge.invoice),
        "payment_method": method_id(charge.invoice.customer),
        "reason": "requested_by_customer",
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
