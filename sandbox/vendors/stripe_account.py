"""One Stripe account: its books, its events, its clock and its journal."""

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sandbox.state import State
from sandbox.vendors.stripe_books import Customer, Metadata, Subscription, to_books
from sandbox.vendors.stripe_events import KEPT_S, customer_updated, to_events
from sandbox.vendors.stripe_invoices import to_invoice
from sandbox.vendors.stripe_objects import to_customer, to_subscription
from sandbox.vendors.stripe_payments import Payments, payment_facts, payments_of, to_payments
from sandbox.vendors.stripe_prices import (
    Json,
    price_id,
    product_id,
    to_list,
    to_price,
    to_product,
)

VENDOR = "stripe"


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer that an idempotency key stands for."""

    url: str
    sent: list[list[str]]
    request_id: str
    answer: Json


class Account:
    """Everything a handler works on; built from the world, then the journal is played again."""

    def __init__(self, state: State) -> None:
        self._clock = state.clock
        self._journal = state.journal
        now = self.now()
        self.books = to_books(state.world, now)
        self.prices: dict[str, Subscription] = {}
        self.products: dict[str, str] = {}
        for sold in self.books.subscriptions:
            self.prices.setdefault(price_id(sold), sold)
            self.products.setdefault(product_id(sold.plan), sold.plan)
        told = payment_facts(self.books, now - KEPT_S)
        self.events = to_events(state.world, self.books, now, told)
        self.answered: dict[str, Kept] = {}
        for entry in state.journal.entries(VENDOR):
            self._apply(entry)

    def now(self) -> int:
        return int(self._clock.now().timestamp())

    def started(self) -> int:
        """When the account was made: before its first customer."""
        return min((one.created for one in self.books.customers), default=self.now())

    def oldest_event(self) -> int:
        return self.now() - KEPT_S

    @cached_property
    def payments(self) -> Payments:
        """Made when somebody asks for them: most never do."""
        return to_payments(self.books, self.now())

    def update_customer(self, entry: dict[str, Any]) -> Json:
        """Keep a checked write, carry it out, and show the customer."""
        self._journal.append(VENDOR, entry)
        self._apply(entry)
        return self.fetch("customer", entry["id"])

    def remember(self, entry: dict[str, Any]) -> None:
        """Keep the answer that an idempotency key stands for."""
        self._journal.append(VENDOR, entry)
        self._apply(entry)

    def places(self, kind: str) -> Container[str]:
        """The ids of all objects of a type."""
        books = self.books
        holders: dict[str, Callable[[], Container[str]]] = {
            "customer": lambda: books.customers.places,
            "subscription": lambda: books.subscriptions.places,
            "invoice": lambda: books.invoices.places,
            "price": lambda: self.prices,
            "product": lambda: self.products,
            "invoice_payment": lambda: self.payments.parts.places,
            "charge": lambda: self.payments.charges.places,
            "payment_intent": lambda: self.payments.intents.places,
            "refund": lambda: self.payments.refunds.places,
        }
        return holders[kind]()

    def fetch(self, kind: str, object_id: str) -> Any:  # noqa: ANN401
        """The object of a type as the wire shows it, or a list that hangs on it."""
        books = self.books
        show = {
            "customer": lambda: to_customer(books, _there(books.customers.get(object_id))),
            "subscription": lambda: to_subscription(
                books, _there(books.subscriptions.get(object_id))
            ),
            "invoice": lambda: to_invoice(books, _there(books.invoices.get(object_id))),
            "price": lambda: to_price(self.prices[object_id]),
            "product": lambda: to_product(self.products[object_id]),
            "charge": lambda: self.payments.shown_charge(object_id),
            "payment_intent": lambda: self.payments.shown_intent(object_id),
            "refund": lambda: self.payments.shown_refund(object_id),
            "invoice_payment": lambda: self.payments.shown_part(object_id),
            "invoice.payments": lambda: payments_of(_there(books.invoices.get(object_id))),
            "charge.refunds": lambda: self._refunds_of(object_id),
            "customer.subscriptions": lambda: self._subscriptions_of(object_id),
            "customer.sources": lambda: to_list(f"/v1/customers/{object_id}/sources", []),
            "customer.tax_ids": lambda: to_list(f"/v1/customers/{object_id}/tax_ids", []),
        }
        return show[kind]()

    def _refunds_of(self, charge_id: str) -> Json:
        shown = [
            self.payments.shown_refund(one.id)
            for one in self.payments.refunds
            if one.charge.id == charge_id
        ]
        return to_list(f"/v1/charges/{charge_id}/refunds", shown)

    def _subscriptions_of(self, customer_id: str) -> Json:
        """The ten newest that have not ended, as every inline list holds ten at most."""
        live = [
            one
            for one in self.books.subscriptions
            if one.customer == customer_id and one.status != "canceled"
        ]
        url = f"/v1/customers/{customer_id}/subscriptions"
        data = [to_subscription(self.books, one) for one in live[:10]]
        return to_list(url, data, has_more=len(live) > 10)

    def _apply(self, entry: dict[str, Any]) -> None:
        if entry["op"] == "answered":
            kept = Kept(entry["url"], entry["sent"], entry["request_id"], entry["answer"])
            self.answered[entry["key"]] = kept
            return
        customer = self.books.customers.get(entry["id"])
        if customer is None or customer.deleted is not None:
            return  # a journal kept from another world
        after = changed(customer, entry["values"])
        self.books.customers.replace(after)
        event = customer_updated(
            self.books,
            after,
            _previous(customer, after),
            at=entry["at"],
            request={"id": entry["request_id"], "idempotency_key": entry["key"]},
        )
        self.events.add_newest(event)


def changed(customer: Customer, values: dict[str, Any]) -> Customer:
    """The customer with checked values in place; empty text takes a value away."""
    given = values.get("metadata")
    if given is None:
        metadata = customer.metadata
    elif given == "":
        metadata = {}
    else:
        merged: Metadata = {**customer.metadata, **given}
        metadata = {key: value for key, value in merged.items() if value != ""}
    texts = {name: value or None for name, value in values.items() if name != "metadata"}
    return replace(customer, metadata=metadata, **texts)


def _previous(before: Customer, after: Customer) -> Json:
    """`previous_attributes`: only what changed; a metadata key that is new was null."""
    previous: Json = {
        name: getattr(before, name)
        for name in ("name", "email", "description")
        if getattr(before, name) != getattr(after, name)
    }
    keys = [*before.metadata, *after.metadata]
    was = {
        key: before.metadata.get(key)
        for key in keys
        if before.metadata.get(key) != after.metadata.get(key)
    }
    return {**previous, "metadata": was} if was else previous


def _there(thing: Any) -> Any:  # noqa: ANN401
    assert thing is not None, "the books refer to an object that they do not hold"
    return thing
