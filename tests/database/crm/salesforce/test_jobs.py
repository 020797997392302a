"""Many accounts by bulk jobs: every record's fate is known, whatever becomes of the job."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from include.crm.desk import StillAtWork
from include.crm.values import Sentences
from include.errors import FixConfig, RetryLater

JOBS = "/services/data/v66.0/jobs/ingest"
A_JOB = f"{JOBS}/750{15 * '?'}"
TOMORROW = timedelta(days=1)
LOCKED = "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access:--"


class Killed(BaseException):
    """The process is gone; nothing catches this on the way."""


@dataclass
class Client:
    """A client that loses lines of an upload, or whose process dies after a certain call.

    dropped: ids whose lines the org does not get. dies: method and how the path ends.
    """

    desk: Any
    dropped: tuple[str, ...] = ()
    dies: tuple[str, str] = ("", "")

    def call(self, method: str, path: str, **how: Any) -> Any:
        if method == "PUT" and self.dropped:
            kind, content = how["content"]
            lines = content.decode().splitlines(keepends=True)
            kept = [line for line in lines if not line.startswith(self.dropped)]
            how["content"] = kind, "".join(kept).encode()
        answer = self.desk.client.call(method, path, **how)
        if self.dies == (method, path) or (method == self.dies[0] == "PATCH" and "jobs" in path):
            raise Killed
        return answer

    def download(self, path: str, **how: Any) -> Any:
        return self.desk.client.download(path, **how)

    def pause(self, seconds: float) -> None:
        self.desk.client.pause(seconds)

    def hold(self, seconds: float) -> None:
        self.desk.client.hold(seconds)


@pytest.fixture
def many(desk):
    """All accounts show 50, and are to show 60 on `many.later`, by a job."""
    desk.score_all(50.0)
    desk.push()
    desk.later = desk.day + TOMORROW
    desk.score_all(60.0, desk.later)
    desk.before = desk.written()
    desk.sandbox.reset_requests()
    return desk


def push(desk, **options):
    return desk.push(desk.later, settings=desk.by_jobs(), **options)


def states(desk):
    """The states of all jobs that the org knows."""
    return [job["state"] for job in desk.client.get("/jobs/ingest")["records"]]


def noted(desk):
    with desk.engine.begin() as connection:
        return connection.scalar(text("select count(*) from health.crm_job"))


def order(desk, method, path, **fault):
    desk.sandbox.faults = [{"vendor": "salesforce", "method": method, "path": path, **fault}]


def check_settled(desk, at_most=1):
    """The CRM shows the plan, each field written once; nothing is open, nothing more to do."""
    assert desk.shown("cs_health_score") == dict.fromkeys(desk.record_ids, "60")
    assert max((desk.written() - desk.before).values()) <= at_most
    assert desk.ledger()["sent"] == noted(desk) == 0
    assert not {"UploadComplete", "InProgress"} & set(states(desk))
    assert push(desk)["requests"] == 0


def test_more_changes_than_the_threshold_travel_in_one_job(many):
    counts = push(many)
    assert counts["acknowledged"] == len(many.record_ids) > 200
    assert counts["requests"] == 3
    assert many.calls() == {}
    assert states(many) == ["JobComplete"]
    check_settled(many)


def test_fewer_changes_do_not(many):
    few = many.record_ids[:200]
    later = many.later + TOMORROW
    many.score(dict.fromkeys(many.record_ids, 50.0) | dict.fromkeys(few, 61.0), later)
    counts = many.push(later, settings=many.by_jobs())
    assert (counts["changed"], counts["requests"]) == (200, 1)
    assert states(many) == []


def test_an_empty_value_clears_a_field_and_what_is_not_named_stays(many):
    """Each record has columns of the others too: those that are none of its own stay."""
    one, *others = many.record_ids
    many.edit(one, cs_health_next_step="Mine.")
    later = many.later + TOMORROW
    many.score(dict.fromkeys(others, None) | {one: 70.0}, later)
    said = Sentences("It is quiet.", "Write.")
    known = many.accounts[one]
    settings = many.by_jobs()
    loose = settings.crm.model_copy(
        update={"max_count_change_share": 1.0, "max_band_change_share": 1.0}
    )
    many.push(
        later,
        settings=settings.model_copy(update={"crm": loose}),
        say=lambda ids: {n: Sentences("Usage fell.", "Call.") if n == known else said for n in ids},
    )
    assert states(many) == ["JobComplete"]
    assert many.shown("cs_health_score") == {one: "70"} | dict.fromkeys(others, "")
    assert many.shown("cs_health_reason")[others[0]] == "It is quiet."
    assert many.shown("cs_health_next_step")[one] == "Mine."


def test_a_job_that_is_complete_may_have_failed_records(many):
    gone = many.record_ids[3]
    many.delete(gone)
    counts = push(many)
    assert (counts["rejected"], counts["acknowledged"]) == (1, len(many.record_ids) - 1)
    assert many.answers("rejected")[gone].endswith("(ENTITY_IS_DELETED)")
    assert counts["requests"] == 3


def test_records_that_were_locked_are_written_again_by_a_collection(many):
    held = many.record_ids[5]
    cells = f'"sf__Id","sf__Error","Id"\n"","{LOCKED}","{held}"\n'
    order(many, "GET", "*failedResults", fault="status", code=200, body=cells)
    counts = push(many, client=Client(many, dropped=(held,)))
    assert counts["acknowledged"] == len(many.record_ids)
    assert counts["requests"] == 3 + 1
    assert sum(many.held) >= 1.9
    check_settled(many)


def test_records_that_a_job_left_out_are_read_back_and_written_by_a_collection(many):
    counts = push(many, client=Client(many, dropped=tuple(many.record_ids[5:8])))
    assert counts["acknowledged"] == len(many.record_ids)
    assert counts["requests"] == 3 + 1
    check_settled(many)


def test_a_field_hidden_meanwhile_fails_the_job_and_is_named_and_shown_again(many, admin):
    @dataclass
    class Meddler(Client):
        """An administrator who hides a field just before the job is made."""

        def call(self, method: str, path: str, **how: Any) -> Any:
            if (method, path) == ("POST", "/jobs/ingest"):
                admin.hide("CS_Health_Score__c")
            return super().call(method, path, **how)

    with pytest.raises(FixConfig, match="has no field CS_Health_Score__c, or field-level security"):
        push(many, client=Meddler(many))
    assert states(many) == ["Failed"]
    assert many.written() == many.before
    assert push(many)["settled"] == len(many.record_ids)
    check_settled(many)


@pytest.mark.parametrize("code", [400, 403])
def test_where_no_job_is_made_collections_do_it(many, code):
    body = [{"errorCode": "LIMIT_EXCEEDED", "message": "No more jobs."}]
    order(many, "POST", JOBS, fault="status", code=code, body=body)
    counts = push(many)
    assert counts["acknowledged"] == len(many.record_ids)
    assert counts["requests"] == 1 + many.batches
    check_settled(many)


def test_the_org_s_calls_of_a_day_end_the_run(many):
    body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
    order(many, "POST", JOBS, fault="status", code=403, body=body)
    with pytest.raises(RetryLater, match="calls of 24 hours are used up"):
        push(many)
    assert many.ledger()["sent"] == 0
    push(many)
    check_settled(many)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", JOBS),
        ("PUT", f"{JOBS}/*"),
        ("PATCH", f"{JOBS}/*"),
        ("GET", A_JOB),
        ("GET", "*successfulResults"),
        ("GET", "*failedResults"),
    ],
)
@pytest.mark.parametrize(
    "lost",
    [
        {"fault": "status", "code": 500, "applied": True},
        {"fault": "status", "code": 503},
        {"fault": "cut"},
    ],
)
def test_an_answer_that_is_lost_at_any_step_is_made_up_for(many, method, path, lost):
    order(many, method, path, **lost)
    counts = push(many)
    assert counts["acknowledged"] == len(many.record_ids)
    assert many.sandbox.faults[0]["fired"] == (method != "PUT" or lost["fault"] != "cut")
    check_settled(many)


@pytest.mark.parametrize("path", ["*successfulResults", "*failedResults"])
def test_results_that_cannot_be_had_are_made_up_for_by_reading_back(many, path):
    order(many, "GET", path, fault="status", code=500, times=-1)
    counts = push(many)
    assert counts["acknowledged"] == len(many.record_ids)
    assert counts["requests"] == 3
    check_settled(many)


def test_a_job_that_takes_too_long_is_aborted_and_collections_do_it(many):
    many.patience_s = 0.0
    counts = push(many)
    assert counts["acknowledged"] == len(many.record_ids)
    assert counts["requests"] == 4 + many.batches
    assert states(many) == ["Aborted"]
    check_settled(many)


def test_a_job_that_can_be_neither_watched_nor_ended_leaves_its_records_open(many):
    order(many, "GET", A_JOB, fault="status", code=503, times=-1)
    with pytest.raises(StillAtWork, match="could not be ended"):
        push(many)
    assert many.ledger()["sent"] == len(many.record_ids)
    assert noted(many) == 1
    many.sandbox.faults = []
    assert push(many)["settled"] == len(many.record_ids)
    check_settled(many)


def test_a_job_at_work_when_we_were_killed_is_ended_before_anything_is_read_back(many):
    with pytest.raises(Killed):
        push(many, client=Client(many, dies=("PATCH", "")))
    assert states(many) == ["UploadComplete"]
    assert (many.ledger()["sent"], noted(many)) == (len(many.record_ids), 1)
    counts = push(many)
    assert states(many) == ["Aborted", "JobComplete"]
    assert (counts["settled"], counts["acknowledged"]) == (len(many.record_ids),) * 2
    check_settled(many)


def test_a_job_that_an_administrator_deleted_has_ended(many):
    with pytest.raises(Killed):
        push(many, client=Client(many, dies=("PATCH", "")))
    with many.engine.begin() as connection:
        connection.execute(text("update health.crm_job set job_id = '750000000000000AAA'"))
    assert push(many)["settled"] == len(many.record_ids)
    assert noted(many) == 0
