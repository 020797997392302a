"""What Stripe's lists of payments, of all kinds, can be filtered by.

Vendor facts: Stripe API reference on each list, checked Nov 2026.
"""

from sandbox.vendors.stripe_account import Account
from sandbox.vendors.stripe_charges import Charge, intent_id
from sandbox.vendors.stripe_http import Kind, Params, no_such
from sandbox.vendors.stripe_lists import PAGING, Source, to_page
from sandbox.vendors.stripe_payments import Intent, Part, Refund
from sandbox.vendors.stripe_prices import Json

FILTERS: dict[str, dict[str, Kind]] = {
    "invoice_payments": PAGING
    | {
        "created": "range",
        "invoice": "text",
        "payment": "map",
        "status": ("canceled", "open", "paid"),
    },
    "charges": PAGING
    | {
        "created": "range",
        "customer": "text",
        "payment_intent": "text",
        "transfer_group": "text",
    },
    "refunds": PAGING | {"charge": "text", "created": "range", "payment_intent": "text"},
    "payment_intents": PAGING
    | {"created": "range", "customer": "text", "customer_account": "text"},
}


def invoice_payments(account: Account, params: Params) -> Json:
    named = params.text("invoice")
    if named and account.books.invoices.get(named) is None:
        raise no_such("invoice", named, param="invoice", status=400)
    payment = params.values.get("payment", {})

    def keep(one: Part) -> bool:
        return (
            named in (None, one.invoice.id)
            and params.text("status") in (None, one.status)
            and payment.get("type") in (None, "payment_intent")
            and payment.get("payment_intent") in (None, intent_id(one.invoice))
            and params.within("created", one.created)
        )

    shelf = account.payments.parts
    source = Source(
        "/v1/invoice_payments",
        "invoice_payment",
        shelf.things,
        shelf.places,
        lambda one: account.payments.shown_part(one.id),
    )
    return to_page(account, source, params, keep)


def charges(account: Account, params: Params) -> Json:
    def keep(one: Charge) -> bool:
        return (
            params.text("customer") in (None, one.invoice.customer)
            and params.text("payment_intent") in (None, intent_id(one.invoice))
            and not params.text("transfer_group")
            and params.within("created", one.created)
        )

    shelf = account.payments.charges
    source = Source(
        "/v1/charges",
        "charge",
        shelf.things,
        shelf.places,
        lambda one: account.payments.shown_charge(one.id),
    )
    return to_page(account, source, params, keep)


def payment_intents(account: Account, params: Params) -> Json:
    def keep(one: Intent) -> bool:
        return (
            params.text("customer") in (None, one.invoice.customer)
            and not params.text("customer_account")
            and params.within("created", one.created)
        )

    shelf = account.payments.intents
    source = Source(
        "/v1/payment_intents",
        "payment_intent",
        shelf.things,
        shelf.places,
        lambda one: account.payments.shown_intent(one.id),
    )
    return to_page(account, source, params, keep)


def refunds(account: Account, params: Params) -> Json:
    def keep(one: Refund) -> bool:
        return (
            params.text("charge") in (None, one.charge.id)
            and params.text("payment_intent") in (None, intent_id(one.charge.invoice))
            and params.within("created", one.created)
        )

    shelf = account.payments.refunds
    source = Source(
        "/v1/refunds",
        "refund",
        shelf.things,
        shelf.places,
        lambda one: account.payments.shown_refund(one.id),
    )
    return to_page(account, source, params, keep)
