"""Many records in one call, and many calls in one."""

import pytest

from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_org import Settings
from tests.sandbox.salesforce.conftest import ACCOUNT, ROWS

SECOND, GONE = record_id("001", 2), record_id("001", 999)
PATH = "/composite/sobjects"


def row(one=None, kind="Account", **values):
    return {"attributes": {"type": kind}, **({"id": one} if one else {}), **values}


def send(org, *rows, method="PATCH", path=PATH, **more):
    answer = org.ask(method, path, json={"records": list(rows), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(answers):
    return [one["errors"][0]["statusCode"] if one["errors"] else None for one in answers]


def phones(org):
    return org.column("SELECT Phone FROM Account ORDER BY Id")


def test_rows_are_answered_in_their_order_even_where_all_fail(desk):
    answers = send(desk, row(GONE, Phone="0"), row(SECOND, Phone="2"), row(ACCOUNT, Phone="1"))
    assert [one["success"] for one in answers] == [False, True, True]
    assert [one.get("id") for one in answers] == [None, SECOND, ACCOUNT]
    assert codes(answers)[0] == "INVALID_CROSS_REFERENCE_KEY"
    assert phones(desk) == ["1", "2", None]
    assert codes(send(desk, row(GONE, Phone="0"))) == ["INVALID_CROSS_REFERENCE_KEY"]


def test_all_or_none_writes_none_of_them(desk):
    answers = send(desk, row(ACCOUNT, Phone="1"), row("x", Phone="2"), allOrNone=True)
    assert codes(answers) == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "MALFORMED_ID"]
    assert phones(desk) == [None, None, None]


def test_rows_fail_for_reasons_of_their_own(serve):
    with serve(settings=Settings(locked={SECOND: 1}), **ROWS) as org:
        (merged,) = org.column("SELECT Id FROM Account WHERE IsDeleted = true", everything=True)
        answers = send(
            org,
            row(ACCOUNT, Name="x" * 256),
            row(SECOND, Phone="1"),
            row(merged, Phone="1"),
            row(Phone="1"),
            row(ACCOUNT, IsDeleted=True),
            row(ACCOUNT, Phone="1"),
            row(ACCOUNT, Phone="2"),
        )
        assert codes(answers) == [
            "STRING_TOO_LONG",
            "UNABLE_TO_LOCK_ROW",
            "ENTITY_IS_DELETED",
            "MISSING_ARGUMENT",
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            None,
            "DUPLICATE_VALUE",
        ]
        assert answers[0]["errors"][0]["fields"] == ["Name"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row(ACCOUNT, Nope__c=1), row(SECOND, Phone="1")], "INVALID_FIELD"),
        ([row(ACCOUNT, ARR__c="much"), row(SECOND, Phone="1")], "JSON_PARSER_ERROR"),
        ([{"id": ACCOUNT, "Phone": "1"}], "INVALID_TYPE"),
        (["x"], "JSON_PARSER_ERROR"),
        ([row(ACCOUNT, Phone="1")] * 201, "LIMIT_EXCEEDED"),
        ([row(kind=kind) for _ in range(6) for kind in ("Account", "Contact")], "LIMIT_EXCEEDED"),
    ],
)
def test_a_call_that_makes_no_sense_fails_as_a_whole(desk, rows, code):
    assert desk.refused("PATCH", PATH, json={"records": rows})[:2] == (400, code)
    assert phones(desk) == [None, None, None]


def test_rows_are_created_and_deleted(desk):
    made = send(desk, row(Name="New"), row(kind="Contact", LastName="Zed"), method="POST")
    ids = [one["id"] for one in made]
    assert [one[:3] for one in ids] == ["001", "003"]
    answer = desk.ask("DELETE", PATH, params={"ids": ",".join([*ids, GONE])}).json()
    assert [one["success"] for one in answer] == [True, True, False]


def test_upserts_say_what_they_created(desk):
    path = f"{PATH}/Account/Tenant_Key__c"
    rows = [row(Tenant_Key__c=key, Name=key) for key in ("t-1", "t-8", "T-8")]
    answers = send(desk, *rows, row(Name="keyless"), path=path)
    assert [one.get("created") for one in answers] == [False, True, None, None]
    assert codes(answers) == [None, None, "DUPLICATE_VALUE", "MISSING_ARGUMENT"]
    asked = {"json": {"records": []}}
    assert desk.refused("PATCH", f"{PATH}/Account/Phone", **asked)[0] == 404


def test_several_records_are_read_at_once(org):
    asked = {"ids": f"{ACCOUNT},{GONE}", "fields": "Name"}
    first, second = org.get(f"{PATH}/Account", params=asked)
    assert (first["Name"], second) == ("Kite & Co", None)


def test_requests_in_one_call_can_use_each_others_answers(desk):
    base = "/services/data/v66.0"
    query = f"{base}/query?q=SELECT+Id+FROM+Account+WHERE+Name='Kite+%26+Co'"
    requests = [
        {"method": "GET", "url": query, "referenceId": "found"},
        {
            "method": "PATCH",
            "url": f"{base}/sobjects/Account/@{{found.records[0].Id}}",
            "referenceId": "changed",
            "body": {"Phone": "@{found.totalSize}"},
        },
        {"method": "GET", "url": f"{base}/sobjects/Account/@{{found.nope}}", "referenceId": "bad"},
        {"method": "GET", "url": f"{base}/nowhere", "referenceId": "lost"},
    ]
    answer = desk.ask("POST", "/composite", json={"compositeRequest": requests})
    told = answer.json()["compositeResponse"]
    assert answer.status_code == 200
    assert [one["httpStatusCode"] for one in told] == [200, 204, 400, 404]
    assert [one["referenceId"] for one in told] == ["found", "changed", "bad", "lost"]
    assert phones(desk)[0] == "1"


def test_all_or_none_stops_at_the_first_failure(desk):
    url = "/services/data/v66.0/sobjects/Account/"
    requests = [
        {"method": "GET", "url": url + GONE, "referenceId": "a"},
        {"method": "PATCH", "url": url + ACCOUNT, "referenceId": "b", "body": {"Phone": "1"}},
    ]
    body = {"allOrNone": True, "compositeRequest": requests}
    told = desk.ask("POST", "/composite", json=body).json()["compositeResponse"]
    assert told[1]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert phones(desk)[0] is None


def test_no_more_than_25_requests_and_5_queries(org):
    limits = {"method": "GET", "url": "/services/data/v66.0/limits", "referenceId": "a"}
    many = {"compositeRequest": [limits] * 26}
    assert org.refused("POST", "/composite", json=many)[1] == "LIMIT_EXCEEDED"
    query = {"method": "GET", "url": "/services/data/v66.0/query?q=x", "referenceId": "a"}
    assert org.refused("POST", "/composite", json={"compositeRequest": [query] * 6})[0] == 400


def test_a_batch_answers_each_request(org):
    requests = [
        {"method": "GET", "url": f"v66.0/sobjects/Account/{one}"} for one in (ACCOUNT, GONE)
    ]
    told = org.ask("POST", "/composite/batch", json={"batchRequests": requests}).json()
    assert told["hasErrors"]
    assert [one["statusCode"] for one in told["results"]] == [200, 404]
