"""Stripe's lists: order, paging, filters."""

import pytest

from .conftest import epoch


def customers(*created, **same):
    return [
        {"customer_no": n, "customer_id": f"cus_{n}", "created_at": at, **same}
        for n, at in enumerate(created, start=1)
    ]


def subscriptions(*statuses):
    return [
        {"subscription_no": n, "subscription_id": f"sub_{status}", "status": status}
        for n, status in enumerate(statuses, start=1)
    ]


SECOND = "2026-05-01T10:00:00"


def test_an_envelope_says_what_it_is(account):
    page = account.get("/customers")
    assert page.keys() == {"object", "url", "has_more", "data"}
    assert (page["object"], page["url"], page["has_more"]) == ("list", "/v1/customers", False)


def test_the_newest_come_first_and_ties_keep_their_order(serve):
    made = customers(SECOND, "2026-06-01", SECOND, "2026-04-01", SECOND)
    with serve(customers=made) as account:
        assert account.ids("/customers") == ["cus_2", "cus_5", "cus_3", "cus_1", "cus_4"]
    with serve(customers=made[::-1]) as account:
        assert account.ids("/customers") == ["cus_2", "cus_5", "cus_3", "cus_1", "cus_4"]


def test_a_page_holds_ten_unless_asked_and_a_hundred_at_most(serve):
    with serve(customers=customers(*[SECOND] * 101)) as account:
        assert len(account.get("/customers")["data"]) == 10
        page = account.get("/customers", limit=100)
        assert (len(page["data"]), page["has_more"]) == (100, True)
        for limit in ("101", "0", "-1"):
            status, error = account.refused("/customers", limit=limit)
            assert (status, error["param"]) == (400, "limit")


def test_walking_down_gives_every_row_once(serve):
    with serve(customers=customers(*[SECOND] * 7)) as account:
        seen, more = [], True
        after = {}
        while more:
            page = account.get("/customers", limit=3, **after)
            seen += [row["id"] for row in page["data"]]
            after, more = {"starting_after": seen[-1]}, page["has_more"]
    assert seen == [f"cus_{n}" for n in range(7, 0, -1)]


def test_walking_up_gives_the_next_newer_rows_newest_first(serve):
    with serve(customers=customers(*[SECOND] * 5)) as account:
        page = account.get("/customers", limit=2, ending_before="cus_2")
        assert [row["id"] for row in page["data"]] == ["cus_4", "cus_3"]
        assert page["has_more"] is True
        last = account.get("/customers", limit=2, ending_before="cus_4")
        assert [row["id"] for row in last["data"]] == ["cus_5"]
        assert last["has_more"] is False


@pytest.mark.parametrize("cursor", ["cus_Nobody", "cus_Gone"])
@pytest.mark.parametrize("param", ["starting_after", "ending_before"])
def test_a_cursor_that_is_not_there_is_a_400_resource_missing(account, param, cursor):
    status, error = account.refused("/customers", **{param: cursor})
    assert status == 400
    assert (error["code"], error["param"]) == ("resource_missing", param)
    assert error["message"] == f"No such customer: '{cursor}'"


def test_only_one_cursor_at_a_time(account):
    both = {"starting_after": "cus_Kite", "ending_before": "cus_Kite"}
    assert account.refused("/customers", **both)[1]["code"] == "parameters_exclusive"


@pytest.mark.parametrize(
    ("name", "days", "ids"),
    [
        ("created[gt]", "2026-05-02", ["cus_3"]),
        ("created[gte]", "2026-05-02", ["cus_3", "cus_2"]),
        ("created[lt]", "2026-05-02", ["cus_1"]),
        ("created[lte]", "2026-05-02", ["cus_2", "cus_1"]),
        ("created", "2026-05-02", ["cus_2"]),
    ],
)
def test_created_is_a_range_or_a_moment(serve, name, days, ids):
    with serve(customers=customers("2026-05-01", "2026-05-02", "2026-05-03")) as account:
        assert account.ids("/customers", (name, epoch(days))) == ids


def test_a_customer_is_found_by_the_exact_email(serve):
    made = customers(SECOND, SECOND)
    made[0]["email"] = "Billing@kite.example"
    with serve(customers=made) as account:
        assert account.ids("/customers", email="billing@kite.example") == ["cus_2"]


def test_deleted_customers_are_in_no_list(account):
    assert account.ids("/customers") == ["cus_Kite"]


STATUSES = ("active", "past_due", "canceled", "unpaid", "trialing", "incomplete_expired")


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        ({}, {"canceled"}),
        ({"status": "all"}, set()),
        ({"status": "ended"}, set(STATUSES) - {"canceled", "incomplete_expired"}),
        ({"status": "canceled"}, set(STATUSES) - {"canceled"}),
        ({"status": "past_due"}, set(STATUSES) - {"past_due"}),
    ],
)
def test_canceled_subscriptions_must_be_asked_for(serve, asked, left_out):
    with serve(customers=[{}], subscriptions=subscriptions(*STATUSES)) as account:
        rows = account.get("/subscriptions", **asked)["data"]
    assert {row["status"] for row in rows} == set(STATUSES) - left_out


def test_a_status_that_is_none_is_refused(account):
    for path in ("/subscriptions", "/invoices"):
        status, error = account.refused(path, status="happy")
        assert (status, error["param"]) == (400, "status")
        assert error["message"].startswith("Invalid status: must be one of ")


def test_subscriptions_are_found_by_customer_price_and_period(serve):
    sold = [{}, {"subscription_no": 12, "subscription_id": "sub_Reed", "customer_no": 2}]
    sold[1] |= {"unit_amount_minor": 2_000, "period_end": "2027-01-10"}
    reed = {"customer_no": 2, "customer_id": "cus_Reed"}
    with serve(customers=[{}, reed], subscriptions=sold) as account:
        kite = account.get("/subscriptions/sub_Kite")
        price = kite["items"]["data"][0]["price"]["id"]
        assert account.ids("/subscriptions", customer="cus_Reed") == ["sub_Reed"]
        assert account.ids("/subscriptions", price=price) == ["sub_Kite"]
        assert account.ids("/subscriptions", plan=price) == ["sub_Kite"]
        later = ("current_period_end[gt]", epoch("2026-12-31"))
        assert account.ids("/subscriptions", later) == ["sub_Reed"]
        assert account.ids("/subscriptions", collection_method="send_invoice") == []
        assert account.refused("/subscriptions", customer="cus_No")[1]["param"] == "customer"


def test_invoices_are_found_by_status_subscription_and_due_date(serve):
    due = {"invoice_no": 102, "invoice_id": "in_Due", "status": "open", "paid_at": None}
    due |= {"collection_method": "send_invoice", "due_at": "2026-12-10", "subscription_no": 0}
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}, due]) as account:
        assert account.ids("/invoices", customer="cus_Kite") == ["in_Due", "in_Kite1"]
        assert account.ids("/invoices", status="open") == ["in_Due"]
        assert account.ids("/invoices", subscription="sub_Kite") == ["in_Kite1"]
        assert account.ids("/invoices", collection_method="send_invoice") == ["in_Due"]
        assert account.ids("/invoices", ("due_date[lt]", epoch("2027-01-01"))) == ["in_Due"]
        assert account.ids("/invoices", ("due_date[gt]", epoch("2027-01-01"))) == []
        assert account.refused("/invoices", subscription="sub_No")[1]["param"] == "subscription"


def test_what_happens_later_is_not_there_yet(serve):
    tomorrow = "2026-11-20T04:00:00"
    with serve(
        customers=[{}, {"customer_no": 2, "customer_id": "cus_New", "created_at": tomorrow}],
        subscriptions=[{"created_at": tomorrow}],
        invoices=[{"created_at": tomorrow}],
    ) as account:
        assert account.ids("/customers") == ["cus_Kite"]
        assert account.ids("/subscriptions", status="all") == []
        assert account.ids("/invoices") == []


def test_items_lines_prices_and_products_have_lists_of_their_own(account):
    subscription = account.get("/subscriptions/sub_Kite")
    [item] = account.get("/subscription_items", subscription="sub_Kite")["data"]
    assert [item] == subscription["items"]["data"]
    lines = account.get("/invoices/in_Kite1/lines", limit=100)
    assert lines["data"] == account.get("/invoices/in_Kite1")["lines"]["data"]
    assert lines["url"] == "/v1/invoices/in_Kite1/lines"
    assert account.get("/prices")["data"] == [item["price"]]
    assert account.get("/prices", active="false")["data"] == []
    [product] = account.get("/products")["data"]
    assert product["id"] == item["price"]["product"]
    assert account.get(f"/products/{product['id']}") == product
    assert account.get(f"/prices/{item['price']['id']}") == item["price"]
    status, error = account.refused("/subscription_items")
    assert (status, error["code"]) == (400, "parameter_missing")


@pytest.mark.parametrize("path", ["payouts", "disputes", "credit_notes", "coupons"])
def test_lists_that_this_account_does_not_fill_are_empty(account, path):
    page = account.get(f"/{path}", limit=100)
    assert page == {"object": "list", "url": f"/v1/{path}", "has_more": False, "data": []}
    assert account.refused(f"/{path}", starting_after="x_1")[1]["code"] == "resource_missing"
