"""The sandbox as a child process, and how Airflow is told where it listens."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from include.errors import FixConfig, RetryLater
from include.settings import ROOT, Settings
from include.stack.children import Child, ask_to_stop, bury, start
from include.stack.environment import connection_json
from include.stack.state import State

STOP_TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox: its world, where to steer it, one Airflow connection for each source."""

    world: str
    control: str
    last_day: date
    connections: dict[str, str] = field(repr=False)
    child: Child


def world_arguments(
    state: State, name: str, world: Path | None, simulated: Mapping[str, int]
) -> list[str]:
    """Return how the sandbox is told its world: a folder's tables, or the simulator's numbers.

    Raises FixConfig where there is no such folder.
    """
    place = ["--state", str(state.folder / "sandbox" / name), "--port", "0", "--high-volume"]
    if world is None:
        return [*(word for key, value in simulated.items() for word in (f"--{key}", str(value))),
                *place]  # fmt: skip
    if not world.is_dir():
        raise FixConfig(f"WORLD={world} is no folder; it must hold the five tables as CSV files.")
    return ["--tables", str(world.resolve()), *place]


@contextlib.contextmanager
def sandbox(settings: Settings, arguments: list[str], state: State) -> Iterator[Sandbox]:
    """Run the sandbox until the block ends; its complaints go to the log.

    Until then commands find its connections (`running_connections`). Raises FixConfig with the
    sandbox's own words where it refuses its arguments.
    """
    log = state.logs / "sandbox.log"
    command = [sys.executable, "-m", "sandbox", "serve", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = start(command, environment, log, output=subprocess.PIPE)
    try:
        found = _greet(settings, child, log)
        _connections_file(state).write_text(json.dumps(found.connections), encoding="utf-8")
        yield found
    finally:
        _connections_file(state).unlink(missing_ok=True)
        ask_to_stop(child)
        bury(child, time.monotonic() + STOP_TIMEOUT_S)


def running_connections(state: State) -> dict[str, str]:
    """Return the connections of this installation's running sandbox; none where none runs."""
    try:
        found: dict[str, str] = json.loads(_connections_file(state).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _connections_file(state: State) -> Path:
    return state.folder / "sandbox" / "connections.json"


def _greet(settings: Settings, child: Child, log: Path) -> Sandbox:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = words[-1] if words else "it said nothing"
        error = FixConfig if child.wait() == 2 else RetryLater
        raise error(f"The sandbox did not start: {last} (all of it in {log})")
    ready = json.loads(line)
    return Sandbox(
        world=ready["world"]["name"],
        control=ready["control"],
        last_day=date.fromisoformat(ready["world"]["end"]),
        connections={
            source.connection: _connection(ready["vendors"][source.vendor])
            for source in settings.sources
            if source.vendor in ready["vendors"]
        },
        child=child,
    )


def _connection(told: dict[str, Any]) -> str:
    return connection_json(
        base_url=told["base_url"], secret=told["token"], user=told.get("user", ""),
        extra=told.get("extra"),
    )  # fmt: skip
