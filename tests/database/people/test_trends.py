"""Trends over days that were scored for real: live, reconstructed, by the command."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tests.database.histories.conftest import ROOT, TODAY, shop

__all__ = ["shop"]
STANDING = "direction, slope_30d, slope_p, streak_days, below_since, confirmed_band, score, band"


@pytest.fixture
def steady(shop):
    """The same store on a card whose bands have to stand for three readings."""
    card = shop.job.cards[0].model_copy(update={"confirm_bands_after": 3})
    return replace(shop, job=replace(shop.job, cards=(card,))).with_settings(history_days=100)


def rows_of(shop, day, basis):
    return shop.rows(
        f"select account_id, {STANDING} from health.snapshot"
        " where as_of = :day and basis = :basis order by 1", day=day, basis=basis,
    )  # fmt: skip


def test_000_22_a_live_day_stands_where_the_same_day_computed_later_does(steady):
    days = [TODAY - timedelta(days=back) for back in (2, 1, 0)]
    for day in days:
        steady.run(day)
    steady.backfill(days[0], days[-1])
    for day in days:
        live = rows_of(steady, day, "live")
        assert len(live) == 30
        assert live == rows_of(steady, day, "reconstructed")
    assert {row[1] for row in live} > {"stable", "improving"}
    assert {row[6] for row in live} > {None}, "nobody's band waits to be confirmed"


def test_a_range_stands_where_its_days_alone_do(steady):
    steady.run(TODAY)
    first = TODAY - timedelta(days=3)
    steady.backfill(first, TODAY, run_id="together")
    together = steady.content(where="basis = 'reconstructed'")
    again = steady.backfill(TODAY - timedelta(days=1), run_id="alone")
    assert len(again) == 1
    assert steady.content(where="basis = 'reconstructed'") == together


def test_what_a_row_says_of_its_standing_is_what_its_days_show(steady):
    steady.run(TODAY)
    days = [TODAY - timedelta(days=back) for back in range(90, -1, -1)]
    found = steady.rows(
        "select account_id, as_of, score, band from health.latest_snapshot"
        " where as_of >= :first order by 1, 2", first=days[0],
    )  # fmt: skip
    by_account = {}
    for account, as_of, score, band in found:
        by_account.setdefault(account, []).append((as_of, score, band))
    for account, _, _, _, streak, since, confirmed, _, band in rows_of(steady, TODAY, "live"):
        known = by_account[account]
        green = [as_of for as_of, _, one in known if one == "green"]
        below = [
            as_of
            for as_of, _, one in known
            if one == "red" and as_of > max(green, default=date.min)
        ]
        assert since == (below[0] if below else None)
        bands = [one for _, _, one in known]
        stood = [a for a, b, c in zip(bands, bands[1:], bands[2:], strict=False) if a == b == c]
        assert (confirmed or band) == (stood[-1] if stood else "unknown")
        moves = np.sign(np.diff([score for _, score, _ in known]))[::-1]
        same = np.flatnonzero(moves != moves[0])
        assert streak == moves[0] * (same[0] if len(same) else len(moves)) * (moves[0] != 0)


@pytest.fixture
def health(shop, tmp_path):
    """Run a command on the store as after a daily run with history: health("trend", "1003")."""
    shop.with_settings(history_days=120).run(TODAY)
    environment = shop.environment() | {"HEALTH_STATE": str(tmp_path / "state")}

    def run(*arguments):
        program = "from include.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)], text=True, capture_output=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment, check=False, timeout=120,
        )  # fmt: skip

    return run


def test_the_course_of_an_account_is_drawn_and_told(health, shop):
    done = health("trend", "1003", "--window", "14", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["first"], found["last"], len(found["scores"])) == ("2026-01-01", "2026-03-31", 90)
    [(score, then, direction, slope)] = shop.rows(
        "select now.score, before.score, now.direction, now.slope_30d"
        " from health.snapshot as now, health.snapshot as before where now.as_of = '2026-03-31'"
        " and before.as_of = '2026-03-17' and now.account_id = 3 and before.account_id = 3"
    )
    assert found["scores"][-1] == score
    assert found["change"] == pytest.approx(score - then)
    assert (found["state"], found["slope_30d"]) == (direction, slope)
    _, *shown = health("trend", "1003").stdout.splitlines()  # the first line: how old they are
    assert shown[0].startswith(f"Company 3 (1003) on 2026-03-31  {score:.1f} ")
    assert len(shown[1]) == 90
    assert set(shown[1]) <= set("▁▂▃▄▅▆▇█")
    assert "points in 30 days (p " in shown[3]


def test_days_to_come_are_not_looked_at(health):
    asked = "trend", "--from", "2026-01-15", "--json"
    until_today = health(*asked)
    assert until_today.returncode == 0, until_today.stderr
    assert json.loads(until_today.stdout)["last"] == "2026-03-31"
    assert health(*asked, "--to", "2026-12-31").stdout == until_today.stdout


def test_001_24_everybody_s_dips_are_found_and_those_that_were_answered_compared(health, shop):
    # The third company goes quiet, and a meeting is held.
    shop.execute("delete from health.account_day where account_id = 3 and day >= '2026-02-01'")
    shop.happens("2026-02-05", account=3, name="meetings_held")
    shop.backfill("2025-12-01", "2026-03-31", facts=True)
    shop.execute("delete from health.snapshot where basis = 'live'")
    done = health("trend", "--from", "2026-01-15", "--to", "2026-03-31", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    ours = [dip for dip in found["dips"] if dip["account_id"] == 3]
    assert ours
    assert ours[-1]["begun"] <= "2026-02-05" == ours[-1]["answered_on"]
    assert found["accounts"] == 30
    groups = [one["group"] for one in found["recoveries"]]
    assert groups == ["answered within 7 days", "answered later or not at all"]
    assert "answered within 7 days" in health("trend", "--from", "2026-01-15").stdout
