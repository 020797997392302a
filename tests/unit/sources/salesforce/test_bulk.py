"""Large objects by Bulk API 2.0: a job, its pages of CSV, and what becomes of one that fails."""

import gzip
import json
from dataclasses import replace

import pytest

from include.errors import RejectData, RetryLater
from include.sources.http.session import Wire
from include.sources.salesforce_bulk import BLOCK, MAX_RECORDS, PAGE_TRIES
from include.sources.salesforce_org import Org
from tests.unit.sources.conftest import Reply
from tests.unit.sources.salesforce.conftest import AS_OF, DATA, USER, page_of, read, refused, user

HEAD = "Id,CreatedDate,LastModifiedDate,SystemModstamp,Name,IsActive,Email,ManagerId"
STAMP = "2026-11-01T00:00:00.000Z"


def line(record_id, name="Ann"):
    return f"{record_id},{STAMP},{STAMP},{STAMP},{name},true,,"


def csv_page(*lines, locator="null", told=None, **headers):
    headers |= {"Sforce-Locator": locator, "Content-Type": "text/csv"}
    headers["Sforce-NumberOfRecords"] = str(len(lines) if told is None else told)
    body = "\n".join((HEAD, *lines)) + "\n"
    return Reply(body.encode(), headers=headers)


@pytest.fixture
def bulk(org):
    """An org with two users, which makes a job of every query."""
    org.serve("User", *USER, records=[user("1"), user("2")])
    org.answers["POST /jobs/query"] = {"id": "750", "state": "UploadComplete"}
    org.answers["GET /jobs/query/750"] = [
        Reply({"id": "750", "state": "InProgress"}),
        Reply({"id": "750", "state": "JobComplete", "numberRecordsProcessed": 2}),
    ]
    org.answers["GET /jobs/query/750/results"] = csv_page(line("1"), line("2"))
    org.answers["DELETE /jobs/query/750"] = Reply(b"", status=204)
    return org


def methods(org):
    return [f"{asked.method} {asked.path.partition('v66.0')[2]}" for asked in org.asked]


def test_above_the_limit_a_job_is_made_and_its_rows_are_what_rest_would_send(bulk, opened):
    by_job, _ = read(opened(bulk_above=1), "users")
    by_rest, _ = read(opened(bulk_above=2), "users")
    assert by_job == by_rest == [user("1"), user("2")]
    made = next(asked for asked in bulk.asked if asked.method == "POST" and "jobs" in asked.path)
    assert json.loads(made.body) == {
        "operation": "query",
        "query": f"SELECT {', '.join(HEAD.split(','))} FROM User"
        " WHERE SystemModstamp < 2026-11-01T00:00:01Z",
        "contentType": "CSV",
        "columnDelimiter": "COMMA",
        "lineEnding": "LF",
    }
    assert methods(bulk).count("DELETE /jobs/query/750") == 1


def test_pages_are_followed_to_the_locator_null(bulk, opened):
    bulk.answers["GET /jobs/query/750/results"] = lambda asked: (
        csv_page(line("2")) if "locator" in asked.query else csv_page(line("1"), locator="MTAw")
    )
    records, _ = read(opened(bulk_above=0), "users")
    assert [record["Id"] for record in records] == ["1", "2"]
    results = [asked for asked in bulk.asked if asked.path.endswith("/results")]
    assert [asked.query.get("locator") for asked in results] == [None, ["MTAw"]]
    assert results[0].headers["accept"] == "text/csv"


@pytest.fixture
def long_job(bulk):
    """A job of three pages of 100,000 records, by what it says, two of which it names at once."""
    count = 3 * MAX_RECORDS
    bulk.answers["GET /jobs/query/750"] = {"state": "JobComplete", "numberRecordsProcessed": count}
    results = f"{DATA}/jobs/query/750/results"
    links = [{"resultUrl": f"{results}?locator={place}"} for place in "ABC"]
    following = f"{DATA}/jobs/query/750/resultPages?locator=C"
    first = {"resultPages": links[:2], "nextRecordsUrl": following, "done": False}
    last = {"resultPages": links[2:], "done": True}
    bulk.answers["GET /jobs/query/750/resultPages"] = lambda asked: Reply(
        last if asked.query else first
    )
    lines = [line(number) for number in range(MAX_RECORDS)]
    full = csv_page(*lines), csv_page(*lines, locator="B")
    bulk.answers["GET /jobs/query/750/results"] = lambda asked: full["locator" not in asked.query]
    return bulk


def test_pages_that_the_org_names_are_read_side_by_side(long_job, opened):
    records, _ = read(opened(bulk_above=0), "users")
    assert len(records) == 3 * MAX_RECORDS
    asked = [one.query["locator"] for one in long_job.asked if one.path.endswith("/results")]
    assert sorted(asked) == [["A"], ["B"], ["C"]]


@pytest.mark.parametrize(
    "told",
    [
        refused("NOT_FOUND", "", 404),  # before version 58.0
        Reply({"resultPages": [], "done": True}),
    ],
)
def test_without_such_names_one_page_leads_to_the_next(long_job, opened, told):
    long_job.answers["GET /jobs/query/750/resultPages"] = told
    with pytest.raises(RetryLater, match="of 300,000 bulk results only 200,000 came"):
        read(opened(bulk_above=0), "users")


def test_packed_results_are_unpacked(bulk, opened):
    page = csv_page(line("1"), line("2"))
    packed = Reply(
        gzip.compress(page.content), headers={**page.headers, "Content-Encoding": "gzip"}
    )
    bulk.answers["GET /jobs/query/750/results"] = packed
    assert len(read(opened(bulk_above=0), "users")[0]) == 2


@pytest.mark.parametrize(
    "refusal",
    [
        refused("INVALIDENTITY", "Entity 'User' is not supported by the Bulk API."),
        refused("FEATURENOTENABLED", "", 403),
        refused("NOT_FOUND", "", 404),
    ],
)
def test_where_no_job_is_made_the_records_are_listed(bulk, opened, refusal):
    bulk.answers["POST /jobs/query"] = refusal
    assert len(read(opened(bulk_above=0), "users")[0]) == 2
    assert "GET /query" in methods(bulk)[-1]


def test_where_a_job_fails_the_records_are_listed(bulk, opened):
    bulk.answers["GET /jobs/query/750"] = {"id": "750", "state": "Failed", "errorMessage": "x"}
    assert len(read(opened(bulk_above=0), "users")[0]) == 2
    assert "DELETE /jobs/query/750" in methods(bulk)


def test_a_count_that_takes_too_long_means_many(bulk, opened):
    def answer(asked):
        return refused("QUERY_TIMEOUT") if "COUNT()" in asked.soql else page_of(asked, [user("1")])

    bulk.answers["GET /query"] = answer
    assert len(read(opened(), "users")[0]) == 2
    assert "POST /jobs/query" in methods(bulk)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (csv_page(line("1"), told=2), "came with 1"),
        (csv_page(line("1")), "of 2 bulk results only 1 came"),
        (csv_page(line("1"), '2,"Be'), "end in the middle"),
        (csv_page(line("1"), line("2"), locator="MTAw"), "led back"),
        (refused("INTERNAL", "", 500), "trouble of its own"),
    ],
)
def test_results_that_lack_some_are_not_taken(bulk, opened, page, words):
    bulk.answers["GET /jobs/query/750/results"] = page
    with pytest.raises(RetryLater, match=words):
        read(opened(bulk_above=0), "users")
    assert "DELETE /jobs/query/750" in methods(bulk)


def cut(page, at):
    """The page with only the first part of its body, which is sent whole."""
    return replace(page, body=page.body[:at])


PAGE = csv_page(line("1"), line("2"))


@pytest.mark.parametrize("at", [0, 3, len(HEAD), -70, -2, -1])
def test_a_page_that_came_cut_is_asked_for_again_and_not_its_job(bulk, opened, at):
    bulk.answers["GET /jobs/query/750/results"] = [cut(PAGE, at), PAGE]
    records, _ = read(opened(bulk_above=0), "users")
    assert records == [user("1"), user("2")]
    assert methods(bulk).count("POST /jobs/query") == 1


def test_what_was_given_of_a_cut_page_is_given_once_and_pages_before_are_not_asked_again(
    bulk, opened
):
    count = 5 * BLOCK
    job = {"state": "JobComplete", "numberRecordsProcessed": count + 1}
    bulk.answers["GET /jobs/query/750"] = job
    full = csv_page(*(line(number) for number in range(1, count + 1)))
    second = [cut(full, len(full.body) * 3 // 4), cut(full, len(full.body) // 4), full]
    first = csv_page(line("0"), locator="MTAw")
    bulk.answers["GET /jobs/query/750/results"] = lambda asked: (
        second.pop(0) if "locator" in asked.query else first
    )
    records, _ = read(opened(bulk_above=0), "users")
    assert [record["Id"] for record in records] == [str(number) for number in range(count + 1)]
    results = [asked for asked in bulk.asked if asked.path.endswith("/results")]
    assert [asked.query.get("locator") for asked in results] == [None, *[["MTAw"]] * 3]


def test_a_page_that_stays_cut_ends_the_reading_after_some_tries(bulk, opened):
    bulk.answers["GET /jobs/query/750/results"] = cut(PAGE, -40)
    with pytest.raises(RetryLater, match="end in the middle"):
        read(opened(bulk_above=0), "users")
    assert methods(bulk).count("GET /jobs/query/750/results") == PAGE_TRIES


def test_a_record_whose_end_is_missing_is_never_given(bulk, opened):
    bulk.answers["GET /jobs/query/750/results"] = csv_page(line("1"), line("2", "Be"), told=3)
    given = []
    with pytest.raises(RetryLater, match="3 bulk results came with 2"):
        given.extend(opened(bulk_above=0).pages("users", state=None, as_of=AS_OF))
    assert given == []


def test_a_row_of_another_width_is_no_answer(bulk, opened):
    bulk.answers["GET /jobs/query/750/results"] = csv_page("1,2", line("2"))
    with pytest.raises(RejectData, match="width"):
        read(opened(bulk_above=0), "users")


def test_a_job_that_is_never_done_is_taken_back(bulk, opened):
    bulk.answers["GET /jobs/query/750"] = {"id": "750", "state": "InProgress"}
    bulk.answers["PATCH /jobs/query/750"] = {"id": "750", "state": "Aborted"}
    source = opened()
    impatient = Org(source.org.calls, bulk_above=0, bulk_patience_s=0.05)
    source = replace(source, org=impatient)
    with pytest.raises(RetryLater, match="bulk_patience_minutes"):
        read(source, "users")
    assert methods(bulk)[-2:] == ["PATCH /jobs/query/750", "DELETE /jobs/query/750"]


def test_a_bulk_answer_larger_than_we_take_is_refused(bulk, opened):
    source = opened(wire=Wire(pace=0.001, longest_download=50), bulk_above=0)
    with pytest.raises(RejectData, match="more than 50 bytes"):
        read(source, "users")
