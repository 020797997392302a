"""A server of its own in a folder of its own, and other processes that use it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from include.warehouse.embedded import Lease, home_of, take_lease
from include.warehouse.server_files import server_pid
from tests.patience import wait_until

ROOT = Path(__file__).parents[3]
# Takes a lease, tells where the server is, and holds on until its input ends, or until Ctrl-C: it
# would inherit to ignore that where the tests run in a shell's background, and Python would sleep
# over one that comes just before it begins to read, so it is woken through a pipe.
HOLD = """
import os
import select
import signal
import sys
from pathlib import Path
from include.warehouse.embedded import postgres

woken, wake = os.pipe()
os.set_blocking(wake, False)
signal.set_wakeup_fd(wake)
signal.signal(signal.SIGINT, signal.default_int_handler)
with postgres(Path(sys.argv[1]), linger_s=float(sys.argv[2])) as lease:
    print(lease.port, lease.password, flush=True)
    select.select([sys.stdin, woken], [], [])
"""


def command_lines() -> dict[int, list[str]]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                found[int(folder.name)] = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
    return found


def parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def connect(port: int, password: str) -> psycopg.Connection:
    return psycopg.connect(
        host="127.0.0.1", port=port, user="health", password=password, dbname="postgres",
        autocommit=True, connect_timeout=120,
    )  # fmt: skip


@dataclass
class Holder:
    """Another process with a lease."""

    process: subprocess.Popen[str]
    port: int = 0
    password: str = ""

    def wait_until_ready(self) -> "Holder":
        told = self.process.stdout.readline().split()
        assert told, self.process.stderr.read()
        self.port, self.password = int(told[0]), told[1]
        return self

    def connect(self) -> psycopg.Connection:
        return connect(self.port, self.password)

    def close(self) -> str:
        """Let it give the lease back; return what it complained about."""
        return self.process.communicate()[1]


@dataclass
class Place:
    """A folder with a server whose keeper waits a moment only before it stops an idle server."""

    state: Path
    linger_s: float = 0.3
    leases: list[Lease] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return home_of(self.state)

    @property
    def server_pid(self) -> int | None:
        return server_pid(self.home / "data")

    @property
    def log(self) -> str:
        return (self.home / "server.log").read_text()

    def lease(self) -> Lease:
        self.leases.append(take_lease(self.state, linger_s=self.linger_s))
        return self.leases[-1]

    def connect(self) -> psycopg.Connection:
        lease = self.lease()
        return connect(lease.port, lease.password)

    def hold(
        self, *, python: str = sys.executable, user: Mapping | None = None, **environment: str
    ):
        """Start another process that takes a lease, and do not wait for it."""
        known = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        process = subprocess.Popen(
            [python, "-c", HOLD, str(self.state), str(self.linger_s)], text=True, cwd="/",
            env=known | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **(user or {}),
        )  # fmt: skip
        self.holders.append(Holder(process))
        return self.holders[-1]

    def keepers(self) -> list[int]:
        home = str(self.home)
        return [
            pid
            for pid, words in command_lines().items()
            if "include.warehouse.keeper" in words and home in words
        ]

    def servers(self) -> list[int]:
        """Leave out children that did not name themselves yet."""
        data = str(self.home / "data")
        found = [
            pid
            for pid, words in command_lines().items()
            if data in words and words[0].endswith("/postgres")
        ]
        return [pid for pid in found if parent_of(pid) not in found]

    def wait_until_stopped(self) -> None:
        for lease in self.leases:
            lease.close()
        for holder in self.holders:
            holder.process.kill()
            holder.process.communicate()
        wait_until(lambda: not self.keepers() and not self.servers(), "the server to stop")

    wait_for = staticmethod(wait_until)


def lend_folder() -> Iterator[Place]:
    """Make a folder that every user may enter; stop what runs there before it is removed."""
    folder = Path(tempfile.mkdtemp(prefix="health-test-"))
    folder.chmod(0o755)
    made = Place(folder / "state")
    yield made
    home = made.home
    made.wait_until_stopped()
    if folder not in home.parents:
        shutil.rmtree(home)
    shutil.rmtree(folder)


@pytest.fixture
def new_place() -> Iterator[Place]:
    """A folder in which no server ever was."""
    yield from lend_folder()


@pytest.fixture(scope="session")
def stopped() -> Iterator[Path]:
    """A folder with a cluster whose server was stopped, to be copied: making one takes longer."""
    folders = lend_folder()
    made = next(folders)
    made.lease()
    made.wait_until_stopped()
    yield made.state
    next(folders, None)


@pytest.fixture
def place(stopped: Path) -> Iterator[Place]:
    """A folder of its own with an empty cluster."""
    folders = lend_folder()
    made = next(folders)
    subprocess.run(["cp", "-a", stopped, made.state], check=True)
    yield made
    next(folders, None)
