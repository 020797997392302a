"""What becomes of Salesforce's records."""

import pytest

from tests.database.salesforce.conftest import (
    ANN,
    KITE,
    LARK,
    account,
    contact,
    event,
    opportunity,
    relation,
    task,
)


def test_an_account_has_its_owner_money_and_host_names(arrive, rows):
    site = "https://www.Kite.example/de, kite.test"
    arrive(
        users=[{"Id": ANN, "Name": "Ann Ray", "Email": "ann@seller.example", "IsActive": False}],
        accounts=[account(Website=site, ARR__c=48000.5, Renewal_Date__c="2027-01-31")],
    )
    columns = "owner_id, arr::text, currency, renewal_date::text, domain, additional_domains"
    assert rows(f"select {columns} from core.account") == [
        (ANN, "48000.5", "eur", "2027-01-31", "kite.example", ["kite.test"])
    ]
    assert rows("select name, is_archived from core.owner") == [("Ann Ray", True)]


def test_a_merged_account_stands_for_its_winner_until_it_is_restored(arrive, rows):
    merged = "select source_account_id, merged_ids from core.account order by 1"
    arrive(accounts=[account(KITE), account(LARK)])
    gone = {"deleted": True, "stamp": "2026-02-01T00:00:00.000+0000"}
    arrive(accounts=[account(LARK, MasterRecordId=KITE, **gone)])
    assert rows(merged) == [(KITE, [LARK]), (LARK, [])]
    arrive(accounts=[account(KITE, Name="Kite & Lark")])
    assert rows(merged) == [(KITE, [LARK]), (LARK, [])]
    arrive(accounts=[account(LARK, stamp="2026-02-02T00:00:00.000+0000")])
    assert rows(merged) == [(KITE, []), (LARK, [])]


def test_a_deleted_account_is_archived_from_then_on(arrive, rows):
    arrive(accounts=[account(deleted=True, stamp="2026-02-01T00:00:00.000+0000")])
    assert rows("select archived_at::date::text from core.account") == [("2026-02-01",)]


@pytest.mark.parametrize(
    ("fields", "kind", "is_held"),
    [
        ({"Subject": "Q3 QBR with Kite"}, "review", True),
        ({"Subject": "Executive Business-Review"}, "review", True),
        ({"Subject": "Overview"}, "other", True),
        ({"Type": "Training", "Subject": "before the QBR"}, "training", True),
        ({"Type": "Kick-off"}, "kickoff", True),
        ({"Subject": "Canceled: QBR"}, "review", False),
        ({"Subject": "QBR", "Outcome__c": "No show"}, "review", False),
        ({"Subject": None, "deleted": True}, "other", False),
    ],
)
def test_a_meeting_is_of_the_kind_that_its_type_or_subject_says(
    arrive, rows, fields, kind, is_held
):
    arrive(accounts=[account()], events=[event(**fields)])
    assert rows("select kind, is_held from core.touch") == [(kind, is_held)]


def test_days_without_a_time_are_days_of_our_own_calendar(arrive, rows, settings):
    """Midnight UTC would be the day before in New York."""
    day = {"StartDateTime": "2026-03-10T00:00:00.000+0000", "IsAllDayEvent": True}
    arrive(
        settings=settings.model_copy(update={"time_zone": "America/New_York"}),
        accounts=[account()],
        events=[event(**day)],
        opportunities=[opportunity(CloseDate="2026-03-10", IsClosed=True)],
        tasks=[task(ActivityDate="2026-03-10")],
    )
    assert rows("select core.day_of(occurred_at)::text from core.touch") == [("2026-03-10",)] * 2
    assert rows("select core.day_of(closed_at)::text from core.opportunity") == [("2026-03-10",)]


def test_the_pattern_of_a_series_is_no_meeting(arrive, rows):
    arrive(accounts=[account()], events=[event(IsRecurrence=True)])
    assert rows("select * from core.touch") == []


def test_an_event_without_account_belongs_to_the_one_it_is_about(arrive, rows):
    arrive(accounts=[account()], events=[event(AccountId=None, WhatId=KITE)])
    assert rows("select source_account_id from core.touch") == [(KITE,)]


@pytest.mark.parametrize(
    ("fields", "kind", "stage"),
    [
        ({"Type": "Renewal", "IsClosed": True, "IsWon": True}, "renewal", "won"),
        ({"Type": "Existing Customer - Upgrade", "IsClosed": True}, "expansion", "lost"),
        ({"Type": "New Business"}, "New Business", "open"),
        ({"Type": None}, None, "open"),
    ],
)
def test_an_opportunity_is_of_our_kind_where_health_yaml_says_so(arrive, rows, fields, kind, stage):
    arrive(accounts=[account()], opportunities=[opportunity(**fields)])
    assert rows("select kind, stage, amount_minor, currency from core.opportunity") == [
        (kind, stage, 150050, "eur")
    ]


def test_a_deleted_opportunity_belongs_to_nobody(arrive, rows):
    arrive(accounts=[account()], opportunities=[opportunity(IsDeleted=True)])
    assert rows("select source_account_id from core.opportunity") == [(None,)]


def test_a_contact_who_moves_leaves_one_account_for_the_other(arrive, rows):
    moved, gone = "2026-02-01T00:00:00.000+0000", "2026-03-01T00:00:00.000+0000"
    arrive(accounts=[account(KITE), account(LARK)], contacts=[contact(KITE)])
    arrive(contacts=[contact(LARK, stamp=moved)])
    arrive(contacts=[contact(LARK, stamp=gone, deleted=True)])
    places = "select source_account_id, since::date::text, until::date::text from core.contact_role"
    assert rows(f"{places} order by since") == [
        (KITE, "2025-01-01", "2026-02-01"),
        (LARK, "2026-02-01", "2026-03-01"),
    ]
    assert rows("select email, source_account_id from core.contact") == [("ann@kite.example", None)]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_a_plain_day_stays_that_day_in_another_time_zone(arrive, rows, settings, zone):
    days = (
        "select core.day_of(closed_at)::text from core.opportunity union all"
        " select core.day_of(occurred_at)::text from core.touch"
    )
    whole_day = event(IsAllDayEvent=True, StartDateTime="2026-03-10T00:00:00.000+0000")
    arrive(
        accounts=[account()],
        opportunities=[opportunity(IsClosed=True, CloseDate="2026-03-09")],
        events=[whole_day],
        tasks=[task()],
    )
    arrive(opportunities=[opportunity(IsClosed=True, CloseDate="2026-03-10")])
    assert rows(days) == [("2026-03-10",)] * 3
    moved = settings.model_copy(update={"time_zone": zone})
    for _ in range(2):
        arrive(settings=moved)
        assert rows(days) == [("2026-03-10",)] * 3
    assert rows("select count(*) from raw.batch where conformed_at is null") == [(0,)]


def test_a_contact_seen_without_an_account_counts_from_when_one_was_seen(arrive, rows):
    arrive(accounts=[account(KITE)], contacts=[contact(None)])
    placed = contact(KITE, stamp="2026-02-01T00:00:00.000+0000")
    for _ in range(2):
        arrive(contacts=[placed])
        assert rows("select source_account_id, since::date::text from core.contact_role") == [
            (KITE, "2026-02-01")
        ]


def test_roles_of_a_contact_begin_and_end(arrive, rows):
    later, last = "2026-02-01T00:00:00.000+0000", "2026-03-01T00:00:00.000+0000"
    arrive(accounts=[account()], contact_roles=[relation("Champion;Executive Sponsor")])
    arrive(contact_roles=[relation("Champion;Decision Maker", stamp=later)])
    arrive(contact_roles=[relation("Champion", stamp=last, IsActive=False)])
    assert rows(
        "select role, since::date::text, until::date::text from core.contact_role order by 1"
    ) == [
        ("champion", "2025-01-01", "2026-03-01"),
        ("decision_maker", "2026-02-01", "2026-03-01"),
        ("executive_sponsor", "2025-01-01", "2026-02-01"),
    ]


def test_a_closed_call_is_a_touch(arrive, rows):
    arrive(accounts=[account()], tasks=[task(), task("00T000000000002AAA", IsClosed=False)])
    assert rows("select touch_id, kind, is_held from core.touch order by 1") == [
        ("00T000000000001AAA", "check_in", True),
        ("00T000000000002AAA", "check_in", False),
    ]


def test_the_same_again_changes_nothing(arrive, rows):
    everything = {
        "accounts": [account(ARR__c=5.0)],
        "contacts": [contact()],
        "contact_roles": [relation("Champion")],
        "opportunities": [opportunity()],
        "events": [event()],
    }
    arrive(**everything)
    before = rows("select * from core.contact_role"), rows("select * from core.account_attribute")
    arrive(**everything)
    assert arrive()["attributes"] == 0
    assert before == (
        rows("select * from core.contact_role"),
        rows("select * from core.account_attribute"),
    )
