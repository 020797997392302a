"""`health up` stopped by whatever stops it: nothing is left. Last of the tests that share one."""

import os
import signal
import socket
import subprocess

from tests.end_to_end.airflow_stack import HEALTH, PRINTED, STATE, STOP_S
from tests.end_to_end.processes import family, wait_until_gone


def test_sigterm_stops_everything(up):
    assert len(up.look()) >= 10
    code, left = up.stop(signal.SIGTERM)
    assert (code, left) == (130, set())
    assert PRINTED.read_text().endswith("\nStopped.\n")
    assert family(up.process.pid, str(STATE)) == {}


def test_a_part_that_dies_stops_everything_with_a_sentence(up, stack):
    victim = stack.part("-m sandbox serve")
    stack.part("airflow dag-processor")
    os.kill(victim, signal.SIGKILL)
    assert stack.ended() == (75, set())
    said = PRINTED.read_text().strip().splitlines()[-1]
    assert said.startswith("RetryLater: The sandbox ended by itself; all others are stopped. See")
    assert str(STATE / "logs" / "sandbox.log") in said


def test_an_interrupt_during_the_start_leaves_nothing(up, stack):
    stack.part("airflow dag-processor")
    assert stack.stop(signal.SIGINT) == (130, set())
    assert "Airflow is up" not in PRINTED.read_text()


def test_even_when_killed_it_leaves_nothing(up, stack):
    stack.part("airflow dag-processor")
    stack.look()
    stack.process.kill()
    stack.process.wait()
    assert wait_until_gone(stack.seen, STOP_S) == set()


def test_a_taken_port_is_refused_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [HEALTH, "up", "--port", port], capture_output=True, text=True, check=False, timeout=300
        )
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.startswith(f"FixConfig: Port {port} on 127.0.0.1 cannot be used")
