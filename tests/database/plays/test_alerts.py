"""Alerts on a real store: what is entered, who gets it, when, and never twice."""

from datetime import UTC, datetime, timedelta

import pytest

from include import pipeline
from include.errors import RejectData
from include.play_settings import Alerts
from tests.database.plays.conftest import DAY

NEXT = DAY + timedelta(days=1)
MORNING = datetime(2026, 3, 3, 8, tzinfo=UTC)


class Post:
    """A courier that keeps what it carries; broken: its next calls fail."""

    def __init__(self, now=MORNING, *, broken=0):
        self.moment, self.broken, self.carried = now, broken, []

    def now(self):
        return self.moment

    def send(self, digest):
        if self.broken:
            self.broken -= 1
            raise OSError("the mail server is down")
        self.carried.append(digest)


def tell(board, day=NEXT):
    return pipeline.alert(board.job, f"run {day}", str(day))


@pytest.fixture
def moved(board):
    """k1 fell to red with a plan, k2 rose, and nobody owns k3, which fell as well."""
    board.score(DAY, {"k1": "yellow", "k2": "yellow", "k3": "green"})
    board.score(NEXT, {"k1": "red", "k2": "green", "k3": "yellow"})
    board.plan(NEXT)
    return board


def test_002_24_an_owner_gets_one_digest_of_all_that_adjusted(moved):
    assert tell(moved) == {"events": 4, "nobody": 1}
    post = Post()
    assert pipeline.deliver(moved.job, post) == {"digests": 1, "told": 4}
    [digest] = post.carried
    assert (digest.to, digest.subject) == (
        "ann@example.com", "Customer health: 2 accounts of yours moved",
    )  # fmt: skip
    for said in (
        "fell from yellow to red, score 20.0 (2026-03-03)",
        "plan opened: Bring a red account back",
        "rose from yellow to green, score 90.0",
    ):
        assert said in digest.text


def test_nothing_is_told_twice(moved):
    tell(moved)
    tell(moved)
    post = Post()
    pipeline.deliver(moved.job, post)
    assert pipeline.deliver(moved.job, post) == {"digests": 0, "told": 0}
    third = NEXT + timedelta(days=1)
    moved.score(third, {"k1": "yellow", "k2": "green", "k3": "yellow"})
    tell(moved, third)
    fourth = NEXT + timedelta(days=2)
    moved.score(fourth, {"k1": "red", "k2": "green", "k3": "yellow"})
    assert tell(moved, fourth)["events"] == 0, "the same fall within seven days"


def test_quiet_hours_put_off_and_lose_nothing(moved):
    alerts = Alerts(quiet_from=20, quiet_until=9)
    moved.settings = moved.settings.model_copy(
        update={"alerts": alerts, "time_zone": "Europe/Berlin"}
    )
    tell(moved)
    post = Post(datetime(2026, 3, 3, 7, 30, tzinfo=UTC))
    assert pipeline.deliver(moved.job, post) == {"quiet": 1}
    post.moment = datetime(2026, 3, 3, 8, 5, tzinfo=UTC)
    assert pipeline.deliver(moved.job, post)["told"] == 4


def test_a_mail_server_that_is_down_loses_nothing(moved):
    tell(moved)
    post = Post(broken=1)
    with pytest.raises(OSError, match="down"):
        pipeline.deliver(moved.job, post)
    assert pipeline.deliver(moved.job, post)["told"] == 4


def test_a_recipient_who_cannot_be_reached_holds_nobody_up(moved):
    class Choosy(Post):
        def send(self, digest):
            if digest.to == "ann@example.com":
                raise RejectData("Slack knows nobody by a recipient's address.")
            super().send(digest)

    alerts = Alerts(fallback="Ops@example.com")
    moved.settings = moved.settings.model_copy(update={"alerts": alerts})
    tell(moved)
    post = Choosy()
    with pytest.raises(RejectData, match="1 recipients were not reached; 1 were told"):
        pipeline.deliver(moved.job, post)
    assert [digest.to for digest in post.carried] == ["ops@example.com"]
    assert pipeline.deliver(moved.job, Post())["digests"] == 1, "she was not lost"


def test_what_comes_later_on_a_day_waits_for_the_next(moved):
    tell(moved)
    post = Post()
    pipeline.deliver(moved.job, post)
    third = NEXT + timedelta(days=1)
    moved.score(third, {"k1": "red", "k2": "red", "k3": "yellow"})
    assert tell(moved, third)["events"] == 1
    assert pipeline.deliver(moved.job, post)["digests"] == 0
    post.moment = MORNING + timedelta(days=1)
    assert pipeline.deliver(moved.job, post)["digests"] == 1


def test_accounts_of_nobody_go_to_the_fallback(moved):
    alerts = Alerts(fallback="Ops@example.com")
    moved.settings = moved.settings.model_copy(update={"alerts": alerts})
    assert tell(moved)["nobody"] == 0
    post = Post()
    pipeline.deliver(moved.job, post)
    assert [digest.to for digest in post.carried] == ["ann@example.com", "ops@example.com"]


def test_a_first_day_and_an_older_one_tell_nothing(board):
    board.score(DAY, {"k1": "red"})
    assert tell(board, DAY) == {"held": 1}
    board.score(NEXT, {"k1": "red"})
    assert tell(board, DAY) == {"held": 1}
