"""Stripe's smaller lists: prices, products, the items of a subscription, the lines of an invoice,
and those that are always empty in this account.

Vendor facts: Stripe API reference on each list, checked Nov 2026.
"""

from collections.abc import Sequence

from sandbox.vendors.stripe_account import Account
from sandbox.vendors.stripe_http import Kind, Params, Refused, no_such
from sandbox.vendors.stripe_invoices import to_line
from sandbox.vendors.stripe_lists import PAGING, Source, to_page
from sandbox.vendors.stripe_objects import to_account, to_item
from sandbox.vendors.stripe_prices import PRICED_AT, Json

FILTERS: dict[str, dict[str, Kind]] = {
    "prices": PAGING
    | {
        "active": "flag",
        "created": "range",
        "currency": "text",
        "lookup_keys": "list",
        "product": "text",
        "recurring": "map",
        "type": ("one_time", "recurring"),
    },
    "products": PAGING
    | {
        "active": "flag",
        "created": "range",
        "ids": "list",
        "shippable": "flag",
        "type": "text",
        "url": "text",
    },
    "subscription_items": PAGING | {"subscription": "text"},
}
# Lists that are always empty here, and what they can be filtered by.
EMPTY: dict[str, dict[str, Kind]] = {
    path: PAGING | dict.fromkeys(texts, "text") | {"created": "range"}
    for path, texts in {
        "accounts": (),
        "disputes": ("charge", "payment_intent"),
        "credit_notes": ("customer", "customer_account", "invoice"),
        "coupons": (),
        "invoiceitems": ("customer", "customer_account", "invoice", "pending"),
        "subscription_schedules": ("customer", "customer_account", "scheduled"),
        "balance_transactions": ("currency", "payout", "source", "type"),
        "payouts": ("destination", "status"),
    }.items()
}


def own_account(account: Account, _params: Params, path: dict[str, str]) -> Json:
    """The account that the key is of, which has no other accounts connected to it."""
    shown = to_account(account.started())
    if path.get("id", shown["id"]) != shown["id"]:
        raise Refused(
            403,
            f"The provided key does not have access to account '{path['id']}' (or that account "
            "does not exist). Application access may have been revoked.",
            code="account_invalid",
        )
    return shown


def prices(account: Account, params: Params) -> Json:
    terms, interval = params.values, params.values.get("recurring", {}).get("interval")
    shown = (account.fetch("price", price) for price in account.prices)
    fitting = [
        price
        for price in shown
        if terms.get("active", True)
        and not terms.get("lookup_keys")
        and terms.get("type", "recurring") == "recurring"
        and terms.get("currency", price["currency"]) == price["currency"]
        and terms.get("product", price["product"]) == price["product"]
        and interval in (None, price["recurring"]["interval"])
    ]
    return _of_shown(account, "price", fitting, params)


def products(account: Account, params: Params) -> Json:
    ids = params.values.get("ids")
    fitting = [
        account.fetch("product", product)
        for product in account.products
        if params.values.get("active", True)
        and not params.values.get("shippable")
        and (ids is None or product in ids)
    ]
    return _of_shown(account, "product", fitting, params)


def subscription_items(account: Account, params: Params) -> Json:
    name = params.text("subscription")
    if name is None:
        message = "Missing required param: subscription."
        raise Refused(400, message, code="parameter_missing", param="subscription")
    subscription = account.books.subscriptions.get(name)
    if subscription is None:
        raise no_such("subscription", name, param="subscription", status=400)
    url = "/v1/subscription_items"
    return _all_of(account, url, "subscription_item", [to_item(subscription)], params)


def lines(account: Account, params: Params, invoice_id: str) -> Json:
    invoice = account.books.invoices.get(invoice_id)
    if invoice is None:
        raise no_such("invoice", invoice_id, param="invoice")
    subscription = account.books.subscriptions.get(invoice.subscription or "")
    url = f"/v1/invoices/{invoice_id}/lines"
    return _all_of(account, url, "line_item", [to_line(invoice, subscription)], params)


def nothing(account: Account, params: Params, *, path: str) -> Json:
    kind = path.removesuffix("s").replace("invoiceitem", "invoice item")
    source = Source(f"/v1/{path}", kind, (), {}, dict)
    expanded = {**params.values, "expand": []}
    return to_page(account, source, Params(expanded), lambda _one: True)


def _of_shown(account: Account, kind: str, shown: Sequence[Json], params: Params) -> Json:
    """All were made at one moment, so their ids decide the order."""
    made = shown if params.within("created", PRICED_AT) else []
    ordered = sorted(made, key=lambda one: str(one["id"]))
    return _all_of(account, f"/v1/{kind}s", kind, ordered, params)


def _all_of(account: Account, url: str, kind: str, shown: Sequence[Json], params: Params) -> Json:
    places = {one["id"]: place for place, one in enumerate(shown)}
    source = Source(url, kind, shown, places, lambda one: one)
    return to_page(account, source, params, lambda _one: True)
