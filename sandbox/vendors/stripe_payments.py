"""Stripe's payments: how each invoice was paid, attempt by attempt.

A finalized invoice with something to pay has one payment intent, whose charges are its attempts,
and invoice payments that say what of it went to the invoice. Vendor facts: Stripe API reference on
invoice payments, charges and payment intents, checked Nov 2026.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sandbox.vendors.stripe_books import Books, Invoice, Shelf
from sandbox.vendors.stripe_charges import (
    Charge,
    intent_id,
    to_charge,
    to_intent,
    to_invoice_payment,
    to_refund,
)
from sandbox.vendors.stripe_events import Fact, failures
from sandbox.vendors.stripe_ids import derived_id
from sandbox.vendors.stripe_prices import Json, to_list

# So many paid invoices have one of which a tenth was given back, and so much later.
REFUNDED_EVERY = 20
REFUNDED_AFTER_S = 5 * 86_400
# Why cards are refused here, as code and decline code.
DECLINES = (
    ("card_declined", "insufficient_funds"),
    ("card_declined", "do_not_honor"),
    ("expired_card", "expired_card"),
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What an invoice asks for, and what became of it."""

    id: str
    created: int
    invoice: Invoice
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a payment brings to its invoice; amount_paid: None until it has."""

    id: str
    created: int
    invoice: Invoice
    amount_paid: int | None
    status: str
    is_default: bool = True


@dataclass(frozen=True, slots=True)
class Refund:
    """What went back of the charge that paid an invoice."""

    id: str
    created: int
    charge: Charge
    amount: int


@dataclass(frozen=True, slots=True)
class Payments:
    """All of an account's payments up to now, each kind newest first."""

    intents: Shelf[Intent]
    charges: Shelf[Charge]
    parts: Shelf[Part]
    refunds: Shelf[Refund]
    refunded: dict[str, int]  # how much has gone back, by charge

    def shown_charge(self, charge_id: str) -> Json:
        charge = self.charges.get(charge_id)
        assert charge is not None
        return to_charge(charge, self.refunded.get(charge_id, 0))

    def shown_refund(self, refund_id: str) -> Json:
        refund = self.refunds.get(refund_id)
        assert refund is not None
        return _shown_refund(refund)

    def shown_intent(self, intent: str) -> Json:
        found = self.intents.get(intent)
        assert found is not None
        return to_intent(found.invoice, found.created, found.charges)

    def shown_part(self, part_id: str) -> Json:
        part = self.parts.get(part_id)
        assert part is not None
        return _shown(part)


def to_payments(books: Books, now: int) -> Payments:
    """The payments of all invoices as of `now`; what comes later has not happened yet."""
    intents = [intent for one in books.invoices for intent in _intents_of(one, now)]
    charges = [charge for intent in intents for charge in intent.charges]
    parts = [part for intent in intents for part in parts_of(intent.invoice)]
    refunds = [one for charge in charges for one in refunds_of(charge) if one.created <= now]
    return Payments(
        Shelf((intent.invoice.number, intent) for intent in intents),
        Shelf((charge.number, charge) for charge in charges),
        Shelf((part.invoice.number, part) for part in parts),
        Shelf((refund.charge.number, refund) for refund in refunds),
        {refund.charge.id: refund.amount for refund in refunds},
    )


def payments_of(invoice: Invoice) -> Json:
    """The list that `expand[]=payments` adds to an invoice."""
    url = f"/v1/invoice_payments?invoice={invoice.id}"
    return to_list(url, [_shown(part) for part in parts_of(invoice)][::-1])


def payment_facts(books: Books, since: int) -> Iterator[Fact]:
    """What events tell of attempts and of invoices paid: since so many epoch seconds."""
    for invoice in books.invoices:
        for charge in charges_of(invoice):
            if charge.created >= since:
                told = partial(to_charge, charge)
                yield Fact(f"charge.{charge.status}", charge.id, charge.created, told)
            for refund in refunds_of(charge):
                if refund.created >= since:
                    yield from _refund_facts(refund)
        for part in parts_of(invoice):
            if part.status == "paid" and (invoice.paid or 0) >= since:
                paid = partial(_shown, part)
                yield Fact("invoice_payment.paid", part.id, invoice.paid or 0, paid)


def charges_of(invoice: Invoice) -> list[Charge]:
    """Every attempt to collect an invoice, oldest first."""
    if not asks_for_money(invoice):
        return []
    failed = [
        Charge(_charge_id(invoice, at), at, invoice, "failed", _decline(invoice, at))
        for at in failures(invoice)
    ]
    if invoice.paid is None:
        return failed
    paid = Charge(_charge_id(invoice, invoice.paid), invoice.paid, invoice, "succeeded", None)
    return [*failed, paid]


def refunds_of(charge: Charge) -> list[Refund]:
    """What of a charge was given back, by the number of its invoice."""
    if charge.status != "succeeded" or charge.number % REFUNDED_EVERY != 3:
        return []
    refund_id = derived_id("re_3", 23, "refund", charge.id)
    amount = max(1, charge.invoice.paid_amount // 10)
    return [Refund(refund_id, charge.created + REFUNDED_AFTER_S, charge, amount)]


def _refund_facts(refund: Refund) -> Iterator[Fact]:
    yield Fact("refund.created", refund.id, refund.created, partial(_shown_refund, refund))
    after = partial(to_charge, refund.charge, refund.amount)
    yield Fact("charge.refunded", refund.charge.id, refund.created, after)


def parts_of(invoice: Invoice) -> list[Part]:
    """What was paid of an invoice and what is still asked for; the latter first."""
    if not asks_for_money(invoice) or invoice.finalized is None:
        return []
    begun = invoice.finalized

    def part(name: str, paid: int | None, status: str, *, is_default: bool = True) -> Part:
        part_id = derived_id("inpay_1", 23, name, invoice.id)
        return Part(part_id, begun, invoice, paid, status, is_default)

    if invoice.paid is not None:
        return [part("payment", invoice.paid_amount, "paid")]
    status = "canceled" if invoice.status == "void" else "open"
    rest = part("payment", None, status)
    if invoice.paid_amount == 0:
        return [rest]
    return [rest, part("part payment", invoice.paid_amount, "paid", is_default=False)]


def asks_for_money(invoice: Invoice) -> bool:
    return invoice.amount > 0 and invoice.finalized is not None


def _intents_of(invoice: Invoice, now: int) -> Iterator[Intent]:
    if asks_for_money(invoice) and (invoice.finalized or 0) <= now:
        charges = tuple(charge for charge in charges_of(invoice) if charge.created <= now)
        yield Intent(intent_id(invoice), invoice.finalized or 0, invoice, charges)


def _charge_id(invoice: Invoice, at: int) -> str:
    return derived_id("ch_3", 23, "charge", invoice.id, at)


def _decline(invoice: Invoice, at: int) -> tuple[str, str]:
    """One of the usual reasons, always the same one for the same attempt."""
    return DECLINES[(invoice.number + at) % len(DECLINES)]


def _shown_refund(refund: Refund) -> Json:
    shown = {"id": refund.id, "amount": refund.amount, "created": refund.created}
    return to_refund(refund.charge, shown)


def _shown(part: Part) -> Json:
    paid_at = None
    if part.status == "paid":
        paid_at = part.invoice.paid or part.created
    return to_invoice_payment(
        part.invoice,
        {"id": part.id, "created": part.created, "is_default": part.is_default}
        | {"amount_paid": part.amount_paid, "status": part.status},
        paid_at=paid_at,
    )
