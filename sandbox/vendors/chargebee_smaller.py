"""Chargebee's smaller resources: currencies, what hangs on one resource, and lists without rows.

Paths and fields: the official Python client 3.29; the refusal of a subscription without scheduled
changes: what a published connector looks for. Checked Nov 2026. A customer outside any hierarchy is
shown as the root of its own, without children: of that the documents say nothing.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from sandbox.vendors.chargebee_filters import whole_of
from sandbox.vendors.chargebee_http import Json, Refused, not_found, to_response, wrong_value
from sandbox.vendors.chargebee_lists import DEFAULT, MOST, to_page
from sandbox.vendors.chargebee_objects import BASE_CURRENCY
from sandbox.vendors.chargebee_payments import to_transaction, transactions_of
from sandbox.vendors.chargebee_shelves import LISTINGS, shelf_of
from sandbox.vendors.chargebee_site import Site

Run = Callable[[Request, bytes], Response]
# Resources that no site of a world has any of, by the product catalog that has them; 0: both.
EMPTY = {
    "addons": 1,
    "comments": 0,
    "coupon_codes": 0,
    "coupon_sets": 0,
    "coupons": 0,
    "differential_prices": 2,
    "entitlements": 0,
    "features": 0,
    "gifts": 0,
    "hosted_pages": 0,
    "orders": 0,
    "price_variants": 2,
    "promotional_credits": 0,
    "quotes": 0,
    "ramps": 0,
    "site_migration_details": 0,
    "unbilled_charges": 0,
    "usages": 0,
    "virtual_bank_accounts": 0,
    "webhook_endpoints": 0,
}
# Lists that hang on one resource of a list, of which none has any.
EMPTY_BELOW = (
    ("customers", "contacts"),
    ("items", "attached_items"),
    ("items", "item_entitlements"),
    ("subscriptions", "contract_terms"),
    ("subscriptions", "discounts"),
    ("subscriptions", "subscription_entitlements"),
)
# Lists below one resource that are those of the whole site, filtered by a field.
FILTERED = {
    "customers": ("customer_id", ("subscriptions", "invoices", "credit_notes", "transactions")),
    "subscriptions": ("subscription_id", ("invoices", "transactions")),
}
OPERATIONS = ("complete_hierarchy", "subordinates", "path_to_root")
CURRENCY = "cur_"


def smaller(site: Site) -> dict[str, Run]:
    """What can be read of it, by its path."""
    found: dict[str, Run] = {
        "/currencies/list": currencies(site),
        "/currencies/{id}": currency(site),
    }
    for name in EMPTY:
        found |= {f"/{name}": nothing, f"/{name}/{{id}}": none_of_that_id}
    below = {
        **{f"/{name}/{{id}}/{part}": nothing for name, part in EMPTY_BELOW},
        **{
            f"/{name}/{{id}}/{part}": filtered(site, part, field)
            for name, (field, parts) in FILTERED.items()
            for part in parts
        },
        "/invoices/{id}/payments": payments(site),
        "/customers/{id}/hierarchy": hierarchy,
        "/customers/{id}/hierarchy_detail": hierarchy_detail,
        "/subscriptions/{id}/retrieve_with_scheduled_changes": scheduled_changes,
    }
    return found | {path: known(site, path.split("/")[1], run) for path, run in below.items()}


def nothing(request: Request, _body: bytes) -> Response:
    """An empty list; what asks for no possible page is refused as in any list."""
    limit = whole_of("limit", request.query_params.get("limit", str(DEFAULT)))
    if not 1 <= limit <= MOST:
        raise wrong_value("limit", f"should be between 1 and {MOST}")
    return to_response({"list": []})


def none_of_that_id(request: Request, _body: bytes) -> Response:
    raise not_found(request.path_params["id"])


def known(site: Site, name: str, run: Run) -> Run:
    """What hangs on a resource of that list, which there must be."""

    def checked(request: Request, body: bytes) -> Response:
        object_id, shelf = request.path_params["id"], shelf_of(site, name)
        found = shelf.find(object_id)
        if found is None or shelf.look(found, "deleted"):
            raise not_found(object_id)
        return run(request, body)

    return checked


def filtered(site: Site, name: str, field: str) -> Run:
    def run(request: Request, _body: bytes) -> Response:
        own = (f"{field}[is]", request.path_params["id"])
        pairs, listing = [*request.query_params.multi_items(), own], LISTINGS[name]
        page = to_page(shelf_of(site, name), pairs, lambda thing: listing.row(site, thing))
        return to_response(page)

    return run


def payments(site: Site) -> Run:
    """What was tried to have an invoice paid, the newest first."""

    def run(request: Request, _body: bytes) -> Response:
        invoice = shelf_of(site, "invoices").find(request.path_params["id"])
        tried = reversed(list(transactions_of(invoice)))
        return to_response({"list": [{"transaction": to_transaction(one)} for one in tried]})

    return run


def scheduled_changes(_request: Request, _body: bytes) -> Response:
    """No subscription of a world has any (`has_scheduled_changes`)."""
    raise Refused(400, "invalid_request", "No changes are scheduled for this subscription.")


def hierarchy(request: Request, _body: bytes) -> Response:
    return to_response({"hierarchies": [_alone(request) | {"children_ids": []}]})


def hierarchy_detail(request: Request, _body: bytes) -> Response:
    return to_response({"list": [{"hierarchy": _alone(request) | {"has_children": False}}]})


def currencies(site: Site) -> Run:
    def run(request: Request, body: bytes) -> Response:
        nothing(request, body)
        return to_response({"list": [{"currency": one} for one in _currencies(site).values()]})

    return run


def currency(site: Site) -> Run:
    def run(request: Request, _body: bytes) -> Response:
        found = _currencies(site).get(request.path_params["id"])
        if found is None:
            raise not_found(request.path_params["id"])
        return to_response({"currency": found})

    return run


def _alone(request: Request) -> Json:
    operation = request.query_params.get("hierarchy_operation_type")
    if operation not in OPERATIONS:
        told = f"should be one of [{', '.join(OPERATIONS)}]"
        raise wrong_value("hierarchy_operation_type", told if operation else "cannot be blank")
    own = request.path_params["id"]
    owners = {"payment_owner_id": own, "invoice_owner_id": own}
    return {"customer_id": own, **owners, "object": "hierarchy"}


def _currencies(site: Site) -> dict[str, Json]:
    """The base currency and every other one that something is sold in, by id."""
    sold = {one.currency.upper() for one in site.books.subscriptions}
    billed = {one.currency.upper() for one in site.books.invoices}
    codes = [BASE_CURRENCY, *sorted((sold | billed) - {BASE_CURRENCY})]
    return {f"{CURRENCY}{code}": _shown(code) for code in codes}


def _shown(code: str) -> Json:
    is_base = code == BASE_CURRENCY
    shown: Json = {
        "id": f"{CURRENCY}{code}",
        "enabled": True,
        "currency_code": code,
        "is_base_currency": is_base,
        "object": "currency",
    }
    return shown if is_base else shown | {"forex_type": "auto"}
