"""What Stripe's lists of customers, subscriptions, invoices and events can be filtered by.

Vendor facts: Stripe API reference on each list, checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.stripe_account import Account
from sandbox.vendors.stripe_books import Invoice, Shelf, Subscription
from sandbox.vendors.stripe_events import Event, to_event
from sandbox.vendors.stripe_http import Kind, Params, Refused, no_such
from sandbox.vendors.stripe_lists import Source, to_page
from sandbox.vendors.stripe_prices import Json, price_id

MOST_TYPES = 20
COLLECTION = ("charge_automatically", "send_invoice")
SUBSCRIPTION_STATUSES = (
    "active",
    "past_due",
    "unpaid",
    "canceled",
    "incomplete",
    "incomplete_expired",
    "trialing",
    "paused",
    "all",
    "ended",
)
ENDED = ("canceled", "incomplete_expired")
FILTERS: dict[str, dict[str, Kind]] = {
    "customers": {"created": "range", "email": "text", "test_clock": "text"},
    "subscriptions": {
        "automatic_tax": "map",
        "collection_method": COLLECTION,
        "created": "range",
        "current_period_end": "range",
        "current_period_start": "range",
        "customer": "text",
        "customer_account": "text",
        "plan": "text",
        "price": "text",
        "status": SUBSCRIPTION_STATUSES,
        "test_clock": "text",
    },
    "invoices": {
        "collection_method": COLLECTION,
        "created": "range",
        "customer": "text",
        "customer_account": "text",
        "due_date": "range",
        "status": ("draft", "open", "paid", "uncollectible", "void"),
        "subscription": "text",
    },
    "events": {"created": "range", "delivery_success": "flag", "type": "text", "types": "list"},
}


def customers(account: Account, params: Params) -> Json:
    shelf = account.books.customers
    source = _shelved(account, "customers", "customer", shelf)
    email = params.text("email")
    return to_page(
        account,
        source,
        params,
        lambda one: (
            one.deleted is None
            and email in (None, one.email)
            and not params.text("test_clock")
            and params.within("created", one.created)
        ),
    )


def subscriptions(account: Account, params: Params) -> Json:
    """Without `status` the canceled ones are left out; `ended` are those that will never return."""
    _known_customer(account, params)
    shelf = account.books.subscriptions
    source = _shelved(account, "subscriptions", "subscription", shelf)
    price = params.text("price") or params.text("plan")
    method = params.text("collection_method")

    def keep(one: Subscription) -> bool:
        latest = account.books.latest_invoice.get(one.id)
        paid_by = latest.collection_method if latest else "charge_automatically"
        return (
            _has_status(one, params.text("status"))
            and params.text("customer") in (None, one.customer)
            and price in (None, price_id(one))
            and method in (None, paid_by)
            and params.values.get("automatic_tax", {}).get("enabled") != "true"
            and not params.text("test_clock")
            and params.within("created", one.created)
            and params.within("current_period_start", one.period_start)
            and params.within("current_period_end", one.period_end)
        )

    return to_page(account, source, params, keep)


def _has_status(subscription: Subscription, asked: str | None) -> bool:
    if asked is None:
        return subscription.status != "canceled"
    if asked == "ended":
        return subscription.status in ENDED
    return asked in ("all", subscription.status)


def invoices(account: Account, params: Params) -> Json:
    _known_customer(account, params)
    plan = params.text("subscription")
    if plan and account.books.subscriptions.get(plan) is None:
        raise no_such("subscription", plan, param="subscription", status=400)
    shelf = account.books.invoices
    source = _shelved(account, "invoices", "invoice", shelf)

    def keep(one: Invoice) -> bool:
        return (
            params.text("customer") in (None, one.customer)
            and plan in (None, one.subscription)
            and params.text("status") in (None, one.status)
            and params.text("collection_method") in (None, one.collection_method)
            and params.within("created", one.created)
            and params.within("due_date", one.due)
        )

    return to_page(account, source, params, keep)


def events(account: Account, params: Params) -> Json:
    """`type` takes a wildcard at its end, `types[]` up to 20 exact names, never both."""
    kind, kinds = params.text("type"), params.values.get("types")
    if kind and kinds:
        message = "You may only specify one of these parameters: type, types."
        raise Refused(400, message, code="parameters_exclusive")
    if kinds and len(kinds) > MOST_TYPES:
        raise Refused(400, f"You cannot pass more than {MOST_TYPES} types.", param="types")
    prefix = kind[:-1] if kind and kind.endswith("*") else None
    wanted = set(kinds or ([kind] if kind and prefix is None else []))
    oldest = account.oldest_event()

    def keep(one: Event) -> bool:
        named = one.type.startswith(prefix) if prefix is not None else one.type in wanted
        asked = prefix is not None or bool(wanted)
        return (
            (named or not asked)
            and one.created >= oldest
            and params.values.get("delivery_success", True)
            and params.within("created", one.created)
        )

    shelf = account.events
    return to_page(
        account, Source("/v1/events", "event", shelf.things, shelf.places, to_event), params, keep
    )


def _shelved(account: Account, path: str, kind: str, shelf: Shelf[Any]) -> Source:
    return Source(
        f"/v1/{path}", kind, shelf.things, shelf.places, lambda one: account.fetch(kind, one.id)
    )


def _known_customer(account: Account, params: Params) -> None:
    customer = params.text("customer")
    if customer and account.books.customers.get(customer) is None:
        raise no_such("customer", customer, param="customer", status=400)
