"""Programs that run beside us: each ends when we say so, and where the system can, when we die."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

SET_PARENT_DEATH_SIGNAL = 1  # linux/prctl.h
PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
LOG_BYTES = 10_000_000  # after which a log is begun anew, the old one beside it
Child = subprocess.Popen[bytes]


def start(
    command: Sequence[str], environment: dict[str, str], log: Path, *, output: int | None = None
) -> Child:
    """Start a program in a session of its own, so that Ctrl-C in the terminal reaches only us.

    log: gets what it says, after what earlier ones said: another one may be writing there still.
    output: where its standard output goes instead.
    """
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".old"))
    with log.open("ab") as file:
        return subprocess.Popen(  # noqa: S603 - our own programs
            command, env=environment, stdout=file if output is None else output, stderr=file,
            stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call, no lock, no allocation
        )  # fmt: skip


def ask_to_stop(child: Child) -> None:
    _signal_group(child, signal.SIGTERM)


def bury(child: Child, deadline: float) -> None:
    """Wait until the deadline (monotonic) for a child that was asked to stop; then insist.

    Nothing that it started is left, not even Airflow's tasks, which have process groups of their
    own: they are in the child's session still.
    """
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=max(0.1, deadline - time.monotonic()))
    _signal_group(child, signal.SIGKILL)
    for pid in session_members(child.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    child.wait()


def session_members(session: int) -> list[int]:
    """Return the processes of a session; none where the system does not list processes in files."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(int(entry.name)) == session:
                found.append(int(entry.name))
    return found


def _signal_group(child: Child, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _end_with_parent() -> None:
    """Runs in the child: have it stopped when we are killed and cannot do so (Linux only)."""
    if PRCTL is not None:
        PRCTL(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
