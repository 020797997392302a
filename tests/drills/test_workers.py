"""Workers of docker-compose.yaml, on real Redis and PostgreSQL, killed in the middle of a task.

Each service runs by its own command of the file. What the workers wait for is a table that the
test has locked, so a kill is always in mid-task. `LEFT` is compared with a store where the same day
and the same range ran in one process and nothing happened.
"""

import os
import re
import shutil
import signal
import subprocess
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache

import psycopg
import pytest
import redis
from sqlalchemy import text

from include.settings import load_settings
from include.stack.children import session_members
from include.stack.state import STORE_URL, State, current_store, database
from include.stack.supervisor import running
from include.stack.vendors import sandbox
from include.warehouse.database import open_store
from tests.end_to_end.airflow_stack import BEGINS_AT, quiet_settings
from tests.end_to_end.compose_native import BIN, ROOT, free_ports, standing, wait_for
from tests.end_to_end.test_run_stopped import CLEAN, LEFT

STATE = ROOT / "var" / "test-workers"
CALM = ROOT / "var" / "test-workers-undisturbed"
WORLD = ("--accounts", "30", "--days", "100", "--seed", "5")
SLOTS = 4  # of one worker: --concurrency in the file
PATIENCE_S = 1200
# The file's own patience is five minutes: so long may a worker be silent.
IMPATIENT = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "5",
    "HEALTH_LONGEST_RETRY_S": "60",
}
# The first run filled the range already: a backfill would find nothing to write.
FORGET = "delete from health.{} where basis = 'reconstructed' and as_of between %s and %s"
WAITING = """
select count(*) from pg_locks where not granted
and database = (select oid from pg_database where datname = current_database())
"""


@cache
def scheduled_day():
    """The day of the run that the scheduler starts, and of no other while the drill lasts."""
    return (datetime.now(UTC) - timedelta(hours=BEGINS_AT.hour)).date() - timedelta(days=1)


def span():
    """The first and the last of the 90 days before it."""
    return [str(scheduled_day() - timedelta(days=days)) for days in (90, 1)]


def two_shards(folder):
    """Write the default settings with shards so small that there are two; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = quiet_settings(folder)
    words = path.read_text(encoding="utf-8")
    assert "shard_accounts: 24576" in words
    path.write_text(words.replace("shard_accounts: 24576", "shard_accounts: 16"))
    return path


def forget_range(url):
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for table in ("reading", "snapshot"):
            assert connection.execute(FORGET.format(table), span()).rowcount > 1_000


def left(url):
    engine = open_store(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(LEFT))]
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def undisturbed():
    """What is left after the day, and after the range, where nothing happened."""
    shutil.rmtree(CALM, ignore_errors=True)
    settings = {"HEALTH_STATE": str(CALM), "HEALTH_SETTINGS": str(two_shards(CALM))}
    found, (first, last) = [], span()
    for words in (
        ("run", *WORLD, "--as-of", str(scheduled_day())),
        ("backfill", "--from", first, "--to", last),
    ):
        subprocess.run([BIN / "health", *words], env={**CLEAN, **settings}, check=True)
        with database(State(CALM), STORE_URL, current_store(State(CALM))) as url:
            found.append(left(url))
            forget_range(url)
    return {"day": found[0], "range": found[1]}


class Compose:
    """The services of the file at work, on the sandbox's vendors."""

    def __init__(self, here, stack):
        self.here, self.stack, self.parts = here, stack, {}
        self.url = here.environment("worker")["HEALTH_DATABASE_URL"]

    def start(self, name, service=None):
        """Start one service, or another container of it."""
        service = service or name
        command = self.here.command(service)
        if "worker" in service:  # a container has a name of its own by itself
            command += ["--celery-hostname", f"{name}@%h"]
        extra = {**IMPATIENT, "HEALTH_SETTINGS": str(STATE / "health.yaml")}
        environment = {**self.here.environment(service), **extra}
        part = self.stack.enter_context(running(name, command, environment, STATE))
        self.parts[name] = part

    def kill(self, name):
        """Kill all of a container at once, as an engine or the system's memory guard does."""
        part = self.parts.pop(name)
        for pid in session_members(part.child.pid):
            os.kill(pid, signal.SIGKILL)
        part.child.wait()

    def wait_for(self, is_there):
        return wait_for(is_there, self.parts, PATIENCE_S)

    def ask(self, path, **how):
        told = {"username": "admin", "password": self.here.variables["AIRFLOW_ADMIN_PASSWORD"]}
        token = self.here.ask("/auth/token", json=told).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.here.ask(f"/api/v2/dags/{path}", headers=headers, **how)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def ended(self, dag):
        """Return the one run of a DAG once it has ended, with the tries of its tasks."""

        def is_over():
            (run,) = self.ask(f"{dag}/dagRuns")["dag_runs"]
            return run if run["state"] in {"success", "failed"} else None

        run = self.wait_for(is_over)
        path = f"{dag}/dagRuns/{run['dag_run_id']}/taskInstances?limit=100"
        return run["state"], self.ask(path)["task_instances"]


@pytest.fixture(scope="module")
def compose(undisturbed):
    assert shutil.which("redis-server"), "install redis-server (Debian's package of that name)"
    broker = free_ports(1)
    with standing(STATE, broker) as here, ExitStack() as stack:
        two_shards(STATE)
        state = State(STATE / "vendors")
        for folder in (state.logs, state.folder / "sandbox"):
            folder.mkdir(parents=True)
        world = [*WORLD, "--end", str(scheduled_day()), "--port", "0", "--high-volume"]
        vendors = stack.enter_context(sandbox(load_settings(), world, state))
        for name, connection in vendors.connections.items():
            here.variables[f"{name.removesuffix('_default').upper()}_CONNECTION"] = connection
        found = Compose(here, stack)
        found.start("redis")
        client = redis.Redis(port=broker, password=here.variables["REDIS_PASSWORD"])
        found.wait_for(lambda: is_up(client))
        done = here.run_init()
        assert done.returncode == 0, done.stdout + done.stderr
        yield found


def is_up(client):
    try:
        return client.ping()
    except redis.ConnectionError:
        return False


class Held:
    """A table that nobody can write to until the block ends."""

    def __init__(self, compose, table):
        self.compose, self.table = compose, table

    def __enter__(self):
        url = self.compose.url.replace("+psycopg", "")
        self.holder = psycopg.connect(url)
        self.holder.execute(f"lock table {self.table} in exclusive mode")
        self.watcher = psycopg.connect(url, autocommit=True)
        return self

    def __exit__(self, *_):
        self.holder.close()
        self.watcher.close()

    def wait_for(self, writers):
        """Wait until so many writers stand in line."""
        self.compose.wait_for(lambda: self.waiting() >= writers)

    def waiting(self):
        return self.watcher.execute(WAITING).fetchone()[0]


def received(compose, name):
    """How many tasks a worker took from its queue, by its own log."""
    return len(re.findall(r"Task \S+\[.+\] received", (STATE / f"{name}.log").read_text()))


def test_a_worker_killed_in_mid_task_costs_the_day_nothing(compose, undisturbed):
    with Held(compose, "health.snapshot") as held:
        compose.start("api-server")
        compose.wait_for(lambda: compose.here.is_healthy("api-server"))
        for name in ("dag-processor", "scheduler", "worker"):
            compose.start(name)
        held.wait_for(1)
        compose.kill("worker")
        compose.start("worker")  # as the engine does: restart: unless-stopped
    state, tasks = compose.ended("customer_health")
    assert state == "success"
    tried_again = {task["task_id"] for task in tasks if task["try_number"] > 1}
    assert "fill_history" in tried_again
    assert {task["queue"] for task in tasks} == {"default"}
    assert left(compose.url) == undisturbed["day"]


def test_a_second_worker_takes_its_share_of_a_backfill_and_a_killed_one_costs_nothing(
    compose, undisturbed
):
    asked = dict(zip(("from", "to"), span(), strict=True)) | {"scorecard": "retention.v1"}
    forget_range(compose.url)
    with Held(compose, "health.reading") as held:
        compose.start("history-worker")
        body = {"logical_date": None, "conf": asked}
        compose.ask("customer_health_backfill/dagRuns", json=body)
        held.wait_for(SLOTS)
        compose.start("history-worker-2", "history-worker")
        held.wait_for(2 * SLOTS)  # twice as much at once
        compose.kill("history-worker")
        compose.start("history-worker-3", "history-worker")
    state, tasks = compose.ended("customer_health_backfill")
    assert state == "success"
    parts = [task for task in tasks if task["task_id"] == "fill"]
    assert {task["queue"] for task in parts} == {"history"}
    assert sum(task["try_number"] > 1 for task in parts) >= SLOTS
    assert received(compose, "history-worker-2") >= SLOTS
    assert left(compose.url) == undisturbed["range"]
