"""Bulk API 2.0: results in pages of CSV, and loads of which each line is answered."""

import csv
import io

import pytest

from sandbox.vendors.salesforce_ids import record_id
from tests.sandbox.salesforce.conftest import ACCOUNT, ROWS

SECOND, GONE = record_id("001", 2), record_id("001", 999)
SOQL = "SELECT Id, Name, ARR__c, IsDeleted, SystemModstamp, Owner.Email FROM Account ORDER BY Id"


def start(org, soql=SOQL, **more):
    body = {"operation": "query", "query": soql, **more}
    answer = org.ask("POST", "/jobs/query", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def finish(org, job, kind="query"):
    """Look at a job until it has ended; the states on the way."""
    states = []
    while not states or states[-1] in ("UploadComplete", "InProgress"):
        states.append(org.get(f"/jobs/{kind}/{job['id']}")["state"])
    return states


def page(org, job, **params):
    answer = org.ask("GET", f"/jobs/query/{job['id']}/results", params=params)
    assert answer.headers["Content-Type"].startswith("text/csv")
    return answer


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_job_goes_through_its_states_and_counts_its_rows(org):
    job = start(org)
    assert job["id"].startswith("750")
    assert (job["state"], job["object"]) == ("UploadComplete", "Account")
    assert finish(org, job) == ["InProgress", "JobComplete"]
    assert org.get(f"/jobs/query/{job['id']}")["numberRecordsProcessed"] == 3


def test_values_are_written_as_the_bulk_api_does(org):
    job = start(org)
    finish(org, job)
    answer = page(org, job)
    first, second, _ = table(answer)
    assert first == {
        "Id": ACCOUNT,
        "Name": "Kite & Co",
        "ARR__c": "48000.0",
        "IsDeleted": "false",
        "SystemModstamp": "2026-11-02T08:00:00.000Z",
        "Owner.Email": "ann@seller.example",
    }
    assert second["ARR__c"] == ""
    assert answer.text.startswith('"Id","Name"')
    assert answer.headers["Sforce-NumberOfRecords"] == "3"
    assert answer.headers["Sforce-Locator"] == "null"


def test_pages_follow_locators_until_the_word_null_and_can_be_read_again(org):
    job = start(org)
    finish(org, job)
    pages, locator = [], ""
    while locator != "null":
        answer = page(org, job, maxRecords=2, **({"locator": locator} if locator else {}))
        again = page(org, job, maxRecords=2, **({"locator": locator} if locator else {}))
        assert again.text == answer.text
        pages.append([row["Id"] for row in table(answer)])
        locator = answer.headers["Sforce-Locator"]
    assert [len(one) for one in pages] == [2, 1]
    assert len({one for ids in pages for one in ids}) == 3


def test_results_do_not_change_once_they_are_made(desk):
    job = start(desk, "SELECT Name FROM Account")
    finish(desk, job)
    before = page(desk, job).text
    desk.ask("PATCH", f"/sobjects/Account/{ACCOUNT}", json={"Name": "Later"})
    assert page(desk, job).text == before


def test_deleted_rows_come_with_query_all(org):
    job = start(org, "SELECT Id FROM Account", operation="queryAll")
    finish(org, job)
    assert len(table(page(org, job))) == 4


def test_large_results_are_packed_for_those_who_take_gzip(serve):
    people = [{"person_no": number} for number in range(1, 101)]
    with serve(accounts=[{}], people=people) as org:
        job = start(org, "SELECT Id, Email FROM Contact")
        finish(org, job)
        answer = page(org, job)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(table(answer)) == 100


def test_other_delimiters_and_line_endings(org):
    job = start(org, "SELECT Id, Name FROM Account", columnDelimiter="PIPE", lineEnding="CRLF")
    finish(org, job)
    assert page(org, job).text.startswith('"Id"|"Name"\r\n')


def test_an_aborted_job_has_no_results_and_can_be_deleted(org):
    job = start(org)
    path = f"/jobs/query/{job['id']}"
    assert org.refused("DELETE", path)[0] == 400
    assert org.ask("PATCH", path, json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert org.refused("GET", f"{path}/results")[:2] == (400, "INVALIDJOBSTATE")
    assert org.ask("DELETE", path).status_code == 204
    assert org.refused("GET", path)[0] == 404


def test_results_are_read_with_the_version_that_made_the_job(org):
    job = start(org)
    finish(org, job)
    other = f"/services/data/v65.0/jobs/query/{job['id']}/results"
    assert org.refused("GET", other)[0] == 409


@pytest.mark.parametrize(
    ("soql", "said"),
    [
        ("SELECT BillingAddress FROM Account", "Selecting compound data not supported"),
        ("SELECT COUNT(Id) FROM Account", "not supported"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "not supported"),
        ("SELECT Id FROM Account OFFSET 5", "not supported"),
        ("SELECT Nope FROM Account", "No such column"),
    ],
)
def test_what_the_bulk_api_does_not_take_is_refused_at_once(org, soql, said):
    body = {"operation": "query", "query": soql}
    status, _, message = org.refused("POST", "/jobs/query", json=body)
    assert status == 400
    assert said in message


def test_a_locator_of_another_job_is_refused(org):
    job = start(org)
    finish(org, job)
    for locator in ("nonsense", "OTk5"):
        path = f"/jobs/query/{job['id']}/results"
        assert org.refused("GET", path, params={"locator": locator})[0] == 400


def load(org, lines, operation="update", **more):
    """Open, upload, close and finish a job; what it tells then."""
    body = {"object": "Account", "operation": operation, **more}
    job = org.ask("POST", "/jobs/ingest", json=body).json()
    assert job["state"] == "Open"
    headers = {"Content-Type": "text/csv"}
    answer = org.ask("PUT", f"/{job['contentUrl']}", data="\n".join(lines), headers=headers)
    assert answer.status_code == 201
    org.ask("PATCH", f"/jobs/ingest/{job['id']}", json={"state": "UploadComplete"})
    finish(org, job, "ingest")
    return org.get(f"/jobs/ingest/{job['id']}")


def told(org, job, which):
    return table(org.ask("GET", f"/jobs/ingest/{job['id']}/{which}"))


def test_a_load_is_complete_though_lines_failed(desk):
    lines = ["Id,Phone,ARR__c", f"{ACCOUNT},1,", f"{GONE},2,", f"{SECOND},3,much"]
    job = load(desk, lines)
    assert (job["state"], job["numberRecordsProcessed"]) == ("JobComplete", 3)
    assert job["numberRecordsFailed"] == 2
    (good,) = told(desk, job, "successfulResults")
    assert (good["sf__Id"], good["sf__Created"], good["Phone"]) == (ACCOUNT, "false", "1")
    failed = told(desk, job, "failedResults")
    assert [row["sf__Error"].split(":")[0] for row in failed] == [
        "INVALID_CROSS_REFERENCE_KEY",
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
    ]
    assert told(desk, job, "unprocessedrecords") == []


def test_an_empty_cell_leaves_and_a_marked_one_clears(desk):
    load(desk, ["Id,ARR__c,Segment__c,Phone", f"{ACCOUNT},,#N/A,1"])
    (row,) = desk.rows(f"SELECT ARR__c, Segment__c, Phone FROM Account WHERE Id = '{ACCOUNT}'")
    assert row == {"ARR__c": 48_000.0, "Segment__c": None, "Phone": "1"}


def test_lines_are_upserted_by_external_id(desk):
    lines = ["Tenant_Key__c,Name", "t-1,First", "t-7,Seventh"]
    job = load(desk, lines, "upsert", externalIdFieldName="Tenant_Key__c")
    rows = told(desk, job, "successfulResults")
    assert [row["sf__Created"] for row in rows] == ["false", "true"]
    assert rows[0]["sf__Id"] == ACCOUNT


def test_lines_are_inserted_and_deleted(desk):
    job = load(desk, ["Name", "New"], "insert")
    (made,) = told(desk, job, "successfulResults")
    job = load(desk, ["Id", made["sf__Id"]], "delete")
    assert job["numberRecordsFailed"] == 0
    assert desk.refused("GET", f"/sobjects/Account/{made['sf__Id']}")[1] == "ENTITY_IS_DELETED"


def test_an_unknown_column_fails_the_load(desk):
    job = load(desk, ["Id,Nope__c", f"{ACCOUNT},1"])
    assert job["state"] == "Failed"
    assert job["errorMessage"] == "InvalidBatch : Field name not found : Nope__c"
    assert len(told(desk, job, "unprocessedrecords")) == 1
    assert len(told(desk, job, "unprocessedRecords")) == 1  # as one client spells it


def test_a_load_takes_one_upload_and_can_be_aborted(desk):
    body = {"object": "Account", "operation": "update"}
    job = desk.ask("POST", "/jobs/ingest", json=body).json()
    path = f"/jobs/ingest/{job['id']}"
    lines = f"Id,Phone\n{ACCOUNT},1"
    assert desk.ask("PUT", f"{path}/batches", data=lines).status_code == 201
    assert desk.refused("PUT", f"{path}/batches", data=lines)[1] == "INVALIDJOBSTATE"
    assert desk.ask("PATCH", path, json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert len(told(desk, job, "unprocessedrecords")) == 1
    assert len(told(desk, job, "unprocessedRecords")) == 1  # as one client spells it
    assert desk.column(f"SELECT Phone FROM Account WHERE Id = '{ACCOUNT}'") == [None]
    assert desk.ask("DELETE", path).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "merge"},
        {"object": "Nope"},
        {"object": "AccountHistory"},
        {"columnDelimiter": "DOT"},
        {"contentType": "XML"},
        {"operation": "upsert", "externalIdFieldName": "Phone"},
    ],
)
def test_a_load_that_cannot_be_is_refused(org, change):
    body = {"object": "Account", "operation": "update"} | change
    assert org.ask("POST", "/jobs/ingest", json=body).status_code in (400, 404)


def test_jobs_are_listed(serve):
    with serve(**ROWS) as org:
        job = start(org)
        assert [one["id"] for one in org.get("/jobs/query")["records"]] == [job["id"]]
        assert org.get("/jobs/ingest")["records"] == []


def test_pages_to_be_read_side_by_side_are_named_five_at_a_time(org):
    job = start(org, "SELECT Id FROM Account")
    finish(org, job)
    told = org.get(f"/jobs/query/{job['id']}/resultPages")
    assert told["done"] is True
    (link,) = told["resultPages"]
    path = link["resultUrl"].partition("/v66.0")[2]
    assert len(table(org.ask("GET", path))) == 3
