"""Stripe's events: what happened to customers, subscriptions and invoices, as of when it happened.

An event carries its object in the shape of the API version in force then, which here is an older
one than the lists speak: `current_period_end` on the subscription, `subscription` on the invoice.
Vendor facts: events API reference and upgrade notes, checked Nov 2026.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any

import pandas as pd

from sandbox.vendors.stripe_books import Books, Customer, Invoice, Shelf, Subscription
from sandbox.vendors.stripe_ids import derived_id
from sandbox.vendors.stripe_invoices import GIVEN_UP_AFTER_DAYS
from sandbox.vendors.stripe_objects import to_customer
from sandbox.vendors.stripe_old_shapes import to_old_invoice, to_old_subscription, to_upcoming
from sandbox.vendors.stripe_prices import LIVEMODE, Json
from sandbox.world.model import COLUMNS, World

DAY = 86_400
KEPT_S = 30 * DAY
VERSION = "2024-06-20"
# A renewal that is charged by itself is told so long before.
TOLD_BEFORE_S = 7 * DAY
# A failed card payment is tried again these days after the invoice was finalized.
RETRY_AFTER_DAYS = (0, 3, 8, 15)
Show = Callable[[], Json]
# The world's words for what changed on a subscription, and ours.
FIELDS = {
    "status": "status",
    "seats": "seats",
    "unit_amount_minor": "unit_amount",
    "plan": "plan",
    "interval": "interval",
    "period_start": "period_start",
    "period_end": "period_end",
    "cancel_at_period_end": "cancel_at_period_end",
    "canceled_at": "canceled",
}
TIMES = ("period_start", "period_end", "canceled_at")


@dataclass(frozen=True, slots=True)
class Event:
    """`show` and `show_before` make the object after and before it; None: nothing to compare."""

    id: str
    type: str
    created: int
    show: Show
    show_before: Show | None = None
    previous: Json | None = None
    request: Json = field(default_factory=lambda: {"id": None, "idempotency_key": None})


@dataclass(frozen=True, slots=True)
class Fact:
    """What an event will be made of, if it is young enough."""

    kind: str
    object_id: str
    at: int
    show: Show
    show_before: Show | None = None


def to_event(event: Event) -> Json:
    shown = event.show()
    data: Json = {"object": shown}
    if event.previous is not None:
        data["previous_attributes"] = event.previous
    elif event.show_before is not None:
        before = event.show_before()
        data["previous_attributes"] = {
            name: value for name, value in before.items() if shown.get(name) != value
        }
    return {
        "id": event.id,
        "object": "event",
        "api_version": VERSION,
        "created": event.created,
        "data": data,
        "livemode": LIVEMODE,
        "pending_webhooks": 0,
        "request": event.request,
        "type": event.type,
    }


def to_events(world: World, books: Books, now: int, told: Iterable[Fact]) -> Shelf[Event]:
    """The events of the last 30 days, `told` among them; older ones are gone."""
    since = now - KEPT_S
    every = chain(
        chain.from_iterable(_of_customer(books, customer) for customer in books.customers),
        _of_subscriptions(world, books, since),
        chain.from_iterable(_of_renewals(books, one) for one in books.subscriptions),
        chain.from_iterable(
            _of_invoice(books, invoice) for invoice in books.invoices if _last(invoice) >= since
        ),
        told,
    )
    return Shelf(enumerate(_to_event(fact) for fact in every if since <= fact.at <= now))


def customer_updated(
    books: Books, customer: Customer, change: Json, *, at: int, request: Json
) -> Event:
    return Event(
        derived_id("evt_1", 23, customer.id, "updated", request["id"]),
        "customer.updated",
        at,
        lambda: to_customer(books, customer),
        previous=change,
        request=request,
    )


def _to_event(fact: Fact) -> Event:
    event_id = derived_id("evt_1", 23, fact.object_id, fact.kind, fact.at)
    return Event(event_id, fact.kind, fact.at, fact.show, fact.show_before)


def _of_customer(books: Books, customer: Customer) -> Iterator[Fact]:
    def show() -> Json:
        return to_customer(books, replace(customer, deleted=None))

    yield Fact("customer.created", customer.id, customer.created, show)
    if customer.deleted is not None:
        yield Fact("customer.deleted", customer.id, customer.deleted, show)


def _of_subscriptions(world: World, books: Books, since: int) -> Iterator[Fact]:
    """From the state of today backwards, taking back one change after the other."""
    subscriptions = world["subscriptions"]
    ids = dict(zip(subscriptions["subscription_no"], subscriptions["subscription_id"], strict=True))
    changes = world["subscription_changes"].sort_values("at", kind="stable")
    states: dict[str, Subscription] = {one.id: one for one in books.subscriptions}
    rows = zip(*(changes[name] for name in COLUMNS["subscription_changes"]), strict=True)
    for number, moment, kind, previous in reversed(list(rows)):
        after, at = states.get(ids.get(number, "")), _epoch(moment)
        if after is None or at is None:
            continue
        if at < since:
            return
        before = states[after.id] = _undone(after, kind, previous or {})
        show = partial(to_old_subscription, books, after)
        show_before = partial(to_old_subscription, books, before) if kind == "updated" else None
        yield Fact(f"customer.subscription.{kind}", after.id, at, show, show_before)


def _of_renewals(books: Books, subscription: Subscription) -> Iterator[Fact]:
    """The invoices to come of this period and of the one before, as they would be now."""
    latest = books.latest_invoice.get(subscription.id)
    if latest is None or latest.collection_method != "charge_automatically":
        return
    starts = [subscription.period_start] * (subscription.period_start > subscription.started)
    if subscription.status == "active" and not subscription.cancel_at_period_end:
        starts.append(subscription.period_end)
    for start in starts:
        show = partial(to_upcoming, books, latest, start)
        yield Fact("invoice.upcoming", subscription.id, start - TOLD_BEFORE_S, show)


def _epoch(moment: object) -> int | None:
    return None if pd.isna(moment) else int(pd.Timestamp(moment).timestamp())


def _undone(after: Subscription, kind: str, previous: dict[str, Any]) -> Subscription:
    """The subscription before a change that tells what it was."""
    changed = {
        FIELDS[name]: _epoch(value) if name in TIMES else value
        for name, value in previous.items()
        if name in FIELDS
    }
    return replace(after, **changed, **({"ended": None} if kind == "deleted" else {}))


def _of_invoice(books: Books, invoice: Invoice) -> Iterator[Fact]:
    """Each step of an invoice's life with the invoice as it stood right after."""

    def told(name: str, at: int, stood: Invoice) -> Fact:
        return Fact(f"invoice.{name}", invoice.id, at, partial(to_old_invoice, books, stood))

    unpaid = {"paid": None, "paid_amount": 0, "attempts": 0, "next_attempt": None}
    draft = replace(invoice, status="draft", finalized=None, **unpaid)
    yield told("created", invoice.created, draft)
    if invoice.finalized is None:
        return
    open_ = replace(invoice, status="open", **unpaid)
    yield told("finalized", invoice.finalized, open_)
    for attempt, at in enumerate(failures(invoice), start=1):
        yield told("payment_failed", at, replace(open_, attempts=attempt))
    late = invoice.due is not None and not (invoice.paid and invoice.paid <= invoice.due)
    if late and invoice.due is not None:
        yield told("overdue", invoice.due, open_)
    if invoice.paid is not None:
        yield told("paid", invoice.paid, invoice)
        yield told("payment_succeeded", invoice.paid, invoice)
    if invoice.status in ("uncollectible", "void"):
        at = invoice.created + GIVEN_UP_AFTER_DAYS[invoice.collection_method] * DAY
        gone = "marked_uncollectible" if invoice.status == "uncollectible" else "voided"
        yield told(gone, at, invoice)


def _last(invoice: Invoice) -> int:
    """No event of this invoice is later."""
    if invoice.status == "paid":
        return max(invoice.created, invoice.paid or 0)
    return invoice.created + GIVEN_UP_AFTER_DAYS[invoice.collection_method] * DAY


def failures(invoice: Invoice) -> list[int]:
    """When card payments failed: every attempt but the one that succeeded."""
    if invoice.collection_method != "charge_automatically" or invoice.finalized is None:
        return []
    failed = invoice.attempts - (invoice.paid is not None)
    return [invoice.finalized + days * DAY for days in RETRY_AFTER_DAYS[:failed]]
