"""`health up`: Airflow's parts and the sandbox on one machine, until Ctrl-C.

Each part is a child in a process group of its own. If one ends by itself, all are stopped: half an
Airflow looks alive and runs nothing. Everything listens on loopback only.
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from include.errors import FixConfig, RetryLater
from include.stack.state import State

USER = "admin"
HEALTHY_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 30.0
# In the order in which they start; they stop in the opposite one.
PARTS: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server", "--workers", "1"),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
WATCHED = ("metadatabase", "scheduler", "dag_processor", "triggerer")


@dataclass(frozen=True, slots=True)
class Part:
    """One running command of Airflow and the file it writes to."""

    name: str
    child: "subprocess.Popen[bytes]"
    log: Path


def airflow_settings(state: State, port: int) -> dict[str, str]:
    """Return what a running Airflow needs beside the environment of a single command."""
    url = f"http://localhost:{port}"
    return {
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(password_file(state)),
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
    }


def password_file(state: State) -> Path:
    """Return the file with the password of the pages, made once, readable by its owner only."""
    path = state.airflow / "passwords.json"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({USER: secrets.token_urlsafe(16)}), encoding="utf-8")
    return path


def refuse_taken(port: int) -> None:
    """Raise FixConfig where something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise FixConfig(
                f"Port {port} on 127.0.0.1 cannot be used ({error.strerror}); choose another with "
                "`health up --port`."
            ) from error


@contextlib.contextmanager
def airflow_parts(state: State, environment: dict[str, str]) -> Iterator[list[Part]]:
    """Start Airflow's parts and stop them, last first, when the block ends, whatever ends it."""
    parts: list[Part] = []
    try:
        for name, arguments in PARTS.items():
            parts.append(_start(name, arguments, environment, state.logs / f"{name}.log"))
        yield parts
    finally:
        for part in reversed(parts):
            _signal(part, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for part in reversed(parts):
            _reap(part, deadline)


def wait_until_healthy(parts: list[Part], port: int) -> None:
    """Return once every part is healthy; RetryLater where one ends or takes too long."""
    session = requests.Session()
    session.trust_env = False
    deadline = time.monotonic() + HEALTHY_TIMEOUT_S
    while time.monotonic() < deadline:
        refuse_ended(parts)
        with contextlib.suppress(requests.RequestException, ValueError):
            url = f"http://127.0.0.1:{port}/api/v2/monitor/health"
            said = session.get(url, timeout=5).json()
            if all((said.get(name) or {}).get("status") == "healthy" for name in WATCHED):
                return
        time.sleep(0.5)
    raise RetryLater(f"Airflow was not healthy within {HEALTHY_TIMEOUT_S:.0f} s; see its logs.")


def refuse_ended(parts: list[Part]) -> None:
    """Raise RetryLater where a part has ended by itself."""
    for part in parts:
        if part.child.poll() is not None:
            raise RetryLater(f"Airflow's {part.name} ended by itself; see {part.log}.")


def watch(parts: list[Part], every_minute: Callable[[], None]) -> None:
    """Block for as long as every part runs; RetryLater where one ends by itself."""
    seconds = 0
    while True:
        refuse_ended(parts)
        if seconds % 60 == 59:
            every_minute()
        time.sleep(1)
        seconds += 1


def _start(name: str, arguments: tuple[str, ...], environment: dict[str, str], log: Path) -> Part:
    program = str(Path(sys.executable).parent / "airflow")
    with log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603 - our own commands
            [program, *arguments], env=environment, stdout=output, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    return Part(name, child, log)


def _signal(part: Part, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(part.child.pid, number)


def _reap(part: Part, deadline: float) -> None:
    """Wait for a part and whatever it started; kill what is left at the deadline."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        part.child.wait(timeout=max(0.1, deadline - time.monotonic()))
    _signal(part, signal.SIGKILL)
    part.child.wait()
