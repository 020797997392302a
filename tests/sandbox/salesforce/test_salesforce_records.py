"""One record at a time, what was written and deleted lately, and what a write leaves behind."""

import pytest

from sandbox.state import Journal
from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_org import Settings
from tests.sandbox.salesforce.conftest import ACCOUNT, CONTACT, ROWS

GONE = record_id("001", 999)


def value(org, field, one=ACCOUNT):
    return org.get(f"/sobjects/Account/{one}", params={"fields": field})[field]


def patch(org, values, one=ACCOUNT):
    return org.ask("PATCH", f"/sobjects/Account/{one}", json=values)


def refusal(org, values, one=ACCOUNT):
    return org.refused("PATCH", f"/sobjects/Account/{one}", json=values)[:2]


def test_a_record_has_all_fields_or_those_asked_for(org):
    record = org.get(f"/sobjects/Account/{ACCOUNT[:15]}")
    assert record["attributes"]["type"] == "Account"
    assert {"Id", "Name", "ARR__c", "SystemModstamp"} <= set(record)
    some = org.get(f"/sobjects/Account/{ACCOUNT}", params={"fields": "Name,ARR__c"})
    assert set(some) == {"attributes", "Name", "ARR__c"}


def test_a_change_answers_nothing_and_moves_the_stamps(desk):
    before = value(desk, "SystemModstamp")
    answer = patch(desk, {"Description": "Written", "ARR__c": "12.5"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert (value(desk, "Description"), value(desk, "ARR__c")) == ("Written", 12.5)
    assert value(desk, "SystemModstamp") > before
    assert value(desk, "LastModifiedById") == record_id("005", 900_001)


def test_a_write_that_changes_nothing_moves_the_stamps_too(desk):
    before = value(desk, "SystemModstamp")
    patch(desk, {"Name": "Kite & Co"})
    assert value(desk, "SystemModstamp") > before


def test_null_clears_and_what_is_left_out_stays(desk):
    patch(desk, {"Segment__c": None})
    assert value(desk, "Segment__c") is None
    assert value(desk, "ARR__c") == 48_000.0


def test_writes_survive_a_restart_and_a_grown_world(serve):
    journal = Journal()
    with serve(journal=journal, **ROWS) as org:
        patch(org, {"Description": "Kept"})
        made = org.ask("POST", "/sobjects/Account", json={"Name": "New"}).json()["id"]
        org.ask("DELETE", f"/sobjects/Contact/{CONTACT}")
    with serve(journal=journal, **ROWS) as org:
        assert value(org, "Description") == "Kept"
        assert value(org, "Name", made) == "New"
        assert org.refused("GET", f"/sobjects/Contact/{CONTACT}")[1] == "ENTITY_IS_DELETED"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"Nope__c": 1}, "INVALID_FIELD"),
        ({"Id": ACCOUNT}, "INVALID_FIELD"),
        ({"SystemModstamp": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"ARR__c": "much"}, "JSON_PARSER_ERROR"),
        ({"Name": 5}, "JSON_PARSER_ERROR"),
        ({"Renewal_Date__c": "soon"}, "JSON_PARSER_ERROR"),
        ({"Name": None}, "REQUIRED_FIELD_MISSING"),
        ({"Name": "x" * 256}, "STRING_TOO_LONG"),
        ({"CSM_Pulse__c": 12}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ({"CurrencyIsoCode": "XXX"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"OwnerId": "me"}, "MALFORMED_ID"),
        ({"OwnerId": CONTACT}, "MALFORMED_ID"),
        ({"ParentId": GONE}, "INVALID_CROSS_REFERENCE_KEY"),
        ({"Tenant_Key__c": "t-2"}, "DUPLICATE_VALUE"),
    ],
)
def test_a_value_that_cannot_be_kept_is_refused(org, values, code):
    assert refusal(org, values) == (400, code)


def test_records_that_are_not_there_are_not_found(org, serve):
    assert refusal(org, {"Name": "x"}, GONE) == (404, "NOT_FOUND")
    (merged,) = org.column("SELECT Id FROM Account WHERE IsDeleted = true", everything=True)
    assert refusal(org, {"Name": "x"}, merged) == (404, "ENTITY_IS_DELETED")


def test_a_body_that_is_no_object_is_a_parser_error(org):
    for body in ("{", "[]"):
        answer = org.ask("PATCH", f"/sobjects/Account/{ACCOUNT}", data=body)
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_a_new_contact_gets_an_id_and_a_whole_name(desk):
    answer = desk.ask("POST", "/sobjects/Contact/", json={"LastName": "Zed", "FirstName": "Al"})
    assert answer.status_code == 201
    assert answer.json()["success"]
    made = desk.get(f"/sobjects/Contact/{answer.json()['id']}")
    assert (made["Name"], made["IsDeleted"]) == ("Al Zed", False)
    assert desk.refused("POST", "/sobjects/Contact", json={})[1] == "REQUIRED_FIELD_MISSING"


def test_a_task_belongs_to_the_account_that_it_is_about(desk):
    sent = {"Subject": "Call", "WhatId": ACCOUNT, "Status": "Completed"}
    made = desk.ask("POST", "/sobjects/Task", json=sent).json()["id"]
    task = desk.get(f"/sobjects/Task/{made}")
    assert (task["AccountId"], task["IsClosed"]) == (ACCOUNT, True)
    assert task["CompletedDateTime"] is not None


def test_upserts_by_external_id_change_or_create(desk):
    path = "/sobjects/Account/Tenant_Key__c/"
    answer = desk.ask("PATCH", path + "t-1", json={"Description": "x"})
    assert (answer.status_code, answer.json()["created"]) == (200, False)
    assert answer.json()["id"] == ACCOUNT
    answer = desk.ask("PATCH", path + "t-9", json={"Name": "Nine"})
    assert (answer.status_code, answer.json()["created"]) == (201, True)
    assert desk.get(path + "t-9")["Name"] == "Nine"
    assert desk.refused("GET", path + "t-0")[:2] == (404, "NOT_FOUND")
    assert desk.refused("GET", "/sobjects/Account/Name/x")[:2] == (404, "NOT_FOUND")


def test_two_records_with_one_external_id_are_both_told(serve):
    twins = [{}, {"account_no": 2}]
    with serve(accounts=twins) as org:
        answer = org.ask("GET", "/sobjects/Account/Tenant_Key__c/t-1")
        assert answer.status_code == 300
        assert len(answer.json()) == 2
        answer = org.ask("PATCH", "/sobjects/Account/Tenant_Key__c/t-1", json={"Name": "x"})
        assert answer.status_code == 300


def test_a_tracked_field_leaves_history_and_others_do_not(desk):
    patch(desk, {"Segment__c": "enterprise", "OwnerId": record_id("005", 2), "Phone": "1"})
    soql = f"SELECT Field, OldValue, NewValue FROM AccountHistory WHERE AccountId = '{ACCOUNT}'"
    assert [tuple(row.values()) for row in desk.rows(soql)][-3:] == [
        ("Segment__c", "mid_market", "enterprise"),
        ("Owner", "Ann Ray", "Bo Ray"),
        ("Owner", record_id("005", 1), record_id("005", 2)),
    ]


def test_history_written_before_a_restart_is_there_whatever_is_asked_first(serve):
    soql = "SELECT NewValue FROM AccountHistory WHERE Field = 'Segment__c'"
    for first in ("SELECT Id FROM Account", soql):
        journal = Journal()
        with serve(journal=journal, **ROWS) as org:
            patch(org, {"Segment__c": "enterprise"})
        with serve(journal=journal, **ROWS) as org:
            org.query(first)
            assert org.column(soql) == ["enterprise"]


def test_a_locked_record_is_free_after_a_while(serve):
    with serve(settings=Settings(locked={ACCOUNT: 1}), **ROWS) as org:
        assert refusal(org, {"Phone": "1"}) == (400, "UNABLE_TO_LOCK_ROW")
        assert patch(org, {"Phone": "1"}).status_code == 204


RECENT = {"start": "2026-11-06T00:00:00+00:00", "end": "2026-11-20T04:00:00+00:00"}


def test_deleted_and_updated_records_are_told_apart(desk):
    desk.ask("DELETE", f"/sobjects/Contact/{CONTACT}")
    answer = desk.get("/sobjects/Contact/deleted/", params=RECENT)
    assert [one["id"] for one in answer["deletedRecords"]] == [CONTACT]
    assert answer["earliestDateAvailable"] == "2026-11-05T03:00:00.000+0000"
    assert answer["latestDateCovered"] == "2026-11-20T03:00:00.000+0000"
    patch(desk, {"Phone": "1"})
    assert desk.get("/sobjects/Account/updated/", params=RECENT)["ids"] == [ACCOUNT]
    assert desk.get("/sobjects/Contact/updated/", params=RECENT)["ids"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": "2026-11-01T00:00:00+00:00"}, "INVALID_REPLICATION_DATE"),
        ({"end": RECENT["start"]}, "INVALID_REPLICATION_DATE"),
        ({"start": "2026-11-06T00:00:00"}, "MALFORMED_QUERY"),
        ({"end": "today"}, "MALFORMED_QUERY"),
    ],
)
def test_times_that_cannot_be_covered_are_refused(org, change, code):
    asked = {"params": RECENT | change}
    assert org.refused("GET", "/sobjects/Account/deleted/", **asked)[:2] == (400, code)


def test_what_only_salesforce_writes_cannot_be_written(org):
    answer = org.refused("POST", "/sobjects/AccountHistory", json={"Field": "x"})
    assert answer[1] == "INVALID_TYPE_FOR_OPERATION"
