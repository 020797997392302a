"""A streamed world's books: which invoice stands in which slot, and when it was paid.

A month of 30 days has as many slots as there are accounts, and slot by slot invoices are made:
account 0 in the first of each month, and so on. So an invoice is its slot's number, its time
follows from that, and what happens to it later happens in a slot as well. Slots may be arrays.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np

from bench.streamed.world import (
    DAY,
    HEALTH,
    PAYER,
    PHASE,
    TENURE,
    YEARS,
    Places,
    World,
    draw,
    is_yearly,
    midnight,
    where,
)

MONTHS, MONTH = 24, 30 * DAY
PAID_AFTER_DAYS = (0, 20, 75)  # by kind of payer
REFUND_EVERY = 16
CHUNK = 4_096


class Slots:
    """The slots of one world; `newest`: the first that has not come yet."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.count = world.accounts
        self._start = midnight(world.first + timedelta(days=1)) - MONTHS * MONTH
        self.newest = self.at(world.now)
        self.lags = [days * DAY * self.count // MONTH for days in PAID_AFTER_DAYS]

    def at(self, second: int) -> int:
        """The first slot at or after a time."""
        return max(0, -(-(second - self._start) * self.count // MONTH))

    def time(self, slot: int) -> int:
        return self._start + slot * MONTH // self.count

    def first(self, places: Places) -> Places:
        """The slot of each account's first invoice."""
        monthly = MONTHS - 1 - draw(places, TENURE) % MONTHS
        yearly = MONTHS - 12 * (1 + draw(places, YEARS) % (MONTHS // 12)) + draw(places, PHASE) % 12
        return where(is_yearly(places), yearly, monthly) * self.count + places

    def has_invoice(self, slots: Places) -> Places:
        months, places = slots // self.count, slots % self.count
        due = (is_yearly(places) == 0) | (months % 12 == draw(places, PHASE) % 12)
        return (slots >= 0) & due & (slots >= self.first(places))

    def is_first(self, slots: Places) -> Places:
        return self.first(slots % self.count) == slots

    def payer(self, places: Places) -> Places:
        """0 pays at once, 1 and 2 later; 2 is seen among unhealthy accounts only."""
        chance, health = draw(places, PAYER), draw(places, HEALTH)
        return where(chance < 1_200, 1, where((chance < 3_500) & (health < 4_000), 2, 0))

    def is_refunded(self, slots: Places) -> Places:
        """A part of some invoices that were paid by card goes back at once."""
        return (slots % REFUND_EVERY == 3) & (is_yearly(slots % self.count) == 0)

    def paid_in(self, slot: int) -> int:
        return slot + self.lags[int(self.payer(slot % self.count))]

    def last(self, place: int) -> int:
        """The newest invoice of an account."""
        slot = (self.newest - 1 - place) // self.count * self.count + place
        while not self.has_invoice(slot):
            slot -= self.count
        return slot


def pairs(slots: Slots, name: str, below: int, above: int) -> Iterator[tuple[int, int]]:
    """(slot in which it was made, invoice's slot) of a list's objects, newest first.

    below: the first slot that is not asked for any more; above: the last one that is.
    """
    below = min(below, slots.newest)
    while below > above:
        part = np.arange(max(above, below - CHUNK), below)
        below -= CHUNK
        yield from sorted(_made_in(slots, name, part), reverse=True)


def _made_in(slots: Slots, name: str, part: Any) -> Iterator[tuple[int, int]]:
    if name in ("customers", "subscriptions", "invoices", "invoice_payments"):
        is_there = slots.is_first if name in ("customers", "subscriptions") else slots.has_invoice
        yield from ((slot, slot) for slot in part[is_there(part)].tolist())
        return
    for payer, lag in enumerate(slots.lags):
        paid = part - lag
        paid = paid[slots.has_invoice(paid) & (slots.payer(paid % slots.count) == payer)]
        if name == "refunds":
            paid = paid[slots.is_refunded(paid)]
        yield from ((slot + lag, slot) for slot in paid.tolist())
