"""What is asked of an org, and in which windows."""

from datetime import UTC, date, datetime
from urllib.parse import quote_plus

import pytest

from include.errors import FixConfig
from include.sources.salesforce_soql import Query, one_of
from include.vendor_settings import SalesforceFields
from tests.unit.sources.conftest import Reply
from tests.unit.sources.salesforce.conftest import (
    DATA,
    USER,
    found,
    page_of,
    read,
    user,
)

ACCOUNT = ("IsDeleted", "Name", "OwnerId", "Type")


def test_records_come_without_their_address_and_pages_are_followed_as_given(org, opened):
    org.serve("User", *USER, records=[user("1")])
    org.answers["GET /query"] = lambda asked: (
        page_of(asked, [user("1")])
        if "COUNT()" in asked.soql or "LIMIT" in asked.soql
        else Reply(found(user("1"), following="0r8-2000"))
    )
    org.answers["GET /query/0r8-2000"] = found(following="0r8-2001")  # empty, and yet not the last
    org.answers["GET /query/0r8-2001"] = found(user("2"))
    records, _ = read(opened(), "users")
    assert records == [user("1"), user("2")]
    assert not any(asked.query for asked in org.asked if "/0r8-" in asked.path)


def test_the_next_run_reads_from_the_newest_stamp_less_the_look_back(org, opened):
    org.serve("User", *USER, records=[user("1", "2026-11-10T08:00:00.500+0000")])
    _, state = read(opened(), "users")
    read(opened(look_back_minutes=10), "users", state)
    windows = [soql.partition(" WHERE ")[2] for soql in org.queries() if "Name" in soql]
    assert windows == [
        "SystemModstamp < 2026-11-10T08:00:01Z",
        "SystemModstamp >= 2026-11-10T07:50:00Z AND SystemModstamp < 2026-11-10T08:00:01Z",
    ]


def test_a_stamp_from_the_future_hides_no_later_change(org, opened):
    org.serve("User", *USER, records=[user("1", "2031-01-01T00:00:00.000+0000")])
    _, state = read(opened(), "users", as_of=date(2026, 11, 20))
    assert datetime.fromtimestamp(state["since"], UTC) == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_field_that_was_not_read_before_is_read_of_all_records(org, opened):
    org.serve("Account", *ACCOUNT, "ARR__c", records=[user("1")])
    _, state = read(opened(), "accounts")
    with_arr = opened(fields=SalesforceFields(arr="ARR__c"))
    _, state = read(with_arr, "accounts", state)
    read(with_arr, "accounts", state)
    starts = [">=" in soql for soql in org.queries() if "Name" in soql and "= true" not in soql]
    assert starts == [False, False, True]


@pytest.mark.parametrize(("formulas", "is_full"), [(("ARR__c",), True), ((), False)])
def test_formulas_are_read_of_all_records_now_and_then(org, opened, formulas, is_full):
    """A formula that changes because of another record moves no stamp."""
    org.serve("Account", *ACCOUNT, "ARR__c", records=[user("1")], formulas=formulas)
    source = opened(fields=SalesforceFields(arr="ARR__c"))
    _, state = read(source, "accounts", as_of=date(2026, 11, 13))
    for day, expected in ((date(2026, 11, 19), False), (date(2026, 11, 20), is_full)):
        org.asked.clear()
        _, after = read(source, "accounts", state, as_of=day)
        whole = [soql for soql in org.queries() if "Name" in soql and "= true" not in soql]
        assert (">=" not in whole[0]) is expected
        assert (after["walked"] == day.isoformat()) is expected


def test_deleted_records_come_from_the_bin_whenever_they_changed(org, opened):
    org.serve("Account", *ACCOUNT, "MasterRecordId", records=[user("1")])
    gone = {**user("2"), "IsDeleted": True, "MasterRecordId": "1"}
    org.answers["GET /queryAll"] = Reply(found(gone))
    records, _ = read(opened(), "accounts")
    assert records[-1] == gone
    binned = [asked.soql for asked in org.asked if asked.path == f"{DATA}/queryAll"]
    assert binned[-1].endswith("FROM Account WHERE IsDeleted = true")


def test_old_meetings_come_too_and_copies_for_guests_do_not(org, opened):
    names = ("IsDeleted", "WhatId", "Subject", "StartDateTime", "IsChild")
    org.serve("Event", *names, records=[user("1")])
    read(opened(), "events")
    assert {asked.path for asked in org.asked if asked.soql} == {f"{DATA}/queryAll"}
    assert all("IsChild = false" in soql for soql in org.queries() if "Subject" in soql)
    assert "IsDeleted = false AND" in org.queries()[-3]


def test_only_the_fields_that_we_use_are_asked_for_their_history(org, opened):
    names = ("AccountId", "Field", "OldValue", "NewValue", "CreatedById")
    org.serve("AccountHistory", *names, records=[user("1")], Field=["Type", "Owner", "Phone"])
    read(opened(fields=SalesforceFields(arr="ARR__c")), "account_history")
    asked = [soql for soql in org.queries() if "OldValue" in soql]
    assert asked
    assert all("Field IN ('Owner', 'Type')" in soql for soql in asked)


def test_an_org_without_an_object_that_not_all_have_has_none_of_it(org, opened):
    assert read(opened(), "contact_roles") == ([], None)
    with pytest.raises(FixConfig, match="sees no object Account"):
        read(opened(), "accounts")


@pytest.mark.parametrize(
    ("names", "changes", "words"),
    [
        (("IsDeleted", "OwnerId", "Type"), {}, "Account shows this user no Name"),
        (ACCOUNT, {"customer_field": "Tier__c"}, "customer_field names Tier__c"),
        ((*ACCOUNT, "ARR__c"), {"fields": SalesforceFields(arr="arr__c")}, "you mean ARR__c"),
        (ACCOUNT, {"attributes": {"tier": "Typ"}}, "attributes.tier names Typ.*mean Type"),
        (
            (*ACCOUNT, "CS_Health_Band__c"),
            {"attributes": {"band": "CS_Health_Band__c"}},
            "which this job writes itself",
        ),
    ],
)
def test_a_field_that_cannot_be_read_is_named(org, opened, names, changes, words):
    org.serve("Account", *names, records=[user("1")])
    with pytest.raises(FixConfig, match=words):
        read(opened(**changes), "accounts")


def test_fields_that_an_org_does_not_have_are_not_asked_for(org, opened):
    org.serve("Account", *ACCOUNT, records=[user("1")])
    read(opened(), "accounts")
    assert not any("CurrencyIsoCode" in soql or "Website" in soql for soql in org.queries())


def test_tasks_are_read_where_somebody_wants_them(org, opened):
    names = ("IsDeleted", "WhatId", "Subject", "IsClosed", "ActivityDate", "TaskSubtype")
    org.serve("Task", *names, records=[user("1")])
    assert "tasks" not in opened().streams
    source = opened(tasks=("Call",))
    assert source.streams[-1] == "tasks"
    read(source, "tasks")
    assert "TaskSubtype IN ('Call')" in org.queries()[-1]


def test_what_is_told_of_a_field_holds_for_text_with_quotes():
    assert one_of("Field", [r"a'b\c"]) == r"Field IN ('a\'b\\c')"


def test_a_query_that_fits_no_address_says_so():
    wide = Query("Account", tuple(f"Field_number_{n}__c" for n in range(800)), "SystemModstamp")
    assert len(quote_plus(wide.text)) > 12_000
    assert not wide.fits_in_uri
    assert Query("Account", ("Id",), "SystemModstamp").fits_in_uri
