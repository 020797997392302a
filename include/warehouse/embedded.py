"""A private PostgreSQL for people who have none: started on demand, stopped when nobody needs it.

Every process that uses the server holds a *lease*: a shared lock on one file. A small keeper
process (`keeper.py`) owns the server and stops it once no lease is left, which the operating
system tells it even when a user of the server was killed. Password by scram, TCP on loopback only,
data readable by its owner alone.

Run as root, PostgreSQL refuses to start, so the server runs as `nobody`; where the project's folder
cannot be entered by that user, data and binaries live elsewhere instead (see `home_of`).
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from include.errors import FixConfig, RetryLater
from include.warehouse.server_files import can_host, running_port

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 180.0
LINGER_S = 5.0
USER = "health"
# Where root keeps the data when `nobody` cannot enter the project's folder: nobody sweeps the first
# one, as systems do with temporary folders; the second is for systems whose /var/lib is read-only.
PUBLIC_PLACES = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - owner and mode are checked
# All that the keeper may know of our environment: it outlives us, and secrets stand in there too.
KEEPER_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "PYTHONPATH", "HEALTH_POSTGRES_BIN")


@dataclass(slots=True)
class Lease:
    """The right to use the server; it stays up as long as any process holds one."""

    port: int
    password: str = field(repr=False)
    lock: int | None = field(repr=False)

    def url(self, database: str) -> str:
        """Return a SQLAlchemy URL; it holds the password, so do not print it."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def close(self) -> None:
        """Give the lease back; a child forked meanwhile holds it on until it ends."""
        if self.lock is not None:
            os.close(self.lock)
        self.lock = None


@contextlib.contextmanager
def postgres(state: Path, *, linger_s: float = LINGER_S) -> Iterator[Lease]:
    """Hold a lease on the server whose files stand under `state`, starting it where needed.

    linger_s: how long an idle server waits for the next user, where this call starts its keeper.
    """
    lease = take_lease(state, linger_s=linger_s)
    try:
        yield lease
    finally:
        lease.close()


def take_lease(state: Path, *, linger_s: float = LINGER_S) -> Lease:
    """Start the server if it is down and keep it up until the lease is closed or this process ends.

    Raises FixConfig where `state` cannot be written or its server cannot be started, and RetryLater
    where the server did not come up in time.
    """
    with contextlib.ExitStack() as undo:
        try:
            home = home_of(state)
            lock = _open_lock(home / "users.lock")
            undo.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_SH)  # waits here while the server is being stopped
            port = _wait_until_ready(home, linger_s)
            lease = Lease(port, (home / "password").read_text(encoding="utf-8"), lock)
        except OSError as error:
            raise FixConfig(
                f"Cannot use the database folder {state}: {error.strerror}. Make it writable, or "
                "set HEALTH_DATABASE_URL to a PostgreSQL of your own."
            ) from error
        undo.pop_all()
    return lease


def create_database(lease: Lease, name: str) -> str:
    """Create a database if it is missing and return its URL."""
    import psycopg
    from psycopg import sql

    admin = lease.url("postgres").replace("+psycopg", "")
    try:
        with psycopg.connect(admin, autocommit=True, connect_timeout=10) as connection:
            connection.execute("select pg_advisory_lock(hashtext('create database'))")
            known = connection.execute("select 1 from pg_database where datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    except psycopg.OperationalError as error:
        told = " ".join(str(error).split())
        raise RetryLater(f"The embedded PostgreSQL on port {lease.port}: {told}.") from None
    return lease.url(name)


def home_of(state: Path) -> Path:
    """Return the folder that holds the server's files, made if missing, without symbolic links.

    It is `state` itself, except for root in a folder that `nobody` cannot enter (a home, a private
    temporary folder): then one below /var/lib or /var/tmp named after `state`, owned by root.
    """
    state = state.absolute()
    state.mkdir(parents=True, exist_ok=True)
    state = state.resolve()
    return state if can_host(state) else _public_home(state)


def _public_home(state: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    homes = [place / f"customer-health-{digest}" for place in PUBLIC_PLACES if can_host(place)]
    for home in sorted(homes, key=lambda home: not home.exists()):
        with contextlib.suppress(OSError):
            home.mkdir(exist_ok=True)
            if home.is_symlink() or home.stat().st_uid != 0:
                raise FixConfig(f"{home} belongs to somebody else. Remove it, then start again.")
            home.chmod(0o711)
            return home.resolve()
    raise FixConfig(
        f"The server's user cannot enter {state}, and no folder can be made in "
        f"{' or '.join(str(place) for place in PUBLIC_PLACES)}. Run as an ordinary user, or set "
        "HEALTH_DATABASE_URL to a PostgreSQL of your own."
    )


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _wait_until_ready(home: Path, linger_s: float) -> int:
    """Return the port of the running server, starting a keeper whenever there is none."""
    deadline = time.monotonic() + START_TIMEOUT_S
    is_first_asked = False
    while time.monotonic() < deadline:
        is_first_asked |= _start_keeper_if_missing(home, linger_s)
        port = running_port(home / "data")
        if port is not None:
            return port
        time.sleep(0.02)
        if is_first_asked:
            _raise_trouble(home)
    raise RetryLater(
        f"PostgreSQL did not start within {START_TIMEOUT_S:.0f} s; see {home / 'server.log'}."
    )


def _raise_trouble(home: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # none, or another caller asks a new keeper
        raise FixConfig((home / "trouble").read_text(encoding="utf-8"))


def _start_keeper_if_missing(home: Path, linger_s: float) -> bool:
    """Return whether this call started the keeper.

    Whoever can lock `keeper.lock` knows that no keeper is alive, and hands the lock on to the new
    one: so there is never a second.
    """
    lock = _open_lock(home / "keeper.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        (home / "trouble").unlink(missing_ok=True)
        _start_keeper(home, lock, linger_s)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _start_keeper(home: Path, lock: int, linger_s: float) -> None:
    known = {name: os.environ[name] for name in KEEPER_ENVIRONMENT if name in os.environ}
    path = os.pathsep.join([str(ROOT), known.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    log_path = home / "keeper.log"
    with os.fdopen(os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)) as log:
        done = subprocess.run(  # noqa: S603 - our own module; it detaches itself and returns at once
            [sys.executable, "-P", "-m", "include.warehouse.keeper", str(home), str(lock),
             str(linger_s)],
            cwd="/", env=known | {"PYTHONPATH": path}, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, pass_fds=[lock], start_new_session=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise FixConfig(f"The embedded PostgreSQL's keeper did not start; see {log_path}.")
