"""Stripe's events: thirty days of what happened, in an older shape than the lists."""

import pandas as pd
import pytest

from .conftest import epoch

NOW = epoch("2026-11-20T03:00:00")


def events(account, *pairs, **params):
    return account.get("/events", *pairs, limit=100, **params)["data"]


def kinds(account, *pairs, **params):
    return [event["type"] for event in events(account, *pairs, **params)]


def change(at, kind="updated", **previous):
    return {"at": at, "kind": kind, "previous": previous}


def test_a_paid_invoice_leaves_its_steps_newest_first(serve):
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}]) as account:
        rows = events(account, type="invoice.*")
    assert [row["type"] for row in rows] == [
        "invoice.payment_succeeded",
        "invoice.paid",
        "invoice.finalized",
        "invoice.created",
        "invoice.upcoming",
    ]
    assert [row["created"] for row in rows] == sorted((r["created"] for r in rows), reverse=True)
    stood = [row["data"]["object"]["status"] for row in rows]
    assert stood == ["paid", "paid", "open", "draft", "draft"]
    assert [row["data"]["object"]["amount_paid"] for row in rows] == [40_000, 40_000, 0, 0, 0]


def test_a_renewal_that_is_charged_by_itself_is_told_a_week_before_without_an_id(serve):
    soon = {"period_end": "2026-11-26T08:05:00"}
    with serve(customers=[{}], subscriptions=[soon], invoices=[{}]) as account:
        to_come, past = events(account, type="invoice.upcoming")
    assert to_come["created"] == epoch("2026-11-19T08:05:00")
    assert past["created"] == epoch("2026-11-03T08:05:00")
    assert "id" not in to_come["data"]["object"]
    assert to_come["data"]["object"]["subscription"] == "sub_Kite"
    leaving = soon | {"cancel_at_period_end": True}
    with serve(customers=[{}], subscriptions=[leaving], invoices=[{}]) as account:
        assert len(events(account, type="invoice.upcoming")) == 1
    by_mail = {"collection_method": "send_invoice"}
    with serve(customers=[{}], subscriptions=[soon], invoices=[by_mail]) as account:
        assert events(account, type="invoice.upcoming") == []


def test_failed_charges_are_events_each(serve):
    trying = {"created_at": "2026-11-04T08:00:00", "finalized_at": "2026-11-04T09:00:00"}
    trying |= {"status": "open", "paid_at": None, "attempt_count": 3, "amount_paid_minor": 0}
    with serve(customers=[{}], subscriptions=[{}], invoices=[trying]) as account:
        failed = events(account, type="invoice.payment_failed")
    assert [row["data"]["object"]["attempt_count"] for row in failed] == [3, 2, 1]
    assert [row["created"] for row in failed] == [
        epoch("2026-11-12T09:00:00"),
        epoch("2026-11-07T09:00:00"),
        epoch("2026-11-04T09:00:00"),
    ]


def test_a_charge_that_succeeded_at_last_failed_before(serve):
    late = {"created_at": "2026-11-04T08:00:00", "finalized_at": "2026-11-04T09:00:00"}
    late |= {"attempt_count": 2, "paid_at": "2026-11-07T09:00:00"}
    with serve(customers=[{}], subscriptions=[{}], invoices=[late]) as account:
        assert kinds(account, type="invoice.p*") == [
            "invoice.payment_succeeded",
            "invoice.paid",
            "invoice.payment_failed",
        ]


def test_invoices_that_are_late_or_given_up_say_so(serve):
    sent = {"collection_method": "send_invoice", "attempt_count": 0, "paid_at": None}
    sent |= {"created_at": "2026-10-16", "due_at": "2026-11-15", "status": "open"}
    lost = {"invoice_no": 102, "invoice_id": "in_Lost", "status": "uncollectible", "paid_at": None}
    lost |= {"created_at": "2026-10-18", "finalized_at": "2026-10-18", "attempt_count": 4}
    with serve(customers=[{}], subscriptions=[{}], invoices=[sent, lost]) as account:
        assert kinds(account, type="invoice.overdue") == ["invoice.overdue"]
        [gone] = events(account, type="invoice.marked_uncollectible")
    assert gone["data"]["object"]["id"] == "in_Lost"


def test_changes_of_a_subscription_tell_what_was_before(serve):
    changes = [
        change("2026-11-05T10:00:00", seats=30),
        change("2026-11-10T08:05:00", period_start=pd.Timestamp("2026-10-10T08:05:00")),
        change("2026-11-12T10:00:00", status="active"),
    ]
    with serve(
        customers=[{}], subscriptions=[{"status": "past_due"}], subscription_changes=changes
    ) as account:
        late, renewed, grown = events(account, type="customer.subscription.updated")
    assert late["data"]["previous_attributes"] == {"status": "active"}
    assert late["data"]["object"]["status"] == "past_due"
    assert renewed["data"]["object"]["status"] == "active"
    before = renewed["data"]["previous_attributes"]
    assert before == {"current_period_start": epoch("2026-10-10T08:05:00")}
    assert grown["data"]["object"]["quantity"] == 40
    assert grown["data"]["previous_attributes"]["quantity"] == 30
    [item] = grown["data"]["previous_attributes"]["items"]["data"]
    assert item["quantity"] == 30


def test_a_subscription_that_ended_has_only_its_payload(serve):
    ended = {"status": "canceled", "ended_at": "2026-11-10", "canceled_at": "2026-11-01"}
    changes = [change("2026-11-01", "created"), change("2026-11-10", "deleted", status="active")]
    with serve(customers=[{}], subscriptions=[ended], subscription_changes=changes) as account:
        deleted, created = events(account, type="customer.subscription.*")
    assert deleted["type"] == "customer.subscription.deleted"
    assert deleted["data"].keys() == {"object"}
    assert deleted["data"]["object"]["ended_at"] == epoch("2026-11-10")
    assert created["type"] == "customer.subscription.created"
    assert created["data"]["object"]["status"] == "active"
    assert created["data"]["object"]["ended_at"] is None


def test_customers_come_and_go(serve):
    gone = {"created_at": "2026-11-01T08:00:00", "deleted_at": "2026-11-15T08:00:00"}
    with serve(customers=[gone]) as account:
        deleted, created = events(account)
    assert (deleted["type"], created["type"]) == ("customer.deleted", "customer.created")
    assert deleted["data"]["object"]["email"] == "billing@kite.example"
    assert created["created"] == epoch("2026-11-01T08:00:00")


def test_payloads_have_the_shape_of_their_own_version(serve):
    with serve(
        customers=[{}],
        subscriptions=[{}],
        invoices=[{}],
        subscription_changes=[change("2026-11-12", seats=30)],
    ) as account:
        [changed] = events(account, type="customer.subscription.updated")
        [paid] = events(account, type="invoice.paid")
    assert changed["api_version"] == paid["api_version"] == "2024-06-20"
    subscription = changed["data"]["object"]
    assert subscription["current_period_end"] == epoch("2026-12-10T08:05:00")
    assert "current_period_end" not in subscription["items"]["data"][0]
    invoice = paid["data"]["object"]
    assert (invoice["subscription"], invoice["paid"]) == ("sub_Kite", True)
    assert "parent" not in invoice


def test_events_are_kept_for_thirty_days(serve):
    just = {"customer_no": 2, "customer_id": "cus_Just", "created_at": "2026-10-21T03:10:00"}
    past = {"customer_no": 3, "customer_id": "cus_Past", "created_at": "2026-10-21T02:50:00"}
    with serve(customers=[just, past]) as account:
        [kept] = events(account)
        assert account.get(f"/events/{kept['id']}") == kept
    assert kept["data"]["object"]["id"] == "cus_Just"


def test_ids_do_not_depend_on_what_else_happened(serve):
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}]) as account:
        alone = [row["id"] for row in events(account)]
    other = {"invoice_no": 90, "invoice_id": "in_Other", "created_at": "2026-11-11"}
    with serve(customers=[{}], subscriptions=[{}], invoices=[other, {}]) as account:
        among = [row["id"] for row in events(account)]
    assert len(set(among)) == 13
    assert [one for one in among if one in alone] == alone


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([("type", "invoice.paid")], {"invoice.paid"}),
        ([("type", "invoice.*")], {"invoice.created", "invoice.finalized", "invoice.paid"}
         | {"invoice.payment_succeeded", "invoice.upcoming"}),
        ([("type", "customer.*")], {"customer.subscription.updated"}),
        ([("types[]", "invoice.paid"), ("types[]", "customer.subscription.updated")],
         {"invoice.paid", "customer.subscription.updated"}),
        ([("types[0]", "invoice.created")], {"invoice.created"}),
        ([("created[gte]", epoch("2026-11-12"))], {"customer.subscription.updated"}),
        ([("created[lt]", epoch("2026-11-10T09:00:00"))], {"invoice.created", "invoice.upcoming"}),
        ([("delivery_success", "false")], set()),
    ],
)  # fmt: skip
def test_events_are_found_by_type_and_time(serve, pairs, found):
    with serve(
        customers=[{}],
        subscriptions=[{}],
        invoices=[{}],
        subscription_changes=[change("2026-11-12", seats=30)],
    ) as account:
        assert set(kinds(account, *pairs)) == found


def test_types_are_twenty_at_most_and_never_beside_type(account):
    many = [("types[]", f"invoice.{n}") for n in range(21)]
    assert account.refused("/events", *many)[0] == 400
    both = [("type", "invoice.paid"), ("types[]", "invoice.paid")]
    assert account.refused("/events", *both)[1]["code"] == "parameters_exclusive"


def test_events_are_paged_like_every_list(serve):
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}]) as account:
        first = account.get("/events", limit=4)
        after = first["data"][-1]["id"]
        rest = account.get("/events", limit=4, starting_after=after)
        status, error = account.refused("/events", starting_after="evt_No")
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert len({row["id"] for row in first["data"] + rest["data"]}) == 7
    assert (status, error["message"]) == (400, "No such event: 'evt_No'")
