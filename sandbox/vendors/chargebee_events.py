"""Chargebee's events: what happened, with the resources as they stood right after it.

Event types of API v2 and how long they are kept: checked Nov 2026.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sandbox.vendors.chargebee_http import Json
from sandbox.vendors.chargebee_invoices import invoice_as_of
from sandbox.vendors.chargebee_objects import subscription_as_of, to_customer
from sandbox.vendors.chargebee_payments import to_transaction, transactions_of
from sandbox.vendors.chargebee_site import Site
from sandbox.vendors.chargebee_states import moments, settled_at
from sandbox.vendors.stripe_books import Invoice, Subscription
from sandbox.vendors.stripe_events import FIELDS, TIMES, failures
from sandbox.vendors.stripe_ids import derived_id
from sandbox.world.model import COLUMNS

KEPT_S = 90 * 86_400


@dataclass(frozen=True, slots=True)
class Event:
    """`content` makes the resources, by their names."""

    id: str
    created: int
    kind: str
    source: str
    content: Callable[[], Json]


def to_event(event: Event) -> Json:
    return {
        "id": event.id,
        "occurred_at": event.created,
        "source": event.source,
        "object": "event",
        "api_version": "v2",
        "event_type": event.kind,
        "webhook_status": "not_configured",
        "content": event.content(),
    }


def to_events(site: Site) -> list[Event]:
    """The events of the last 90 days, oldest first."""
    since = site.opened - KEPT_S
    every = [*_of_customers(site), *_of_subscriptions(site, since), *_of_invoices(site, since)]
    kept = [event for event in every if event.created >= since]
    return sorted(kept, key=lambda event: (event.created, event.id))


def _event(kind: str, object_id: str, at: int, content: Callable[[], Json], source: str) -> Event:
    return Event(derived_id("ev_", 16, object_id, kind, at), at, kind, source, content)


def _of_customers(site: Site) -> Iterator[Event]:
    for customer in site.books.customers:
        alive = replace(customer, deleted=None)

        def shown(one: Any = alive) -> Json:  # noqa: ANN401
            return {"customer": to_customer(site, one)}

        yield _event("customer_created", customer.id, customer.created, shown, "api")
        if customer.id in site.written:
            at = site.written[customer.id].at
            yield _event("customer_changed", customer.id, at, shown, "api")
        if customer.deleted is not None:
            yield _event("customer_deleted", customer.id, customer.deleted, shown, "admin_console")


def _of_subscriptions(site: Site, since: int) -> Iterator[Event]:
    """From the state of today backwards, taking back one change after the other."""
    table = site.world["subscriptions"]
    ids = dict(zip(table["subscription_no"], table["subscription_id"], strict=True))
    changes = site.world["subscription_changes"].sort_values("at", kind="stable")
    states: dict[str, Subscription] = {one.id: one for one in site.books.subscriptions}
    rows = zip(*(changes[name] for name in COLUMNS["subscription_changes"]), strict=True)
    for number, moment, kind, previous in reversed(list(rows)):
        after, at = states.get(ids.get(number, "")), int(pd.Timestamp(moment).timestamp())
        if after is None or at > site.opened:
            continue
        if at < since:
            return
        states[after.id] = _undone(after, kind, previous or {})
        name = _name_of(kind, previous or {}, after)

        def shown(one: Subscription = after, stood: int = at) -> Json:
            customer = site.books.customers.get(one.customer)
            content = {"subscription": subscription_as_of(site, one, stood, {})}
            return content | ({"customer": to_customer(site, customer)} if customer else {})

        yield _event(name, after.id, at, shown, "scheduled_job")


def _name_of(kind: str, previous: dict[str, Any], after: Subscription) -> str:
    if kind != "updated":
        return "subscription_created" if kind == "created" else "subscription_cancelled"
    if "cancel_at_period_end" in previous and after.cancel_at_period_end:
        return "subscription_cancellation_scheduled"
    return "subscription_renewed" if "period_start" in previous else "subscription_changed"


def _undone(after: Subscription, kind: str, previous: dict[str, Any]) -> Subscription:
    """The subscription before a change that tells what it was."""
    before = {
        FIELDS[name]: _epoch(value) if name in TIMES else value
        for name, value in previous.items()
        if name in FIELDS
    }
    return replace(after, **before, **({"ended": None} if kind == "deleted" else {}))


def _epoch(moment: Any) -> int | None:  # noqa: ANN401
    return None if pd.isna(moment) else int(pd.Timestamp(moment).timestamp())


def _of_invoices(site: Site, since: int) -> Iterator[Event]:
    for invoice in site.books.invoices:
        if moments(invoice, site.opened)[-1] >= since:
            yield from _of_invoice(site, invoice)


def _of_invoice(site: Site, invoice: Invoice) -> Iterator[Event]:
    """Each step of an invoice's life with the invoice as it stood right after."""
    unpaid = replace(invoice, status="open", paid=None, paid_amount=0, attempts=0)

    def told(kind: str, at: int, stood: Invoice, more: Json) -> Event:
        def shown() -> Json:
            return {"invoice": invoice_as_of(site, stood, at), **more}

        return _event(kind, invoice.id, at, shown, "scheduled_job")

    yield told("invoice_generated", invoice.created, unpaid, {})
    failed = set(failures(invoice))
    for number, tried in enumerate(transactions_of(invoice), start=1):
        more = {"transaction": to_transaction(tried)}
        if tried.created in failed:
            stood = replace(unpaid, attempts=number)
            yield told("payment_failed", tried.created, stood, more)
        else:
            yield told("payment_succeeded", tried.created, invoice, more)
    settled = settled_at(invoice)
    if settled is not None and settled <= site.opened:
        yield told("invoice_updated", settled, invoice, {})
