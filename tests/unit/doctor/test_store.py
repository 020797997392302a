"""What `health doctor` says of a database: version, revision, clock."""

from datetime import UTC, datetime, timedelta

import pytest

from include.doctor.store import revision, server, skew
from include.reports.freshness import stale

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("number", "state"), [(180004, "good"), (160000, "good"), (150007, "bad")])
def test_a_server_that_is_too_old(number, state):
    assert server("PostgreSQL at here:1/health", number, 2**20, 1.0).state == state


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        ("0003", "good", "the newest one"),
        ("0002", "bad", "health db upgrade"),
        (None, "bad", "health db upgrade"),
        ("0009", "bad", "a newer program made it"),
    ],
)
def test_the_store_s_revision_beside_the_program_s(found, state, words):
    said = revision(found, ["0001", "0002", "0003"])
    assert (said.state, words in said.words) == (state, True)


@pytest.mark.parametrize(
    ("off", "state", "words"),
    [(0, "good", "0.0 s"), (30, "look", "30 s ahead"), (-30, "look", "30 s behind"),
     (-90, "bad", "90 s behind")],
)  # fmt: skip
def test_the_database_s_clock_beside_ours(off, state, words):
    said = skew(NOW, NOW + off * SECOND, NOW)
    assert (said.state, words in said.words) == (state, True)


def test_a_slow_answer_is_no_skew():
    assert skew(NOW, NOW + 40 * SECOND, NOW + 80 * SECOND).state == "good"


def test_scores_are_old_once_they_are_more_than_so_many_days_old():
    newest = NOW.date() - timedelta(days=3)
    assert stale(newest, today=NOW.date(), max_age_days=3) is None
    words = stale(newest, today=NOW.date(), max_age_days=2)
    assert words.startswith("These scores are old: nothing after 2026-11-19, 3 days ago,")
