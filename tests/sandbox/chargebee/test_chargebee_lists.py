import json

import pytest

MANY = [
    {"customer_no": n, "customer_id": f"c{n:02d}", "name": f"N{n % 3}"}
    | {"created_at": f"2026-03-{n:02d}T00:00:00"}
    for n in range(1, 24)
]


@pytest.fixture(scope="module")
def crowd():
    from tests.sandbox.chargebee.conftest import served
    from tests.sandbox.stripe.conftest import make_world

    with served(make_world(customers=MANY)) as it:
        yield it


def walk(site, *pairs, limit):
    found, offset = [], None
    while True:
        more = [("offset", offset)] if offset else []
        page = site.get("/customers", *pairs, *more, ("limit", limit))
        found += [row["customer"]["id"] for row in page["list"]]
        offset = page.get("next_offset")
        if offset is None:
            return found
        assert isinstance(json.loads(offset), list)


def test_a_row_wraps_its_resource_and_nulls_are_left_out(site):
    page = site.get("/customers")
    assert set(page) == {"list"}
    (row,) = page["list"]
    assert set(row) == {"customer"}
    assert row["customer"]["object"] == "customer"
    assert None not in row["customer"].values()
    (with_customer,) = site.get("/subscriptions")["list"]
    assert set(with_customer) == {"subscription", "customer"}


def test_ten_rows_come_unless_more_are_asked_for_and_never_more_than_a_hundred(crowd):
    assert len(crowd.get("/customers")["list"]) == 10
    assert len(crowd.get("/customers", limit=100)["list"]) == 23
    for limit in (0, 101, "x"):
        assert crowd.refused("/customers", limit=limit)[1]["param"] == "limit"


def test_pages_follow_the_offset_in_any_order(crowd):
    every = [one["customer_id"] for one in MANY]
    assert walk(crowd, ("sort_by[asc]", "created_at"), limit=7) == every
    assert walk(crowd, ("sort_by[desc]", "updated_at"), limit=5) == every[::-1]
    assert walk(crowd, limit=10) == every[::-1]
    assert crowd.refused("/customers", ("sort_by[asc]", "company"))[0] == 400


def test_an_offset_of_other_filters_is_refused(crowd):
    offset = crowd.get("/customers", ("company[is]", "N1"), limit=2)["next_offset"]
    page = crowd.get("/customers", ("company[is]", "N1"), ("offset", offset), limit=100)
    assert len(page["list"]) == 6
    for pairs in ([], [("company[is]", "N2")], [("company[is]", "N1"), ("id[is]", "c01")]):
        status, error = crowd.refused("/customers", *pairs, ("offset", offset))
        assert (status, error["param"]) == (400, "offset")
        assert error["type"] == "invalid_request"
    assert crowd.refused("/customers", offset="nonsense")[0] == 400


MARCH_3 = 1772496000


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        (("id[is]", "c03"), ["c03"]),
        (("id[starts_with]", "c2"), ["c20", "c21", "c22", "c23"]),
        (("id[in]", '["c01","c02"]'), ["c01", "c02"]),
        (("id[in]", "['c01', 'c02']"), ["c01", "c02"]),
        (("created_at[after]", MARCH_3 + 18 * 86_400), ["c22", "c23"]),
        (("created_at[before]", MARCH_3), ["c01", "c02"]),
        (("created_at[on]", MARCH_3 + 5_000), ["c03"]),
        (("created_at[between]", f"[{MARCH_3}, {MARCH_3 + 86_400}]"), ["c03", "c04"]),
        (("phone[is_present]", "true"), []),
    ],
)
def test_each_operator_does_what_it_says(crowd, pair, found):
    asked = [pair, ("sort_by[asc]", "created_at")]
    assert crowd.ids("/customers", "customer", *asked, limit=100) == found


def test_excluding_operators_keep_the_rest(crowd):
    for pair in (("id[is_not]", "c03"), ("id[not_in]", '["c03"]'), ("phone[is_present]", "False")):
        found = crowd.ids("/customers", "customer", pair, limit=100)
        assert ("c03" in found, len(found)) == (
            pair[0].startswith("phone"),
            22 + (pair[0].startswith("phone")),
        )


def test_filters_that_make_no_sense_are_refused(crowd):
    for pair in (
        ("created_at[after]", "yesterday"),
        ("created_at[is]", "1"),
        ("created_at[between]", "[1]"),
        ("nonsense[is]", "1"),
        ("include_deleted", "maybe"),
    ):
        status, error = crowd.refused("/customers", pair)
        assert (status, error["api_error_code"]) == (400, "param_wrong_value")


def test_amounts_and_words_filter_invoices(site):
    assert site.ids("/invoices", "invoice", ("total[gte]", 40_000)) == ["in_Kite1", "in_Kite0"]
    assert site.ids("/invoices", "invoice", ("total[lt]", 40_000)) == []
    assert site.ids("/invoices", "invoice", ("status[in]", '["posted"]')) == []
    assert site.ids("/invoices", "invoice", ("recurring[is]", "true"), limit=1) == ["in_Kite1"]


def test_deleted_ones_come_only_if_asked_for_and_with_few_fields(site):
    assert site.ids("/customers", "customer") == ["cus_Kite"]
    both = site.rows("/customers", "customer", include_deleted="True")
    gone = next(one for one in both if one["id"] == "cus_Gone")
    assert gone["deleted"] is True
    assert set(gone) == {"id", "deleted", "updated_at", "resource_version", "object"}


@pytest.mark.parametrize(("path", "name"), [("/items", "item"), ("/item_prices", "item_price")])
def test_the_catalog_is_sorted_by_names(serve, path, name):
    plans = [{"plan": plan, "subscription_no": n} for n, plan in enumerate(("Beta", "Alpha"), 1)]
    plans = [{**one, "subscription_id": f"sub_{one['plan']}"} for one in plans]
    with serve(customers=[{}], subscriptions=plans) as site:
        asked = {"sort_by[asc]": "name", "limit": 1}
        first = site.get(path, **asked)
        rest = site.get(path, **asked, offset=first["next_offset"])
        falling = site.rows(path, name)
    rows = [page["list"][0][name] for page in (first, rest)]
    assert [row["name"] for row in rows] == sorted(row["name"] for row in falling)
    assert [row["deleted"] for row in rows] == [False, False]
