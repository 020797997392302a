"""`health override …` as people type it, on a store where days have been scored."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from include.pipeline.job import open_run
from include.warehouse.database import transaction
from tests.database.histories.conftest import TODAY, shop
from tests.database.typed import health_on

__all__ = ["shop"]
SAID = ("--reason", "acquired", "--evidence", "Bought by a rival.", "--by", "Jo")
OUTCOME = """
insert into health.outcome (account_id, subject, revision, kind, occurred_on, evidence)
values (:account, 'end of term 1', 0, 'churn', :day, '{}')
"""
OLD = """
insert into health.override (account_id, to_score, reason, evidence, author, entered_at, valid_from,
    valid_to)
values (:account, 40, :reason, 'Said so.', :author, :day, :day, cast(:day as date) + 89)
"""


@pytest.fixture
def health(shop, tmp_path):
    """Run a command on the store: health("override", "list")."""
    return health_on(shop.engine, tmp_path, shop.environment())


def listed(health, *more):
    return json.loads(health("override", "list", "--json", *more).stdout)


def test_a_life_of_an_override_from_entering_to_its_end(health, shop):
    """Requirement 001-16."""
    done = health("override", "add", "1003", "--to", "40", *SAID, "--days", "10")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "Override 1 is entered: Company 3 (1003), at most 40 points, acquired, from "
    )
    [row] = listed(health, "--expiring", "14")
    first, last = (date.fromisoformat(row[end]) for end in ("valid_from", "valid_to"))
    assert (row["state"], last - first) == ("in force", timedelta(days=9))
    again = health("override", "add", "Company 3", "--less", "20%", *SAID)
    assert again.returncode == 78
    assert f"Override 1 of this account (acquired, by Jo) holds until {last}" in again.stderr
    assert health("override", "renew", "1", "--by", "Kim").returncode == 0
    assert listed(health, "--expiring", "14") == []
    renewed = listed(health)[1]
    assert (renewed["state"], renewed["renews"], renewed["author"]) == ("future", 1, "Kim")
    assert renewed["valid_from"] == str(last + timedelta(days=1))
    assert health("override", "end", "2", "--by", "Kim").returncode == 0
    assert health("override", "end", "2", "--by", "Kim").returncode == 78
    assert [row["state"] for row in listed(health, "--all")] == ["in force", "ended"]


def test_a_share_is_not_taken_for_a_percentage(health, shop):
    for entered in ("0.2", "-.5"):
        done = health("override", "add", "1003", "--less", entered, *SAID)
        assert (done.returncode, "write it as 20%" in done.stderr) == (2, True)
    assert listed(health) == []


def test_an_empty_list_says_so_and_how_to_enter_one(health):
    assert health("override", "list").stdout == (
        "No override is in force. To enter one: `health override add --help`.\n"
    )
    assert health("override", "list", "--expiring", "9").stdout == (
        "No override ends within 9 days.\n"
    )


def test_who_expired_drops_out_and_is_listed_for_renewal(health, shop):
    with transaction(shop.engine) as connection:
        old = {"account": 3, "reason": "other", "author": "Jo"}
        day = connection.scalar(text("select current_date - 100"))
        connection.execute(text(OLD), old | {"day": day})
    assert [row["state"] for row in listed(health, "--expiring", "0")] == ["expired"]
    assert health("override", "renew", "1", "--by", "Jo", "--days", "5").returncode == 0
    assert [row["state"] for row in listed(health)] == ["in force"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Compny 3", "--to", "40"), "did you mean 'Company 3'?"),
        (("1003", "--to", "40", "--scorecard", "plane"), 'no scorecard "plane"; did you mean'),
        (("1003", "--to", "80", "--raise"), "lets people only lower a score"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_nearest_name(health, arguments, said):
    done = health("override", "add", *arguments, *SAID)
    assert done.returncode == 78
    assert said in done.stderr
    assert listed(health, "--all") == []


def test_001_23_the_scoreboard_says_who_was_right_and_what_had_to_be_beaten(health, shop):
    open_run(shop.job, "the newest day", str(TODAY), "daily")
    with transaction(shop.engine) as connection:
        for account, author, reason in ((1, "Jo", "acquired"), (2, "Kim", "other")):
            who = {"account": account, "author": author, "reason": reason}
            connection.execute(text(OLD), who | {"day": date(2025, 12, 1)})
        connection.execute(text(OLD), {"account": 3, "author": "Kim", "reason": "other",
                                       "day": date(2026, 3, 20)})  # fmt: skip
        for account, day in ((1, (2026, 1, 15)), (5, (2026, 1, 15)), (3, (2026, 3, 25))):
            connection.execute(text(OUTCOME), {"account": account, "day": date(*day)})
    found = json.loads(health("override", "scoreboard", "--horizon", "60", "--json").stdout)
    by = {(one["by"], one["who"]): one for one in found["tallies"]}
    assert (by["author", "Jo"]["right"], by["author", "Jo"]["share"]) == (1, 1.0)
    kim = by["author", "Kim"]
    assert (kim["right"], kim["wrong"], kim["open"]) == (0, 1, 1)
    assert by["all", "all"]["note"] == "only 2 decided: says little"
    assert (found["others"], found["others_badly"]) == (27, 1)
    shown = health("override", "scoreboard", "--horizon", "60").stdout
    assert "author: Jo" in shown
    assert "21% to 100%" in shown
    assert "3.7% churned or contracted within 60 days" in shown


def test_an_account_without_a_name_is_called_by_its_crm_id(health, shop):
    with transaction(shop.engine) as connection:
        connection.execute(text("update core.account set name = null where account_id = 3"))
    done = health("override", "add", "1003", "--to", "40", *SAID)
    assert (done.returncode, done.stdout[:30]) == (0, "Override 1 is entered: 1003, a")
    shown = health("override", "list").stdout
    assert "1003" in shown
    assert "None" not in shown
