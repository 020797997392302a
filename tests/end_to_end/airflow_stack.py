"""One `health up` that tests share, from nothing to healthy, and how to ask it."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import requests

from tests.end_to_end.compose_native import free_ports
from tests.end_to_end.processes import family, wait_until_gone

ROOT = Path(__file__).parents[2]
STATE = ROOT / "var" / "test-up"
PRINTED = STATE / "printed.txt"
HEALTH = Path(sys.executable).parent / "health"
WORLD = ("--accounts", "30", "--days", "100", "--seed", "5")
# Ceilings for a machine many times slower: what is waited for is seen as soon as it is there.
START_S, RUN_S, STOP_S = 1200, 1800, 300
TESTS_LAST = timedelta(minutes=40)


def begins_at(now):
    """When the daily run begins: as by default, or two hours before where that would be soon.

    A run that the scheduler begins while tests last would be one run too many.
    """
    due = datetime.combine(now, clock_time(3), UTC)
    return clock_time(1) if due - TESTS_LAST < now < due else clock_time(3)


BEGINS_AT = begins_at(datetime.now(UTC))


def quiet_settings(folder):
    """Write the default settings into a folder, but for when the daily run begins."""
    words = (ROOT / "health.yaml").read_text(encoding="utf-8")
    assert 'runs_at: "03:00"' in words
    path = folder / "health.yaml"
    path.write_text(words.replace('runs_at: "03:00"', f'runs_at: "{BEGINS_AT:%H:%M}"'))
    return path


class Stack:
    """One `health up` and everything that it started."""

    def __init__(self):
        self.port = free_ports(1)
        self.seen = set()
        self.session = requests.Session()
        self.session.trust_env = False
        with PRINTED.open("wb") as output:
            self.process = subprocess.Popen(
                [HEALTH, "up", "--port", str(self.port), *WORLD], cwd="/", start_new_session=True,
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env={
                    **os.environ, "HEALTH_STATE": str(STATE),
                    "HEALTH_SETTINGS": str(quiet_settings(STATE)),
                },
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
        return code, wait_until_gone(self.seen, STOP_S)

    def get(self, path, **headers):
        url = f"http://127.0.0.1:{self.port}{path}"
        return self.session.get(url, headers=headers, timeout=120)

    def ask(self, path):
        """Return what Airflow's interface answers to the user that we were told of."""
        return self.get(path, Authorization=f"Bearer {self.token()}").json()

    def send(self, path, body):
        """Post to Airflow's interface as that user."""
        url = f"http://127.0.0.1:{self.port}{path}"
        headers = {"Authorization": f"Bearer {self.token()}"}
        answer = self.session.post(url, json=body, headers=headers, timeout=120)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def token(self):
        password = json.loads((STATE / "airflow" / "passwords.json").read_text())["admin"]
        told = {"username": "admin", "password": password}
        url = f"http://127.0.0.1:{self.port}/auth/token"
        return self.session.post(url, json=told, timeout=120).json()["access_token"]

    def wait_for_runs(self, dag, run_type, count):
        """Wait until so many runs of a kind have ended, and return them."""

        def ended():
            runs = self.ask(f"/api/v2/dags/{dag}/dagRuns?limit=100")["dag_runs"]
            ours = [run for run in runs if run["run_type"] == run_type]
            done = {run["state"] for run in ours} <= {"success", "failed"}
            return ours if len(ours) == count and done else None

        return self.wait_for(ended, RUN_S)


def store():
    port = (STATE / "postgres" / "port").read_text()
    password = (STATE / "postgres" / "password").read_text()
    name = json.loads((STATE / "store.json").read_text())["name"]
    return f"postgresql://health:{password}@127.0.0.1:{port}/{name}"
