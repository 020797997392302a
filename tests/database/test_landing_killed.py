"""A landing that dies: by SIGKILL at its worst moments, or because the database goes away."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from include.errors import RetryLater
from include.warehouse.landing import Landed, land, last_state
from include.warehouse.page import Page
from tests.patience import wait_until

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 1)
COUNT = 9_000
# Lands COUNT records in pages of 500, says each page, and waits for ever before page `stop`.
LANDING = """
import os, sys, time
from datetime import date
from include.warehouse.database import open_store
from include.warehouse.landing import land
from include.warehouse.page import Page

def pages():
    for start in range(0, {count}, 500):
        if start == int(sys.argv[1]):
            print("there", flush=True)
            time.sleep(3600)
        yield Page([{{"id": n, "text": "x" * 400}} for n in range(start, start + 500)])
    print("there", flush=True)

land(open_store(os.environ["STORE"]), run_id="r", as_of=date(2026, 11, 1), source="desk",
     vendor="zendesk", stream="tickets", pages=pages())
"""


def put(store: Engine) -> Landed:
    page = Page([{"id": n, "text": "x" * 400} for n in range(COUNT)], state={"cursor": 1})
    return land(
        store, run_id="r", as_of=DAY, source="desk", vendor="zendesk", stream="tickets",
        pages=[page],
    )  # fmt: skip


def count(store: Engine, table: str) -> int:
    with store.begin() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


@pytest.fixture
def killed(store: Engine) -> Callable[[int], None]:
    """Start a landing in a process of its own, and kill it when it has said where it is."""

    def kill_at(stop: int) -> None:
        address = store.url.render_as_string(hide_password=False)
        with subprocess.Popen(
            [sys.executable, "-c", LANDING.format(count=COUNT), str(stop)],
            env={**os.environ, "STORE": address, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stdout.readline() == "there\n"
            process.send_signal(signal.SIGKILL)

    return kill_at


def put_when_free(store: Engine) -> Landed:
    """The server may take a moment to notice that the dead one is dead."""

    def landed() -> Landed | None:
        with contextlib.suppress(RetryLater):
            return put(store)
        return None

    return wait_until(landed, "the lock of a dead landing")


@pytest.mark.parametrize("stop", [0, 8_500, COUNT])
def test_a_killed_landing_counts_for_nothing_and_the_next_one_for_all(store, killed, stop):
    killed(stop)
    assert count(store, "raw.waiting") == 0 or stop == COUNT
    done = put_when_free(store)
    assert done.received == COUNT
    assert done.changed + done.unchanged == COUNT
    assert count(store, "raw.waiting") == count(store, "raw.record") == COUNT
    assert last_state(store, "desk", "tickets") == {"cursor": 1}


def test_killed_again_and_again_nothing_is_left_behind(store, killed):
    for stop in (4_000, 8_500):
        killed(stop)
    put_when_free(store)
    assert count(store, "raw.record") == COUNT
    assert count(store, "raw.batch where landed_at is null") == 0


def test_a_database_that_goes_away_in_mid_run_is_worth_a_retry(store):
    def pages():
        yield Page([{"id": 1, "text": "x" * 2_000_000}])
        with store.connect() as connection:
            connection.execute(
                text(
                    "select pg_terminate_backend(pid, 60000) from pg_stat_activity "
                    "where datname = current_database() and pid <> pg_backend_pid()"
                )
            )
        yield Page([{"id": 2, "text": "x" * 2_000_000}])

    with pytest.raises(RetryLater, match="did not answer"):
        land(
            store, run_id="r", as_of=DAY, source="desk", vendor="zendesk", stream="tickets",
            pages=pages(),
        )  # fmt: skip
    assert count(store, "raw.waiting") == 0
    assert put_when_free(store).changed == COUNT
