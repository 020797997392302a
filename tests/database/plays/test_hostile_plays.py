"""Plans of accounts and owners with hostile names: texts in a terminal and in the CRM's tasks."""

import json
import re

import pytest

from include.crm.hubspot.tasks import _to_input
from include.crm.tasks import Task
from include.plays.digest import write_digest
from tests.database.plays.conftest import DAY
from tests.database.scores.receipts.test_hostile_receipt import COMMANDS, EVERYTHING
from tests.database.typed import health_on


@pytest.fixture
def hostile(board):
    board.rows("update core.account set name = :said returning 1", said=EVERYTHING)
    board.rows("update core.owner set name = :said returning 1", said=EVERYTHING)
    board.score(DAY, {"k1": "red", "k2": "red", "k3": "red"})
    board.plan(DAY)
    return board


def test_steps_hold_the_name_as_it_is_and_fill_nothing_into_it(hostile):
    titles = [step["title"] + step["body"] for step in hostile.steps]
    assert any(EVERYTHING in title for title in titles)


@pytest.mark.parametrize("asked", [("review",), ("list",), ("show", "k1")])
def test_what_people_read_moves_no_cursor_and_json_gives_it_back(hostile, tmp_path, asked):
    health = health_on(hostile.engine, tmp_path)
    said = health("plays", *asked)
    assert said.returncode == 0, said.stderr
    assert "alert(1)" in said.stdout
    assert not [sign for sign in COMMANDS if sign in said.stdout]
    told = health("plays", *asked, "--json")
    assert EVERYTHING in texts_in(json.loads(told.stdout))
    assert not [sign for sign in COMMANDS if sign in told.stdout]


def texts_in(found):
    """All texts of what JSON held."""
    if isinstance(found, dict | list):
        inner = found.values() if isinstance(found, dict) else found
        return [one for value in inner for one in texts_in(value)]
    return [found]


def test_a_task_and_a_digest_are_html_without_a_tag_of_theirs():
    task = Task("mark", "1", None, EVERYTHING, EVERYTHING, DAY)
    made = _to_input(task)["properties"]
    assert made["hs_task_subject"] == EVERYTHING
    assert not re.search(r"<(?!br>)", made["hs_task_body"])
    body = write_digest("ann@example.com", [
        {"name": EVERYTHING, "crm_id": EVERYTHING, "as_of": "2026-03-02", "kind": "rise",
         "sentence": EVERYTHING}
    ])  # fmt: skip
    assert "<script" not in body.html
    assert "<img" not in body.html
    assert "\n" not in body.subject
