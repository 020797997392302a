"""`health up`, as a person starts and stops it: a real scheduler runs the day by itself."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import requests

from tests.end_to_end.processes import (
    family,
    is_on_loopback,
    listeners,
    wait_until_gone,
)

ROOT = Path(__file__).parents[2]
STATE = ROOT / "var" / "test-up"
PRINTED = STATE / "printed.txt"
HEALTH = Path(sys.executable).parent / "health"
WORLD = ("--accounts", "30", "--days", "100", "--seed", "5")
START_S, RUN_S, STOP_S = 300, 420, 60


class Stack:
    """One `health up` and everything that it started."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.seen = set()
        self.session = requests.Session()
        self.session.trust_env = False
        with PRINTED.open("wb") as output:
            self.process = subprocess.Popen(
                [HEALTH, "up", "--port", str(self.port), *WORLD], cwd="/", start_new_session=True,
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={**os.environ, "HEALTH_STATE": str(STATE)},
            )  # fmt: skip

    def look(self):
        """Return our processes with their words, and remember that they were there."""
        found = family(self.process.pid, str(STATE))
        self.seen |= set(found)
        return found

    def wait_for(self, is_there, seconds):
        deadline = time.monotonic() + seconds
        while not (found := is_there()):
            assert self.process.poll() is None, PRINTED.read_text()
            assert time.monotonic() < deadline, PRINTED.read_text()
            time.sleep(0.2)
        return found

    def part(self, words):
        """Wait for the part of Airflow with these words, and return its process id."""
        return self.wait_for(
            lambda: next((pid for pid, text in self.look().items() if words in text), None), START_S
        )

    def stop(self, number):
        """Send a signal; return the exit code and what is left, also of the database server."""
        self.look()
        self.process.send_signal(number)
        return self.ended()

    def ended(self):
        code = self.process.wait(timeout=STOP_S)
        return code, wait_until_gone(self.seen, 30)

    def get(self, path, **headers):
        url = f"http://127.0.0.1:{self.port}{path}"
        return self.session.get(url, headers=headers, timeout=30)

    def ask(self, path):
        """Return what Airflow's interface answers to the user that we were told of."""
        password = json.loads((STATE / "airflow" / "passwords.json").read_text())["admin"]
        told = {"username": "admin", "password": password}
        url = f"http://127.0.0.1:{self.port}/auth/token"
        token = self.session.post(url, json=told, timeout=30).json()["access_token"]
        return self.get(path, Authorization=f"Bearer {token}").json()


@pytest.fixture(scope="module")
def state():
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True, mode=0o711)


@pytest.fixture
def stack(state):
    """A stack that a test stops; what it forgets is killed."""
    stack = Stack()
    yield stack
    stack.process.kill()
    stack.process.wait()


@pytest.fixture(scope="module")
def up(state):
    """The first start, from nothing, with all healthy."""
    stack = Stack()
    stack.wait_for(lambda: "Airflow is up" in PRINTED.read_text(), START_S)
    yield stack
    stack.process.kill()
    stack.process.wait()


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
    def finished():
        runs = up.ask("/api/v2/dags/customer_health/dagRuns")["dag_runs"]
        return [run for run in runs if run["state"] in {"success", "failed"}]

    (run,) = up.wait_for(finished, RUN_S)
    path = f"/api/v2/dags/customer_health/dagRuns/{run['dag_run_id']}/taskInstances"
    tasks = up.ask(path)["task_instances"]
    states = {(task["task_id"], task["map_index"]): task["state"] for task in tasks}
    assert len(states) >= 13
    assert (run["run_type"], run["state"]) == ("scheduled", "success"), states
    assert set(states.values()) == {"success"}
    with psycopg.connect(store()) as connection:
        query = "select count(*) from health.snapshot where basis = 'live'"
        assert connection.execute(query).fetchone()[0] > 10
        query = "select count(*) from health.publication"
        assert connection.execute(query).fetchone()[0] == 1


def store():
    port = (STATE / "postgres" / "port").read_text()
    password = (STATE / "postgres" / "password").read_text()
    name = json.loads((STATE / "store.json").read_text())["name"]
    return f"postgresql://health:{password}@127.0.0.1:{port}/{name}"


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


def test_sigterm_stops_everything(up):
    assert len(up.look()) >= 10
    code, left = up.stop(signal.SIGTERM)
    assert (code, left) == (130, set())
    assert PRINTED.read_text().endswith("\nStopped.\n")
    assert family(up.process.pid, str(STATE)) == {}


def test_a_part_that_dies_stops_everything_with_a_sentence(up, stack):
    victim = stack.part("-m sandbox serve")
    stack.part("airflow dag-processor")
    os.kill(victim, signal.SIGKILL)
    assert stack.ended() == (75, set())
    said = PRINTED.read_text().strip().splitlines()[-1]
    assert said.startswith("RetryLater: The sandbox ended by itself; all others are stopped. See")
    assert str(STATE / "logs" / "sandbox.log") in said


def test_an_interrupt_during_the_start_leaves_nothing(up, stack):
    stack.part("airflow dag-processor")
    assert stack.stop(signal.SIGINT) == (130, set())
    assert "Airflow is up" not in PRINTED.read_text()


def test_even_when_killed_it_leaves_nothing(up, stack):
    stack.part("airflow dag-processor")
    stack.look()
    stack.process.kill()
    stack.process.wait()
    assert wait_until_gone(stack.seen, STOP_S) == set()


def test_a_taken_port_is_refused_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [HEALTH, "up", "--port", port], capture_output=True, text=True, check=False, timeout=60
        )
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.startswith(f"FixConfig: Port {port} on 127.0.0.1 cannot be used")
