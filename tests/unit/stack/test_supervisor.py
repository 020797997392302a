import json
import os
import signal
import socket
import stat
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from include.errors import FixConfig, RetryLater
from include.stack.children import session_members
from include.stack.state import State
from include.stack.supervisor import (
    USER,
    WATCHED,
    airflow_settings,
    password_file,
    refuse_taken,
    running,
    wait_until_healthy,
    watch,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
FALL = [sys.executable, "-c", "import sys; sys.exit('something broke')"]


@pytest.fixture
def monitor():
    """Answers as Airflow's health endpoint does; `answers` are used up, the last one stays."""

    class Monitor(BaseHTTPRequestHandler):
        def do_GET(self):
            body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(200 if self.path == "/api/v2/monitor/health" else 404)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    answers = ["{}"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Monitor)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, answers
    server.shutdown()
    server.server_close()


def health(**changes):
    return json.dumps({name: {"status": changes.get(name, "healthy")} for name in WATCHED})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(FixConfig, match=f"Port {port} .*`health up --port`"):
            refuse_taken(port)
    refuse_taken(port)


def test_the_password_is_made_once_for_its_owner_only(tmp_path):
    state = State(tmp_path)
    state.airflow.mkdir()
    path = password_file(state)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = path.read_text()
    assert len(json.loads(made)[USER]) >= 20
    assert password_file(state).read_text() == made
    assert [entry.name for entry in state.airflow.iterdir()] == [path.name]


def test_everything_is_on_loopback_and_the_password_is_told_as_a_path(tmp_path):
    state = State(tmp_path)
    state.airflow.mkdir()
    told = airflow_settings(state, 8123)
    assert told["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert told["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"
    password = json.loads(password_file(state).read_text())[USER]
    assert password not in json.dumps(told)


def test_healthy_means_every_watched_part(tmp_path, monitor):
    port, answers = monitor
    answers[:] = ["not JSON", health(scheduler="unhealthy"), health(triggerer=None), health()]
    with running("part", SLEEP, dict(os.environ), tmp_path) as part:
        wait_until_healthy([part], port, WATCHED)
    assert answers == [health()]


def test_what_does_not_become_healthy_is_named_with_where_to_look(tmp_path, monitor):
    port, answers = monitor
    answers[:] = [health(scheduler="unhealthy", triggerer=None)]
    with (
        running("part", SLEEP, dict(os.environ), tmp_path) as part,
        pytest.raises(RetryLater, match=f"scheduler, triggerer did not .* 1 s; .*{tmp_path}"),
    ):
        wait_until_healthy([part], port, WATCHED, timeout_s=1)


def test_nobody_waits_for_the_health_of_what_has_ended(tmp_path):
    with (
        running("whole", SLEEP, dict(os.environ), tmp_path) as whole,
        running("broken", FALL, dict(os.environ), tmp_path) as broken,
        pytest.raises(RetryLater, match=r"The broken ended by itself; .*broken\.log"),
    ):
        wait_until_healthy([whole, broken], free_port(), WATCHED)
    assert broken.log.read_text() == "something broke\n"


def test_one_part_that_ends_stops_the_watch_and_all_others(tmp_path):
    brief = [sys.executable, "-c", "import time; time.sleep(0.3)"]
    with (
        pytest.raises(RetryLater, match=r"The second ended by itself; all others are stopped"),
        running("first", SLEEP, dict(os.environ), tmp_path) as first,
        running("second", brief, dict(os.environ), tmp_path) as second,
    ):
        watch([first, second])
    assert first.child.returncode is not None
    assert session_members(first.child.pid) == []


def test_an_interrupt_stops_the_part(tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        running("part", SLEEP, dict(os.environ), tmp_path) as part,
    ):
        raise KeyboardInterrupt
    assert part.child.returncode == -signal.SIGTERM, "asked, not cut off after half a minute"
