"""Stripe's objects over a streamed world: rendered once a shape, and filled in from then on.

The ordinary sandbox's renderers make a hundred objects in a tenth of a second, most of it for what
is the same in all. So they render one object of each shape with marks in the place of what differs,
and each further one is that text with its own values.
"""

from functools import cache
from typing import Any, NamedTuple

import orjson

from bench.streamed.stripe_books import MONTH, Slots
from bench.streamed.world import DAY
from sandbox.vendors.stripe_books import Books, Customer, Invoice, Subscription
from sandbox.vendors.stripe_charges import (
    Charge,
    intent_id,
    to_charge,
    to_invoice_payment,
    to_refund,
)
from sandbox.vendors.stripe_ids import derived_id
from sandbox.vendors.stripe_invoices import invoice_prefix, to_invoice
from sandbox.vendors.stripe_methods import method_id
from sandbox.vendors.stripe_objects import item_id, to_customer, to_subscription
from sandbox.vendors.stripe_prices import Json, price_id

METADATA_FOR = 7  # of eight accounts; the address of the others' bills tells whose they are


class Facts(NamedTuple):
    """What differs between objects of one shape. last: of the account's newest invoice."""

    slot: int
    place: int
    crm_id: int
    name: str
    domain: str
    created: int
    ended: int  # the end of the period before
    end: int
    due: int
    paid: int
    number: int
    amount: int
    seats: int
    unit: int
    back: int
    started: int
    last_slot: int
    last_created: int
    last_end: int
    next_number: int


class Shape(NamedTuple):
    """What decides how an object looks. is_late: not paid at once."""

    yearly: bool
    currency: str
    has_metadata: bool
    is_paid: bool
    is_late: bool
    is_first: bool
    is_refunded: bool
    last_is_paid: bool


MARKS = Facts(
    910_000_001, 9_200_002, 9_300_000_003, "@name@", "@domain@", 1_940_000_004, 0, 1_950_000_005,
    1_960_000_006, 1_970_000_007, 98_008, 99_000_009, 97_010, 96_000_011, 95_000_012,
    1_980_000_013, 910_000_014, 1_981_000_015, 1_982_000_016, 94_017,
)  # fmt: skip


def facts_of(slots: Slots, slot: int) -> tuple[Facts, Shape]:
    account = slots.world.account(slot % slots.count)
    yearly = account.interval == "year"
    length, apart = (365 * DAY, 12) if yearly else (MONTH, 1)
    first, last, paid_in = (
        slots.first(account.place),
        slots.last(account.place),
        slots.paid_in(slot),
    )
    created, last_created = slots.time(slot), slots.time(last)
    amount, is_refunded = account.seats * account.unit_amount, bool(slots.is_refunded(slot))
    facts = Facts(
        slot=slot, place=account.place, crm_id=int(account.crm_id), name=account.name,
        domain=account.domain, created=created, ended=created - length, end=created + length,
        due=created + MONTH, paid=slots.time(paid_in),
        number=(slot - first) // slots.count // apart + 1, amount=amount, seats=account.seats,
        unit=account.unit_amount, back=max(1, amount // 10), started=slots.time(first),
        last_slot=last, last_created=last_created, last_end=last_created + length,
        next_number=(last - first) // slots.count // apart + 2,
    )  # fmt: skip
    shape = Shape(
        yearly, account.currency, account.place % 8 < METADATA_FOR, paid_in < slots.newest,
        paid_in > slot, slot == first, is_refunded, slots.paid_in(last) < slots.newest,
    )  # fmt: skip
    return facts, shape


def filled(name: str, facts: Facts, shape: Shape) -> str:
    """An object of a list as JSON text."""
    return _form(name, shape) % facts._asdict()


@cache
def _form(name: str, shape: Shape) -> str:
    """The text of one shape, with a named place for each fact."""
    marks = MARKS._replace(ended=MARKS.created - (365 * DAY if shape.yearly else MONTH))
    text = orjson.dumps(render(name, marks, shape)).decode().replace("%", "%%")
    books, invoice = books_of(marks, shape), invoice_of(marks, shape)
    [sold] = books.subscriptions.values()
    for derived, place in (
        (derived_id("il_1", 23, "line", invoice.id), "il_1%(slot)023d"),
        (intent_id(invoice), "pi_3%(slot)023d"),
        (method_id(invoice.customer), "pm_1%(place)023d"),
        (derived_id("", 16, "fingerprint", invoice.customer), "%(place)016d"),
        (invoice_prefix(invoice.customer), "%(place)08d"),
        (item_id(sold.id), "si_%(place)014d"),
        (price_id(sold), "price_1%(unit)023d"),
    ):
        text = text.replace(derived, place)
    for width in (23, 14, 0):
        for field, mark in marks._asdict().items():
            if isinstance(mark, int):
                padded = f"%({field})0{width}d" if width else f"%({field})d"
                text = text.replace(f"{mark:0{width}d}" if width else str(mark), padded)
            else:
                text = text.replace(mark, f"%({field})s")
    return text


def render(name: str, facts: Facts, shape: Shape) -> Json:
    """An object as the ordinary sandbox renders it."""
    books = books_of(facts, shape)
    invoice = invoice_of(facts, shape)
    if name == "customers":
        return to_customer(books, books.customers[invoice.customer])  # type: ignore[index]
    if name == "subscriptions":
        return to_subscription(books, books.subscriptions[invoice.subscription])  # type: ignore[index]
    if name == "invoices":
        return to_invoice(books, invoice)
    if name == "invoice_payments":
        part = {
            "id": f"inpay_1{facts.slot:023d}", "created": invoice.created, "is_default": True,
            "amount_paid": invoice.paid_amount or None,
            "status": "paid" if shape.is_paid else "open",
        }  # fmt: skip
        return to_invoice_payment(invoice, part, paid_at=invoice.paid)
    charge = Charge(f"ch_3{facts.slot:023d}", facts.paid, invoice, "succeeded", None)
    if name == "charges":
        return to_charge(charge, facts.back if shape.is_refunded else 0)
    refund = {"id": f"re_3{facts.slot:023d}", "amount": facts.back, "created": facts.paid}
    return to_refund(charge, refund)


def books_of(facts: Facts, shape: Shape) -> Books:
    """The books of one account, from which the renderers read."""
    metadata = {"hubspot_company_id": str(facts.crm_id)} if shape.has_metadata else {}
    customer = Customer(
        id=f"cus_{facts.place:014d}", created=facts.started, name=facts.name,
        email=f"billing@{facts.domain}", currency=shape.currency, metadata=metadata, deleted=None,
    )  # fmt: skip
    subscription = Subscription(
        id=f"sub_1{facts.place:023d}", created=facts.started, customer=customer.id, status="active",
        started=facts.started, ended=None, canceled=None, cancel_at_period_end=False,
        period_start=facts.last_created, period_end=facts.last_end, seats=facts.seats,
        unit_amount=facts.unit, currency=shape.currency,
        interval="year" if shape.yearly else "month",
        plan="Growth" if shape.yearly else "Starter", metadata={},
    )  # fmt: skip
    last = facts._replace(slot=facts.last_slot, created=facts.last_created)
    latest = invoice_of(last, shape._replace(is_paid=shape.last_is_paid))
    late = {customer.id} if not shape.last_is_paid and not shape.yearly else set()
    kept: Any = {customer.id: customer}, {subscription.id: subscription}, None
    return Books(*kept, {subscription.id: latest}, late, {customer.id: facts.next_number - 1})


def invoice_of(facts: Facts, shape: Shape) -> Invoice:
    """As it stands now: paid once the slot has come in which it is."""
    is_open_card = not shape.is_paid and not shape.yearly
    attempts = 0 if shape.yearly else 1 + (shape.is_paid and shape.is_late)
    return Invoice(
        id=f"in_1{facts.slot:023d}", created=facts.created, number=facts.number,
        customer=f"cus_{facts.place:014d}", subscription=f"sub_1{facts.place:023d}",
        status="paid" if shape.is_paid else "open", currency=shape.currency, amount=facts.amount,
        paid_amount=facts.amount if shape.is_paid else 0, seats=facts.seats,
        unit_amount=facts.unit, period_start=facts.created, period_end=facts.end,
        finalized=facts.created, due=facts.due if shape.yearly else None,
        paid=facts.paid if shape.is_paid else None, attempts=attempts,
        next_attempt=facts.paid if is_open_card else None,
        billing_reason="subscription_create" if shape.is_first else "subscription_cycle",
        collection_method="send_invoice" if shape.yearly else "charge_automatically",
    )  # fmt: skip
