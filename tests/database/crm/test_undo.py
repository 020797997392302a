"""A run's writes taken back: what was there before, but nothing that changed since."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from include.errors import FixConfig, RetryLater
from tests.database.crm.desks import both_crms

TOMORROW = timedelta(days=1)
pytestmark = both_crms


@pytest.fixture
def pushed(desk):
    """Two days in the CRM: all at 50, then all at 60."""
    desk.score_all(50.0)
    desk.push()
    desk.later = desk.day + TOMORROW
    desk.score_all(60.0, desk.later)
    desk.push(desk.later)
    return desk


def test_every_value_is_what_it_was_before(pushed):
    done = pushed.take_back(pushed.later)
    ids = pushed.record_ids
    assert (done.records, done.restored, done.skipped, done.failed) == (len(ids), len(ids), 0, 0)
    assert pushed.shown("cs_health_score") == dict.fromkeys(ids, "50")
    assert pushed.shown("cs_health_as_of") == dict.fromkeys(ids, "2026-11-01")


def test_a_first_push_taken_back_leaves_every_field_empty(desk):
    desk.score_all(50.0)
    desk.push()
    desk.take_back(desk.day)
    for name in ("cs_health_score", "cs_health_band", "cs_health_reason", "cs_health_as_of"):
        assert set(desk.shown(name).values()) == {""}


def test_what_people_changed_since_is_left_to_them_and_listed(pushed):
    one, other, *_ = pushed.record_ids
    pushed.edit(one, cs_health_score="99")
    pushed.delete(other)
    done = pushed.take_back(pushed.later)
    assert pushed.shown("cs_health_score")[one] == "99"
    assert pushed.shown("cs_health_as_of")[one] == "2026-11-01"
    with pushed.engine.begin() as connection:
        skipped = connection.execute(
            text("select record_id, field, ours, theirs from health.crm_undo_skip order by 1, 2")
        ).all()
    score, as_of = pushed.name("cs_health_score"), pushed.name("cs_health_as_of")
    assert skipped == [
        (one, score, "60", "99"),
        (other, as_of, "2026-11-02", None),
        (other, score, "60", None),
    ]
    assert done.skipped == 3


def test_a_day_that_was_taken_back_is_not_sent_again_and_the_next_one_is(pushed):
    pushed.take_back(pushed.later)
    again = pushed.push(pushed.later)
    assert again["taken_back"] == len(pushed.record_ids)
    assert set(pushed.shown("cs_health_score").values()) == {"50"}
    following = pushed.later + TOMORROW
    pushed.score_all(60.0, following)
    assert pushed.push(following)["acknowledged"] == len(pushed.record_ids)
    assert set(pushed.shown("cs_health_score").values()) == {"60"}


def test_an_undo_that_was_cut_off_is_finished_by_the_next_one(pushed):
    pushed.order({"fault": "status", "code": 503, "after": 1, "times": -1})
    with pytest.raises(RetryLater):
        pushed.take_back(pushed.later)
    pushed.order()
    done = pushed.take_back(pushed.later)
    assert done.already + done.restored == len(pushed.record_ids)
    assert set(pushed.shown("cs_health_score").values()) == {"50"}
    with pushed.engine.begin() as connection:
        rows = connection.execute(text("select restored, done_at from health.crm_undo")).all()
    assert [(row.restored, row.done_at is None) for row in rows] == [
        (len(pushed.record_ids), False)
    ]


def test_an_older_run_is_not_restored_over_a_newer_one(pushed):
    done = pushed.take_back(pushed.day)
    assert pushed.shown("cs_health_score") == dict.fromkeys(pushed.record_ids, "60")
    assert set(pushed.shown("cs_health_band").values()) == {""}  # only the first wrote it
    assert done.skipped == 2 * len(pushed.record_ids)


def test_a_run_that_wrote_nothing_has_nothing_to_take_back(desk):
    with pytest.raises(FixConfig, match="wrote nothing"):
        desk.take_back(desk.day)
