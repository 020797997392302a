"""What was true when, from field history where there is one, else from what was seen."""

from datetime import date

import pytest

from include.pipeline.job import Job
from include.pipeline.retention import drop_versions_before
from tests.database.salesforce.conftest import ANN, BEN, CREATED, KITE, account, change

JAN = "2025-01-20T12:00:00.000+0000"
FEB, MAR, APR, MAY, JUN = (f"2025-0{month}-01T12:00:00.000+0000" for month in range(2, 7))
FAR = date(2999, 1, 1)


def values(rows, attribute):
    return rows(
        "select valid_from::date::text, value, origin from core.account_attribute"
        " where attribute = :attribute order by valid_from",
        attribute=attribute,
    )


def test_history_says_since_when_and_what_was_before(arrive, rows):
    arrive(
        account_history=[change("ARR__c", 50.0, 60.5, FEB), change("ARR__c", 60.5, 70.0, MAR)],
        accounts=[account(ARR__c=70.0, stamp=MAR)],
    )
    assert values(rows, "arr") == [
        ("2025-01-01", "50", "vendor"),
        ("2025-02-01", "60.5", "vendor"),
        ("2025-03-01", "70", "vendor"),
    ]


def test_of_a_lookup_the_ids_count_not_the_names(arrive, rows):
    arrive(
        account_history=[
            change("Owner", "Ann Ray", "Ben Oak", FEB),
            change("Owner", ANN, BEN, FEB),
            change("Parent", None, KITE[:15], FEB),
            change("Parent", None, "Kite Holding", FEB),
        ],
        accounts=[account(OwnerId=BEN, ParentId=KITE, stamp=FEB)],
    )
    assert values(rows, "owner") == [
        ("2025-01-01", ANN, "vendor"),
        ("2025-02-01", BEN, "vendor"),
    ]
    assert values(rows, "parent")[-1] == ("2025-02-01", KITE, "vendor")


def test_history_that_comes_in_parts_gives_the_same_as_all_at_once(arrive, rows):
    arrive(
        account_history=[change("Segment__c", "smb", "mid", FEB)],
        accounts=[account(Segment__c="mid", stamp=FEB)],
    )
    arrive(
        account_history=[change("Segment__c", "mid", "large", MAR)],
        accounts=[account(Segment__c="large", stamp=MAR)],
    )
    assert [(day, value) for day, value, _ in values(rows, "segment")] == [
        ("2025-01-01", "smb"),
        ("2025-02-01", "mid"),
        ("2025-03-01", "large"),
    ]


def test_a_record_ahead_of_its_history_counts_from_when_it_was_seen(arrive, rows):
    arrive(
        account_history=[change("Segment__c", "smb", "mid", FEB)],
        accounts=[account(Segment__c="large", stamp=MAR)],
    )
    assert [value for _, value, _ in values(rows, "segment")] == ["smb", "mid", "large"]
    assert values(rows, "segment")[-1][2] == "observed"
    arrive(account_history=[change("Segment__c", "mid", "large", MAR)])
    assert values(rows, "segment")[-1] == ("2025-03-01", "large", "vendor")


def test_a_record_that_is_older_than_its_history_takes_nothing_back(arrive, rows):
    arrive(accounts=[account(Segment__c="smb", stamp=FEB)])
    arrive(account_history=[change("Segment__c", "smb", "mid", MAR)])
    assert [value for _, value, _ in values(rows, "segment")] == ["smb", "mid"]


def test_what_was_seen_before_a_field_was_tracked_stays(arrive, rows, store):
    arrive(accounts=[account(Segment__c="smb", stamp=CREATED)])
    arrive(accounts=[account(Segment__c="mid", stamp=FEB)])
    arrive(
        account_history=[change("Segment__c", "mid", "large", APR)],
        accounts=[account(Segment__c="large", stamp=APR)],
    )
    assert [(day, value) for day, value, _ in values(rows, "segment")] == [
        ("2025-01-01", "smb"),
        ("2025-02-01", "mid"),
        ("2025-04-01", "large"),
    ]


@pytest.mark.parametrize("stamp", [CREATED, JAN])
def test_what_versions_said_of_the_past_stays_when_they_are_dropped(
    arrive, rows, store, settings, stamp
):
    first, mid = account(Segment__c="smb", stamp=stamp), account(Segment__c="mid", stamp=FEB)
    arrive(accounts=[first])
    arrive(accounts=[mid])
    arrive(
        account_history=[change("Segment__c", "mid", "large", APR)],
        accounts=[account(Segment__c="large", stamp=APR)],
    )
    before = values(rows, "segment")
    assert [value for _, value, _ in before] == ["smb", "mid", "large"]
    arrive(accounts=[account(Segment__c="large", Name="Kite Ltd", stamp=MAY)])
    assert values(rows, "segment") == before
    assert drop_versions_before(Job(store, settings, ()), FAR)["versions"] > 0
    for name in ("Kite", "Kite & Co"):
        arrive(accounts=[account(Segment__c="large", Name=name, stamp=MAY)])
        assert values(rows, "segment") == before
    arrive(
        account_history=[change("Segment__c", "large", "huge", JUN)],
        accounts=[account(Segment__c="huge", stamp=JUN)],
    )
    assert values(rows, "segment") == [*before, ("2025-06-01", "huge", "vendor")]


def test_what_was_seen_stays_where_its_version_is_dropped_before_the_field_is_tracked(
    arrive, rows, store, settings
):
    arrive(accounts=[account(Segment__c="smb")])
    arrive(accounts=[account(Segment__c="mid", stamp=FEB)])
    assert drop_versions_before(Job(store, settings, ()), FAR)["versions"] == 1
    arrive(
        account_history=[change("Segment__c", "mid", "large", APR)],
        accounts=[account(Segment__c="large", stamp=APR)],
    )
    assert values(rows, "segment") == [
        ("2025-01-01", "smb", "vendor"),
        ("2025-02-01", "mid", "vendor"),
        ("2025-04-01", "large", "vendor"),
    ]


def test_history_that_comes_after_its_record_says_what_was_before(arrive, rows):
    arrive(accounts=[account(Segment__c="large", stamp=APR)])
    arrive(account_history=[change("Segment__c", "mid", "large", MAR)])
    arrive(account_history=[change("Segment__c", "smb", "mid", FEB)])
    assert [(day, value) for day, value, _ in values(rows, "segment")] == [
        ("2025-01-01", "smb"),
        ("2025-02-01", "mid"),
        ("2025-03-01", "large"),
    ]


def test_without_history_a_change_counts_from_when_it_was_seen(arrive, rows):
    arrive(accounts=[account(Segment__c="smb", CurrencyIsoCode="EUR")])
    arrive(accounts=[account(Segment__c="mid", CurrencyIsoCode="EUR", stamp=FEB)])
    seen = rows("select max(observed_at)::date::text from raw.record")[0][0]
    assert values(rows, "segment") == [
        ("2025-01-01", "smb", "observed"),
        (seen, "mid", "observed"),
    ]
    assert values(rows, "currency") == [("2025-01-01", "eur", "observed")]


def test_an_org_without_currencies_has_ours(arrive, rows):
    one = account()
    del one["CurrencyIsoCode"]
    arrive(accounts=[one])
    assert values(rows, "currency") == [("2025-01-01", "usd", "observed")]


def pulses(rows):
    return rows(
        "select occurred_at::date::text, value, reason, author from core.manual_input"
        " order by occurred_at"
    )


def test_a_tracked_pulse_is_one_row_a_change_with_the_reason_saved_with_it(arrive, rows):
    arrive(
        account_history=[
            change("CSM_Pulse__c", None, 3, FEB),
            change("CSM_Pulse_Reason__c", None, "new sponsor", FEB),
            change("CSM_Pulse__c", 3, 2, MAR),
        ],
        accounts=[account(CSM_Pulse__c=2, CSM_Pulse_Reason__c="silent", stamp=APR)],
    )
    assert pulses(rows) == [
        ("2025-02-01", 3, "new sponsor", ANN),
        ("2025-03-01", 2, "silent", ANN),
    ]


def test_who_set_a_pulse_is_told_by_address_where_the_org_has_one(arrive, rows):
    arrive(
        users=[{"Id": ANN, "Name": "Ann Ray", "Email": "ann@seller.example", "IsActive": True}],
        account_history=[change("CSM_Pulse__c", None, 3, FEB)],
        accounts=[account(CSM_Pulse__c=1, stamp=APR, LastModifiedById=ANN)],
    )
    assert [author for *_, author in pulses(rows)] == ["ann@seller.example"] * 2


def test_a_pulse_that_nobody_tracks_was_set_when_the_record_changed_last(arrive, rows):
    arrive(accounts=[account(CSM_Pulse__c=3, stamp=FEB)])
    arrive(accounts=[account(CSM_Pulse__c=3, Name="Kite Ltd", stamp=MAR)])
    arrive(accounts=[account(CSM_Pulse__c=1, CSM_Pulse_Reason__c="silent", stamp=APR)])
    assert pulses(rows) == [
        ("2025-02-01", 3, None, BEN),
        ("2025-04-01", 1, "silent", BEN),
    ]


def test_an_account_that_never_had_a_pulse_has_none(arrive, rows):
    arrive(accounts=[account()])
    assert pulses(rows) == []
