"""Pushing scores into a CRM on loopback, from an empty one on."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from include.crm.values import Sentences
from include.errors import RejectData, RetryLater
from tests.database.crm.desks import both_crms

TOMORROW = timedelta(days=1)


def test_the_first_push_writes_every_property_of_every_live_company(desk):
    ids = desk.record_ids
    scores = {record_id: float(n % 100) for n, record_id in enumerate(ids)}
    desk.score(scores)
    counts = desk.push()
    assert len(ids) > 200
    assert counts == {
        "accounts": len(ids),
        "unchanged": 0,
        "held": 0,
        "changed": len(ids),
        "fields": 10 * len(ids),
        "waiting": 0,
        "acknowledged": len(ids),
        "rejected": 0,
        "missed": 0,
        "checked": len(ids) + 3,
        "drifted": 0,
        "requests": 3,
        "reads": 9,
        "settled": 0,
        "properties_created": 10,
    }
    assert desk.shown("cs_health_score") == {one: f"{score:g}" for one, score in scores.items()}
    assert desk.shown("cs_health_as_of") == dict.fromkeys(ids, "2026-11-01")
    assert desk.shown("cs_health_reason") == dict.fromkeys(ids, "Usage fell.")
    assert desk.shown("cs_health_coverage") == dict.fromkeys(ids, "80")
    assert desk.shown("cs_health_change_30d") == dict.fromkeys(ids, "")


def test_a_second_push_on_the_same_day_sends_nothing(desk):
    desk.score_all(50.0)
    desk.push()
    desk.sandbox.reset_requests()
    counts = desk.push()
    assert counts["requests"] == counts["changed"] == 0
    assert counts["unchanged"] == counts["accounts"] == len(desk.record_ids)
    assert [(row["method"], row["path"]) for row in desk.sandbox.requests()] == [
        ("GET", "/crm/v3/properties/{type}"),
        ("POST", "/crm/v3/objects/{type}/batch/read"),
    ]


@both_crms
def test_only_what_moved_is_sent(desk):
    desk.score_all(50.0)
    desk.push()
    moved, trembled = desk.record_ids[:2]
    scores = dict.fromkeys(desk.record_ids, 50.0) | {moved: 60.0, trembled: 50.9}
    desk.score(scores, desk.day + TOMORROW)
    counts = desk.push(desk.day + TOMORROW)
    assert (counts["changed"], counts["held"], counts["requests"]) == (1, 1, 1)
    assert counts["fields"] == 2
    shown = desk.shown("cs_health_score")
    assert (shown[moved], shown[trembled]) == ("60", "50")
    assert desk.shown("cs_health_as_of")[trembled] == "2026-11-01"


@both_crms
def test_an_unknown_score_empties_the_property(desk):
    desk.score_all(50.0)
    desk.push()
    one = desk.record_ids[0]
    desk.score(dict.fromkeys(desk.record_ids, 50.0) | {one: None}, desk.day + TOMORROW)
    desk.push(desk.day + TOMORROW)
    assert desk.shown("cs_health_score")[one] == ""
    assert desk.shown("cs_health_band")[one] == "unknown"


@both_crms
def test_an_account_that_is_scored_no_more_is_emptied_once(desk):
    desk.score_all(50.0)
    desk.push()
    one, *others = desk.record_ids
    for n in (1, 2):
        desk.score(dict.fromkeys(others, 50.0), desk.day + n * TOMORROW)
        counts = desk.push(desk.day + n * TOMORROW)
        assert counts["changed"] == (1 if n == 1 else 0)
    for name in ("cs_health_score", "cs_health_band", "cs_health_reason", "cs_health_as_of"):
        assert desk.shown(name)[one] == ""


@both_crms
def test_archived_and_merged_companies_are_left_alone(desk):
    archived, first, second, winner, *_ = desk.record_ids
    with desk.engine.begin() as connection:
        connection.execute(
            text("update core.account set archived_at = now() where source_account_id = :id"),
            {"id": archived},
        )
        connection.execute(
            text("update core.account set merged_ids = array[:lost] where source_account_id = :id"),
            [{"lost": first, "id": second}, {"lost": second, "id": winner}],
        )
    desk.score_all(50.0)
    assert desk.push()["accounts"] == len(desk.record_ids) - 3
    shown = desk.shown("cs_health_score")
    assert [shown[one] for one in (archived, first, second, winner)] == ["", "", "", "50"]


def test_the_newest_revision_of_a_day_counts(desk):
    desk.score_all(50.0)
    desk.score_all(70.0, revision=2)
    desk.push()
    assert set(desk.shown("cs_health_score").values()) == {"70"}


def test_a_day_that_is_not_published_is_not_pushed(desk):
    desk.score_all(50.0)
    with pytest.raises(RejectData, match="2026-11-02 have not been published"):
        desk.push(desk.day + TOMORROW)
    assert desk.sandbox.requests() == []


@both_crms
def test_too_many_flipping_bands_send_nothing(desk):
    desk.score_all(50.0)
    desk.push()
    desk.score_all(10.0, desk.day + TOMORROW)
    desk.sandbox.reset_requests()
    with pytest.raises(RejectData, match="would change their band"):
        desk.push(desk.day + TOMORROW)
    assert desk.calls() == {}
    assert set(desk.shown("cs_health_score").values()) == {"50"}


def test_an_older_day_does_not_overwrite_a_newer_one(desk):
    desk.score_all(50.0)
    desk.score_all(60.0, desk.day + TOMORROW)
    desk.push(desk.day + TOMORROW)
    assert desk.push()["held"] == len(desk.record_ids)
    assert set(desk.shown("cs_health_score").values()) == {"60"}


@both_crms
def test_an_older_day_does_not_fill_an_account_that_has_left_since(desk):
    gone, *staying = desk.record_ids
    desk.score_all(50.0)
    desk.push()
    desk.score(dict.fromkeys(staying, 50.0), desk.day + TOMORROW)
    desk.push(desk.day + TOMORROW)
    again = desk.push()
    assert (again["held"], again["changed"], again["requests"]) == (1, 0, 0)
    assert desk.shown("cs_health_score")[gone] == ""


def test_reasons_are_asked_for_changed_accounts_only(desk):
    desk.score_all(50.0)
    desk.push()
    moved = desk.record_ids[3]
    desk.score(dict.fromkeys(desk.record_ids, 50.0) | {moved: 60.0}, desk.day + TOMORROW)
    asked = []

    def say(account_ids):
        asked.extend(account_ids)
        return dict.fromkeys(account_ids, Sentences("A payment is late."))

    desk.push(desk.day + TOMORROW, say=say)
    assert asked == [desk.accounts[moved]]
    assert desk.shown("cs_health_reason")[moved] == "A payment is late."


@both_crms
def test_the_ledger_says_what_was_there_before_and_what_came(desk):
    desk.score_all(50.0)
    desk.push()
    one = desk.record_ids[0]
    desk.score(dict.fromkeys(desk.record_ids, 50.0) | {one: 60.0}, desk.day + TOMORROW)
    desk.push(desk.day + TOMORROW)
    with desk.engine.begin() as connection:
        found = connection.execute(
            text(
                "select field, old_value, new_value, status from health.crm_change"
                " where old_value is not null order by field"
            )
        ).all()
    assert found == [
        (desk.name("cs_health_as_of"), "2026-11-01", "2026-11-02", "acknowledged"),
        (desk.name("cs_health_score"), "50", "60", "acknowledged"),
    ]


@both_crms
def test_two_pushes_at_once_take_turns(desk):
    @dataclass
    class Nested:
        """A client that starts another push in the middle of the first one."""

        def call(self, *args: Any, **how: Any) -> Any:
            with pytest.raises(RetryLater, match="Another run is writing"):
                desk.push()
            return desk.client.call(*args, **how)

    desk.score_all(50.0)
    assert desk.push(client=Nested())["acknowledged"] == len(desk.record_ids)


def test_dated_paths_are_a_setting(desk):
    source = desk.settings.crm_source.model_copy(update={"api_version": "2026-03"})
    others = desk.settings.sources[1:]
    settings = desk.settings.model_copy(update={"sources": (source, *others)})
    desk.score_all(50.0)
    desk.push(settings=settings)
    assert desk.calls("/crm/objects/{version}/{type}/batch/update") == {200: 3}
    assert set(desk.shown("cs_health_score").values()) == {"50"}
