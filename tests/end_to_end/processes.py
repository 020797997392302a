"""Which processes a command left behind, and where they listen: read from /proc, as root or not."""

import contextlib
import os
import time
from pathlib import Path

LISTENING = "0A"  # a state in /proc/net/tcp
PROC = Path("/proc")


def family(root, mark):
    """Return process id -> words of `root`, what it started, and whatever has `mark` about it.

    Airflow's processes write over their environment and words, the database server has left the
    family: neither alone finds all.
    """
    parents, words, found = {}, {}, set()
    for entry in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state = (entry / "stat").read_text().rpartition(")")[2].split()
            words[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if state[0] != "Z":
                parents[int(entry.name)] = int(state[1])
            if mark in words[int(entry.name)] or mark.encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
    found |= {pid for pid in parents if root in ancestors(pid, parents)}
    return {pid: words[pid] for pid in found & set(parents) - {os.getpid()}}


def ancestors(pid, parents):
    """Yield a process and those above it."""
    while pid in parents:
        yield pid
        pid = parents[pid]


def listeners(pids):
    """Return the addresses, as hexadecimal words, on which processes accept connections."""
    sockets = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            sockets |= {str(entry.readlink()) for entry in (PROC / str(pid) / "fd").iterdir()}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in (PROC / "net" / table).read_text().splitlines()[1:]
    ]
    return [row[1] for row in rows if row[3] == LISTENING and f"socket:[{row[9]}]" in sockets]


def is_on_loopback(address):
    """Whether an address of /proc/net/tcp is in 127.0.0.0/8; one of tcp6 never is."""
    host, _, _ = address.partition(":")
    return len(host) == 8 and host.endswith("7F")


def wait_until_gone(pids, seconds):
    """Return the processes that are still there after so many seconds, as soon as none is."""
    deadline = time.monotonic() + seconds
    left = set(pids)
    while left and time.monotonic() < deadline:
        left = {pid for pid in left if is_running(pid)}
        time.sleep(0.1)
    return left


def is_running(pid):
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
