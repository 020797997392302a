"""What a HubSpot does on bad days: in the end the CRM shows the plan, and nothing more was sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from include.errors import FixConfig, RejectData, RetryLater

UPDATE = "/crm/v3/objects/companies/batch/update"
READ = "/crm/v3/objects/companies/batch/read"
TOMORROW = timedelta(days=1)


class Killed(BaseException):
    """The process is gone; nothing catches this on the way."""


@dataclass
class Mortal:
    """A client whose process dies at its n-th write, before or after the CRM got it."""

    client: Any
    n: int
    is_sent: bool
    writes: Iterator[int] = field(default_factory=lambda: count(1))

    def call(self, method: str, path: str, **how: Any) -> Any:
        if path != UPDATE or next(self.writes) != self.n:
            return self.client.call(method, path, **how)
        if self.is_sent:
            self.client.call(method, path, **how)
        raise Killed


def fault(kind, path=UPDATE, **more):
    return {"vendor": "hubspot", "path": path, "fault": kind, **more}


@pytest.fixture
def pushed(desk):
    """A desk whose CRM shows 50 everywhere, with a plan for the next day to show 60."""
    desk.score_all(50.0)
    desk.push()
    desk.day += TOMORROW
    desk.score_all(60.0, desk.day)
    desk.before = desk.written()
    desk.sandbox.reset_requests()
    return desk


def check_settled(desk, score="60"):
    """The CRM shows the plan, the ledger knows it, and one more push has nothing to do."""
    ids = desk.record_ids
    assert desk.shown("cs_health_score") == dict.fromkeys(ids, score)
    assert desk.ledger()["sent"] == 0
    desk.sandbox.reset_requests()
    assert desk.push(desk.day)["requests"] == 0
    assert desk.calls() == {}


def most_often_written(desk):
    return max((desk.written() - desk.before).values())


@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("n", [1, 3])
def test_a_killed_push_is_finished_by_the_next_one_and_nothing_is_written_twice(pushed, n, is_sent):
    with pytest.raises(Killed):
        pushed.push(pushed.day, client=Mortal(pushed.client, n, is_sent))
    left_open = pushed.ledger()["sent"]
    assert left_open in (100, len(pushed.record_ids) % 100)
    counts = pushed.push(pushed.day)
    assert counts["settled"] == left_open
    assert pushed.ledger()["missed"] == (0 if is_sent else left_open)
    check_settled(pushed)
    assert most_often_written(pushed) == 1


@pytest.mark.parametrize(
    "lost",
    [
        fault("cut"),
        fault("truncated_json"),
        fault("invalid_json"),
        fault("status", code=500, applied=True),
        fault("html", code=502, applied=True),
    ],
)
def test_a_lost_answer_is_looked_up_and_the_write_not_repeated(pushed, lost):
    pushed.sandbox.faults = [lost]
    counts = pushed.push(pushed.day)
    assert pushed.sandbox.faults[0]["fired"] == 1
    assert counts["acknowledged"] == len(pushed.record_ids)
    assert counts["requests"] == 3
    check_settled(pushed)
    assert most_often_written(pushed) == 1


@pytest.mark.parametrize(
    "kind", [fault("status", code=500), fault("status", code=503), fault("html", code=502)]
)
def test_a_failed_call_is_looked_up_and_sent_again_after_two_seconds(pushed, kind):
    pushed.sandbox.faults = [kind]
    counts = pushed.push(pushed.day)
    assert counts["acknowledged"] == len(pushed.record_ids)
    assert counts["requests"] == 4
    assert max(pushed.time.slept) >= 1.9
    check_settled(pushed)
    assert most_often_written(pushed) == 1


def test_a_crm_that_stays_down_is_retried_later_and_settled_then(pushed):
    pushed.sandbox.faults = [fault("status", code=503, times=-1)]
    with pytest.raises(RetryLater, match="503"):
        pushed.push(pushed.day)
    assert pushed.calls()[503] <= 12
    assert pushed.ledger()["sent"] > 0
    pushed.sandbox.faults = []
    pushed.push(pushed.day)
    check_settled(pushed)
    assert most_often_written(pushed) == 1


def test_a_crm_that_cannot_even_be_read_back_leaves_the_rows_open(pushed):
    pushed.sandbox.faults = [fault("cut"), fault("status", READ, code=500, times=-1)]
    with pytest.raises(RetryLater):
        pushed.push(pushed.day)
    left_open = pushed.ledger()["sent"]
    assert left_open in (100, len(pushed.record_ids) % 100)
    pushed.sandbox.faults = []
    assert pushed.push(pushed.day)["settled"] == left_open
    check_settled(pushed)
    assert most_often_written(pushed) == 1


@pytest.mark.parametrize(("policy", "wait_s"), [("SECONDLY", 1.0), ("TEN_SECONDLY_ROLLING", 10.0)])
def test_a_rate_limit_is_waited_out(pushed, policy, wait_s):
    body = {"status": "error", "errorType": "RATE_LIMIT", "policyName": policy}
    pushed.sandbox.faults = [fault("status", code=429, body=body)]
    before = pushed.time.now
    assert pushed.push(pushed.day)["acknowledged"] == len(pushed.record_ids)
    assert pushed.time.now - before >= wait_s - 0.01
    check_settled(pushed)
    assert most_often_written(pushed) == 1


def test_the_daily_limit_ends_the_run_and_the_next_one_goes_on(pushed):
    body = {"status": "error", "errorType": "RATE_LIMIT", "policyName": "DAILY"}
    pushed.sandbox.faults = [fault("status", code=429, body=body, after=1, times=-1)]
    with pytest.raises(RetryLater, match="daily limit"):
        pushed.push(pushed.day)
    assert pushed.ledger()["sent"] == 0
    assert pushed.ledger()["missed"] > 0
    pushed.sandbox.faults = []
    counts = pushed.push(pushed.day)
    assert counts["settled"] == 0
    assert counts["changed"] < len(pushed.record_ids)
    check_settled(pushed)
    assert most_often_written(pushed) == 1


def test_an_expired_token_is_a_matter_of_configuration_and_leaves_no_doubt(pushed):
    pushed.sandbox.faults = [fault("expire_token", times=-1)]
    with pytest.raises(FixConfig, match="401"):
        pushed.push(pushed.day)
    assert pushed.ledger()["sent"] == 0
    pushed.sandbox.faults = []
    pushed.push(pushed.day)
    check_settled(pushed)


def test_a_locked_record_is_written_again_later(pushed):
    pushed.sandbox.faults = [fault("status", code=423, times=2)]
    assert pushed.push(pushed.day)["acknowledged"] == len(pushed.record_ids)
    check_settled(pushed)
    assert most_often_written(pushed) == 1


def archive(desk, record_id):
    desk.client.call("DELETE", f"/crm/v3/objects/companies/{record_id}", accept=(204,))


def test_a_company_deleted_meanwhile_is_rejected_alone_and_tried_again_next_time(pushed):
    gone = pushed.record_ids[5]
    archive(pushed, gone)
    counts = pushed.push(pushed.day)
    assert (counts["rejected"], counts["requests"]) == (1, 3)
    assert counts["acknowledged"] == len(pushed.record_ids) - 1
    assert "does not know this record" in pushed.answers("rejected")[gone]
    with pytest.raises(RejectData, match="refused 1 of 1 records"):
        pushed.push(pushed.day)


def test_a_200_that_passes_over_unknown_records_is_not_believed(desk):
    few = desk.record_ids[:10]
    desk.score(dict.fromkeys(few, 50.0))
    older = {"status": "COMPLETE", "results": [{"id": one} for one in few[1:]]}
    desk.sandbox.faults = [fault("status", code=200, body=older, applied=True)]
    counts = desk.push()
    assert (counts["acknowledged"], counts["rejected"]) == (9, 1)
    assert "does not know this record" in desk.answers("rejected")[few[0]]


def test_a_record_that_was_merged_meanwhile_is_rejected_and_the_winner_written_anew(desk):
    loser, winner, *_ = few = desk.record_ids[:10]
    desk.score(dict.fromkeys(few, 50.0))
    desk.push()
    later = desk.day + TOMORROW
    desk.score({loser: 60.0, **dict.fromkeys(few[1:], 50.0)}, later)
    answered = {"status": "COMPLETE", "results": [{"id": winner}]}
    desk.sandbox.faults = [fault("status", code=200, body=answered)]
    with pytest.raises(RejectData):
        desk.push(later)
    desk.sandbox.faults = []
    before = desk.written()
    desk.push(later)
    written = desk.written() - before
    assert {record_id for record_id, _ in written} == {loser, winner}
    assert written[winner, "cs_health_score"] == 1


def test_one_bad_value_is_found_in_a_batch_that_is_refused_whole(pushed):
    """A band that the CRM's list does not hold makes the whole batch a 400."""
    bad = pushed.record_ids[42]
    pushed.score({bad: 60.0}, pushed.day, revision=2, direction="sideways")
    counts = pushed.push(pushed.day)
    assert counts["rejected"] == 1
    assert counts["acknowledged"] == len(pushed.record_ids) - 1
    assert counts["requests"] <= 3 + 14
    assert "sideways was not one of the allowed options" in pushed.answers("rejected")[bad]
    shown = pushed.shown("cs_health_score")
    assert shown.pop(bad) == "50"
    assert set(shown.values()) == {"60"}
    assert most_often_written(pushed) == 1


def test_a_crm_that_refuses_everything_stops_the_run_early(pushed):
    pushed.score_all(60.0, pushed.day, revision=2, direction="sideways")
    with pytest.raises(RejectData, match=r"The CRM refused .* of .* records: "):
        pushed.push(pushed.day)
    assert pushed.ledger()["rejected"] > 100
    assert pushed.calls()[400] < 3 * 65


def test_a_property_archived_while_the_job_runs_is_named(pushed):
    @dataclass
    class Meddler:
        """An administrator who archives a property just before the first write."""

        is_done: bool = False

        def call(self, method: str, path: str, **how: Any) -> Any:
            if path == UPDATE and not self.is_done:
                self.is_done = True
                where = "/crm/v3/properties/companies/cs_health_reason"
                pushed.client.call("DELETE", where, accept=(204,))
            return pushed.client.call(method, path, **how)

    def news(account_ids):
        return dict.fromkeys(account_ids, "A payment is late.")

    with pytest.raises(FixConfig, match="cs_health_reason"):
        pushed.push(pushed.day, client=Meddler(), reasons=news)
    assert pushed.ledger()["sent"] == 0
    with pytest.raises(FixConfig, match="cs_health_reason are archived"):
        pushed.push(pushed.day)
