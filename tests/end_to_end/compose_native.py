"""What stands for docker-compose.yaml's containers on this machine, where there is no engine."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import requests
import yaml

from include.warehouse.embedded import create_database, postgres
from sandbox.doors import DOORS

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]
TIMEOUT_S = 1200


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
    """The containers' names, folders and secrets, and what stands for each on this machine.

    redis_port: where the broker listens, or what stands for it.
    """

    def __init__(self, lease, state, redis_port):
        self.state = state
        self.port = free_ports(2 + len(DOORS))
        self.sandbox_port = self.port + 1
        self.variables = {
            name: secrets.token_urlsafe(48) for name in re.findall(r"\$\{(\w+):\?", TEXT)
        }
        self.variables["AIRFLOW_FERNET_KEY"] = secrets.token_urlsafe(32) + "="
        self.variables["POSTGRES_PASSWORD"] = lease.password
        self._names = {
            "@postgres:5432": f"@127.0.0.1:{lease.port}",
            "@redis:6379": f"@127.0.0.1:{redis_port}",
            "api-server:8080": f"127.0.0.1:{self.port}",
            "127.0.0.1:8080": f"127.0.0.1:{self.port}",
            "localhost:8080": f"localhost:{self.port}",
            "/opt/health/var": str(state / "health"),
            "/opt/health": str(ROOT),
            "/opt/airflow": str(state / "airflow"),
            "/opt/venv/bin": str(BIN),
            "0.0.0.0": "127.0.0.1",
            'save ""': f'save ""\nport {redis_port}\nbind 127.0.0.1',
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
            "HOME": str(self.state),
            **{key: self.words(value) for key, value in {**image, **service}.items()},
        }

    def run_init(self):
        """Do the work of the service that all others wait for."""
        return subprocess.run(
            self.command("init"), env=self.environment("init"), cwd=ROOT, capture_output=True,
            text=True, check=False, timeout=TIMEOUT_S, start_new_session=True,
        )  # fmt: skip

    def is_healthy(self, name):
        """Run the check of the file itself."""
        check = self.command(name, "healthcheck")
        environment = self.environment(name)
        done = subprocess.run(check, env=environment, capture_output=True, check=False)
        return done.returncode == 0

    def ask(self, path, **how):
        session = requests.Session()
        session.trust_env = False
        method = "POST" if "json" in how else "GET"
        return session.request(method, f"http://127.0.0.1:{self.port}{path}", timeout=120, **how)


@contextmanager
def standing(state, redis_port):
    """Lend what stands for the containers, with the service `postgres` made as in the file."""
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True, mode=0o711)
    with postgres(state / "postgres") as lease:
        create_database(lease, SERVICES["postgres"]["environment"]["POSTGRES_DB"])
        (mount,) = [one for one in SERVICES["postgres"]["volumes"] if one.startswith("./")]
        with psycopg.connect(
            lease.url("postgres").replace("+psycopg", ""), autocommit=True
        ) as connection:
            connection.execute((ROOT / mount.split(":")[0]).read_text())
        yield Here(lease, state, redis_port)


def wait_for(is_there, parts, timeout_s=TIMEOUT_S):
    """Wait until something is there, and return it; parts: what must not end meanwhile."""
    deadline = time.monotonic() + timeout_s
    while not (found := is_there()):
        for part in parts.values():
            assert part.child.poll() is None, part.log.read_text()
        assert time.monotonic() < deadline, [
            part.log.read_text()[-2000:] for part in parts.values()
        ]
        time.sleep(0.5)
    return found
