"""`health run` stopped from outside, at several points: nothing left running, nothing lost or
doubled, and the next run ends as if nothing had happened."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from include.stack.state import STORE_URL, State, current_store, database
from include.warehouse.database import open_store
from tests.end_to_end.processes import family, wait_until_gone

ROOT = Path(__file__).parents[2]
# What other tests tell Airflow in this process is not what a user's shell holds.
CLEAN = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name}
STATE = ROOT / "var" / "test-run-stopped"
HEALTH = str(Path(sys.executable).parent / "health")
WORLD = ("--accounts", "20", "--days", "100", "--seed", "3", "--as-of", "2026-03-31")
# After which line the run is stopped, and how.
STOPS = (("✓ extract hubspot.companies", signal.SIGKILL), ("✓ conform", signal.SIGKILL),
         ("✓ read", signal.SIGTERM))  # fmt: skip
# What a run leaves behind: what arrived (payloads name the sandbox's port), what it means, scores.
LEFT = """
select 'record', count(*), sum(hashtext(record_id)) from raw.record
union all select 'quarantine', count(*), count(distinct (stream_id, record_id)) from raw.quarantine
union all select 'link', count(*), sum(account_id) from core.account_link
union all select 'series', count(*), sum(hashtext(concat_ws(' ', name, account_id, day, value)))
from health.account_day join health.series using (series_id)
union all select 'reading', count(*), sum(digest) from health.reading
union all select 'snapshot', count(*), sum(digest) from health.snapshot
union all select 'crm', count(*), sum(hashtext(acknowledged::text)) from health.crm_record
order by 1
"""


def environment(state):
    return {**CLEAN, "HEALTH_STATE": str(state), "PYTHONUNBUFFERED": "1"}


def left(state):
    with database(State(state), STORE_URL, current_store(State(state))) as url:
        engine = open_store(url)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(LEFT))]


def run(state):
    return subprocess.run(
        [HEALTH, "run", *WORLD], env=environment(state), capture_output=True, text=True,
        check=False, timeout=1800,
    )  # fmt: skip


def stop_after(state, line, number):
    """Start a run, stop it as soon as it printed a line that begins so; return what it left."""
    child = subprocess.Popen(
        [HEALTH, "run", *WORLD], env=environment(state), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    for printed in child.stdout:
        if printed.strip().startswith(line):
            break
    running = family(child.pid, str(state))
    child.send_signal(number)
    child.wait(timeout=300)
    child.stdout.close()
    return {pid: words for pid, words in running.items() if "postgres" not in words}


@pytest.fixture(scope="module")
def undisturbed():
    shutil.rmtree(STATE.with_name("test-run-undisturbed"), ignore_errors=True)
    done = run(STATE.with_name("test-run-undisturbed"))
    assert done.returncode == 0, done.stdout + done.stderr
    return left(STATE.with_name("test-run-undisturbed"))


def test_a_run_stopped_three_times_ends_as_if_nothing_had_happened(undisturbed):
    shutil.rmtree(STATE, ignore_errors=True)
    for line, number in STOPS:
        others = stop_after(STATE, line, number)
        assert any("airflow" in words for words in others.values()), others
        assert wait_until_gone(others, 300) == set(), others
    done = run(STATE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert left(STATE) == undisturbed
    states = subprocess.run(
        [HEALTH, "runs", "--json"], env=environment(STATE), capture_output=True, text=True,
        check=True, timeout=300,
    )  # fmt: skip
    assert json.loads(states.stdout)[0]["state"] == "success"
