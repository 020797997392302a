"""What independent readers ask for beside the books: a 404 there ends their run."""

import pytest

from sandbox.vendors.chargebee_catalog import MADE_AT
from sandbox.vendors.chargebee_site import Settings
from sandbox.vendors.chargebee_smaller import EMPTY

SUBSCRIPTION = "sub_Kite"
CATALOG_1 = ("addons",)


@pytest.mark.parametrize("name", sorted(set(EMPTY) - set(CATALOG_1)))
def test_a_list_of_which_the_site_has_nothing_is_empty_and_no_id_is_found(site, name):
    window = ("updated_at[between]", "[1, 2]")
    assert site.get(f"/{name}", window, limit=100, include_deleted="true") == {"list": []}
    status, error = site.refused(f"/{name}/some")
    assert (status, error["message"]) == (404, "some not found")
    assert site.refused(f"/{name}", limit=101)[1]["param"] == "limit"


def test_lists_of_the_other_catalog_are_refused(site, serve):
    for path in ("/addons", "/plans"):
        assert site.refused(path)[1]["api_error_code"] == "configuration_incompatible"
    with serve(settings=Settings(catalog=1)) as old:
        for path in ("/differential_prices", "/items/Growth/attached_items", "/item_families"):
            assert old.refused(path)[1]["api_error_code"] == "configuration_incompatible"
        assert old.get("/addons") == {"list": []}


def test_every_item_belongs_to_a_family_that_is_listed(site):
    (family,) = site.rows("/item_families", "item_family")
    assert family == {
        "id": "product",
        "name": "Product",
        "status": "active",
        "channel": "web",
        "updated_at": MADE_AT,
        "resource_version": MADE_AT * 1000,
        "object": "item_family",
        "deleted": False,
    }
    assert site.get("/item_families/product") == {"item_family": family}
    for path, name in (("/items", "item"), ("/item_prices", "item_price")):
        assert {row["item_family_id"] for row in site.rows(path, name)} == {"product"}
    assert site.rows("/item_families", "item_family", ("updated_at[after]", str(MADE_AT))) == []


def test_what_hangs_on_a_resource_is_empty_and_needs_the_resource(site):
    (item,) = site.ids("/items", "item")
    for path in (
        "/customers/cus_Kite/contacts",
        f"/items/{item}/attached_items",
        f"/subscriptions/{SUBSCRIPTION}/contract_terms",
        f"/subscriptions/{SUBSCRIPTION}/discounts",
    ):
        assert site.get(path, limit=100) == {"list": []}
    for path in ("/customers/cus_Gone/contacts", "/items/none/attached_items"):
        assert site.refused(path)[1]["api_error_code"] == "resource_not_found"


def test_a_subscription_without_scheduled_changes_says_so(site):
    shown = site.get(f"/subscriptions/{SUBSCRIPTION}")["subscription"]
    assert shown["has_scheduled_changes"] is False
    status, error = site.refused(f"/subscriptions/{SUBSCRIPTION}/retrieve_with_scheduled_changes")
    assert status == 400
    assert error["message"] == "No changes are scheduled for this subscription."
    assert site.refused("/subscriptions/none/retrieve_with_scheduled_changes")[0] == 404


def test_a_customer_without_relations_is_a_hierarchy_of_its_own(site):
    asked = {"hierarchy_operation_type": "complete_hierarchy"}
    own = {
        "customer_id": "cus_Kite",
        "payment_owner_id": "cus_Kite",
        "invoice_owner_id": "cus_Kite",
        "object": "hierarchy",
    }
    told = site.get("/customers/cus_Kite/hierarchy", **asked)
    assert told == {"hierarchies": [own | {"children_ids": []}]}
    told = site.get("/customers/cus_Kite/hierarchy_detail", **asked)
    assert told == {"list": [{"hierarchy": own | {"has_children": False}}]}
    assert site.refused("/customers/cus_Gone/hierarchy", **asked)[0] == 404
    status, error = site.refused("/customers/cus_Kite/hierarchy")
    assert (status, error["param"]) == (400, "hierarchy_operation_type")


def test_the_currencies_are_the_base_and_what_is_sold_in(serve):
    with serve(customers=[{}], subscriptions=[{"currency": "eur"}]) as it:
        base, euro = it.rows("/currencies/list", "currency")
        assert base == {
            "id": "cur_USD",
            "enabled": True,
            "currency_code": "USD",
            "is_base_currency": True,
            "object": "currency",
        }
        assert euro == base | {
            "id": "cur_EUR",
            "currency_code": "EUR",
            "is_base_currency": False,
            "forex_type": "auto",
        }
        (sold,) = it.rows("/subscriptions", "subscription")
        assert (sold["currency_code"], sold["base_currency_code"]) == ("EUR", "USD")
        assert it.get("/currencies/cur_EUR") == {"currency": euro}
        assert it.refused("/currencies/cur_GBP")[0] == 404
