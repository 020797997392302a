"""Scores that are old say so wherever they are shown: in words, beside JSON, on the page."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.database.histories.conftest import TODAY, shop
from tests.database.typed import health_on

__all__ = ["shop"]
OLD = "These scores are old: nothing after"
SHOWN = [
    ("accounts",), ("explain", "1001"), ("receipt", "1001", TODAY), ("path", "1001"),
    ("peers", "1001"), ("trend", "1001"), ("change", "1001"), ("plays", "show", "1001"),
    ("plays", "review"), ("policies", "plain.v1"), ("crm", "plan"),
]  # fmt: skip


@pytest.fixture
def health(shop, tmp_path):
    shop.run(TODAY - timedelta(days=30))
    shop.run(TODAY)
    return health_on(shop.engine, tmp_path, shop.environment())


def test_every_command_that_shows_a_score_says_that_it_is_old(health):
    for asked in SHOWN:
        words, plain = health(*asked), health(*asked, "--json")
        assert (words.returncode, plain.returncode) == (0, 0), asked
        assert words.stdout.startswith(f"! {OLD} 2026-03-31,"), asked
        assert plain.stderr.startswith(f"! {OLD}"), asked
        assert json.loads(plain.stdout), asked


def test_a_list_of_plans_says_so_even_where_there_are_none(health):
    words, plain = health("plays", "list"), health("plays", "list", "--json")
    assert words.stdout.startswith(f"! {OLD}")
    assert plain.stderr.startswith(f"! {OLD}")
    assert json.loads(plain.stdout) == []


def test_a_page_to_forward_says_so_too(health, tmp_path):
    page = tmp_path / "receipt.html"
    assert health("receipt", "1001", TODAY, "--html", page).returncode == 0
    assert f'<p class="verdict aside">{OLD}' in page.read_text()


def test_fresh_scores_need_no_banner(shop, health, tmp_path):
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    shop.run(yesterday)
    page = tmp_path / "receipt.html"
    told = health("receipt", "1001", yesterday, "--html", page)
    assert (told.returncode, told.stderr) == (0, "")
    assert OLD not in told.stdout + page.read_text()
