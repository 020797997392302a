"""Stripe's price list on the wire: prices, plans (their older form) and products.

What an account sells is what its subscriptions were sold at. Checked Nov 2026.
"""

from typing import Any

from sandbox.vendors.stripe_books import Subscription
from sandbox.vendors.stripe_ids import derived_id

LIVEMODE = False  # the sandbox's key is a test key
PRICED_AT = 1_546_300_800  # 2019-01-01, when the account made its price list
Json = dict[str, Any]
# Fields that this account never fills.
NO_PRODUCT_FIELDS: Json = {
    "default_price": None,
    "description": None,
    "images": [],
    "marketing_features": [],
    "package_dimensions": None,
    "shippable": None,
    "statement_descriptor": None,
    "tax_code": None,
    "tax_details": None,
    "url": None,
}


def to_list(url: str, data: list[Json], *, has_more: bool = False) -> Json:
    return {"object": "list", "url": url, "has_more": has_more, "data": data}


def price_id(sold: Subscription) -> str:
    """One price for each plan, interval, currency and amount."""
    terms = (sold.plan, sold.interval, sold.currency, sold.unit_amount)
    return derived_id("price_1", 23, "price", *terms)


def product_id(plan: str) -> str:
    return derived_id("prod_", 14, "product", plan)


def to_price(sold: Subscription) -> Json:
    return {
        "id": price_id(sold),
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": PRICED_AT,
        "currency": sold.currency,
        "custom_unit_amount": None,
        "livemode": LIVEMODE,
        "lookup_key": None,
        "metadata": {},
        "nickname": sold.plan,
        "product": product_id(sold.plan),
        "recurring": {
            "interval": sold.interval,
            "interval_count": 1,
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring",
        "unit_amount": sold.unit_amount,
        "unit_amount_decimal": str(sold.unit_amount),
    }


def to_plan(price: Json) -> Json:
    """The older form of a price, which items still carry."""
    return {
        "id": price["id"],
        "object": "plan",
        "active": True,
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": PRICED_AT,
        "currency": price["currency"],
        "interval": price["recurring"]["interval"],
        "interval_count": 1,
        "livemode": LIVEMODE,
        "metadata": {},
        "meter": None,
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def to_product(plan: str) -> Json:
    return {
        "id": product_id(plan),
        "object": "product",
        **NO_PRODUCT_FIELDS,
        "active": True,
        "created": PRICED_AT,
        "livemode": LIVEMODE,
        "metadata": {},
        "name": plan,
        "type": "service",
        "unit_label": "seat",
        "updated": PRICED_AT,
    }
