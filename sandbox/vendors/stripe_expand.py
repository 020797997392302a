"""Stripe's `expand[]`: which properties can be expanded, and putting objects in place of ids.

A property name that cannot be expanded is a 400, as is a path of more than four names; in a list
the path starts with `data`. Vendor facts: Stripe reference and public issue threads, Nov 2026.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sandbox.vendors.stripe_http import Refused
from sandbox.vendors.stripe_prices import Json

MOST_LEVELS = 4
# Per object type: property -> (how, type of what stands there). `ref`: an id that becomes the
# object; `each`: a list; `inside`: an object that is always there; `none`: an id this account
# never has; `added`: a list that only comes when asked for.
Rules = dict[str, tuple[str, str]]
NONE = ("none", "")
EXPANDABLE: dict[str, Rules] = {
    "customer": {
        "default_source": NONE,
        "test_clock": NONE,
        "discount": NONE,
        "sources": ("added", "nothing"),
        "subscriptions": ("added", "subscription"),
        "tax_ids": ("added", "nothing"),
    },
    "subscription": {
        "customer": ("ref", "customer"),
        "latest_invoice": ("ref", "invoice"),
        "items": ("each", "subscription_item"),
        "application": NONE,
        "default_payment_method": NONE,
        "default_source": NONE,
        "discounts": NONE,
        "on_behalf_of": NONE,
        "pending_setup_intent": NONE,
        "schedule": NONE,
        "test_clock": NONE,
    },
    "subscription_item": {
        "discounts": NONE,
        "plan": ("inside", "plan"),
        "price": ("inside", "price"),
    },
    "price": {"product": ("ref", "product")},
    "plan": {"product": ("ref", "product")},
    "product": {"default_price": NONE, "tax_code": NONE},
    "invoice": {
        "customer": ("ref", "customer"),
        "lines": ("each", "line_item"),
        "parent": ("inside", "parent"),
        "payments": ("added", "invoice_payment"),
        "account_tax_ids": NONE,
        "application": NONE,
        "default_payment_method": NONE,
        "default_source": NONE,
        "discounts": NONE,
        "latest_revision": NONE,
        "on_behalf_of": NONE,
        "test_clock": NONE,
    },
    "invoice_payment": {
        "invoice": ("ref", "invoice"),
        "payment": ("inside", "payment"),
    },
    "payment": {"charge": NONE, "payment_intent": ("ref", "payment_intent")},
    "charge": {
        "customer": ("ref", "customer"),
        "payment_intent": ("ref", "payment_intent"),
        "refunds": ("added", "refund"),
        "application": NONE,
        "application_fee": NONE,
        "balance_transaction": NONE,
        "failure_balance_transaction": NONE,
        "on_behalf_of": NONE,
        "review": NONE,
        "source_transfer": NONE,
    },
    "refund": {
        "charge": ("ref", "charge"),
        "customer": ("ref", "customer"),
        "payment_intent": ("ref", "payment_intent"),
        "balance_transaction": NONE,
        "source_transfer_reversal": NONE,
        "transfer_reversal": NONE,
    },
    "payment_intent": {
        "customer": ("ref", "customer"),
        "latest_charge": ("ref", "charge"),
        "application": NONE,
        "on_behalf_of": NONE,
        "payment_method": NONE,
        "review": NONE,
    },
    "parent": {"subscription_details": ("inside", "subscription_details")},
    "subscription_details": {"subscription": ("ref", "subscription")},
    "line_item": {
        "discounts": NONE,
        "pricing": ("inside", "pricing"),
        "subscription": ("ref", "subscription"),
    },
    "pricing": {"price_details": ("inside", "price_details")},
    "price_details": {"price": ("ref", "price")},
    "event": {},
    "nothing": {},
}
Fetch = Callable[[str, str], Any]  # (type, id) -> the object, or the added list of that id


def expand_one(shown: Json, kind: str, paths: Iterable[str], fetch: Fetch) -> Json:
    for path in paths:
        names = _checked(path, kind)
        _expand(shown, kind, names, fetch)
    return shown


def expand_list(page: Json, kind: str, paths: Iterable[str], fetch: Fetch) -> Json:
    for path in paths:
        first, *names = path.split(".")
        if first != "data" or not names:
            hint = (
                f" You may want to try expanding 'data.{path}' instead." if first != "data" else ""
            )
            raise Refused(400, f"This property cannot be expanded ({first}).{hint}")
        _checked(path, kind, skip=1)
        for shown in page["data"]:
            _expand(shown, kind, names, fetch)
    return page


def _checked(path: str, kind: str, *, skip: int = 0) -> list[str]:
    """The names of a path, refused where they lead nowhere; `skip` names were looked at before."""
    names = path.split(".")
    if len(names) > MOST_LEVELS:
        message = (
            f"You cannot expand more than {MOST_LEVELS} levels of a property. Property: {path}"
        )
        raise Refused(400, message)
    here: str = kind
    rest = names[skip:]
    while rest:
        how, what = EXPANDABLE[here].get(rest[0], ("", ""))
        if not how:
            raise Refused(400, f"This property cannot be expanded ({rest[0]}).")
        if how == "none":
            break
        in_list = how in ("each", "added")
        if in_list and len(rest) > 1 and rest[1] != "data":
            raise Refused(400, f"This property cannot be expanded ({rest[1]}).")
        here, rest = what, rest[2 if in_list else 1 :]
    return names[skip:]


def _expand(shown: Json, kind: str, names: Sequence[str], fetch: Fetch) -> None:
    name, *rest = names
    how, what = EXPANDABLE[kind][name]
    if shown.get("deleted"):
        return
    if how == "added" and name not in shown:
        shown[name] = fetch(f"{kind}.{name}", shown["id"])
    value = shown.get(name)
    if how == "ref" and isinstance(value, str):
        value = shown[name] = fetch(what, value)
    if how in ("each", "added"):
        for one in value["data"] if len(rest) > 1 else ():
            _expand(one, what, rest[1:], fetch)
    elif how in ("ref", "inside") and value is not None and rest:
        _expand(value, what, rest, fetch)
