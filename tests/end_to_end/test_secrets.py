"""After a bad day and a good one, no secret stands anywhere but where it was put."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from include.stack.environment import connection_json
from include.stack.state import State, databases
from include.warehouse.database import open_store
from sandbox.serve import running
from sandbox.vendors.salesforce_world import ORG
from sandbox.world.simulate import simulate
from tests.end_to_end.secret_sweep import in_database, in_files
from tests.end_to_end.test_run import ROOT, health

STATE = ROOT / "var" / "test-secrets"
SETTINGS = Path(__file__).with_name("all_vendors.yaml")
START, END = date(2026, 2, 1), date(2026, 3, 31)


@pytest.fixture(scope="module")
def sandbox():
    with running(simulate(accounts=30, seed=7, start=START, end=END), limits=False) as served:
        yield served


@pytest.fixture(scope="module")
def run(sandbox):
    """Run the daily job on the vendors, as a shell with connections in its environment does."""
    shutil.rmtree(STATE, ignore_errors=True)
    connections = {
        f"AIRFLOW_CONN_{name.upper()}_DEFAULT": connection_json(
            base_url=reach["base_url"], secret=reach["token"],
            user=reach.get("user", ""), extra=reach.get("extra"),
        )
        for name, reach in sandbox.vendors.items()
    }  # fmt: skip
    return lambda: health(
        "run", "--vendors", "configured", "--as-of", END.isoformat(),
        HEALTH_STATE=str(STATE), HEALTH_SETTINGS=str(SETTINGS), HEALTH_TASK_RETRIES="0",
        **connections,
    )  # fmt: skip


@pytest.fixture(scope="module")
def bad_day(sandbox, run):
    """Vendors refuse, say wait an hour, and throw the credential back at us in an error."""
    secret = sandbox.vendors["stripe"]["token"]
    sandbox.faults = [
        {"vendor": "amplitude", "path": "/", "fault": "expire_token", "times": -1},
        {"vendor": "intercom", "path": "/", "fault": "retry_after", "seconds": 3600, "times": -1},
        {"vendor": "chargebee", "path": "/", "fault": "html", "code": 403, "times": -1},
        {"vendor": "stripe", "path": "/", "fault": "status", "code": 400, "times": -1,
         "body": {"error": {"message": f"Bad key: {secret}", "code": secret}}},
    ]  # fmt: skip
    done = run()
    assert done.returncode == 1, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def good_day(sandbox, run, bad_day):
    sandbox.faults = [{"vendor": "all", "path": "/", "fault": "status", "code": 503}]
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def marks(sandbox, good_day):
    """Every secret there is, by a name that may be shown."""
    found = {"the store's password": (STATE / "postgres" / "password").read_text().strip()}
    found |= json.loads((STATE / "secrets.json").read_text())
    for name, door in sandbox.state.doors.items():
        found[f"{name}'s secret"] = door.secret
    found["salesforce's refresh token"] = sandbox.vendors["salesforce"]["extra"]["refresh_token"]
    found["a session of salesforce"] = f"{ORG[:15]}!AQ"
    assert len(found) == 15
    return found


def test_no_secret_is_printed(bad_day, good_day, marks):
    printed = "".join(done.stdout + done.stderr for done in (bad_day, good_day))
    assert "RunFailed: " in bad_day.stderr
    assert [name for name, mark in marks.items() if mark in printed] == []


def test_no_secret_stands_in_a_file(marks):
    log = (STATE / "logs" / f"run-{END}.log").read_text()
    assert "FixConfig: stripe: " in log, "the vendor that throws the key back was never met"
    assert list((STATE / "reports").glob("*.html"))
    assert in_files(STATE, marks) == []


def test_no_secret_stands_in_the_store_or_in_airflows_database(marks):
    """XComs, rendered templates, receipts, raw records, errors, the ledger: every text there is."""
    with databases(State(STATE), "health") as urls:
        for url, witness in ((urls.store, "salesforce"), (urls.metadata, "check_facts")):
            engine = open_store(url)
            assert in_database(engine, {"a witness": witness}), "the search finds nothing at all"
            assert in_database(engine, marks) == []
            engine.dispose()
