"""`health diff` and `health backfill` as people type them."""

import json
from datetime import timedelta

import pytest

from tests.database.histories.conftest import EVENTS, TODAY
from tests.database.typed import health_on

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def health(shop, tmp_path):
    return health_on(shop.engine, tmp_path, shop.environment())


def test_a_difference_is_shown_with_its_cause_in_words_and_as_json(shop, health):
    shop.run(TODAY)
    shop.happens(TODAY, account=4, value=40.0)
    words = health("diff", "--as-of", TODAY)
    assert (words.returncode, words.stderr) == (0, "")
    assert words.stdout.startswith(
        "plain.v1 on 2026-03-31: 30 accounts, 29 the same, 1 changed, 0 scored then only, 0 now"
    )
    assert "Company 4 (1004):" in words.stdout
    found = json.loads(health("diff", "--as-of", TODAY, "--json").stdout)
    assert (found["compared"], found["same"], found["changed"]) == (30, 29, 1)
    [mine] = found["accounts"]
    assert mine["difference"] == pytest.approx(mine["reconstructed"] - mine["live"])
    assert [one["name"] for one in mine["measures"]] == ["events"]


def test_what_cannot_be_compared_is_one_sentence_and_nothing_is_entered(shop, health):
    never = health("diff", "--as-of", YESTERDAY, "--scorecard", "plain.v1")
    assert (never.returncode, never.stdout) == (78, "")
    assert never.stderr.startswith("FixConfig: plain.v1 has no live scores on 2026-03-30;")
    assert shop.rows("select count(*) from health.scorecard") == [(0,)]
    same = health("diff", "--as-of", TODAY, "--basis", "live", "live")
    assert "--basis takes one of each" in same.stderr
    unknown = health("diff", "--as-of", TODAY, "--scorecard", "plain.v9")
    assert "has no scorecard plain.v9; it has plain.v1" in unknown.stderr


def said(done):
    """What a backfill says of itself, by name."""
    card, *told = done.stdout.splitlines()
    assert card == "plain.v1:"
    lines = (line.rsplit(maxsplit=1) for line in told)
    return {name.strip(): number for name, number in lines}


def test_a_dry_run_of_a_backfill_says_what_it_would_do_and_writes_nothing(shop, health):
    shop.run(TODAY)
    before = shop.content(), shop.content("reading"), shop.rows("select run_id from health.run")
    done = health("backfill", "--from", "2026-02-27", "--to", "2026-03-02",
                  "--accounts", "segment:Enterprise", "--dry-run")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert said(done) == {
        "days": "4", "months": "2", "shards": "1", "parts": "2", "accounts": "10",
        "account days": "40", "existing readings": "0", "existing snapshots": "0",
        "missing rows": "80",
    }  # fmt: skip
    after = shop.content(), shop.content("reading"), shop.rows("select run_id from health.run")
    assert after == before


def test_a_backfill_does_what_its_dry_run_said(shop, health):
    shop.run(TODAY)
    asked = ("backfill", "--from", "2026-02-27", "--to", "2026-03-02", "--accounts", "1003,1006")
    done = health(*asked)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2: 2026-03-01" in done.stdout
    made = "select account_id, count(*) from health.snapshot where basis = 'reconstructed'"
    assert shop.rows(f"{made} group by 1 order by 1") == [(3, 4), (6, 4)]
    now = said(health(*asked, "--dry-run"))
    assert (now["existing snapshots"], now["missing rows"]) == ("8", "0")
    lacking = health("backfill", "--from", "2026-03-02", "--to", "2026-03-01", "--dry-run")
    assert (lacking.returncode, lacking.stdout) == (78, "")
    assert "ends (2026-03-01) before it begins" in lacking.stderr


def test_the_way_up_on_another_card_is_asked_for_by_its_name(shop, tmp_path):
    both = shop.with_card(2, events=EVENTS)
    both.run(TODAY)
    health = health_on(both.engine, tmp_path, both.environment())
    first, second = (
        json.loads(health("path", "1004", "--json", *more).stdout)
        for more in ((), ("--scorecard", "plain.v2"))
    )
    assert first["crm_id"] == second["crm_id"] == "1004"
    assert first["score"] != second["score"]
    refused = health("path", "1004", "--scorecard", "plain.v9")
    assert (refused.returncode, refused.stdout) == (78, "")
