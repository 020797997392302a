"""Writers that fail, are killed, or come at the same time."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from include.warehouse.database import transaction
from include.warehouse.snapshots import Stored, store_readings, store_snapshots
from tests.patience import wait_until

ROOT = Path(__file__).parents[3]
DAY = 20_500  # 2026-02-16


def test_a_transaction_that_fails_leaves_no_row_behind(desk, store):
    rows = desk.snapshots(accounts=100)

    def store_and_fail():
        with transaction(store) as connection:
            assert store_snapshots(connection, rows).inserted == 100
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    assert desk.count("snapshot") == 0
    assert desk.save(rows) == Stored(100, 0, 0)


ENDLESS_WRITER = """
import sys
import numpy as np
from include.warehouse import snapshots
from include.warehouse.database import open_store, transaction

accounts = np.arange(1, 20_001, dtype=np.int32)
with transaction(open_store(sys.stdin.readline())) as connection:
    for day in range(20_500, 30_000):
        snapshots.store_readings(
            connection, run_no=1, scorecard_id=int(sys.argv[1]), basis="live", account_ids=accounts,
            as_of_days=np.full(20_000, day, np.int32), readings=np.ones((20_000, 3)),
        )
"""
ROWS_BEING_COPIED = """
select count(*) from pg_stat_progress_copy
where relid = to_regclass('health.reading') and tuples_processed > 0
"""


def wait_until_copying(store: Engine) -> None:
    def is_copying() -> bool:
        with transaction(store) as connection:
            return bool(connection.execute(text(ROWS_BEING_COPIED)).scalar_one())

    wait_until(is_copying, "the writer to write")


def test_a_writer_killed_half_way_leaves_nothing_and_the_next_one_finishes(desk, store):
    writer = subprocess.Popen(
        [sys.executable, "-c", ENDLESS_WRITER, str(desk.card)], text=True, stdin=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    writer.stdin.write(store.url.render_as_string(hide_password=False))
    writer.stdin.close()
    wait_until_copying(store)
    writer.kill()
    assert writer.wait() == -signal.SIGKILL
    assert desk.count("reading") == 0
    assert desk.save(desk.readings(np.ones((20_000, 3)))) == Stored(20_000, 0, 0)


def test_writers_at_the_same_time_take_turns(desk):
    rows, stored = desk.snapshots(accounts=2000), []
    start = threading.Barrier(4)

    def write() -> None:
        start.wait()
        stored.append(desk.save(rows))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(one.inserted for one in stored) == [0, 0, 0, 2000]
    assert sorted(one.unchanged for one in stored) == [0, 2000, 2000, 2000]
    assert desk.count("snapshot") == 2000


def test_writers_of_other_accounts_need_not_wait(desk, store):
    with transaction(store) as connection:
        store_readings(connection, **desk.readings([[1.0]] * 10))
        far = desk.readings([[1.0]] * 10, first_account=4096)
        assert desk.save(far) == Stored(10, 0, 0), "a second writer need not wait for the first"
    assert desk.count("reading") == 20


def test_a_month_can_be_opened_while_another_writer_is_at_work(desk, store):
    with transaction(store) as connection:
        store_readings(connection, **desk.readings([[1.0]]))
        other = desk.readings([[1.0]], basis="reconstructed", day=DAY + 200)
        assert desk.save(other) == Stored(1, 0, 0), "a second writer need not wait for the first"
    assert desk.count("reading") == 2
