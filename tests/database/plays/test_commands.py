"""`health plays`: what people see of plans, typed on a real store."""

import json
from datetime import timedelta

import pytest

from include.settings import ROOT
from tests.database.plays.conftest import DAY
from tests.database.typed import health_on


@pytest.fixture
def health(board, tmp_path):
    """Type a command; as JSON where it is asked for. Ann's manager is Max."""
    plain = (ROOT / "health.yaml").read_text()
    assert "  managers: {}" in plain
    path = tmp_path / "health.yaml"
    path.write_text(
        plain.replace("  managers: {}", "  managers: {max@example.com: [ann@example.com]}")
    )
    run = health_on(board.engine, tmp_path, {"HEALTH_SETTINGS": str(path)})

    def typed(*arguments):
        done = run("plays", *arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    return typed


@pytest.fixture
def week(board):
    """A plan opened for k1 on Monday, one for k2 a day later; now it is Friday."""
    board.score(DAY, {"k1": "red", "k2": "yellow", "k3": "red"})
    board.plan(DAY)
    board.score(DAY + timedelta(days=1), {"k1": "red", "k2": "red", "k3": "red"})
    board.plan(DAY + timedelta(days=1))
    board.score(DAY + timedelta(days=4), {"k1": "yellow", "k2": "red", "k3": "red"})
    board.rows("update health.play_step set status = 'done' where play_id = 1 and place = 1"
               " returning 1")  # fmt: skip
    return board


def test_001_25_a_manager_reviews_the_week_worst_first(week, health):
    review = health("review", "--json")
    assert review["as_of"] == str(DAY + timedelta(days=4))
    max_, nobody = review["teams"]
    assert (max_["manager"], nobody["manager"]) == ("max@example.com", None)
    assert [plan["crm_id"] for plan in max_["plans"]] == ["k2", "k1"]
    k2, k1 = max_["plans"]
    assert (k1["score_then"], k1["score_now"], k1["band_now"]) == (20.0, 65.0, "yellow")
    assert (k1["done"], k1["overdue"], k1["due"], k1["steps"]) == (1, 1, 1, 5)
    assert (k2["done"], k2["overdue"], k2["due"]) == (0, 1, 2)
    assert (k1["renewal_date"], k1["arr"], max_["at_stake"]) == ("2026-09-01", 100, 1000)
    assert k1["next_title"] == "Call the sponsor of Kite k1"
    assert "nobody is named" not in health("review", "--manager", "Max@example.com")


def test_a_manager_whom_nobody_names_is_told_the_nearest(week, board, tmp_path, health):
    run = health_on(board.engine, tmp_path, {"HEALTH_SETTINGS": str(tmp_path / "health.yaml")})
    done = run("plays", "review", "--manager", "mac@example.com")
    assert done.returncode == 78
    assert "did you mean max@example.com?" in done.stderr


def test_what_people_read_has_every_plan_with_its_next_step(week, health):
    said = health("review")
    assert "max@example.com, 2026-03-06: 2 plans, 2 steps overdue, 3 due within 7 days" in said
    assert "Call the sponsor of Kite k1, Ann, by 2026-03-05" in said
    assert "3 open plans on 2026-03-06, worst first" in health("list")
    assert len(health("list", "--limit", "1", "--json")) == 1


def test_an_account_is_shown_with_its_plans_and_all_their_steps(week, health):
    found = health("show", "k1", "--json")
    [plan] = found["plans"]
    assert [step["status"] for step in plan["steps"]] == ["done"] + ["planned"] * 4
    said = health("show", "k3")
    assert "rescue.v1: open; opened on 2026-03-02 at 20.0 (red). The band is red." in said
    assert "nobody found for account_owner" in said


def test_the_playbooks_at_work_are_checked(health):
    assert "rescue.v1: 5 steps; digest 9e1c2540" in health("check")
