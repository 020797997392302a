"""When an account was a customer."""

import pytest

from .conftest import company, customer, past, subscription

ACCOUNT = {"companies": [company()], "customers": [customer()]}


def lines(*subscriptions):
    return ACCOUNT | {"subscriptions": list(subscriptions)}


def test_the_day_on_which_it_ends_is_no_day_of_the_term(arrive, terms, rows):
    arrive(**lines(subscription(start="2025-01-10T15:00:00", ended="2026-03-01T09:00:00")))
    assert terms() == [("100", 1, "2025-01-10", "2026-02-28", "2025-01-10")]
    assert rows("select ending, origin from core.term") == [("cancelled", "billing")]


def test_days_are_the_organisations_own(arrive, terms, settings):
    # Auckland is 13 hours ahead in January and 12 in June.
    there = settings.model_copy(update={"time_zone": "Pacific/Auckland"})
    arrive(there, **lines(subscription(start="2025-01-09T11:00:00", ended="2025-06-30T11:59:59")))
    assert terms() == [("100", 1, "2025-01-10", "2025-06-29", "2025-01-10")]
    arrive(there, **lines(subscription(start="2025-01-09T11:00:00", ended="2025-06-30T12:00:00")))
    assert terms()[0][3] == "2025-06-30"


def test_subscriptions_that_overlap_are_one_term(arrive, terms):
    arrive(
        **lines(
            subscription("sub_1", start="2025-01-01", ended="2025-12-01"),
            subscription("sub_2", start="2025-06-01", ended="2025-07-01"),
            subscription("sub_3", start="2025-12-01"),
        )
    )
    assert terms() == [("100", 1, "2025-01-01", None, "2025-01-01")]


def test_a_gap_of_a_day_interrupts_the_days_but_not_the_term(arrive, terms, rows):
    arrive(
        **lines(
            subscription("sub_1", start="2025-01-01", ended="2025-12-01"),
            subscription("sub_2", start="2025-12-02"),
        )
    )
    assert terms() == [
        ("100", 1, "2025-01-01", "2025-11-30", "2025-01-01"),
        ("100", 1, "2025-12-02", None, "2025-01-01"),
    ]
    assert rows("select first_day::text, last_day from core.term") == [("2025-01-01", None)]


def test_a_returning_customer_starts_a_new_term(arrive, terms):
    arrive(
        **lines(
            subscription("sub_1", start="2025-01-01", ended="2025-06-01"),
            subscription("sub_2", start="2025-07-02"),
        )
    )
    assert terms() == [
        ("100", 1, "2025-01-01", "2025-05-31", "2025-01-01"),
        ("100", 2, "2025-07-02", None, "2025-07-02"),
    ]
    assert terms("2025-06-05", "2025-06-20") == []
    assert [row[1] for row in terms("2025-08-01", "2025-08-01")] == [2]


def test_how_long_a_gap_may_be_is_a_setting(arrive, terms, settings):
    returned = lines(
        subscription("sub_1", start="2025-01-01", ended="2025-06-01"),
        subscription("sub_2", start="2025-07-01"),
    )
    arrive(**returned)
    assert {row[1] for row in terms()} == {1}
    arrive(settings.model_copy(update={"term_gap_days": 29}))
    assert {row[1] for row in terms()} == {1, 2}


@pytest.mark.parametrize("status", ["incomplete", "incomplete_expired"])
def test_what_never_came_about_is_no_term_and_no_stage_either(arrive, terms, status):
    history = {"lifecyclestage": past(("2025-01-01", "lead"))}
    arrive(
        companies=[company(history=history)], customers=[customer()],
        subscriptions=[subscription(status=status)],
    )  # fmt: skip
    assert terms() == []


def test_a_trial_is_a_term_and_one_that_became_nothing_says_so(arrive, terms, rows):
    arrive(
        **lines(
            subscription(
                start="2025-01-01", trial_end="2025-02-01", ended="2025-02-01", status="canceled"
            )
        )
    )
    assert terms() == [("100", 1, "2025-01-01", "2025-01-31", "2025-01-01")]
    assert rows("select ending from core.term") == [("trial",)]


def test_canceled_without_an_end_ended_when_it_was_canceled(arrive, terms):
    arrive(**lines(subscription(status="canceled", canceled_at="2025-05-05T10:00:00")))
    assert terms()[0][3] == "2025-05-04"


def test_a_notice_is_not_an_end(arrive, terms):
    arrive(**lines(subscription(canceled_at="2025-05-05T10:00:00")))
    assert terms() == [("100", 1, "2025-01-01", None, "2025-01-01")]


def test_an_end_in_the_future_ends_no_day_before_it(arrive, terms):
    arrive(**lines(subscription()))
    open_days = terms("2025-01-01", "2025-12-31")
    arrive(**lines(subscription(ended="2026-09-01", status="active")))
    assert terms("2025-01-01", "2025-12-31") == open_days
    arrive(
        **lines(
            subscription(ended="2026-09-01", status="active"),
            subscription("sub_2", start="2026-09-15"),
        )
    )
    assert terms("2025-01-01", "2025-12-31") == open_days


def test_what_starts_and_ends_on_one_day_or_ends_before_it_starts_covers_none(arrive, terms):
    arrive(
        **lines(
            subscription("sub_1", start="2025-01-01T08:00:00", ended="2025-01-01T18:00:00"),
            subscription("sub_2", start="2025-03-01", ended="2025-02-01"),
        )
    )
    assert terms() == []


def test_a_second_run_writes_nothing_and_an_edit_moves_the_end(arrive, terms):
    arrive(**lines(subscription(ended="2025-06-01")))
    assert arrive()["terms"] == 0
    assert arrive(**lines(subscription(ended="2025-06-11")))["terms"] == 1
    assert terms()[0][3] == "2025-06-10"


def test_without_billing_the_life_cycle_says_it(arrive, terms, rows):
    history = {
        "lifecyclestage": past(("2025-01-01", "lead"), ("2025-02-01", "customer"),
                               ("2025-06-01", "other"), ("2026-01-01", "customer")),
    }  # fmt: skip
    arrive(companies=[company(history=history)])
    assert terms() == [
        ("100", 1, "2025-02-01", "2025-05-31", "2025-02-01"),
        ("100", 2, "2026-01-01", None, "2026-01-01"),
    ]
    assert rows("select distinct origin from core.term") == [("lifecycle",)]


def staged(*stages):
    """One account with a billing customer, and what its life cycle stage has been."""
    history = {"lifecyclestage": past(*stages)}
    return {"companies": [company(history=history)], "customers": [customer()]}


def test_a_subscription_takes_no_day_of_the_life_cycle_before_it_away(arrive, terms, rows):
    arrive(**staged(("2025-02-01", "customer")))
    before = terms("2025-01-01", "2025-06-30")
    arrive(subscriptions=[subscription(start="2025-07-01", ended="2025-09-01")])
    assert terms() == [("100", 1, "2025-02-01", "2025-08-31", "2025-02-01")]
    assert rows("select origin, ending from core.term") == [("billing", "cancelled")]
    arrive(subscriptions=[subscription(start="2025-07-01")])
    assert terms("2025-01-01", "2025-06-30")[0][:3] == before[0][:3]


def test_from_the_first_subscription_on_only_billing_says_it(arrive, terms):
    arrive(
        **staged(("2025-01-01", "customer"), ("2025-02-01", "other"), ("2025-05-01", "customer")),
        subscriptions=[subscription(start="2025-04-01", ended="2025-04-20")],
    )
    assert terms() == [
        ("100", 1, "2025-01-01", "2025-01-31", "2025-01-01"),
        ("100", 2, "2025-04-01", "2025-04-19", "2025-04-01"),
    ]


def test_a_subscription_that_covers_no_day_ends_what_the_life_cycle_said(arrive, terms, rows):
    nothing = subscription(start="2025-03-01T08:00:00", ended="2025-03-01T18:00:00")
    arrive(**staged(("2025-01-01", "customer")), subscriptions=[nothing])
    assert terms() == [("100", 1, "2025-01-01", "2025-02-28", "2025-01-01")]
    assert rows("select origin, ending from core.term") == [("lifecycle", "cancelled")]


def test_a_stage_without_history_counts_from_the_records_creation_up_to_billing(arrive, terms):
    arrive(companies=[company(lifecyclestage="customer")])
    assert terms() == [("100", 1, "2025-01-01", None, "2025-01-01")]
    arrive(customers=[customer()], subscriptions=[subscription(start="2025-03-01")])
    assert terms() == [("100", 1, "2025-01-01", None, "2025-01-01")]
    arrive(subscriptions=[subscription(start="2025-03-01", ended="2025-05-01")])
    assert terms() == [("100", 1, "2025-01-01", "2025-04-30", "2025-01-01")]


def test_a_trial_after_a_time_as_a_customer_by_stage_is_more_than_a_trial(arrive, rows):
    trial = subscription(start="2025-03-01", trial_end="2025-04-01", ended="2025-04-01")
    arrive(**staged(("2025-01-01", "customer")), subscriptions=[trial])
    assert rows("select ending from core.term") == [("cancelled",)]


def test_an_archived_record_keeps_what_stage_and_billing_said(arrive, terms, rows):
    arrive(**staged(("2025-01-01", "customer")), subscriptions=[subscription(start="2025-04-01")])
    archived = company() | {"archived": True, "archivedAt": "2026-02-02T10:00:00Z"}
    arrive(companies=[archived])
    assert terms() == [("100", 1, "2025-01-01", "2026-02-01", "2025-01-01")]
    assert arrive()["terms"] == 0


def test_an_archived_record_keeps_its_term_up_to_there(arrive, terms, rows):
    arrive(**lines(subscription()))
    archived = company() | {"archived": True, "archivedAt": "2026-02-02T10:00:00Z"}
    arrive(companies=[archived])
    assert terms() == [("100", 1, "2025-01-01", "2026-02-01", "2025-01-01")]
    assert rows("select ending from core.term") == [("archived",)]
    assert arrive()["terms"] == 0


def test_what_ended_before_its_record_was_archived_ended_as_it_did(arrive, rows):
    stored = "select ending, last_day::text from core.term"
    trial = subscription(start="2025-12-01", trial_end="2026-01-01", ended="2025-12-20")
    arrive(**lines(trial))
    archived = company() | {"archived": True, "archivedAt": "2026-02-02T10:00:00Z"}
    arrive(companies=[archived])
    assert rows(stored) == [("trial", "2025-12-19")]
    arrive(companies=[company("200")], customers=[customer(crm_id="200")])
    assert rows(f"{stored} order by account_id") == [("trial", "2025-12-19")] * 2


def test_a_merged_record_passes_its_term_on(arrive, terms):
    arrive(**lines(subscription()))
    arrive(companies=[company("200", hs_merged_object_ids="100")])
    assert terms() == [("200", 1, "2025-01-01", None, "2025-01-01")]


def test_a_record_merged_twice_over_passes_its_term_to_the_last_winner(arrive, terms):
    arrive(**lines(subscription()))
    arrive(companies=[company("200", hs_merged_object_ids="100")])
    arrive(companies=[company("300", hs_merged_object_ids="200")])
    assert terms() == [("300", 1, "2025-01-01", None, "2025-01-01")]


def test_merges_in_a_circle_take_no_term_away(arrive, terms):
    history = {"lifecyclestage": past(("2025-01-01", "customer"))}
    arrive(
        companies=[
            company("1", history=history, hs_merged_object_ids="2"),
            company("2", history=history, hs_merged_object_ids="1"),
        ]
    )
    assert [one for one, *_ in terms()] == ["1", "2"]
