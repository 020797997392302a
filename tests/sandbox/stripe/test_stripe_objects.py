"""Stripe's objects: what stands where in the shape of 2025-03-31 and later; expanding ids."""

import pytest

from .conftest import epoch


def test_a_subscription_has_its_period_on_the_item(account):
    subscription = account.get("/subscriptions/sub_Kite")
    [item] = subscription["items"]["data"]
    assert "current_period_end" not in subscription
    assert item["current_period_start"] == epoch("2026-11-10T08:05:00")
    assert item["current_period_end"] == epoch("2026-12-10T08:05:00")
    assert item["quantity"] == 40
    assert item["price"]["unit_amount"] == 1_000
    assert item["price"]["unit_amount_decimal"] == "1000"
    assert item["price"]["recurring"].items() >= {"interval": "month", "interval_count": 1}.items()
    assert item["plan"]["id"] == item["price"]["id"]
    assert subscription["customer"] == "cus_Kite"
    assert subscription["latest_invoice"] == "in_Kite1"
    assert subscription["metadata"] == {"tenant_id": "t-1"}
    assert subscription["start_date"] == epoch("2026-01-10T08:05:00")
    assert subscription["livemode"] is False


def test_a_planned_end_and_a_past_one_are_told_apart(serve):
    planned = {"cancel_at_period_end": True, "canceled_at": "2026-11-15"}
    past = {"subscription_no": 12, "subscription_id": "sub_Past", "status": "canceled"}
    past |= {"canceled_at": "2026-05-01", "ended_at": "2026-06-10"}
    with serve(customers=[{}], subscriptions=[planned, past]) as account:
        going = account.get("/subscriptions/sub_Kite")
        gone = account.get("/subscriptions/sub_Past")
    assert (going["cancel_at"], going["ended_at"]) == (epoch("2026-12-10T08:05:00"), None)
    assert going["cancellation_details"]["reason"] == "cancellation_requested"
    assert (gone["cancel_at"], gone["ended_at"]) == (None, epoch("2026-06-10"))
    assert gone["canceled_at"] == epoch("2026-05-01")


def test_an_invoice_tells_what_it_belongs_to_under_parent(account):
    invoice = account.get("/invoices/in_Kite1")
    assert not {"subscription", "charge", "payment_intent", "paid", "tax"} & invoice.keys()
    assert invoice["parent"] == {
        "type": "subscription_details",
        "quote_details": None,
        "subscription_details": {"subscription": "sub_Kite", "metadata": {"tenant_id": "t-1"}},
    }
    assert invoice["total_taxes"] == []
    assert invoice["status_transitions"] == {
        "finalized_at": epoch("2026-11-10T09:05:00"),
        "paid_at": epoch("2026-11-10T09:05:00"),
        "marked_uncollectible_at": None,
        "voided_at": None,
    }
    assert (invoice["amount_due"], invoice["amount_remaining"]) == (40_000, 0)
    [line] = invoice["lines"]["data"]
    assert line["period"] == {
        "start": epoch("2026-11-10T08:05:00"),
        "end": epoch("2026-12-10T08:05:00"),
    }
    assert line["pricing"]["price_details"].keys() == {"price", "product"}
    assert line["pricing"]["unit_amount_decimal"] == "1000"
    assert line["parent"]["subscription_item_details"]["subscription"] == "sub_Kite"


def test_the_period_of_a_renewal_invoice_is_the_one_that_ended(account):
    invoice = account.get("/invoices/in_Kite1")
    assert invoice["period_end"] == invoice["lines"]["data"][0]["period"]["start"]
    assert invoice["period_start"] < invoice["period_end"]


@pytest.mark.parametrize(
    ("changes", "transition", "at"),
    [
        ({"status": "uncollectible"}, "marked_uncollectible_at", "2026-11-10T08:05:00"),
        ({"status": "void"}, "voided_at", "2026-11-10T08:05:00"),
    ],
)
def test_invoices_that_were_given_up_say_when(serve, changes, transition, at):
    unpaid = {"created_at": "2026-10-11T08:05:00", "paid_at": None, "amount_paid_minor": 0}
    with serve(customers=[{}], invoices=[unpaid | changes]) as account:
        invoice = account.get("/invoices/in_Kite1")
    assert invoice["status_transitions"][transition] == epoch(at)
    assert invoice["amount_remaining"] == 40_000


def test_a_draft_has_no_number_yet(serve):
    draft = {"status": "draft", "finalized_at": None, "paid_at": None, "attempt_count": 0}
    with serve(customers=[{}], subscriptions=[{}], invoices=[draft]) as account:
        invoice = account.get("/invoices/in_Kite1")
    assert invoice["number"] is None
    assert invoice["attempted"] is False
    assert invoice["automatically_finalizes_at"] == invoice["created"] + 3600


def test_an_invoice_of_no_subscription_has_no_parent(serve):
    with serve(customers=[{}], invoices=[{"subscription_no": 0}]) as account:
        invoice = account.get("/invoices/in_Kite1")
    assert invoice["parent"] is None
    assert invoice["lines"]["data"][0]["parent"]["type"] == "invoice_item_details"


@pytest.mark.parametrize(
    ("invoice", "delinquent"),
    [
        ({}, False),
        ({"status": "open", "paid_at": None, "attempt_count": 2}, True),
        ({"status": "open", "paid_at": None, "attempt_count": 0}, False),
        ({"status": "open", "paid_at": None, "attempt_count": 0}
         | {"collection_method": "send_invoice", "due_at": "2026-11-15"}, True),
        ({"status": "open", "paid_at": None, "attempt_count": 0}
         | {"collection_method": "send_invoice", "due_at": "2026-12-15"}, False),
    ],
)  # fmt: skip
def test_a_customer_is_delinquent_with_an_invoice_that_failed_or_is_late(
    serve, invoice, delinquent
):
    with serve(customers=[{}], subscriptions=[{}], invoices=[invoice]) as account:
        customer = account.get("/customers/cus_Kite")
    assert customer["delinquent"] is delinquent
    assert (customer["balance"], customer["currency"]) == (0, "eur")


def test_a_deleted_customer_is_a_stub_by_id_and_when_expanded(serve):
    with serve(
        customers=[{"deleted_at": "2026-11-01"}], subscriptions=[{"status": "canceled"}]
    ) as account:
        stub = account.get("/customers/cus_Kite")
        expanded = account.get("/subscriptions/sub_Kite", ("expand[]", "customer"))["customer"]
    assert stub == expanded == {"id": "cus_Kite", "object": "customer", "deleted": True}


def test_ids_in_lists_are_expanded_below_data(account):
    [subscription] = account.get(
        "/subscriptions", ("expand[]", "data.customer"), ("expand[1]", "data.latest_invoice")
    )["data"]
    assert subscription["customer"] == account.get("/customers/cus_Kite")
    assert subscription["latest_invoice"] == account.get("/invoices/in_Kite1")
    [invoice, _] = account.get(
        "/invoices", ("expand[]", "data.parent.subscription_details.subscription")
    )["data"]
    owner = invoice["parent"]["subscription_details"]["subscription"]
    assert owner == account.get("/subscriptions/sub_Kite")


def test_ids_are_expanded_up_to_four_levels(account):
    subscription = account.get(
        "/subscriptions/sub_Kite",
        ("expand[]", "items.data.price.product"),
        ("expand[]", "latest_invoice.customer.subscriptions"),
    )
    assert subscription["items"]["data"][0]["price"]["product"]["name"] == "Growth"
    inner = subscription["latest_invoice"]["customer"]["subscriptions"]
    assert [row["id"] for row in inner["data"]] == ["sub_Kite"]
    path = "data.items.data.price.product"
    status, error = account.refused("/subscriptions", ("expand[]", path))
    assert status == 400
    assert error["message"].startswith("You cannot expand more than 4 levels")


def test_payments_come_with_an_invoice_only_when_asked_for(account):
    assert "payments" not in account.get("/invoices/in_Kite1")
    [payment] = account.get("/invoices/in_Kite1", ("expand[]", "payments"))["payments"]["data"]
    assert (payment["amount_paid"], payment["status"]) == (40_000, "paid")


@pytest.mark.parametrize(
    ("path", "expand", "message"),
    [
        ("/customers", "data.metadata", "This property cannot be expanded (metadata)."),
        ("/customers", "data.subscriptions.items", "This property cannot be expanded (items)."),
        ("/customers", "data", "This property cannot be expanded (data)."),
        ("/invoices/in_Kite1", "charge", "This property cannot be expanded (charge)."),
        ("/invoices/in_Kite1", "data.customer", "This property cannot be expanded (data)."),
        (
            "/subscriptions",
            "customer",
            (
                "This property cannot be expanded (customer). "
                "You may want to try expanding 'data.customer' instead."
            ),
        ),
    ],
)
def test_what_cannot_be_expanded_is_a_400(account, path, expand, message):
    status, error = account.refused(path, ("expand[]", expand))
    assert (status, error["message"]) == (400, message)


def test_expanding_does_not_change_what_is_shown_next(account):
    plain = account.get("/subscriptions/sub_Kite")
    account.get("/subscriptions/sub_Kite", ("expand[]", "items.data.price.product"))
    assert account.get("/subscriptions/sub_Kite") == plain


BEFORE = {"Stripe-Version": "2022-11-15"}


def older(account, path, *expand):
    given = [("expand[]", one) for one in expand]
    answer = account.ask("GET", path, params=given, headers=BEFORE)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_before_basil_the_period_stands_on_the_subscription(account):
    subscription = older(account, "/subscriptions/sub_Kite")
    assert subscription["current_period_start"] == epoch("2026-11-10T08:05:00")
    assert subscription["current_period_end"] == epoch("2026-12-10T08:05:00")
    [item] = subscription["items"]["data"]
    assert (subscription["quantity"], subscription["plan"]) == (40, item["plan"])
    assert "current_period_end" not in item
    assert older(account, "/subscriptions", "data.plan.tiers")["data"] == [subscription]


def test_before_basil_the_subscription_stands_on_the_invoice(account):
    newest, *_ = older(account, "/invoices", "data.total_tax_amounts.tax_rate")["data"]
    assert newest == older(account, "/invoices/in_Kite1")
    assert (newest["subscription"], newest["paid"]) == ("sub_Kite", True)
    assert not {"parent", "total_taxes"} & newest.keys()
    assert newest["lines"]["data"] == older(account, "/invoices/in_Kite1/lines")["data"]
    assert newest["lines"]["data"][0]["proration"] is False
    expanded = older(account, "/invoices/in_Kite1", "subscription", "charge")["subscription"]
    assert (expanded["id"], expanded["quantity"]) == ("sub_Kite", 40)


def test_an_event_is_the_same_in_every_version(account):
    [event, *_] = account.get("/events")["data"]
    assert older(account, f"/events/{event['id']}") == event


def test_the_account_of_the_key_and_no_other_can_be_asked_for(account):
    own = account.get("/account")
    assert (own["object"], own["settings"]["dashboard"]["timezone"]) == ("account", "Etc/UTC")
    assert account.get(f"/accounts/{own['id']}") == own
    assert account.get("/accounts")["data"] == []
    status, error = account.refused("/accounts/acct_No")
    assert (status, error["code"]) == (403, "account_invalid")
