"""Invoices of one subscription: one a period, in advance, and one for seats added within a term."""

from dataclasses import dataclass

import numpy as np

from sandbox.world.draws import generator, text_id
from sandbox.world.lines import Line
from sandbox.world.payments import HOUR, NEVER, Payment, pay_by_card, pay_by_transfer
from sandbox.world.satisfaction import Mood

MOST_INVOICES = 1000
IN_GOOD_TIME = 1.0

Spell = tuple[np.datetime64, np.datetime64]


@dataclass(frozen=True, slots=True)
class Invoice:
    """`payment` tells how it goes in the end; `row` tells how it stands at a moment."""

    line: Line
    number: int
    created_at: np.datetime64
    period: Spell
    seats: int
    amount_minor: int
    reason: str
    payment: Payment

    def row(self, until: np.datetime64) -> tuple[object, ...]:
        """The columns of the table invoices, as they stand just before `until`."""
        status, payment = self._status(until), self.payment
        by_card = np.isnat(payment.due_at)
        later = [at for at in payment.attempts if at >= until]
        finalized_at = self.created_at + HOUR
        return (
            self.number,
            text_id("in_1", 23, self.line.seed, "invoice", self.number),
            self.line.customer_no,
            self.line.number,
            status,
            self.line.currency,
            self.amount_minor,
            self.amount_minor if status == "paid" else 0,
            self.seats,
            self.line.unit_amount_minor,
            *self.period,
            self.created_at,
            finalized_at if finalized_at < until else NEVER,
            payment.due_at,
            payment.paid_at if status == "paid" else NEVER,
            len(payment.attempts) - len(later),
            later[0] if by_card and later and status in {"draft", "open"} else NEVER,
            self.reason,
            "charge_automatically" if by_card else "send_invoice",
        )

    def _status(self, until: np.datetime64) -> str:
        if self.created_at + HOUR >= until:
            return "draft"
        if self.payment.paid_at < until:
            return "paid"
        return "uncollectible" if self.payment.given_up_at < until else "open"


def invoice_rows(line: Line, mood: Mood, *, until: np.datetime64, seed: int) -> list[Invoice]:
    """The invoices created before `until`, oldest first."""
    contract = line.contract
    rng = generator(seed, "payments", line.number)
    draws = rng.random((len(contract.periods), 3))
    ends = [*contract.periods[1:], contract.period_end]
    invoices = []
    for ordinal, (first, end) in enumerate(zip(contract.periods, ends, strict=True)):
        seats = line.seats_on(first)
        reason = "subscription_cycle" if ordinal else "subscription_create"
        amount = seats * line.unit_amount_minor
        payment = _payment(line, mood, first, draws[ordinal])
        period = (line.moment(first), line.moment(end))
        number = line.number * MOST_INVOICES + ordinal
        created_at = period[0]
        invoices.append(Invoice(line, number, created_at, period, seats, amount, reason, payment))
    invoices += _added_seats(line, mood, seed)
    return sorted((i for i in invoices if i.created_at < until), key=lambda i: i.created_at)


def _added_seats(line: Line, mood: Mood, seed: int) -> list[Invoice]:
    """Seats bought within a term are paid for the rest of it, to the day."""
    contract = line.contract
    invoices = []
    for ordinal, change in enumerate(contract.changes if line.fixed_seats is None else ()):
        if change.on in contract.periods or change.on > mood.days[-1]:
            continue
        ends = [*contract.periods[1:], contract.period_end]
        term = [span for span in zip(contract.periods, ends, strict=True) if change.on > span[0]][
            -1
        ]
        share = (term[1] - change.on) / (term[1] - term[0])
        added = change.after - change.before
        draws = generator(seed, "added seats", line.number, ordinal).random(3)
        invoices.append(
            Invoice(
                line,
                line.number * MOST_INVOICES + MOST_INVOICES // 2 + ordinal,
                line.moment(change.on),
                (line.moment(change.on), line.moment(term[1])),
                added,
                round(added * line.unit_amount_minor * float(share)),
                "subscription_update",
                _payment(line, mood, change.on, draws),
            )
        )
    return invoices


def _payment(line: Line, mood: Mood, day: np.datetime64, draws: np.ndarray) -> Payment:
    """Before the world's start everything was paid in good time."""
    content = float(mood.recent[mood.place_of(day), line.contract.place])
    if day < mood.days[0]:
        draws, content = np.array([IN_GOOD_TIME, IN_GOOD_TIME, draws[2]]), 1.0
    pay = pay_by_card if line.contract.interval == "month" else pay_by_transfer
    return pay(line.moment(day), content, draws)


def late_spells(invoices: list[Invoice]) -> list[Spell]:
    """When the subscription was past due: overlapping spells are one."""
    spells: list[Spell] = []
    for invoice in invoices:
        start, payment = invoice.payment.late_from, invoice.payment
        if np.isnat(start):
            continue
        stop = payment.given_up_at if np.isnat(payment.paid_at) else payment.paid_at
        if spells and start <= spells[-1][1]:
            spells[-1] = (spells[-1][0], max(spells[-1][1], stop))
        else:
            spells.append((start, stop))
    return spells
