import pytest
import requests

from sandbox.vendors.chargebee import Settings


def test_the_key_is_the_user_of_basic_without_a_password(site):
    key = site.state.doors["chargebee"].secret
    url = f"{site.url}/api/v2/customers"
    assert requests.request("GET", url, auth=(key, ""), timeout=120).status_code == 200
    for auth in (None, (key, "x"), ("test_other", "")):
        answer = requests.request("GET", url, auth=auth, timeout=120)
        assert answer.status_code == 401
        assert answer.json()["api_error_code"] == "api_authentication_failed"
    bearer = requests.request("GET", url, headers={"Authorization": f"Bearer {key}"}, timeout=120)
    assert bearer.status_code == 401


@pytest.mark.parametrize("path", ["/plans", "/addons", "/plans/x"])
def test_the_other_catalog_is_not_enabled(site, path):
    status, error = site.refused(path)
    assert (status, error["api_error_code"]) == (400, "configuration_incompatible")
    assert "not enabled for this site" in error["message"]


def test_a_site_of_catalog_1_has_plans_and_no_items(serve):
    with serve(
        customers=[{}], subscriptions=[{}], invoices=[{}], settings=Settings(catalog=1)
    ) as old:
        (plan,) = old.rows("/plans", "plan")
        assert (plan["id"], plan["charge_model"]) == ("Growth-EUR-Monthly", "per_unit")
        assert {"addon_applicability", "enabled_in_portal", "giftable"} <= set(plan)
        assert old.refused("/item_prices")[1]["api_error_code"] == "configuration_incompatible"
        (sold,) = old.rows("/subscriptions", "subscription")
        assert (sold["plan_id"], sold["plan_quantity"]) == ("Growth-EUR-Monthly", 40)
        assert (sold["plan_unit_price"], sold["plan_amount"]) == (1000, 40_000)
        assert "subscription_items" not in sold
        (invoice,) = old.rows("/invoices", "invoice")
        assert invoice["line_items"][0]["entity_type"] == "plan"
        assert old.get("/configurations")["configurations"][0]["product_catalog_version"] == "v1"


def test_above_the_limit_of_the_minute_clients_are_told_how_long_to_wait(serve):
    with serve(customers=[{}], limits=True, settings=Settings(a_minute=3)) as busy:
        for _ in range(3):
            busy.get("/customers")
        answer = busy.ask("GET", "/customers")
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert answer.json()["api_error_code"] == "api_request_limit_exceeded"


def test_what_does_not_exist_is_told_in_the_same_shape(site):
    assert site.refused("/nonsense")[0] == 404
    assert site.refused("/customers/nobody")[1]["api_error_code"] == "resource_not_found"
    assert site.refused("/customers/cus_Gone")[0] == 404
    status, error = site.refused("/invoices", method="POST")
    assert (status, error["api_error_code"]) == (405, "http_method_not_supported")
