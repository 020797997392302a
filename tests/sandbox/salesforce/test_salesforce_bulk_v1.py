"""The first Bulk API: the same work in JSON, and in XML with CSV."""

import pytest
from defusedxml.ElementTree import fromstring

from sandbox.vendors.salesforce_ids import record_id
from tests.sandbox.salesforce.conftest import ACCOUNT

GONE = record_id("001", 999)
SPACE = "{http://www.force.com/2009/06/asyncapi/dataload}"
JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "application/xml; charset=utf-8"}


def ask(org, method, path, **options):
    token = org.session.headers["Authorization"].removeprefix("Bearer ")
    options["headers"] = {"X-SFDC-Session": token} | options.get("headers", {})
    return org.ask(method, f"/services/async/66.0{path}", **options)


def run(org, operation, content, sent, **more):
    """Open a job in JSON, add a batch, look at it until it has ended; its path and its state."""
    body = {"object": "Account", "operation": operation, "contentType": content, **more}
    job = ask(org, "POST", "/job", json=body).json()["id"]
    added = ask(org, "POST", f"/job/{job}/batch", data=sent)
    assert added.status_code == 201
    is_json = content == "JSON"
    batch = added.json()["id"] if is_json else fromstring(added.text).findtext(f"{SPACE}id")
    states = []
    while not states or states[-1] in ("Queued", "InProgress"):
        shown = ask(org, "GET", f"/job/{job}/batch/{batch}")
        told = shown.json() if is_json else {}
        states.append(told.get("state") or fromstring(shown.text).findtext(f"{SPACE}state"))
    closed = ask(org, "POST", f"/job/{job}", json={"state": "Closed"})
    assert closed.json()["state"] == "Closed"
    return f"/job/{job}/batch/{batch}", states


def test_a_query_gives_records_in_json(org):
    path, states = run(org, "query", "JSON", "SELECT Id, Owner.Email FROM Account ORDER BY Id")
    assert states == ["InProgress", "Completed"]
    (result,) = ask(org, "GET", f"{path}/result").json()
    rows = ask(org, "GET", f"{path}/result/{result}").json()
    assert rows[0]["Id"] == ACCOUNT
    assert rows[0]["Owner"]["Email"] == "ann@seller.example"


def test_a_query_gives_rows_in_csv_and_its_results_in_xml(org):
    path, _ = run(org, "queryAll", "CSV", "SELECT Id, IsDeleted FROM Account ORDER BY Id")
    listed = fromstring(ask(org, "GET", f"{path}/result").text)
    result = listed.findtext(f"{SPACE}result")
    lines = ask(org, "GET", f"{path}/result/{result}").text.splitlines()
    assert lines[:2] == ['"Id","IsDeleted"', f'"{ACCOUNT}","false"']
    assert len(lines) == 5


def test_rows_are_answered_one_by_one_in_json(desk):
    sent = f'[{{"Id":"{ACCOUNT}","Phone":"1"}},{{"Id":"{GONE}","Phone":"2"}}]'
    path, _ = run(desk, "update", "JSON", sent)
    good, bad = ask(desk, "GET", f"{path}/result").json()
    assert good == {"success": True, "created": False, "id": ACCOUNT, "errors": []}
    assert bad["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"
    assert desk.column(f"SELECT Phone FROM Account WHERE Id = '{ACCOUNT}'") == ["1"]


def test_rows_are_answered_one_by_one_in_csv(desk):
    lines = "Tenant_Key__c,Name,Segment__c\nt-1,First,#N/A\nt-9,Ninth,\n,Nobody,\n"
    path, _ = run(desk, "upsert", "CSV", lines, externalIdFieldName="Tenant_Key__c")
    told = ask(desk, "GET", f"{path}/result").text.splitlines()
    assert told[0] == '"Id","Success","Created","Error"'
    assert told[1].startswith(f'"{ACCOUNT}","true","false"')
    assert told[2].split(",")[1:3] == ['"true"', '"true"']
    assert "MISSING_ARGUMENT" in told[3]
    assert desk.column(f"SELECT Segment__c FROM Account WHERE Id = '{ACCOUNT}'") == [None]


def test_a_query_that_cannot_be_run_fails_its_batch(org):
    path, states = run(org, "query", "JSON", "SELECT Nope FROM Account")
    assert states[-1] == "Failed"
    message = ask(org, "GET", path).json()["stateMessage"]
    assert "INVALID_FIELD" in message
    refused = ask(org, "GET", f"{path}/result", headers=JSON)
    assert (refused.status_code, refused.json()["exceptionCode"]) == (400, "InvalidBatch")


def test_a_job_can_be_opened_and_aborted_in_xml(org):
    info = '<jobInfo xmlns="http://www.force.com/2009/06/asyncapi/dataload">{}</jobInfo>'
    asked = "<operation>insert</operation><object>Account</object><contentType>CSV</contentType>"
    opened = fromstring(ask(org, "POST", "/job", data=info.format(asked), headers=XML).text)
    path = f"/job/{opened.findtext(f'{SPACE}id')}"
    state = info.format("<state>Aborted</state>")
    aborted = fromstring(ask(org, "POST", path, data=state, headers=XML).text)
    assert aborted.findtext(f"{SPACE}state") == "Aborted"
    batches = ask(org, "GET", f"{path}/batch")
    assert list(fromstring(batches.text)) == []
    refused = ask(org, "POST", f"{path}/batch", data="Name\nx", headers=JSON)
    assert refused.json()["exceptionCode"] == "InvalidJobState"


@pytest.mark.parametrize(
    ("headers", "path", "code"),
    [
        ({"X-SFDC-Session": "stale"}, "/job/7505a0000000001AAA", "InvalidSessionId"),
        ({}, "/job/7505a0000000001AAA", "InvalidJob"),
    ],
)
def test_refusals_have_a_shape_of_their_own(org, headers, path, code):
    answer = ask(org, "GET", path, headers=JSON | headers)
    assert (answer.status_code, answer.json()["exceptionCode"]) == (400, code)
    answer = ask(org, "GET", path, headers=headers)
    assert fromstring(answer.text).findtext(f"{SPACE}exceptionCode") == code


@pytest.mark.parametrize(
    "change", [{"operation": "merge"}, {"object": "Nope"}, {"contentType": "XML"}]
)
def test_a_job_that_cannot_be_is_refused(org, change):
    body = {"object": "Account", "operation": "update", "contentType": "CSV"} | change
    assert ask(org, "POST", "/job", json=body).json()["exceptionCode"] == "InvalidJob"
