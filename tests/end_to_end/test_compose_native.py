"""The services of docker-compose.yaml, started without an engine: each by its own command and
environment, with names of containers and folders of the image replaced by what is here.

PostgreSQL is the embedded one. Of Redis only its door is here: it sees who knocks, with what.
"""

import json
import os
import socket
import subprocess
import threading
from contextlib import ExitStack, closing, suppress

import pytest
import requests

from include.stack.supervisor import WATCHED, running
from sandbox.doors import DOORS
from tests.end_to_end.compose_native import ROOT, SERVICES, standing, wait_for

STATE = ROOT / "var" / "test-compose"
LASTING = (
    "api-server", "dag-processor", "triggerer", "worker", "history-worker", "log-cleaner",
    "scheduler",
)  # fmt: skip


class Door:
    """Accepts connections, remembers the first words of each, and shuts."""

    def __init__(self):
        self.heard = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._attend, daemon=True).start()

    def _attend(self):
        while True:
            visitor, _ = self._listener.accept()
            with closing(visitor):
                visitor.settimeout(60)
                with suppress(TimeoutError):  # one that says nothing
                    self.heard.append(visitor.recv(4096))


@pytest.fixture(scope="module")
def here():
    door = Door()
    with standing(STATE, door.port) as found:
        found.door = door
        yield found


@pytest.fixture(scope="module")
def initialised(here):
    """The work of the service that all others wait for."""
    done = here.run_init()
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def parts(here, initialised):
    """The services that stay, as in the file: the scheduler when the api-server is healthy."""
    with ExitStack() as stack:
        found = {}
        for name in LASTING:
            if name == "scheduler":
                wait_for(lambda: here.is_healthy("api-server"), found)
            environment = here.environment(name)
            found[name] = stack.enter_context(running(name, here.command(name), environment, STATE))
        yield found


def test_init_makes_both_schemas_and_the_user(here, initialised):
    assert 'User "admin" created with role "Admin"' in initialised
    assert "is up to date." in initialised
    for secret in here.variables.values():
        assert secret not in initialised


def test_every_service_of_airflow_starts_and_is_healthy(here, parts):
    def is_all_healthy():
        found = here.ask("/api/v2/monitor/health").json()
        return all(found[name]["status"] == "healthy" for name in WATCHED)

    wait_for(is_all_healthy, parts)
    image = SERVICES["init"]["image"]
    ours = {name for name, one in SERVICES.items() if one["image"] == image}
    assert set(parts) == ours - {"init", "sandbox"}


def test_the_person_in_the_file_can_log_in(here, parts):
    told = {"username": "admin", "password": here.variables["AIRFLOW_ADMIN_PASSWORD"]}
    answer = here.ask("/auth/token", json=told)
    assert answer.status_code == 201
    assert here.ask("/auth/token", json={**told, "password": "admin"}).status_code == 401
    token = answer.json()["access_token"]
    wait_for(lambda: dags(here, token) == {"customer_health", "customer_health_backfill"}, parts)
    assert here.ask("/api/v2/dags").status_code == 401


def dags(here, token):
    found = here.ask("/api/v2/dags", headers={"Authorization": f"Bearer {token}"}).json()["dags"]
    return {dag["dag_id"] for dag in found}


def test_the_worker_knocks_at_the_broker_with_its_password(here, parts):
    password = here.variables["REDIS_PASSWORD"].encode()
    wait_for(lambda: any(password in words for words in here.door.heard), parts)
    log = parts["worker"].log.read_text()
    assert "concurrency: 4" in log
    assert here.variables["REDIS_PASSWORD"] not in log


def test_redis_gets_its_password_by_standard_input(here, tmp_path):
    fake = tmp_path / "redis-server"
    fake.write_text('#!/bin/sh\n[ "$*" = - ] && exec cat\n')
    fake.chmod(0o700)
    environment = here.environment("redis")
    environment["PATH"] = f"{tmp_path}{os.pathsep}{environment['PATH']}"
    printed = subprocess.check_output(here.command("redis"), env=environment, text=True)
    assert printed.startswith(f'requirepass {here.variables["REDIS_PASSWORD"]}\nsave ""\n')


def test_the_sandbox_is_reached_by_the_name_of_its_service(here):
    command = [*here.command("sandbox"), "--accounts", "3", "--days", "3"]
    with subprocess.Popen(
        command, env=here.environment("sandbox"), stdout=subprocess.PIPE, text=True
    ) as sandbox:
        try:
            ready = json.loads(sandbox.stdout.readline())
            told = [vendor["base_url"] for vendor in ready["vendors"].values()]
            session = requests.Session()
            session.trust_env = False
            answer = session.get(
                told[0].replace("sandbox", "127.0.0.1") + "/crm/v3/owners", timeout=120,
                headers={"Authorization": f"Bearer {DOORS['hubspot'].secret}"},
            )  # fmt: skip
        finally:
            sandbox.terminate()
    assert told == [f"http://sandbox:{here.sandbox_port + place}" for place in range(1, 10)]
    assert answer.status_code == 200
    assert sandbox.returncode == 0
