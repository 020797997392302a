"""Which lists of Stripe make each stream when all of it is read. Forms: Stripe API reference."""

from collections.abc import Callable
from typing import Any

from include.sources.http.client import Params
from include.sources.stripe_payments import PAYMENTS

Pick = Callable[[Any], list[Any]]


def itself(row: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    return [row]


def gone_customer(subscription: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    """Return the stub of a subscription's customer if that was deleted."""
    customer = subscription.get("customer") if isinstance(subscription, dict) else None
    return [customer] if isinstance(customer, dict) and customer.get("deleted") else []


def stub_of(event: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {"id": event["data"]["object"]["id"], "object": "customer", "deleted": True}


# The lists of a stream: path, parameters, and what of each row is wanted.
LISTS: dict[str, tuple[tuple[str, Params, Pick], ...]] = {
    "customers": (
        ("/v1/customers", {}, itself),
        ("/v1/subscriptions", {"status": "all", "expand[]": ["data.customer"]}, gone_customer),
    ),
    "subscriptions": (("/v1/subscriptions", {"status": "all"}, itself),),
    "invoices": (("/v1/invoices", {}, itself),),
    **{stream: ((f"/v1/{stream}", {}, itself),) for stream in PAYMENTS},
}
