"""`health run`, as a new user types it: a real Airflow, PostgreSQL and vendors on loopback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What other tests tell Airflow in this process is not what a user's shell holds.
CLEAN = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
STATE = ROOT / "var" / "test-run"
HEALTH = Path(sys.executable).parent / "health"
WORLD = ("--accounts", "40", "--days", "150", "--seed", "7", "--as-of", "2026-03-31")


def health(*arguments, **environment):
    """Run one command of the project in a state folder of its own."""
    return subprocess.run(
        [HEALTH, *arguments], capture_output=True, text=True, check=False, cwd="/", timeout=1800,
        env={**CLEAN, "HEALTH_STATE": str(STATE), **environment},
    )  # fmt: skip


def as_json(*arguments):
    done = health(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def first():
    """The very first run, from nothing."""
    shutil.rmtree(STATE, ignore_errors=True)
    done = health("run", *WORLD)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def second(first):
    done = health("run", *WORLD)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stage(printed, name):
    lines = [line for line in printed.splitlines() if line.strip().startswith(f"✓ {name}")]
    assert lines, f"no stage {name} in\n{printed}"
    return lines


def test_the_first_run_scores_publishes_and_pushes(first):
    """Requirements 000-01, 000-09, 002-26."""
    assert "inserted" in stage(first, "score")[-1]
    assert "10 properties_created" in stage(first, "push")[0]
    assert "Most at risk on 2026-03-31" in first
    assert "Where every record went" in first


def test_history_is_there_from_the_first_day_on(first):
    rows = as_json("accounts", "--limit", "100")
    assert len(rows) > 20
    with_trend = [row for row in rows if row["change_30d"] is not None]
    assert len(with_trend) > len(rows) / 2
    assert all(row["basis"] == "live" for row in rows)


def test_every_account_can_be_taken_apart(first):
    """Requirement 004-02."""
    worst = as_json("accounts", "--limit", "1")[0]
    told = as_json("explain", worst["crm_id"])
    parts = told["explanation"]["categories"]
    assert told["explanation"]["score"] == pytest.approx(worst["score"], abs=1e-9)
    given = sum(part["contributed"] for part in parts)
    assert given == pytest.approx(worst["score"], abs=1e-6)
    assert worst["reason"].endswith(".")


def test_a_second_run_of_the_day_changes_nothing(second):
    assert " unchanged" in stage(second, "score")[-1]
    assert "inserted" not in stage(second, "score")[-1]
    pushed = stage(second, "push")[0]
    assert "requests" not in pushed
    assert "acknowledged" not in pushed


def test_runs_are_listed_newest_first(second):
    rows = as_json("runs")
    assert [row["state"] for row in rows] == ["success", "success"]
    assert rows[0]["run_no"] > rows[1]["run_no"]


def test_the_check_page_needs_no_network(second):
    pages = list((STATE / "reports").glob("checks-run-*.html"))
    assert len(pages) == 2
    for page in pages:
        text = page.read_text()
        assert "<script" not in text
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "https://" not in text


def test_secrets_reach_no_log_and_no_page(second):
    told = ("pat-na1-", "sk_test_", "phx_Sandbox", "zdSandboxToken")
    password = next(
        path.read_text() for path in (STATE / "postgres",) for path in [path / "password"]
    )
    files = [
        path for path in STATE.rglob("*") if path.is_file() and path.suffix in {".log", ".html"}
    ]
    assert files
    for file in files:
        text = file.read_text(errors="replace")
        assert password not in text, file
        for secret in told:
            assert secret not in text, file


def test_an_unknown_account_is_answered_with_a_sentence(second):
    done = health("explain", "nobody of that name")
    assert done.returncode == 78
    assert done.stderr.startswith("FixConfig: No account is called 'nobody of that name'")


def test_a_connection_without_a_token_fails_the_run_with_a_sentence(second):
    connection = json.dumps({"conn_type": "http", "host": "http://127.0.0.1:9"})
    names = ("HUBSPOT", "ZENDESK", "STRIPE", "POSTHOG")
    done = health(
        "run", "--vendors", "configured", "--as-of", "2026-03-31",
        **{f"AIRFLOW_CONN_{name}_DEFAULT": connection for name in names},
    )  # fmt: skip
    assert done.returncode == 1
    assert "RunFailed: The run failed. FixConfig: Airflow connection" in done.stderr
    assert "needs a host and a password (token)" in done.stderr


def test_a_folder_that_is_no_world_is_refused():
    done = health("run", "--world", "/nowhere")
    assert done.returncode == 78
    assert "WORLD=/nowhere is no folder" in done.stderr


def test_a_state_folder_that_cannot_be_written_is_refused():
    done = health("run", HEALTH_STATE="/proc/nowhere")
    assert done.returncode == 78
    assert "HEALTH_STATE" in done.stderr
