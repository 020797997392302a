"""A private PostgreSQL for people who have none: started on demand, stopped when nobody needs it.

Every process that uses the server holds a *lease*: a shared lock on one file. A small keeper
process (`keeper.py`) owns the server and stops it once no lease is left, which the operating
system tells it even when a user of the server was killed. Password by scram, TCP on loopback only,
data readable by its owner alone.

Run as root, PostgreSQL refuses to start, so the server runs as `nobody`; where the project's folder
cannot be entered by that user, data and binaries live under `/var/tmp` instead (see `home_of`).
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from include.errors import FixConfig, RetryLater

START_TIMEOUT_S = 60.0
USER = "health"


@dataclass(slots=True)
class Lease:
    """The right to use the server; it stays up as long as any process holds one."""

    port: int
    password: str = field(repr=False)
    _lock: int = field(repr=False)

    def url(self, database: str) -> str:
        """Return a SQLAlchemy URL; it holds the password, so do not print it."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def close(self) -> None:
        os.close(self._lock)


@contextlib.contextmanager
def postgres(state: Path) -> Iterator[Lease]:
    """Hold a lease on the server whose files stand under `state`, starting it where needed."""
    lease = take_lease(state)
    try:
        yield lease
    finally:
        lease.close()


def take_lease(state: Path) -> Lease:
    """Start the server if it is down and keep it up until the lease is closed or this process ends.

    Raises FixConfig where `state` cannot be written or holds another major version's data, and
    RetryLater where the server did not come up in time.
    """
    home = home_of(state)
    lock = _shared_lock(home / "users.lock")
    try:
        port = _wait_until_ready(home)
    except BaseException:
        os.close(lock)
        raise
    return Lease(port, (home / "password").read_text(encoding="utf-8"), lock)


def create_database(lease: Lease, name: str) -> str:
    """Create a database if it is missing and return its URL."""
    import psycopg
    from psycopg import sql

    admin = lease.url("postgres").replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('create database'))")
        known = connection.execute("select 1 from pg_database where datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return lease.url(name)


def home_of(state: Path) -> Path:
    """Return the folder that holds the server's files, made if missing, with its password.

    It is `state` itself, except for root in a folder that `nobody` cannot enter (a home, a private
    temporary folder): then one below /var/tmp named after `state`, owned by root.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        home = state if can_host(state) else _public_home(state)
        _write_password(home / "password")
    except OSError as error:
        raise FixConfig(
            f"Cannot write the database folder {state}: {error.strerror}. Make it writable, or set "
            "HEALTH_DATABASE_URL to a PostgreSQL of your own."
        ) from error
    return home


def can_host(folder: Path) -> bool:
    """Return whether the server's user can reach `folder`: always, unless we are root."""
    if os.geteuid() != 0:
        return True
    return all(
        path.stat().st_mode & 0o001 for path in (folder.resolve(), *folder.resolve().parents)
    )


def _public_home(state: Path) -> Path:
    digest = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:12]
    home = Path("/var/tmp") / f"customer-health-{digest}"  # noqa: S108 - owner is checked below
    home.mkdir(mode=0o711, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != 0:
        raise FixConfig(f"{home} belongs to somebody else. Remove it, then start again.")
    return home


def _write_password(path: Path) -> None:
    """Make the password once; of two processes that try at the same time, the first one wins."""
    if path.exists():
        return
    draft = path.with_name(f"password.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _shared_lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _wait_until_ready(home: Path) -> int:
    """Return the port of the running server, starting a keeper as often as one is missing."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        port = running_port(home / "data")
        if port is not None and keeper_is_alive(home):
            return port
        if not keeper_is_alive(home):
            _start_keeper(home)
        time.sleep(0.05)
        trouble = home / "trouble"
        if trouble.exists():
            raise FixConfig(trouble.read_text(encoding="utf-8"))
    raise RetryLater(
        f"PostgreSQL did not start within {START_TIMEOUT_S:.0f} s; see {home / 'server.log'}."
    )


def _start_keeper(home: Path) -> None:
    command = [sys.executable, "-m", "include.warehouse.keeper", str(home)]
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with (home / "keeper.log").open("ab") as log:
        subprocess.run(  # noqa: S603 - our own module; it detaches itself and returns at once
            command, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            check=True,
        )  # fmt: skip


def keeper_is_alive(home: Path) -> bool:
    """Return whether a keeper holds its lock; it may still be starting the server."""
    descriptor = os.open(home / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def running_port(data: Path) -> int | None:
    """Return the port of a server that accepts connections, from its own status file."""
    lines = _status_lines(data)
    if server_pid(data) is None or len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return int(lines[3])


def server_pid(data: Path) -> int | None:
    """Return the process id of the live server on these files, whoever started it.

    A status file left by a crash may name a process id that something else has by now, so where
    the system shows command lines (Linux), the process must name these files.
    """
    lines = _status_lines(data)
    if not lines or not lines[0].isdecimal():
        return None
    try:
        os.kill(int(lines[0]), 0)
        command = Path(f"/proc/{lines[0]}/cmdline")
        known = not command.parent.parent.joinpath("self").exists()
        return int(lines[0]) if known or str(data).encode() in command.read_bytes() else None
    except OSError:
        return None


def _status_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
