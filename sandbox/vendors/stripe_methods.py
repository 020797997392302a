"""How Stripe's payments were made and where refunds went: cards and transfers on the wire.

Complete in the fields that the API description of the pinned version requires. Checked Nov 2026.
"""

from sandbox.vendors.stripe_books import Invoice
from sandbox.vendors.stripe_ids import derived_id
from sandbox.vendors.stripe_prices import Json

CARD: Json = {
    "authorization_code": None,
    "brand": "visa",
    "checks": {
        "address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass",
    },
    "country": "US",
    "electronic_commerce_indicator": None,
    "exp_month": 12,
    "exp_year": 2030,
    "extended_authorization": {"status": "disabled"},
    "funding": "credit",
    "incremental_authorization": {"status": "unavailable"},
    "installments": None,
    "last4": "4242",
    "mandate": None,
    "multicapture": {"status": "unavailable"},
    "network": "visa",
    "network_token": {"used": False},
    "network_transaction_id": None,
    "regulated_status": "unregulated",
    "three_d_secure": None,
    "transaction_link_id": None,
    "wallet": None,
}  # fmt: skip
REFUND_TO_CARD: Json = {
    "reference_status": "pending",
    "reference_type": "acquirer_reference_number",
    "type": "refund",
}


def method_id(customer: str) -> str:
    return derived_id("pm_1", 23, "payment method", customer)


def method_of(invoice: Invoice) -> str:
    """By card where Stripe collects by itself, by transfer where an invoice was sent."""
    by_card = invoice.collection_method == "charge_automatically"
    return "card" if by_card else "customer_balance"


def to_method(invoice: Invoice, authorized: int | None) -> Json:
    """A charge's payment_method_details. authorized: in minor units; None if it was refused."""
    kind = method_of(invoice)
    if kind != "card":
        return {"type": kind, kind: {}}
    ceiling = {"maximum_amount_capturable": authorized or 0, "status": "unavailable"}
    fingerprint = derived_id("", 16, "fingerprint", invoice.customer)
    whole = {"amount_authorized": authorized, "fingerprint": fingerprint, "overcapture": ceiling}
    return {"type": kind, kind: {**CARD, **whole}}


def to_destination(invoice: Invoice) -> Json:
    """A refund's destination_details: back to where the money came from."""
    if method_of(invoice) == "card":
        return {"type": "card", "card": REFUND_TO_CARD}
    return {"type": "customer_cash_balance", "customer_cash_balance": {}}
