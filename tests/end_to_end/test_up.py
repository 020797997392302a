"""`health up`, as a person starts and stops it: a real scheduler runs the day by itself."""

import json
import stat

import psycopg

from tests.end_to_end.airflow_stack import PRINTED, STATE, store
from tests.end_to_end.processes import is_on_loopback, listeners


def secrets():
    """Return every secret of the installation: nothing may show them."""
    found = [(STATE / "postgres" / "password").read_text()]
    for path in (STATE / "secrets.json", STATE / "airflow" / "passwords.json"):
        found += json.loads(path.read_text()).values()
    assert len(found) == 5
    return found


def test_it_says_where_it_is_and_where_the_password_is(up):
    path = STATE / "airflow" / "passwords.json"
    printed = PRINTED.read_text()
    assert f"Airflow is up: http://localhost:{up.port}  user admin, password in {path}" in printed
    assert up.get("/").status_code == 200
    assert up.get("/api/v2/dags").status_code == 401
    assert {dag["dag_id"] for dag in up.ask("/api/v2/dags")["dags"]} >= {"customer_health"}


def test_everything_listens_on_loopback_only(up):
    found = listeners(up.look())
    assert len(found) >= 7  # the pages, the database, four vendors and their control
    assert all(is_on_loopback(address) for address in found)


def test_the_scheduler_runs_the_day_by_itself(up):
    (run,) = up.wait_for_runs("customer_health", "scheduled", 1)
    path = f"/api/v2/dags/customer_health/dagRuns/{run['dag_run_id']}/taskInstances"
    tasks = up.ask(path)["task_instances"]
    states = {(task["task_id"], task["map_index"]): task["state"] for task in tasks}
    assert len(states) >= 13
    assert run["state"] == "success", states
    assert set(states.values()) == {"success"}
    with psycopg.connect(store()) as connection:
        query = "select count(*) from health.snapshot where basis = 'live'"
        assert connection.execute(query).fetchone()[0] > 10
        query = "select count(*) from health.publication"
        assert connection.execute(query).fetchone()[0] == 1


def test_no_secret_is_shown(up):
    words = "\n".join(up.look().values())
    assert "api_server" in words or "api-server" in words
    files = [path for path in STATE.rglob("*") if path.is_file() and path.suffix == ".log"]
    assert len(files) > 10
    shown = [words, PRINTED.read_text(), *(path.read_text(errors="replace") for path in files)]
    for secret in secrets():
        assert not [text[:80] for text in shown if secret in text]


def test_secrets_are_readable_by_their_owner_only(up):
    found = {path.name: path for path in STATE.rglob("*") if "secret" in path.name}
    found |= {path.name: path for path in (STATE / "airflow").glob("*.json")}
    found["password"] = STATE / "postgres" / "password"
    for name in ("secrets.json", "passwords.json", "password"):
        assert stat.S_IMODE(found[name].stat().st_mode) == 0o600
    assert stat.S_IMODE((STATE / "logs").stat().st_mode) == 0o700
