"""The services of docker-compose.yaml, started without an engine: each by its own command and
environment, with names of containers and folders of the image replaced by what is here.

PostgreSQL is the embedded one. Of Redis only its door is here: it sees who knocks, with what.
"""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
import requests
import yaml

from include.stack.supervisor import WATCHED, running
from include.warehouse.embedded import create_database, postgres
from sandbox.doors import DOORS

ROOT = Path(__file__).parents[2]
STATE = ROOT / "var" / "test-compose"
BIN = Path(sys.executable).parent
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]
LASTING = ("api-server", "dag-processor", "triggerer", "worker", "scheduler")
TIMEOUT_S = 300


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
                visitor.settimeout(5)
                self.heard.append(visitor.recv(4096))


def free_ports(count):
    """Return the first of so many ports in a row that nobody uses now."""
    for _ in range(100):
        base = 20_000 + secrets.randbelow(12_000)  # below the range that systems hand out from
        with ExitStack() as stack:
            try:
                for port in range(base, base + count):
                    stack.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return base
    raise AssertionError("no free ports")


class Here:
    """What stands for the containers' names, folders and secrets on this machine."""

    def __init__(self, lease):
        self.door = Door()
        self.port = free_ports(2 + len(DOORS))
        self.sandbox_port = self.port + 1
        self.variables = {
            name: secrets.token_urlsafe(48) for name in re.findall(r"\$\{(\w+):\?", TEXT)
        }
        self.variables["AIRFLOW_FERNET_KEY"] = secrets.token_urlsafe(32) + "="
        self.variables["POSTGRES_PASSWORD"] = lease.password
        self._names = {
            "@postgres:5432": f"@127.0.0.1:{lease.port}",
            "@redis:6379": f"@127.0.0.1:{self.door.port}",
            "api-server:8080": f"127.0.0.1:{self.port}",
            "127.0.0.1:8080": f"127.0.0.1:{self.port}",
            "localhost:8080": f"localhost:{self.port}",
            "/opt/health/var": str(STATE / "health"),
            "/opt/health": str(ROOT),
            "/opt/airflow": str(STATE / "airflow"),
            "/opt/venv/bin": str(BIN),
            "0.0.0.0": "127.0.0.1",
        }

    def words(self, text):
        """Return a value of the file as the engine would give it to a container that stood here."""
        text = re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda found: self.variables[found[1]], text)
        text = re.sub(r"\$\{\w+:-([^}]*)\}", lambda found: found[1], text)
        for there, here in self._names.items():
            text = text.replace(there, here)
        return text.replace("$$", "$")

    def command(self, name, key="command"):
        found = SERVICES[name][key] if key == "command" else SERVICES[name]["healthcheck"]["test"]
        ports = {"8080": str(self.port), "8100": str(self.sandbox_port)}
        return [ports.get(word, self.words(word)) for word in found if word not in {"CMD"}]

    def environment(self, name):
        """Return the image's environment with the service's over it."""
        dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
        (line,) = re.findall(r"^ENV (.+)$", dockerfile, re.MULTILINE)
        image = dict(word.split("=", 1) for word in line.split())
        image["PATH"] = image["PATH"].replace("$PATH", os.environ["PATH"])
        service = SERVICES[name].get("environment", {})
        return {
            "HOME": str(STATE),
            **{key: self.words(value) for key, value in {**image, **service}.items()},
        }


@pytest.fixture(scope="module")
def here():
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True, mode=0o711)
    with postgres(STATE / "postgres") as lease:
        create_database(lease, SERVICES["postgres"]["environment"]["POSTGRES_DB"])
        (mount,) = [one for one in SERVICES["postgres"]["volumes"] if one.startswith("./")]
        with psycopg.connect(
            lease.url("postgres").replace("+psycopg", ""), autocommit=True
        ) as connection:
            connection.execute((ROOT / mount.split(":")[0]).read_text())
        yield Here(lease)


@pytest.fixture(scope="module")
def initialised(here):
    """The work of the service that all others wait for."""
    done = subprocess.run(
        here.command("init"), env=here.environment("init"), cwd=ROOT, capture_output=True,
        text=True, check=False, timeout=TIMEOUT_S, start_new_session=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def parts(here, initialised):
    """The services that stay, as in the file: the scheduler when the api-server is healthy."""
    with ExitStack() as stack:
        found = {}
        for name in LASTING:
            if name == "scheduler":
                wait_for(lambda: is_healthy(here, "api-server"), found)
            environment = here.environment(name)
            found[name] = stack.enter_context(running(name, here.command(name), environment, STATE))
        yield found


def is_healthy(here, name):
    """Run the check of the file itself."""
    check = here.command(name, "healthcheck")
    environment = here.environment(name)
    return subprocess.run(check, env=environment, capture_output=True, check=False).returncode == 0


def wait_for(is_there, parts):
    deadline = time.monotonic() + TIMEOUT_S
    while not is_there():
        for part in parts.values():
            assert part.child.poll() is None, part.log.read_text()
        assert time.monotonic() < deadline, [
            part.log.read_text()[-2000:] for part in parts.values()
        ]
        time.sleep(0.5)


def ask(here, path, **how):
    session = requests.Session()
    session.trust_env = False
    method = "POST" if "json" in how else "GET"
    return session.request(method, f"http://127.0.0.1:{here.port}{path}", timeout=30, **how)


def test_init_makes_both_schemas_and_the_user(here, initialised):
    assert 'User "admin" created with role "Admin"' in initialised
    assert "is up to date." in initialised
    for secret in here.variables.values():
        assert secret not in initialised


def test_every_service_of_airflow_starts_and_is_healthy(here, parts):
    def is_all_healthy():
        found = ask(here, "/api/v2/monitor/health").json()
        return all(found[name]["status"] == "healthy" for name in WATCHED)

    wait_for(is_all_healthy, parts)
    assert set(parts) == {
        name for name, one in SERVICES.items() if "build" in one and name not in {"init", "sandbox"}
    }


def test_the_person_in_the_file_can_log_in(here, parts):
    told = {"username": "admin", "password": here.variables["AIRFLOW_ADMIN_PASSWORD"]}
    answer = ask(here, "/auth/token", json=told)
    assert answer.status_code == 201
    assert ask(here, "/auth/token", json={**told, "password": "admin"}).status_code == 401
    token = answer.json()["access_token"]
    wait_for(lambda: dags(here, token) == {"customer_health", "customer_health_backfill"}, parts)
    assert ask(here, "/api/v2/dags").status_code == 401


def dags(here, token):
    found = ask(here, "/api/v2/dags", headers={"Authorization": f"Bearer {token}"}).json()["dags"]
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
    assert printed == f'requirepass {here.variables["REDIS_PASSWORD"]}\nsave ""\n'


def test_the_sandbox_is_reached_by_the_name_of_its_service(here):
    command = [*here.command("sandbox"), "--accounts", "3", "--days", "3"]
    sandbox = subprocess.Popen(
        command, env=here.environment("sandbox"), stdout=subprocess.PIPE, text=True
    )
    ready = json.loads(sandbox.stdout.readline())
    told = [vendor["base_url"] for vendor in ready["vendors"].values()]
    assert told == [f"http://sandbox:{here.sandbox_port + place}" for place in range(1, 10)]
    session = requests.Session()
    session.trust_env = False
    answer = session.get(
        told[0].replace("sandbox", "127.0.0.1") + "/crm/v3/owners", timeout=30,
        headers={"Authorization": f"Bearer {DOORS['hubspot'].secret}"},
    )  # fmt: skip
    assert answer.status_code == 200
    sandbox.terminate()
    assert sandbox.wait(timeout=30) == 0
