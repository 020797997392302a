"""The cards that a Chargebee site's customers pay by: payment sources, and what names them.

Fields: those of the official clients, checked Nov 2026. Each customer who was ever billed by card
has one, from the first such invoice on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.vendors.chargebee_http import Json
from sandbox.vendors.chargebee_site import Site
from sandbox.vendors.stripe_ids import derived_id

GATEWAY = {"gateway": "chargebee", "gateway_account_id": "gw_Test"}
CARD: Json = {
    "iin": "411111",
    "last4": "1111",
    "brand": "visa",
    "funding_type": "credit",
    "expiry_month": 12,
    "expiry_year": 2030,
    "masked_number": "************1111",
    "object": "card",
}


@dataclass(frozen=True, slots=True)
class Source:
    """since: when the customer was first billed by it. deleted: when, with the customer itself.

    Both in epoch seconds; `deleted` is None of a living customer's.
    """

    customer: str
    since: int
    deleted: int | None


def source_id(customer: str) -> str:
    return derived_id("pm_", 16, "payment source", customer)


def sources_of(site: Site) -> Iterator[Source]:
    """In the order in which the customers were made."""
    for customer in reversed(site.books.customers.things):
        since = site.card_since.get(customer.id)
        if since is not None:
            yield Source(customer.id, since, customer.deleted)


def to_payment_source(source: Source) -> Json:
    updated = source.deleted or source.since
    return {
        "id": source_id(source.customer),
        "customer_id": source.customer,
        "type": "card",
        "reference_id": reference_of(source.customer),
        "status": "valid",
        **GATEWAY,
        "card": CARD,
        "created_at": source.since,
        "updated_at": updated,
        "resource_version": updated * 1000,
        "object": "payment_source",
        "deleted": source.deleted is not None,
    }


def reference_of(customer: str) -> str:
    """What the gateway calls it."""
    return f"tok_{derived_id('', 16, 'card', customer)}"


def told_of(site: Site, customer: str) -> Json:
    """What the customer itself says of its card."""
    if customer not in site.card_since:
        return {"card_status": "no_card"}
    method = {"type": "card", "reference_id": reference_of(customer), "status": "valid", **GATEWAY}
    return {
        "card_status": "valid",
        "primary_payment_source_id": source_id(customer),
        "payment_method": method | {"object": "payment_method"},
    }
