"""Operators hear of a late day: once, in words that help, through quiet hours and restarts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from include import pipeline
from include.errors import RejectData
from include.pipeline.job import open_run
from include.play_settings import Alerts
from include.warehouse.database import transaction
from tests.database.plays.conftest import DAY
from tests.database.plays.test_alerts import Post

LATE = DAY + timedelta(days=1)
DUE = datetime(2026, 3, 4, 8, tzinfo=UTC)  # 9:00 in Berlin, where LATE has ended
HOUR = timedelta(hours=1)
OPERATORS = Alerts(channel="email", operators="Ops@example.com", fallback="cs@example.com")


@pytest.fixture
def late(board):
    """DAY is published; of LATE, which is due, nothing is."""
    board.score(DAY, {"k1": "red"})
    changes = {"alerts": OPERATORS, "time_zone": "Europe/Berlin"}
    board.settings = board.settings.model_copy(update=changes)
    return board


def with_alerts(board, **changes):
    alerts = OPERATORS.model_copy(update=changes)
    board.settings = board.settings.model_copy(update={"alerts": alerts})


def begun(board, state="running", error=None):
    run = open_run(board.job, "the late run", str(LATE))
    with transaction(board.engine) as connection:
        connection.execute(
            text("update health.run set state = :state, error = :error, started_at = :at"),
            {"state": state, "error": error, "at": DUE - 5 * HOUR},
        )
    return run


def test_a_late_day_is_told_once_and_never_before_it_is_due(late):
    post = Post(DUE - timedelta(minutes=1))
    assert pipeline.tell_late(late.job, post) == {"late": 0, "told": 0, "nobody": 0}
    post.moment = DUE
    assert pipeline.tell_late(late.job, post) == {"late": 1, "told": 1, "nobody": 0}
    for hours in range(1, 24):
        post.moment = DUE + hours * HOUR
        assert pipeline.tell_late(late.job, post) == {"late": 1, "told": 0, "nobody": 0}
    [message] = post.carried
    assert message.to == "ops@example.com"
    assert message.subject == f"Customer health: the scores of {LATE} are late"
    assert "were due at 9:00 Europe/Berlin on 2026-03-04" in message.text
    assert f"people see: retention of {DAY}." in message.text
    assert "docs/runbook.md" in message.text
    post.moment = DUE + 24 * HOUR
    assert pipeline.tell_late(late.job, post)["told"] == 1, "the next day is late as well"
    assert f"the scores of {DUE.date()} are late" in post.carried[-1].subject


def test_an_hour_in_which_nobody_looked_is_made_up_for_and_a_published_day_is_not(late):
    post = Post(DUE + 5 * HOUR)
    assert pipeline.tell_late(late.job, post)["told"] == 1
    late.score(DUE.date(), {"k1": "red"})
    post.moment = DUE + 24 * HOUR
    assert pipeline.tell_late(late.job, post) == {"late": 0, "told": 0, "nobody": 0}


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        (None, None, "No run of it has begun: look whether the scheduler is at work"),
        ("running", None, "is at work since 2026-03-04 03:00 UTC; no stage has ended yet."),
        ("failed", "extract zendesk: Zendesk did not answer.",
         "failed. extract zendesk: Zendesk did not answer. Where Airflow"),
        ("success", None, f"`health run --as-of {LATE}`"),
    ],
)  # fmt: skip
def test_it_says_how_the_run_of_the_day_stands(late, state, error, said):
    if state:
        begun(late, state, error)
    post = Post(DUE)
    pipeline.tell_late(late.job, post)
    assert said in post.carried[0].text


def test_of_a_run_at_work_the_last_stage_that_ended_is_named(late):
    run = begun(late)
    with pipeline.job.stage(late.job, run, "extract", "hubspot"):
        pass
    with pipeline.job.stage(late.job, run, "conform"):
        pass
    post = Post(DUE)
    pipeline.tell_late(late.job, post)
    assert "conform was the last stage to end" in post.carried[0].text


def test_quiet_hours_are_for_owners_and_do_not_hold_a_late_day(late):
    with_alerts(late, quiet_from=0, quiet_until=23)
    post = Post(DUE)
    assert pipeline.deliver(late.job, post) == {"quiet": 1}
    assert pipeline.tell_late(late.job, post)["told"] == 1


def test_a_message_that_was_not_taken_is_tried_again_while_the_day_is_late(late):
    with pytest.raises(OSError, match="down"):
        pipeline.tell_late(late.job, Post(DUE, broken=1))
    assert pipeline.tell_late(late.job, Post(DUE + HOUR))["told"] == 1


def test_operators_who_cannot_be_reached_are_an_error_and_not_a_silence(late):
    class Refusing(Post):
        def send(self, digest):
            raise RejectData("Slack knows nobody by a recipient's address.")

    with pytest.raises(RejectData):
        pipeline.tell_late(late.job, Refusing(DUE))
    assert pipeline.tell_late(late.job, Post(DUE + HOUR))["told"] == 1


def test_without_operators_the_fallback_is_told_and_without_both_nobody(late):
    post = Post(DUE)
    with_alerts(late, operators=None, fallback=None)
    assert pipeline.tell_late(late.job, post) == {"late": 1, "told": 0, "nobody": 1}
    with_alerts(late, operators=None)
    pipeline.tell_late(late.job, post)
    assert [message.to for message in post.carried] == ["cs@example.com"]


def test_a_late_day_takes_no_digest_from_an_owner_who_is_an_operator(late):
    with_alerts(late, operators="ann@example.com")
    late.score(LATE, {"k1": "green"})
    pipeline.alert(late.job, f"run {LATE}", str(LATE))
    post = Post(DUE + 24 * HOUR)
    assert pipeline.tell_late(late.job, post)["told"] == 1
    assert pipeline.deliver(late.job, post) == {"digests": 1, "told": 1}
    assert pipeline.deliver(late.job, post) == {"digests": 0, "told": 0}


def test_each_outcome_is_due_by_itself(late):
    card = late.job.cards[0]
    other = card.model_copy(update={"name": "adoption", "outcome": "adoption"})
    both = replace(late.job, cards=(card, other))
    post = Post(DUE)
    assert pipeline.tell_late(late.job, post)["told"] == 1
    assert pipeline.tell_late(both, post) == {"late": 2, "told": 1, "nobody": 0}
    assert "people see: no adoption at all." in post.carried[1].text


def test_an_installation_that_never_ran_owes_nobody_a_day(board):
    board.settings = board.settings.model_copy(update={"alerts": OPERATORS})
    assert pipeline.tell_late(board.job, Post(DUE))["late"] == 0
    begun(board, "failed", "extract hubspot: FixConfig.")
    post = Post(DUE + HOUR)
    assert pipeline.tell_late(board.job, post)["told"] == 1
    assert "people see: no retention at all." in post.carried[0].text
