"""A sandbox in operation: nine vendors and a control port, over one world."""

import fcntl
import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from sandbox.control import build_control
from sandbox.doors import VENDORS
from sandbox.faults import Faults, FaultyApp
from sandbox.ports import LOOPBACK, Gate, Server, listen, stop_all
from sandbox.state import Clock, Journal, State
from sandbox.world.model import World

if TYPE_CHECKING:
    from sandbox.faults.message import App

JOURNAL_FILE = "journal.jsonl"
LOCK_FILE = "lock"

Grow = Callable[[World, date], World]


@contextmanager
def running(  # noqa: PLR0913 - all but the world are options
    world: World,
    *,
    limits: bool = True,
    high_volume: bool = False,
    state_dir: Path | None = None,
    port: int = 0,
    host: str = LOOPBACK,
    public_host: str = "",
    grow: Grow | None = None,
) -> Iterator["Sandbox"]:
    """Serve a world in background threads until the block ends.

    port 0 takes free ports; any other is the control port, with the vendors on the next nine.
    `host` is listened on; `public_host` is the name of it that clients are told, where it differs.
    `grow` makes the same world with a later end; by default simulated worlds can grow.
    ValueError when a port is taken, or another sandbox keeps its writes in `state_dir`.
    """
    with ExitStack() as stack:
        if state_dir is not None:
            stack.enter_context(_alone_in(state_dir))
        journal = Journal(state_dir / JOURNAL_FILE if state_dir else None)
        state = State(world, Clock(world.end), journal, limits=limits, high_volume=high_volume)
        sandbox = Sandbox(state, grow or _grow_simulated)
        sandbox.start(stack, port, host, public_host or host)
        yield sandbox


class Sandbox:
    """What `running` yields. `vendors` tells how to reach each vendor, `control` is a URL."""

    def __init__(self, state: State, grow: Grow) -> None:
        self.state = state
        self.vendors: dict[str, dict[str, Any]] = {}
        self.control = ""
        self._faults = Faults()
        self._gates = {name: Gate(self._now) for name in VENDORS}
        self._grow = grow
        self._growing = threading.Lock()
        self.on_advance: Callable[[], None] = lambda: None

    def start(self, stack: ExitStack, port: int, host: str, public_host: str) -> None:
        """Serve until the stack unwinds."""
        self._build_vendors()
        for gate in self._gates.values():
            gate.open()
        apps: dict[str, App] = {"control": build_control(self), **self._gates}
        servers: dict[str, Server] = {}
        stack.callback(lambda: stop_all([*servers.values()]))
        for place, (name, app) in enumerate(apps.items()):
            listener = listen(port + place if port else 0, host)
            servers[name] = Server(app, listener, name=public_host)
        for server in servers.values():
            server.wait_until_ready()
        self.control = servers["control"].url
        self.vendors = {
            name: {"base_url": servers[name].url, **door.describe()}
            for name, door in self.state.doors.items()
        }

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The rules in force, each with how often it was met (`seen`) and acted (`fired`)."""
        return self._faults.report()

    @faults.setter
    def faults(self, rows: object) -> None:
        self._faults.replace(rows)

    def describe(self) -> dict[str, Any]:
        """The ready line's content, which is also all that a client needs."""
        return {
            "ready": True,
            "world": self.describe_world(),
            "control": self.control,
            "vendors": self.vendors,
        }

    def describe_world(self) -> dict[str, Any]:
        world = self.state.world
        return {
            "name": world.name,
            "start": world.start.isoformat(),
            "end": world.end.isoformat(),
            "accounts": len(world["accounts"]),
        }

    def advance(self, to: date) -> None:
        """Let the world's days pass until `to`, included. ValueError when it lies behind."""
        with self._growing:
            if to < self.state.world.end:
                end = self.state.world.end
                raise ValueError(f"the world is at {end} already and cannot go back to {to}")
            self._exchange(self._grow(self.state.world, to))
            self.on_advance()

    def requests(self) -> list[dict[str, Any]]:
        """Requests so far by vendor, method, path template and status, with their counts."""
        return [
            {"vendor": name, **row} for name, gate in self._gates.items() for row in gate.requests()
        ]

    def reset_requests(self) -> None:
        for gate in self._gates.values():
            gate.reset_requests()

    def _exchange(self, world: World) -> None:
        """Put the vendors over another world, between two requests; all of them or none."""
        before = self.state.world, self.state.clock
        for gate in self._gates.values():
            gate.close()
        try:
            self.state.world, self.state.clock = world, Clock(world.end)
            self._build_vendors()
        except BaseException:
            self.state.world, self.state.clock = before
            raise
        finally:
            for gate in self._gates.values():
                gate.open()

    def _now(self) -> float:
        """World time, so that a client which trusts a vendor's Date sees the day of the records."""
        return self.state.clock.now().timestamp()

    def _build_vendors(self) -> None:
        vendors = {name: _build(name, self.state) for name in self._gates}
        for name, vendor in vendors.items():
            app = FaultyApp(vendor, name, self._faults, now=self._now)
            self._gates[name].lead_to(app, vendor)


@contextmanager
def _alone_in(state_dir: Path) -> Iterator[None]:
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / LOCK_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(
                f"another sandbox is at work in {state_dir}: stop it first (it belongs to a "
                "`health up` or `health run`), or use another --state folder"
            ) from None
        yield


def _build(name: str, state: State) -> FastAPI:
    app: FastAPI = importlib.import_module(f"sandbox.vendors.{name}").build(state)
    return app


def _grow_simulated(world: World, end: date) -> World:
    from sandbox.world.simulate import simulate

    if not world.asked_accounts:
        raise ValueError(f"world {world.name} was made from tables and has no later days")
    return simulate(accounts=world.asked_accounts, seed=world.seed, start=world.start, end=end)
