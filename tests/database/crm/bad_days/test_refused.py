"""Records and properties that the CRM refuses: each is found, named and tried again by rule."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from include.crm.values import Sentences
from include.errors import FixConfig, RejectData
from tests.database.crm.desks import both_crms

UPDATE = "/crm/v3/objects/companies/batch/update"
WRITE = {"vendor": "hubspot", "path": UPDATE}
TOMORROW = timedelta(days=1)


@both_crms
def test_a_company_deleted_meanwhile_is_rejected_alone_and_tried_again_next_time(bad_day):
    gone = bad_day.ids[5]
    bad_day.desk.delete(gone)
    counts = bad_day.push()
    assert (counts["rejected"], counts["requests"]) == (1, bad_day.desk.batches)
    assert counts["acknowledged"] == len(bad_day.ids) - 1
    assert "does not know this record" in bad_day.desk.answers("rejected")[gone]
    with pytest.raises(RejectData, match="did not take 1 of 1 records"):
        bad_day.push()


def test_a_200_that_passes_over_unknown_records_is_not_believed(desk):
    few = desk.record_ids[:10]
    desk.score(dict.fromkeys(few, 50.0))
    older = {"status": "COMPLETE", "results": [{"id": one} for one in few[1:]]}
    desk.sandbox.faults = [WRITE | {"fault": "status", "code": 200, "body": older, "applied": True}]
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
    desk.sandbox.faults = [WRITE | {"fault": "status", "code": 200, "body": answered}]
    with pytest.raises(RejectData):
        desk.push(later)
    desk.sandbox.faults = []
    before = desk.written()
    desk.push(later)
    written = desk.written() - before
    assert {record_id for record_id, _ in written} == {loser, winner}
    assert written[winner, "cs_health_score"] == 1


def test_one_bad_value_is_found_in_a_batch_that_is_refused_whole(bad_day):
    """A band that the CRM's list does not hold makes the whole batch a 400."""
    bad = bad_day.ids[42]
    bad_day.desk.score({bad: 60.0}, bad_day.day, revision=2, direction="sideways")
    counts = bad_day.push()
    assert counts["rejected"] == 1
    assert counts["acknowledged"] == len(bad_day.ids) - 1
    assert counts["requests"] <= 3 + 14
    assert "sideways was not one of the allowed options" in bad_day.desk.answers("rejected")[bad]
    shown = bad_day.desk.shown("cs_health_score")
    assert shown.pop(bad) == "50"
    assert set(shown.values()) == {"60"}
    assert bad_day.most_often_written() == 1


def test_a_crm_that_refuses_everything_stops_the_run_early(bad_day):
    bad_day.desk.score_all(60.0, bad_day.day, revision=2, direction="sideways")
    with pytest.raises(RejectData, match=r"The CRM did not take .* of .* records: "):
        bad_day.push()
    assert bad_day.ledger()["rejected"] > 100
    assert bad_day.desk.calls()[400] < 3 * 65


def test_a_property_archived_while_the_job_runs_is_named(bad_day):
    @dataclass
    class Meddler:
        """An administrator who archives a property just before the first write."""

        is_done: bool = False

        def call(self, method: str, path: str, **how: Any) -> Any:
            if path == UPDATE and not self.is_done:
                self.is_done = True
                where = "/crm/v3/properties/companies/cs_health_reason"
                bad_day.desk.client.call("DELETE", where, accept=(204,))
            return bad_day.desk.client.call(method, path, **how)

        def hold(self, seconds: float) -> None:
            bad_day.desk.client.hold(seconds)

    def news(account_ids):
        return dict.fromkeys(account_ids, Sentences("A payment is late."))

    with pytest.raises(FixConfig, match="cs_health_reason"):
        bad_day.push(client=Meddler(), say=news)
    assert bad_day.ledger()["sent"] == 0
    with pytest.raises(FixConfig, match="cs_health_reason is archived"):
        bad_day.push()


def test_a_property_that_is_too_new_for_the_crm_gets_some_seconds(desk):
    desk.score_all(50.0)
    body = {
        "status": "error",
        "category": "VALIDATION_ERROR",
        "errors": [{"code": "PROPERTY_DOESNT_EXIST", "message": "cs_health_score"}],
    }
    desk.sandbox.faults = [WRITE | {"fault": "status", "code": 400, "body": body, "times": 2}]
    assert desk.push()["acknowledged"] == len(desk.record_ids)
