"""`health simulate` and `health peers` as people type them."""

import json

import pytest

from tests.database.histories.conftest import EVENTS, MEETINGS, TODAY, card_text
from tests.database.typed import health_on

DAYS = ("--from", "2026-03-30", "--to", "2026-03-31")


@pytest.fixture
def health(entered, tmp_path):
    """Run a command on the store as after a daily run: health("peers", "1003")."""
    entered.run(TODAY)
    return health_on(entered.engine, tmp_path, entered.environment())


def test_a_draft_is_simulated_as_json_and_as_a_page(health, tmp_path):
    path, page = tmp_path / "idea.yaml", tmp_path / "idea.html"
    path.write_text(card_text(2, events=EVENTS, meetings=MEETINGS))
    done = health("simulate", path, *DAYS, "--movers", "3", "--html", page, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["live"], found["draft"], found["every"]) == ("plain.v1", "plain.v2", "day")
    assert [day["as_of"] for day in found["days"]] == ["2026-03-30", "2026-03-31"]
    assert len(found["movers"]) == 3
    assert page.read_text().startswith("<!doctype html>")


def test_a_mistake_in_a_draft_is_one_sentence(health, tmp_path):
    path = tmp_path / "idea.yaml"
    path.write_text(card_text(2, events=EVENTS).replace("Plain\n", "Plain\nheading: No\n"))
    done = health("simulate", path, *DAYS)
    assert done.returncode == 78
    assert done.stderr.startswith(f"FixConfig: {path}, line 5, heading: there is no such key")


def test_peers_are_shown_as_a_table_and_too_few_in_words(health):
    done = health("peers", "1003")
    assert done.returncode == 0
    old, first, heads, score, *_ = done.stdout.splitlines()
    assert old.startswith("! These scores are old: nothing after 2026-03-31")
    assert first == "Company 3 (1003) on 2026-03-31, among 10 scored of the segment Enterprise"
    assert heads.strip().startswith("points  percentile  lower quartile  median")
    assert score.split()[0] == "score"
    few = health("peers", "1003", "--at-least", "20")
    assert few.stdout.count("too few") == 8


def test_how_many_make_a_group_is_a_setting_that_the_option_overrides(health, entered):
    settings = entered.folder / "health.yaml"
    plain = settings.read_text()
    settings.write_text(plain.replace("  at_least: 5 #", "  at_least: 11 #"))
    assert settings.read_text() != plain
    assert health("peers", "1003").stdout.count("too few") == 8
    assert "too few" not in health("peers", "1003", "--at-least", "10").stdout
