"""Which lists a Chargebee site has, what can be filtered and sorted in them, and their rows.

Filters and orders: Chargebee API v2, checked Nov 2026.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.vendors.chargebee_cards import sources_of, to_payment_source
from sandbox.vendors.chargebee_catalog import (
    FAMILY,
    item_price_id,
    to_item,
    to_item_family,
    to_item_price,
    to_plan,
)
from sandbox.vendors.chargebee_events import to_event, to_events
from sandbox.vendors.chargebee_http import Json
from sandbox.vendors.chargebee_invoices import to_invoice
from sandbox.vendors.chargebee_lists import Shelf
from sandbox.vendors.chargebee_objects import to_customer, to_subscription
from sandbox.vendors.chargebee_payments import to_credit_note, to_transaction, transactions_of
from sandbox.vendors.chargebee_site import Site
from sandbox.vendors.chargebee_states import moments

CREATED = ("created_at", "updated_at")
DATED = ("date", "updated_at")
TIMES = {"created_at": "time", "updated_at": "time"}
Show = Callable[[Site, Any], Json]


@dataclass(frozen=True, slots=True)
class Listing:
    """name: of a resource in its row. quick: fields that are known without showing the thing."""

    name: str
    things: Callable[[Site], list[Any]]
    show: Show
    kinds: Mapping[str, str]
    sorts: tuple[str, ...]
    quick: Mapping[str, Show]

    def shelf(self, site: Site) -> Shelf:
        def look(thing: Any, field: str) -> Any:  # noqa: ANN401
            if field in self.quick:
                return self.quick[field](site, thing)
            value: Any = self.show(site, thing)
            for part in field.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            return value

        return Shelf(self.things(site), self.kinds, self.sorts, look)

    def row(self, site: Site, thing: Any) -> Json:  # noqa: ANN401
        """A row of the list, which is also the answer for one."""
        return {self.name: self.show(site, thing)}


class _Subscriptions(Listing):
    """Each comes with its customer."""

    def row(self, site: Site, thing: Any) -> Json:  # noqa: ANN401
        customer = site.books.customers.get(thing.customer)
        shown = {"customer": to_customer(site, customer)} if customer else {}
        return {"subscription": to_subscription(site, thing), **shown}


def shelf_of(site: Site, name: str) -> Shelf:
    """The list of that name, made on its first use."""
    if name not in site.shelves:
        site.shelves[name] = LISTINGS[name].shelf(site)
    return site.shelves[name]


def _oldest_first(shelf: Any) -> list[Any]:  # noqa: ANN401
    return list(reversed(shelf.things))


def _sold(site: Site) -> list[Any]:
    """One subscription for each item price."""
    return list({item_price_id(one): one for one in site.books.subscriptions}.values())


def _alive(*_: Any) -> bool:  # noqa: ANN401
    return False


LISTINGS: dict[str, Listing] = {
    "customers": Listing(
        "customer",
        lambda site: _oldest_first(site.books.customers),
        to_customer,
        TIMES
        | {"id": "text", "first_name": "text", "last_name": "text", "email": "text"}
        | {"company": "text", "phone": "text", "channel": "choice", "auto_collection": "choice"}
        | {"taxability": "choice", "relationship.parent_id": "text"},
        CREATED,
        {
            "id": lambda _, one: one.id,
            "created_at": lambda _, one: one.created,
            "updated_at": lambda site, one: site.customer_updated(one),
            "deleted": lambda _, one: one.deleted is not None,
        },
    ),
    "subscriptions": _Subscriptions(
        "subscription",
        lambda site: _oldest_first(site.books.subscriptions),
        to_subscription,
        TIMES
        | {"id": "text", "customer_id": "text", "status": "choice", "plan_id": "text"}
        | {"activated_at": "time", "next_billing_at": "time", "cancelled_at": "time"}
        | {"remaining_billing_cycles": "number", "has_scheduled_changes": "flag"}
        | {"auto_collection": "choice", "cancel_reason": "choice", "channel": "choice"},
        CREATED,
        {
            "id": lambda _, one: one.id,
            "customer_id": lambda _, one: one.customer,
            "created_at": lambda _, one: one.created,
            "updated_at": lambda site, one: site.subscription_updated(one),
            "deleted": _alive,
        },
    ),
    "invoices": Listing(
        "invoice",
        lambda site: _oldest_first(site.books.invoices),
        to_invoice,
        {"id": "text", "customer_id": "text", "subscription_id": "text", "recurring": "flag"}
        | {"status": "choice", "price_type": "choice", "dunning_status": "choice"}
        | {"date": "time", "paid_at": "time", "voided_at": "time", "updated_at": "time"}
        | {"total": "number", "amount_paid": "number", "amount_due": "number"}
        | {"amount_adjusted": "number", "credits_applied": "number", "channel": "choice"},
        DATED,
        {
            "id": lambda _, one: one.id,
            "customer_id": lambda _, one: one.customer,
            "subscription_id": lambda _, one: one.subscription,
            "date": lambda _, one: one.created,
            "updated_at": lambda site, one: moments(one, site.opened)[-1],
            "deleted": _alive,
        },
    ),
    "transactions": Listing(
        "transaction",
        lambda site: [
            one
            for invoice in _oldest_first(site.books.invoices)
            for one in transactions_of(invoice)
        ],
        lambda _, one: to_transaction(one),
        {"id": "text", "customer_id": "text", "subscription_id": "text", "type": "choice"}
        | {"status": "choice", "payment_method": "choice", "gateway": "choice"}
        | {"date": "time", "updated_at": "time", "amount": "number", "id_at_gateway": "text"},
        DATED,
        {
            "id": lambda _, one: one.id,
            "date": lambda _, one: one.created,
            "updated_at": lambda _, one: one.created,
            "deleted": _alive,
        },
    ),
    "credit_notes": Listing(
        "credit_note",
        lambda site: [
            one for one in _oldest_first(site.books.invoices) if one.status == "uncollectible"
        ],
        lambda _, one: to_credit_note(one),
        {"id": "text", "customer_id": "text", "subscription_id": "text", "type": "choice"}
        | {"reference_invoice_id": "text", "status": "choice", "reason_code": "choice"}
        | {"create_reason_code": "text", "date": "time", "total": "number", "updated_at": "time"},
        DATED,
        {"deleted": _alive},
    ),
    "payment_sources": Listing(
        "payment_source",
        lambda site: list(sources_of(site)),
        lambda _, one: to_payment_source(one),
        TIMES | {"customer_id": "text", "type": "choice", "status": "choice"},
        CREATED,
        {"deleted": lambda _, one: one.deleted is not None},
    ),
    "events": Listing(
        "event",
        to_events,
        lambda _, one: to_event(one),
        {"id": "text", "event_type": "choice", "source": "choice", "occurred_at": "time"}
        | {"webhook_status": "choice"},
        ("occurred_at",),
        {
            "id": lambda _, one: one.id,
            "event_type": lambda _, one: one.kind,
            "source": lambda _, one: one.source,
            "occurred_at": lambda _, one: one.created,
            "deleted": _alive,
        },
    ),
    "item_families": Listing(
        "item_family",
        lambda site: [FAMILY] if site.books.subscriptions.things else [],
        lambda _, one: to_item_family(one),
        {"id": "text", "name": "text", "updated_at": "time"},
        ("updated_at",),
        {"deleted": _alive},
    ),
    "items": Listing(
        "item",
        lambda site: sorted({one.plan for one in site.books.subscriptions}),
        lambda _, one: to_item(one),
        {"id": "text", "name": "text", "type": "choice", "status": "choice"}
        | {"item_family_id": "text", "updated_at": "time", "metered": "flag"},
        ("name", "id", "updated_at"),
        {"deleted": _alive},
    ),
    "item_prices": Listing(
        "item_price",
        _sold,
        lambda _, one: to_item_price(one),
        {"id": "text", "name": "text", "item_id": "text", "item_type": "choice"}
        | {"item_family_id": "text", "currency_code": "text", "status": "choice"}
        | {"period": "number", "period_unit": "choice", "updated_at": "time"},
        ("name", "id", "updated_at"),
        {"deleted": _alive},
    ),
    "plans": Listing(
        "plan",
        _sold,
        lambda _, one: to_plan(one),
        {"id": "text", "name": "text", "status": "choice", "currency_code": "text"}
        | {"price": "number", "period": "number", "period_unit": "choice", "updated_at": "time"},
        ("updated_at",),
        {"deleted": _alive},
    ),
}
