"""Stripe over a streamed world: its lists, its objects by id, its events of 30 days."""

import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import partial
from itertools import islice
from typing import Any

from bench.streamed.door import Asked
from bench.streamed.stripe_books import MONTH, Slots, pairs
from bench.streamed.stripe_forms import books_of, facts_of, filled, invoice_of, render
from bench.streamed.world import World
from sandbox.vendors.stripe_events import Event, to_event
from sandbox.vendors.stripe_http import Params, Refused, no_such, to_params
from sandbox.vendors.stripe_old_shapes import to_old_invoice, to_old_subscription
from sandbox.vendors.stripe_prices import Json, to_list

PATH = re.compile(r"/v1/(\w+)(?:/(\w+))?")
NOUNS = {
    "customers": ("customer", "cus_"), "subscriptions": ("subscription", "sub_1"),
    "invoices": ("invoice", "in_1"), "invoice_payments": ("invoice_payment", "inpay_1"),
    "charges": ("charge", "ch_3"), "refunds": ("refund", "re_3"),
}  # fmt: skip
KNOWN = {
    "limit": "whole", "starting_after": "text", "created": "range", "status": ("all",),
    "expand": "list", "invoice": "text", "type": "text", "types": "list",
}  # fmt: skip
PAYING = ("charge.succeeded", "invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid")
MADE = ("invoice.created", "invoice.finalized")
REFUNDING = ("refund.created", "charge.refunded")
Told = tuple[int, str, int]  # slot in which it happened, type, the invoice's slot


class Stripe:
    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: Counter[str] = Counter()
        self._slots = Slots(world)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        try:
            return 200, self._answer(asked)
        except Refused as refused:
            return refused.status, refused.body()

    @property
    def slots(self) -> Slots:
        if self._slots.world is not self.world:
            self._slots = Slots(self.world)
        return self._slots

    def _answer(self, asked: Asked) -> Json | bytes:
        path = PATH.fullmatch(asked.path)
        if asked.method != "GET" or path is None or path[1] not in (*NOUNS, "events"):
            words = f"Unrecognized request URL ({asked.method}: {asked.path})."
            raise Refused(404, words)
        if path[2]:
            return self._one(path[1], path[2])
        params = to_params(asked.query, KNOWN)  # type: ignore[arg-type]
        if path[1] == "events":
            return self._events(params)
        if params.text("invoice"):
            shown = self._one(path[1], f"inpay_1{params.text('invoice')[4:]}")
            return _page(path[1], [shown.decode()], has_more=False)
        return self._list(path[1], params)

    def _one(self, name: str, object_id: str) -> bytes:
        noun, prefix = NOUNS.get(name, ("object", "-"))
        number = object_id.removeprefix(prefix)
        if number == object_id or not number.isdigit():
            raise no_such(noun, object_id, param="id")
        slot = self._slot(name, int(number))
        if slot is None or self._made_in(name, slot) >= self.slots.newest:
            raise no_such(noun, object_id, param="id")
        self.sent[name] += 1
        return self._text(name, slot).encode()

    def _list(self, name: str, params: Params) -> bytes:
        asked, limit = params.values.get("created", {}), params.values.get("limit", 10)
        above = self.slots.at(asked.get("gte", 0))
        below = self.slots.at(asked["lt"]) if "lt" in asked else self.slots.newest
        last = self._place(name, params.text("starting_after"))
        rows = pairs(self.slots, name, below if last is None else min(below, last[0] + 1), above)
        page = list(islice((pair for pair in rows if last is None or pair < last), limit + 1))
        shown = [self._text(name, slot) for _, slot in page[:limit]]
        if params.expand():
            shown = [
                text.replace(f'"cus_{slot % self.slots.count:014d}"', self._text("customers", slot))
                for text, (_, slot) in zip(shown, page, strict=False)
            ]
        self.sent[name] += 0 if params.expand() else len(shown)
        return _page(name, shown, has_more=len(page) > limit)

    def _place(self, name: str, object_id: str | None) -> tuple[int, int] | None:
        """Where the object stands that a page goes on behind."""
        if object_id is None:
            return None
        slot = self._slot(name, int(object_id.removeprefix(NOUNS[name][1])))
        if slot is None:
            raise no_such(NOUNS[name][0], object_id, param="starting_after", status=400)
        return self._made_in(name, slot), slot

    def _slot(self, name: str, number: int) -> int | None:
        """The slot of the object with a number; None where there is none."""
        if name in ("customers", "subscriptions"):
            return int(self.slots.first(number)) if number < self.slots.count else None
        is_there = self.slots.has_invoice(number)
        is_there = is_there and (name != "refunds" or self.slots.is_refunded(number))
        return number if is_there else None

    def _made_in(self, name: str, slot: int) -> int:
        return self.slots.paid_in(slot) if name in ("charges", "refunds") else slot

    def _text(self, name: str, slot: int) -> str:
        return filled(name, *facts_of(self.slots, slot))

    def _events(self, params: Params) -> Json:
        wanted = params.values.get("types") or [params.text("type") or "*"]
        since = max(params.values.get("created", {}).get("gte", 0), self.world.now - MONTH)
        limit, after = params.values.get("limit", 10), params.text("starting_after")
        last = int(after[5:]) if after else None
        told = self._told(self.slots.at(since), wanted, last)
        page = list(islice(told, limit + 1))
        shown = [self._event(number, one) for number, one in page[:limit]]
        return to_list("/v1/events", shown, has_more=len(page) > limit)

    def _told(self, above: int, wanted: list[str], last: int | None) -> Iterator[tuple[int, Told]]:
        """Events, newest first, each with its number; behind the number `last`."""
        types = {name for name in (*TYPES, "customer.updated")
                 if any(fnmatch(name, one) for one in wanted)}  # fmt: skip
        below = self.slots.newest if last is None else last // 1_000 + 1
        for slot in range(below - 1, above - 1, -1) if types else ():
            happened = [one for one in self._in(slot) if one[1] in types]
            for place, one in reversed(list(enumerate(happened))):
                number = slot * 1_000 + place
                if last is None or number < last:
                    yield number, one

    def _in(self, slot: int) -> Iterator[Told]:
        """What happens in a slot, oldest first: an invoice is made, earlier ones are paid."""
        slots = self.slots
        if slots.has_invoice(slot):
            first = slots.is_first(slot)
            yield from ((slot, name, slot) for name in (FIRST if first else AGAIN))
            yield from ((slot, name, slot) for name in MADE)
        for payer, lag in enumerate(slots.lags):
            paid = slot - lag
            if slots.has_invoice(paid) and slots.payer(paid % slots.count) == payer:
                refund = REFUNDING if slots.is_refunded(paid) else ()
                late = ("customer.updated",) if lag else ()
                yield from ((slot, name, paid) for name in (*PAYING, *refund, *late))

    def _event(self, number: int, told: Told) -> Json:
        at, name, slot = told
        facts, shape = facts_of(self.slots, slot)
        books = books_of(facts, shape)
        subject, _, verb = name.rpartition(".")
        if subject == "invoice":
            stood = shape if "pa" in verb else shape._replace(is_paid=False)
            show = partial(to_old_invoice, books, invoice_of(facts, stood))
        elif subject == "customer.subscription":
            show = partial(to_old_subscription, books, next(iter(books.subscriptions.values())))
        else:
            kind = {"customer": "customers", "charge": "charges", "refund": "refunds"}
            show = partial(render, kind.get(subject, "invoice_payments"), facts, shape)
        return to_event(Event(f"evt_1{number:023d}", name, self.slots.time(at), show))


def _page(name: str, shown: list[str], *, has_more: bool) -> bytes:
    """Stripe's list of objects that are JSON texts already."""
    more = str(has_more).lower()
    head = f'{{"object":"list","url":"/v1/{name}","has_more":{more},"data":['
    return f"{head}{','.join(shown)}]}}".encode()


FIRST = ("customer.created", "customer.subscription.created")
AGAIN = ("customer.subscription.updated",)
TYPES = (*FIRST, *AGAIN, *MADE, *PAYING, *REFUNDING)
