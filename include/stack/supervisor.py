"""Airflow's parts on one machine, as children of `health up`.

If one ends by itself, all are stopped: half an Airflow looks alive and runs nothing. Everything
listens on loopback only.
"""

import contextlib
import json
import secrets
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from include.errors import FixConfig, RetryLater
from include.stack.children import Child, ask_to_stop, bury, start
from include.stack.state import State
from include.warehouse.cluster import write_private

USER = "admin"
HEALTHY_TIMEOUT_S = 300.0
STOP_TIMEOUT_S = 30.0
AIRFLOW = str(Path(sys.executable).parent / "airflow")
# The scheduler starts when the api-server answers, without which its tasks fail, and stops first:
# tasks that are cut off tell the api-server so.
BEFORE_SCHEDULER = {
    "api-server": (AIRFLOW, "api-server", "--workers", "1"),
    "dag-processor": (AIRFLOW, "dag-processor"),
    "triggerer": (AIRFLOW, "triggerer", "--skip-serve-logs"),
}
SCHEDULER = (AIRFLOW, "scheduler", "--skip-serve-logs")
WATCHED = ("metadatabase", "scheduler", "dag_processor", "triggerer")


@dataclass(frozen=True, slots=True)
class Part:
    """A running program that all others need, and the file it writes to."""

    name: str
    child: Child
    log: Path


def airflow_settings(state: State, port: int) -> dict[str, str]:
    """Return what a running Airflow needs beside the environment of a single command."""
    return {
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://localhost:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(password_file(state)),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(state.logs / "dags"),
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
    }


def password_file(state: State) -> Path:
    """Return the file with the password of the pages, made once, readable by its owner only."""
    path = state.airflow / "passwords.json"
    if not path.exists():
        write_private(path, json.dumps({USER: secrets.token_urlsafe(16)}))
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
def airflow(
    environment: dict[str, str], logs: Path, port: int, others: Sequence[Part]
) -> Iterator[list[Part]]:
    """Run Airflow beside the others until the block ends; it begins when all are healthy.

    Gives all parts, with the others. RetryLater where one ends by itself or takes too long.
    """
    with contextlib.ExitStack() as stack:
        parts = [*others]
        for name, command in BEFORE_SCHEDULER.items():
            parts.append(stack.enter_context(running(name, command, environment, logs)))
        wait_until_healthy(parts, port, ("metadatabase",))
        parts.append(stack.enter_context(running("scheduler", SCHEDULER, environment, logs)))
        wait_until_healthy(parts, port, WATCHED)
        yield parts


@contextlib.contextmanager
def running(
    name: str, command: Sequence[str], environment: dict[str, str], logs: Path
) -> Iterator[Part]:
    """Run one part until the block ends, whatever ends it."""
    log = logs / f"{name}.log"
    part = Part(name, start(command, environment, log), log)
    try:
        yield part
    finally:
        ask_to_stop(part.child)
        bury(part.child, time.monotonic() + STOP_TIMEOUT_S)


def wait_until_healthy(
    parts: Sequence[Part],
    port: int,
    watched: Sequence[str],
    *,
    timeout_s: float = HEALTHY_TIMEOUT_S,
) -> None:
    """Return once Airflow calls all that is watched healthy; RetryLater if a part ends first."""
    session = requests.Session()
    session.trust_env = False
    deadline = time.monotonic() + timeout_s
    sick = [*watched]
    while time.monotonic() < deadline:
        refuse_ended(parts)
        with contextlib.suppress(requests.RequestException, ValueError):
            said = session.get(f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=5).json()
            sick = [name for name in watched if (said.get(name) or {}).get("status") != "healthy"]
            if not sick:
                return
        time.sleep(0.5)
    raise RetryLater(
        f"Airflow's {', '.join(sick)} did not become healthy within {timeout_s:.0f} s; its "
        f"logs are in {parts[-1].log.parent}."
    )


def watch(parts: Sequence[Part]) -> None:
    """Block for as long as every part runs; RetryLater where one ends by itself."""
    while True:
        refuse_ended(parts)
        time.sleep(1)


def refuse_ended(parts: Sequence[Part]) -> None:
    """Raise RetryLater where a part has ended by itself."""
    for part in parts:
        if part.child.poll() is not None:
            raise RetryLater(
                f"The {part.name} ended by itself; all others are stopped. See {part.log}."
            )
