import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from include.stack.children import LOG_BYTES, ask_to_stop, bury, session_members, start
from tests.patience import PATIENCE_S, wait_until

# Starts a child in a process group of its own, as Airflow's task supervisor does, and says when.
PARENT = """
import os, signal, subprocess, sys, time
{before}
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=0)
print(child.pid, flush=True)
time.sleep(600)
"""
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
STARTER = """
import os, subprocess, sys, time
from pathlib import Path
from include.stack.children import start
command = [sys.executable, "-c", "import time; time.sleep(600)"]
child = start(command, dict(os.environ), Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def log(tmp_path):
    return tmp_path / "part.log"


def program(log, before=""):
    """Start PARENT; return it and the process id of what it started."""
    child = start([sys.executable, "-c", PARENT.format(before=before)], dict(os.environ), log)
    wait_until(lambda: log.read_text().endswith("\n") or child.poll() is not None, "its word")
    assert child.poll() is None
    return child, int(log.read_text())


def is_alive(pid):
    """Whether a process runs; one that only waits to be buried does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until_gone(pid):
    return wait_until(lambda: not is_alive(pid), "a process to end")


def test_what_a_child_started_in_another_process_group_goes_with_it(log):
    child, grandchild = program(log)
    assert session_members(child.pid) == sorted([child.pid, grandchild])
    assert is_alive(grandchild)
    ask_to_stop(child)
    bury(child, time.monotonic() + PATIENCE_S)
    assert child.returncode == -signal.SIGTERM
    assert wait_until_gone(grandchild)


def test_a_child_that_does_not_listen_is_stopped_at_the_deadline(log):
    child, grandchild = program(log, STUBBORN)
    ask_to_stop(child)
    began = time.monotonic()
    bury(child, began + 0.3)
    assert time.monotonic() - began >= 0.3
    assert child.returncode == -signal.SIGKILL
    assert wait_until_gone(grandchild)


def test_a_child_that_has_ended_already_is_buried_with_what_it_left(log):
    child, grandchild = program(log)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert is_alive(grandchild)
    ask_to_stop(child)
    bury(child, time.monotonic() + PATIENCE_S)
    assert wait_until_gone(grandchild)


def test_signals_of_the_terminal_do_not_reach_it(log):
    child, _ = program(log)
    assert os.getsid(child.pid) == os.getpgid(child.pid) == child.pid != os.getpgrp()
    ask_to_stop(child)
    bury(child, time.monotonic() + PATIENCE_S)


def test_output_may_go_elsewhere_than_to_the_log(log):
    child = start(
        [sys.executable, "-c", "import sys; print('out'); print('complaint', file=sys.stderr)"],
        dict(os.environ), log, output=subprocess.PIPE,
    )  # fmt: skip
    assert child.communicate(timeout=120)[0] == b"out\n"
    assert log.read_text() == "complaint\n"


def test_children_end_when_their_parent_is_killed(log):
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(log)], stdout=subprocess.PIPE, text=True
    )
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    parent.communicate(timeout=120)
    assert wait_until_gone(pid)


def test_a_log_keeps_what_was_said_before_and_is_begun_anew_when_it_is_large(log):
    def say(words):
        child = start([sys.executable, "-c", f"print({words!r})"], dict(os.environ), log)
        child.wait(timeout=120)

    say("first")
    say("second")
    assert log.read_text().splitlines() == ["first", "second"]
    with log.open("ab") as file:
        file.truncate(LOG_BYTES + 1)
    say("third")
    assert log.read_text().splitlines() == ["third"]
    assert log.with_suffix(".old").stat().st_size == LOG_BYTES + 1
