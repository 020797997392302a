"""Fields of ours that somebody edits in the CRM: found, listed, left alone or restored."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from include.errors import RejectData
from include.sources.http.answers import Answer
from tests.database.crm.desks import both_crms

TOMORROW = timedelta(days=1)
pytestmark = both_crms


@pytest.fixture
def edited(desk):
    """All companies show 50; somebody then gives the first one 99."""
    desk.score_all(50.0)
    desk.push()
    desk.one = desk.record_ids[0]
    desk.edit(desk.one, cs_health_score="99")
    return desk


@dataclass
class Swallowing:
    """A CRM that says yes to every write and keeps what it had."""

    desk: Any

    def call(self, method: str, path: str, *, json: Any = None, **how: Any) -> Any:
        if method == "PATCH":
            yes = [{"id": row["id"], "success": True, "errors": []} for row in json["records"]]
            return Answer(200, yes, {})
        if path == self.desk.update:
            yes = {"status": "COMPLETE", "results": [{"id": row["id"]} for row in json["inputs"]]}
            return Answer(200, yes, {})
        return self.desk.client.call(method, path, json=json, **how)


def settings_with(desk, **crm):
    return desk.settings.model_copy(update={"crm": desk.settings.crm.model_copy(update=crm)})


def drifts(desk):
    with desk.engine.begin() as connection:
        return connection.execute(
            text(
                "select record_id, field, ours, theirs, resolved_at is not null"
                " from health.crm_drift order by drift_id"
            )
        ).all()


def test_an_edited_field_is_found_and_left_to_who_edited_it(edited):
    assert edited.push()["drifted"] == 1
    score = edited.name("cs_health_score")
    assert drifts(edited) == [(edited.one, score, "50", "99", False)]
    later = edited.day + TOMORROW
    edited.score_all(70.0, later, direction="improving")
    edited.push(later)
    shown = edited.shown("cs_health_score")
    assert shown.pop(edited.one) == "99"
    assert set(shown.values()) == {"70"}
    assert edited.shown("cs_health_as_of")[edited.one] == "2026-11-02"


def test_where_so_configured_ours_is_restored_by_the_next_run(edited):
    restoring = settings_with(edited, on_drift="restore")
    assert edited.push(settings=restoring)["drifted"] == 1
    counts = edited.push(settings=restoring)
    assert (counts["changed"], counts["fields"], counts["drifted"]) == (1, 1, 0)
    assert edited.shown("cs_health_score")[edited.one] == "50"
    score = edited.name("cs_health_score")
    assert drifts(edited) == [(edited.one, score, "50", "99", True)]


def test_a_field_that_shows_ours_again_is_no_drift_any_more(edited):
    edited.push()
    edited.edit(edited.one, cs_health_score="50")
    assert edited.push()["drifted"] == 0
    score = edited.name("cs_health_score")
    assert drifts(edited) == [(edited.one, score, "50", "99", True)]


def test_a_few_calls_a_day_come_to_every_record_in_turn(desk):
    desk.score_all(50.0)
    few = settings_with(desk, check_calls=1)
    desk.push(settings=settings_with(desk, check_calls=0, sample_share=0.0))
    for record_id in desk.record_ids:
        desk.edit(record_id, cs_health_score="99")
    reads = -(-len(desk.record_ids) // desk.crm().page)
    found = [desk.push(settings=few)["drifted"] for _ in range(reads)]
    assert found == [min(desk.crm().page, len(desk.record_ids))] * reads
    assert len(drifts(desk)) == len(desk.record_ids)


def test_a_crm_that_does_not_keep_what_it_accepts_stops_the_run(desk):
    """As where a workflow sets our field to something else whenever it changes."""
    desk.score_all(50.0)
    desk.push(settings=settings_with(desk, sample_share=0.0, check_calls=0))
    later = desk.day + TOMORROW
    desk.score_all(60.0, later)
    with pytest.raises(RejectData, match=r"do not show what \w+ had just accepted"):
        desk.push(
            later, settings=settings_with(desk, sample_share=0.1, check_calls=0),
            client=Swallowing(desk),
        )  # fmt: skip


def test_what_the_crm_refused_waits_until_it_changes_or_a_week_is_over(desk):
    ids = desk.record_ids
    gone = ids[3]
    desk.score_all(50.0)
    desk.delete(gone)
    assert desk.push()["rejected"] == 1
    seen = []
    for days in range(1, 9):
        day = desk.day + days * TOMORROW
        desk.score_all(50.0 if days < 3 else 55.0, day)
        counts = desk.push(day)
        seen.append((counts["waiting"], counts["rejected"]))
    assert seen == [(1, 0), (1, 0), (0, 1), *[(1, 0)] * 5]
