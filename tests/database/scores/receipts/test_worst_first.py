"""The list that people work from: whom to look at first."""

import json

import pytest

from include.scoring.scorecard import load_scorecard
from include.settings import ROOT

CARD = load_scorecard(ROOT / "scorecards" / "retention.v1.yaml")


@pytest.fixture
def listed(book, health):
    """The accounts of a published day, of all bands or one, as `health accounts` lists them."""
    book.publish(book.fill(card=CARD))

    def listed(*arguments):
        done = health("accounts", "--json", *arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return listed


def test_000_25_accounts_are_listed_with_the_worst_score_first_and_the_unknown_last(listed, book):
    """So nobody at risk is missed, 002-01, and the day's work begins at the top."""
    assert book.execute("update health.snapshot set score = null where account_id in (3, 9)") == 2
    scores = [row["score"] for row in listed("--limit", "100")]
    assert len(scores) == 40
    assert scores[-2:] == [None, None]
    assert scores[:-2] == sorted(scores[:-2])
    assert scores[0] < scores[-3]
    assert [row["score"] for row in listed("--limit", "5")] == scores[:5]


def test_002_34_accounts_of_one_band_can_be_taken_together(listed):
    everyone = listed("--limit", "100")
    band = everyone[0]["band"]
    own = [row["crm_id"] for row in everyone if row["band"] == band]
    assert 0 < len(own) < len(everyone) == 40
    assert [row["crm_id"] for row in listed("--band", band, "--limit", "100")] == own
