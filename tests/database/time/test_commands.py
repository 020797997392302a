"""`health outcomes` as people type it."""

import json

import pytest

from tests.database.typed import health_on

from .conftest import company, customer, deal, subscription


@pytest.fixture
def health(store, tmp_path):
    return health_on(store, tmp_path)


@pytest.fixture
def told(arrive, outcomes):
    """A churn, and a lost renewal of a customer who stayed."""
    arrive(
        companies=[company("100"), company("200")],
        customers=[customer(), customer("cus_2", crm_id="200")],
        subscriptions=[
            subscription(ended="2026-03-01"), subscription("sub_2", customer="cus_2"),
        ],
        deals=[deal("1", lost="2025-12-20T10:00:00Z", company_id="200")],
    )  # fmt: skip
    outcomes("2026-03-31")


def test_outcomes_are_listed_newest_first_in_words_and_as_json(told, health):
    rows = json.loads(health("outcomes", "--json").stdout)
    assert [(row["occurred_on"], row["kind"], row["crm_id"]) for row in rows] == [
        ("2026-03-01", "churn", "100"), ("2025-12-20", "renewal", "200"),
    ]  # fmt: skip
    assert [row["score_before"] for row in rows] == [None, None]
    words = health("outcomes")
    assert (words.returncode, words.stderr) == (0, "")
    assert "Company 100 (100)" in words.stdout.replace("\n", " ")


def test_outcomes_can_be_asked_for_by_kind_day_and_conflict(told, health):
    def kinds(*asked):
        return [row["kind"] for row in json.loads(health("outcomes", *asked, "--json").stdout)]

    assert kinds("--kind", "churn") == ["churn"]
    assert kinds("--to", "2026-02-28") == ["renewal"]
    assert kinds("--from", "2026-03-01") == ["churn"]
    assert kinds("--conflicts") == ["renewal"]
    assert kinds("--limit", "1") == ["churn"]
    assert health("outcomes", "--kind", "growth").returncode == 2
    reversed_days = health("outcomes", "--from", "2026-03-01", "--to", "2026-02-01")
    assert (reversed_days.returncode, "before it begins" in reversed_days.stderr) == (78, True)
