"""The process that owns the embedded PostgreSQL; `embedded.py` starts it where none is alive.

It makes the cluster, starts the server, starts it again if it is killed, and stops it when no
process holds a lease any more. Killed itself, the next keeper adopts the running server.

Arguments: the folder, the descriptor of the locked `keeper.lock`, seconds to linger when idle.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from include.warehouse.cluster import (
    Trouble,
    find_binaries,
    make_cluster,
    small_environment,
    unprivileged,
    write_private,
)
from include.warehouse.server_files import disown_stale_process, running_port, server_pid

POLL_S = 0.2
MAX_LOG_BYTES = 10_000_000
ORPHANS = "pre-existing shared memory block"
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


def main() -> None:
    home, lock, linger_s = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    fcntl.fcntl(
        lock, fcntl.F_SETFD, fcntl.FD_CLOEXEC
    )  # held until this process ends, and by nobody else
    os.umask(0o077)
    detach()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit())
    try:
        keep(home, lock, linger_s)
    except Exception as error:
        if not owns(home, lock):
            raise
        write_private(home / "trouble", f"The embedded PostgreSQL: {error}")


def detach() -> None:
    """Let the caller go on at once and survive it: its terminal and its signals are not ours."""
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)


def keep(home: Path, lock: int, linger_s: float) -> None:
    """Run the server until nobody holds a lease for `linger_s`, or until SIGTERM or SIGINT.

    Where the folder is removed meanwhile, the server goes at once; what stands there then belongs
    to another keeper.
    """
    binaries = find_binaries(home)
    make_cluster(home, binaries)
    users = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    needed_at, child = time.monotonic(), None
    try:
        while owns(home, lock):
            if server_pid(home / "data") is None:
                child = start_server(home, binaries)
            time.sleep(POLL_S)
            bury_children()
            if not lock_exclusively(users):
                needed_at = time.monotonic()
            elif time.monotonic() - needed_at < linger_s:
                fcntl.flock(users, fcntl.LOCK_UN)
            else:
                break  # still under the lock: newcomers wait until the server has stopped
    finally:
        if owns(home, lock):
            stop_server(home / "data")
        elif child is not None:
            child.send_signal(signal.SIGQUIT)


def owns(home: Path, lock: int) -> bool:
    """Return whether the lock we hold is still the one in the folder."""
    try:
        return os.path.samestat(os.fstat(lock), (home / "keeper.lock").stat())
    except FileNotFoundError:
        return False


def lock_exclusively(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def bury_children() -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def start_server(home: Path, binaries: Path) -> subprocess.Popen[bytes]:
    """Start the server and return when it accepts connections, however long recovery takes.

    Three failures are Trouble (one may be a port taken in between); those because children of a
    killed server are still at work do not count, they end with their statement.
    """
    failures, words = 0, ""
    while failures < 3:
        child = launch(home, binaries)
        while child.poll() is None:
            if running_port(home / "data") is not None:
                return child
            time.sleep(0.02)
        words = last_words(home / "server.log")
        failures += ORPHANS not in words
        time.sleep(0.5)
    raise Trouble(f"the server does not start: {words} More in {home / 'server.log'}.")


def launch(home: Path, binaries: Path) -> subprocess.Popen[bytes]:
    disown_stale_process(home / "data")
    arguments = [f"--{name}={value}" for name, value in (SETTINGS | shared_memory()).items()]
    log_path = home / "server.log"
    if log_path.exists() and log_path.stat().st_size > MAX_LOG_BYTES:
        log_path.rename(home / "server.log.old")
    with log_path.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - binaries found by us, arguments are ours
            [binaries / "postgres", "-D", home / "data", f"--port={choose_port(home)}", *arguments],
            cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env=small_environment(), **unprivileged(),
        )  # fmt: skip


def shared_memory() -> dict[str, str]:
    """Where /dev/shm is as small as containers make it, parallel queries use files instead."""
    shm = Path("/dev/shm")  # noqa: S108 - only measured
    if shm.exists() and shutil.disk_usage(shm).total < 512 * 2**20:
        return {"dynamic_shared_memory_type": "mmap"}
    return {}


def last_words(log: Path) -> str:
    """Return the log's last complaints in one line."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        lines = file.read().decode("utf-8", "replace").splitlines()
    told = [line for line in lines if "FATAL:" in line or "HINT:" in line] or lines[-1:]
    return " ".join(line.partition("UTC ")[2] or line for line in told[-2:])


def choose_port(home: Path) -> int:
    """Return last time's port if it is free, else a new one, so that connections stay valid."""
    remembered = home / "port"
    known = remembered.read_text(encoding="utf-8").strip() if remembered.exists() else ""
    for port in (int(known) if known.isdecimal() else 0, 0):
        with socket.socket() as probe, contextlib.suppress(OSError, OverflowError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            chosen: int = probe.getsockname()[1]
            remembered.write_text(str(chosen), encoding="utf-8")
            return chosen
    raise Trouble("no free TCP port on 127.0.0.1.")


def stop_server(data: Path) -> None:
    """Ask for a fast shutdown and wait; after a minute insist, which costs a recovery next time."""
    pid = server_pid(data)
    for demand in (signal.SIGINT, signal.SIGQUIT):
        deadline = time.monotonic() + 60
        if pid is None or server_pid(data) != pid:
            return
        os.kill(pid, demand)
        while server_pid(data) == pid and time.monotonic() < deadline:
            time.sleep(0.05)
            bury_children()


if __name__ == "__main__":
    main()
