from tests.sandbox.chargebee.conftest import GONE
from tests.sandbox.stripe.conftest import epoch

CHANGES = [
    {},
    {"at": "2026-09-01T10:00:00", "kind": "updated", "previous": {"seats": 30}},
    {"at": "2026-11-01T10:00:00", "kind": "updated", "previous": {"cancel_at_period_end": False}},
]


def test_what_happened_comes_as_events_with_resources_as_they_stood(serve):
    sold = {"cancel_at_period_end": True, "canceled_at": "2026-11-01T10:00:00"}
    with serve(customers=[{}], subscriptions=[sold], subscription_changes=CHANGES) as site:
        events = site.rows("/events", "event", ("sort_by[asc]", "occurred_at"))
        subscription = site.get("/subscriptions/sub_Kite")["subscription"]
    assert [(one["event_type"], one["occurred_at"]) for one in events] == [
        ("subscription_changed", epoch("2026-09-01T10:00:00")),
        ("subscription_cancellation_scheduled", epoch("2026-11-01T10:00:00")),
    ]
    changed, scheduled = (one["content"]["subscription"] for one in events)
    assert (changed["status"], scheduled["status"]) == ("active", "non_renewing")
    assert changed["subscription_items"][0]["quantity"] == 40
    assert subscription["updated_at"] == epoch("2026-11-01T10:00:00")
    assert {one["api_version"] for one in events} == {"v2"}


def test_payments_tell_success_and_failure(serve):
    paid = {"attempt_count": 2, "paid_at": "2026-11-13T09:05:00"}
    with serve(customers=[{}, GONE], subscriptions=[{}], invoices=[paid]) as site:
        kinds = ("event_type[in]", '["payment_failed","payment_succeeded","customer_deleted"]')
        events = site.rows("/events", "event", kinds, ("sort_by[asc]", "occurred_at"))
        tries = site.rows("/transactions", "transaction", ("sort_by[asc]", "date"))
        assert site.ids("/transactions", "transaction", ("status[is]", "failure")) == [
            tries[0]["id"]
        ]
    assert [one["event_type"] for one in events] == [
        "customer_deleted",
        "payment_failed",
        "payment_succeeded",
    ]
    assert [one["status"] for one in tries] == ["failure", "success"]
    assert tries[0]["error_code"]
    assert events[1]["content"]["transaction"]["id"] == tries[0]["id"]
    assert events[1]["content"]["invoice"]["status"] == "payment_due"


def test_older_events_are_gone(serve):
    with serve(customers=[{}], subscriptions=[{}], subscription_changes=[{}]) as site:
        assert site.get("/events") == {"list": []}
