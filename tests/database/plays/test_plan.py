"""The verb `plan`, day by day, on a real store."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from include.errors import FixConfig
from include.settings import ROOT
from include.warehouse.database import transaction
from tests.database.plays.conftest import DAY

NO_FOURTH_STEP = "alter table health.play_step add constraint no_fourth check (place < 4)"
RED = {"k1": "red", "k2": "green", "k3": "unknown"}


def later(days):
    return DAY + timedelta(days=days)


def test_001_25_a_plan_has_steps_with_owners_and_days_and_says_why(board):
    board.score(DAY, RED)
    counts = board.plan(DAY)
    assert (counts["opened"], counts["kept"], counts["steps"]) == (2, 0, 7)
    rescue = next(plan for plan in board.plans if plan["crm_id"] == "k1")
    assert (rescue["playbook"], rescue["why"]) == ("rescue", "The band is red.")
    steps = [step for step in board.steps if step["play_id"] == rescue["play_id"]]
    assert [step["owner_name"] for step in steps] == ["Ann", "Ann", "Ann", "Max", "Max"]
    assert [step["owner_id"] for step in steps] == ["11", "11", "11", "12", "12"]
    assert steps[0]["due_on"] == date(2026, 3, 3)
    assert steps[-1]["due_on"] == date(2026, 3, 30)
    assert steps[0]["title"] == "Check the facts behind the score of Kite k1"
    assert "The score is 20.0." in steps[0]["body"]
    assert "renews on 2026-09-01" in steps[1]["body"]
    assert "{" not in "".join(step["body"] for step in steps)


def test_004_15_healthy_accounts_get_plays_of_their_own(board):
    board.score(DAY, {"k1": "red", "k2": "green", "k3": "green"})
    board.plan(DAY)
    plays = {plan["crm_id"]: plan["playbook"] for plan in board.plans}
    assert plays == {"k1": "rescue", "k2": "grow", "k3": "reference"}


def test_a_day_planned_twice_is_planned_once(board):
    board.score(DAY, RED)
    board.plan(DAY)
    before = board.contents()
    counts = board.plan(DAY)
    assert (counts["opened"], counts["kept"]) == (0, 2)
    assert board.contents() == before


def test_000_23_a_plan_ends_after_its_days_of_recovery_and_rests_before_the_next(board):
    states = []
    days = range(18)
    for day in days:
        board.score(later(day), {"k1": "red" if day in (0, 17) else "yellow"})
        board.plan(later(day))
        states.append(board.plans[0]["state"])
    assert states == ["open"] * 14 + ["recovered"] * 4
    assert (len(board.plans), board.plans[0]["closed_on"]) == (1, later(14))


def test_a_relapse_begins_the_recovery_anew(board):
    for day, band in enumerate(["red", "yellow", "yellow", "red", "green"]):
        board.score(later(day), {"k1": band})
        board.plan(later(day))
    assert board.plans[0]["recovered_since"] == later(4)


def test_a_fall_opens_the_milder_plan_and_a_red_band_replaces_it(board):
    board.score(DAY, {"k1": "yellow"}, fell=16.0)
    board.plan(DAY)
    board.score(later(1), {"k1": "red"}, fell=40.0)
    board.plan(later(1))
    said = [(plan["playbook"], plan["state"]) for plan in board.plans]
    assert said == [("slide", "replaced"), ("rescue", "open")]
    assert board.plans[0]["why"] == "The band is yellow; the score fell 16.0 points in 30 days."


def test_an_older_day_and_one_that_is_not_published_are_held(board):
    board.score(DAY, RED)
    board.score(later(1), RED)
    assert board.plan(DAY) == {"held": 1}
    board.rows("delete from health.publication where as_of = :day returning 1", day=later(1))
    assert board.plan(later(1)) == {"held": 1}
    assert board.plans == []


def test_nothing_stands_half_where_planning_breaks_off(board):
    board.score(DAY, RED)
    with transaction(board.engine) as connection:
        connection.execute(text(NO_FOURTH_STEP))
    with pytest.raises(IntegrityError, match="no_fourth"):
        board.plan(DAY)
    assert (board.plans, board.steps) == ([], [])


def test_a_playbook_that_changed_after_it_opened_plans_is_refused(board):
    board.score(DAY, RED)
    board.plan(DAY)
    board.rows("update health.playbook set digest = 'other' returning 1")
    board.score(later(1), {"k1": "red", "k2": "red", "k3": "red"})
    with pytest.raises(FixConfig, match=r"make it in a copy, rescue\.v2\.yaml"):
        board.plan(later(1))


def test_accounts_that_left_are_no_longer_on_the_list(board):
    board.score(DAY, RED)
    board.plan(DAY)
    board.score(later(1), {"k2": "green"})
    board.plan(later(1))
    assert {plan["crm_id"]: plan["state"] for plan in board.plans} == {"k1": "left", "k2": "open"}


def test_000_25_a_day_opens_no_more_than_its_limit_the_largest_arr_first(board, tmp_path):
    text = (ROOT / "playbooks/rescue.v1.yaml").read_text()
    path = tmp_path / "few.v1.yaml"
    path.write_text(text.replace("name: rescue", "name: few").replace("a_day: 25", "a_day: 1"))
    board.settings = board.settings.model_copy(update={"playbooks": (path,)})
    opened = []
    for day in range(3):
        board.score(later(day), dict.fromkeys(("k1", "k2", "k3"), "red"))
        opened.append((board.plan(later(day))["waiting"], board.plan(later(day))["opened"]))
    assert opened == [(2, 0), (1, 0), (0, 0)]
    assert [plan["crm_id"] for plan in board.plans] == ["k2", "k1", "k3"]
