"""What a Chargebee site sells, on the wire: item families, items and item prices, or plans.

Fields: those of the official clients, in API v2 with product catalog 2 (or 1). Checked Nov 2026.
"""

from sandbox.vendors.chargebee_http import Json
from sandbox.vendors.chargebee_money import cents
from sandbox.vendors.stripe_books import Subscription

FAMILY = "product"
MADE_AT = 1_546_300_800  # 2019-01-01, when the site made its catalog
PERIODS = {"month": "Monthly", "year": "Yearly"}


def to_item_family(family: str) -> Json:
    return {
        "id": family,
        "name": family.capitalize(),
        "status": "active",
        "channel": "web",
        "updated_at": MADE_AT,
        "resource_version": MADE_AT * 1000,
        "object": "item_family",
        "deleted": False,
    }


def item_price_id(sold: Subscription) -> str:
    return f"{sold.plan}-{sold.currency.upper()}-{PERIODS[sold.interval]}"


def to_item_price(sold: Subscription) -> Json:
    name = item_price_id(sold)
    return {
        "id": name,
        "name": name.replace("-", " "),
        "item_family_id": FAMILY,
        "item_id": sold.plan,
        "item_type": "plan",
        "status": "active",
        "external_name": sold.plan,
        "pricing_model": "per_unit",
        "price": cents(sold.unit_amount, sold.currency),
        "period": 1,
        "period_unit": sold.interval,
        "currency_code": sold.currency.upper(),
        "free_quantity": 0,
        "is_taxable": True,
        "channel": "web",
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
        "resource_version": MADE_AT * 1000,
        "object": "item_price",
        "deleted": False,
    }


def to_item(plan: str) -> Json:
    return {
        "id": plan,
        "name": plan,
        "external_name": plan,
        "item_family_id": FAMILY,
        "type": "plan",
        "status": "active",
        "is_shippable": False,
        "is_giftable": False,
        "enabled_for_checkout": True,
        "enabled_in_portal": True,
        "item_applicability": "all",
        "metered": False,
        "channel": "web",
        "updated_at": MADE_AT,
        "resource_version": MADE_AT * 1000,
        "object": "item",
        "deleted": False,
    }


def to_plan(sold: Subscription) -> Json:
    """Of product catalog 1: a plan has its price, currency and period itself."""
    price = to_item_price(sold)
    kept = ("id", "name", "price", "period", "period_unit", "currency_code", "pricing_model")
    more: Json = {
        "addon_applicability": "all",
        "charge_model": price["pricing_model"],
        "enabled_in_hosted_pages": True,
        "enabled_in_portal": True,
        "free_quantity": 0,
        "giftable": False,
        "object": "plan",
        "status": "active",
        "updated_at": MADE_AT,
    }
    return {name: price[name] for name in kept} | more
