"""Readings and snapshots: written once however often they are stored, revised when they change."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from include.errors import FixConfig
from include.warehouse.database import transaction
from include.warehouse.snapshots import (
    SnapshotRows,
    Stored,
    load_history,
    load_known_from,
    load_readings,
    load_series,
    register_scorecard,
    store_readings,
    store_snapshots,
)

NAN = float("nan")
ROOT = Path(__file__).parents[2]
EPOCH = date(1970, 1, 1)
DAY = 20_500  # 2026-02-16


@pytest.fixture
def card(store: Engine) -> int:
    with transaction(store) as connection:
        return register_scorecard(connection, name="retention", version=1, digest="a", body="yaml")


def day_of(number: int) -> date:
    return EPOCH + timedelta(days=number)


def readings_of(card: int, readings, *, first_account=1, day=DAY, basis="live", run_no=1):
    matrix = np.asarray(readings, float)
    return {
        "run_no": run_no, "scorecard_id": card, "basis": basis, "readings": matrix,
        "account_ids": np.arange(first_account, first_account + len(matrix), dtype=np.int32),
        "as_of_days": np.full(len(matrix), day, np.int32),
    }  # fmt: skip


def snapshots_of(
    card: int, accounts: int = 3, *, day: int = DAY, basis: str = "live", seed: int = 1
):
    """Build snapshots in which every column has a value that no other has, and gaps."""
    generator = np.random.default_rng(seed)

    def some(*shape):
        values = generator.uniform(0, 100, (accounts, *shape))
        values[::3] = NAN
        return values

    return SnapshotRows(
        scorecard_id=card, basis=basis, run_no=1,
        account_ids=np.arange(1, accounts + 1, dtype=np.int32),
        as_of_days=np.full(accounts, day, np.int32),
        score=some(), raw=some(), floor=some(), ceiling=some(),
        coverage=generator.random(accounts),
        band=generator.integers(-1, 3, accounts), bands=["red", "yellow", "green"],
        change_7d=some(), change_30d=some(), change_90d=some(), slope_30d=some(),
        direction=generator.integers(-1, 3, accounts), directions=["down", "flat", "up"],
        categories=some(2), points=some(4), readings=some(4),
        drivers=generator.integers(-1, 4, (accounts, 3)).astype(np.int16),
    )  # fmt: skip


def save(store: Engine, rows) -> Stored:
    with transaction(store) as connection:
        if isinstance(rows, SnapshotRows):
            return store_snapshots(connection, rows)
        return store_readings(connection, **rows)


def count(store: Engine, table: str) -> int:
    with transaction(store) as connection:
        return connection.execute(text(f"select count(*) from health.{table}")).scalar_one()


def limits(card: int, first: int = DAY, last: int = DAY) -> dict:
    return {
        "scorecard_id": card, "first_account": 1, "last_account": 2**31 - 1,
        "first_day": day_of(first), "last_day": day_of(last),
    }  # fmt: skip


def test_a_released_scorecard_never_changes(store, card):
    with transaction(store) as connection:
        known = {"name": "retention", "version": 1}
        assert register_scorecard(connection, **known, digest="a", body="yaml") == card
        second = register_scorecard(connection, name="retention", version=2, digest="b", body="x")
        assert second != card
        with pytest.raises(FixConfig, match=r"retention version 1 has changed.*version 2"):
            register_scorecard(connection, **known, digest="b", body="other")


def test_every_column_of_a_snapshot_arrives_in_its_place(store, card):
    rows = snapshots_of(card, accounts=50)
    assert save(store, rows) == Stored(inserted=50, unchanged=0, revised=0)
    with transaction(store) as connection:
        found = connection.execute(text("select * from health.snapshot order by account_id")).all()
    assert len(found) == 50
    for place, row in enumerate(found):
        assert (row.account_id, row.as_of) == (place + 1, day_of(DAY))
        assert (row.scorecard_id, row.basis, row.revision, row.run_no) == (card, "live", 0, 1)
        for name in ("score", "raw", "floor", "ceiling", "change_7d", "change_30d", "change_90d",
                     "slope_30d"):  # fmt: skip
            value = getattr(rows, name)[place]
            assert getattr(row, name) == (None if np.isnan(value) else value)
        assert row.coverage == rows.coverage[place]
        assert row.band == ["red", "yellow", "green", "unknown"][rows.band[place]]
        assert row.direction == ["down", "flat", "up", "unknown"][rows.direction[place]]
        for name in ("categories", "points", "readings", "drivers"):
            np.testing.assert_array_equal(getattr(row, name), getattr(rows, name)[place])


def test_storing_again_writes_nothing(store, card):
    rows = snapshots_of(card)
    readings = readings_of(card, [[1.0, NAN], [0.0, 2.0]])
    assert [save(store, rows), save(store, readings)] == [Stored(3, 0, 0), Stored(2, 0, 0)]
    other_run = replace(rows, run_no=2)
    assert [save(store, other_run), save(store, readings)] == [Stored(0, 3, 0), Stored(0, 2, 0)]
    assert [count(store, "snapshot"), count(store, "reading")] == [3, 2]


def test_what_is_no_change_is_none(store, card):
    save(store, readings_of(card, [[0.0, NAN]]))
    wild_nan = np.array([[-0.0, 0.0]])
    wild_nan.view(np.uint64)[0, 1] = 0xFFF8_0000_0000_0001
    assert save(store, readings_of(card, wild_nan)) == Stored(0, 1, 0)


def one_changed(rows: SnapshotRows, name: str) -> SnapshotRows:
    changed = getattr(rows, name).copy()
    before = changed[1] if changed.ndim == 1 else changed[1, -1]
    after = before - 1 if name in ("band", "direction", "drivers") else np.nextafter(before, 1e9)
    if changed.ndim == 1:
        changed[1] = after if after >= -1 else 0
    else:
        changed[1, -1] = after
    return replace(rows, **{name: changed})


@pytest.mark.parametrize(
    "name",
    ["score", "raw", "floor", "ceiling", "coverage", "band", "change_7d", "change_30d",
     "change_90d", "slope_30d", "direction", "categories", "points", "readings", "drivers"],
)  # fmt: skip
def test_the_smallest_change_of_any_column_is_a_revision_of_that_row(store, card, name):
    rows = snapshots_of(card)
    save(store, rows)
    assert save(store, one_changed(rows, name)) == Stored(inserted=0, unchanged=2, revised=1)
    with transaction(store) as connection:
        found = connection.execute(
            text("select account_id, revision from health.snapshot order by account_id, revision")
        ).all()
    assert found == [(1, 0), (2, 0), (2, 1), (3, 0)]


def test_revisions_count_up_and_the_newest_one_is_compared(store, card):
    for value, expected in [(1.0, (1, 0, 0)), (2.0, (0, 0, 1)), (1.0, (0, 0, 1)), (1.0, (0, 1, 0))]:
        assert save(store, readings_of(card, [[value]])) == Stored(*expected)
    with transaction(store) as connection:
        found = connection.execute(
            text("select revision, readings from health.reading order by revision")
        ).all()
        assert found == [(0, [1.0]), (1, [2.0]), (2, [1.0])]
        _, _, newest = load_readings(connection, basis="live", measures=1, **limits(card))
    assert newest.tolist() == [[1.0]]


def test_known_and_unknown_accounts_mix(store, card):
    save(store, readings_of(card, [[1.0], [2.0], [3.0]], first_account=10))
    again = readings_of(card, [[9.0], [1.0], [2.5], [3.0], [4.0]], first_account=9)
    assert save(store, again) == Stored(inserted=2, unchanged=2, revised=1)


def test_scorecards_bases_and_days_stand_apart(store, card):
    with transaction(store) as connection:
        other = register_scorecard(connection, name="adoption", version=1, digest="a", body="")
    variants = [
        readings_of(card, [[1.0]]),
        readings_of(other, [[1.0]]),
        readings_of(card, [[1.0]], basis="reconstructed"),
        readings_of(card, [[1.0]], day=DAY + 1),
        readings_of(card, [[1.0]], day=DAY - 400),
    ]
    assert [save(store, rows) for rows in variants] == [Stored(1, 0, 0)] * 5
    assert [save(store, rows) for rows in variants] == [Stored(0, 1, 0)] * 5


def test_rows_may_come_in_any_order_but_only_once(store, card):
    rows = readings_of(card, [[float(n)] for n in range(100)])
    shuffled = np.random.default_rng(3).permutation(100)
    mixed = {
        name: rows[name][shuffled] for name in ("account_ids", "as_of_days", "readings")
    }  # fmt: skip
    assert save(store, rows | mixed) == Stored(100, 0, 0)
    assert save(store, rows) == Stored(0, 100, 0)
    twice = {name: np.repeat(rows[name][:2], 2, axis=0) for name in mixed}
    with pytest.raises(ValueError, match="account 1 has two rows for 2026-02-16"):
        save(store, rows | twice)


def test_nothing_to_store_is_no_error(store, card):
    assert save(store, readings_of(card, np.empty((0, 3)))) == Stored(0, 0, 0)
    assert save(store, snapshots_of(card, accounts=0)) == Stored(0, 0, 0)


def test_an_unknown_scorecard_is_refused(store, card):
    with pytest.raises(FixConfig, match="no scorecard 77"):
        save(store, readings_of(77, [[1.0]]))


def test_a_range_over_many_months_is_one_write(store, card):
    days = np.arange(DAY, DAY + 400, dtype=np.int32)
    rows = {
        "run_no": 1, "scorecard_id": card, "basis": "reconstructed",
        "account_ids": np.tile(np.array([1, 2], np.int32), 400), "as_of_days": np.repeat(days, 2),
        "readings": np.arange(1600.0).reshape(800, 2),
    }  # fmt: skip
    assert save(store, rows) == Stored(800, 0, 0)
    assert save(store, rows) == Stored(0, 800, 0)
    with transaction(store) as connection:
        accounts, found_days, readings = load_readings(
            connection, basis="reconstructed", measures=2, **limits(card, DAY, DAY + 399)
        )
    np.testing.assert_array_equal(accounts, rows["account_ids"])
    np.testing.assert_array_equal(found_days, rows["as_of_days"])
    np.testing.assert_array_equal(readings, rows["readings"])


def test_readings_are_limited_to_what_is_asked_for(store, card):
    for day in (DAY - 1, DAY, DAY + 1):
        save(store, readings_of(card, [[float(day)]] * 5, day=day))
    save(store, readings_of(card, [[0.0]] * 5, basis="reconstructed"))
    asked = limits(card) | {"first_account": 2, "last_account": 4}
    with transaction(store) as connection:
        accounts, days, readings = load_readings(connection, basis="live", measures=1, **asked)
        assert accounts.tolist() == [2, 3, 4]
        assert set(days.tolist()) == {DAY}
        assert readings.tolist() == [[float(DAY)]] * 3
        with pytest.raises(ValueError, match="1 measures, not 2"):
            load_readings(connection, basis="live", measures=2, **asked)
        nothing = load_readings(connection, basis="live", measures=7, **limits(card, 0, 5))
        assert nothing[2].shape == (0, 7)


def test_history_shows_the_newest_revision_live_before_reconstructed(store, card):
    def scores(values, day, basis):
        rows = snapshots_of(card, accounts=len(values), day=day, basis=basis)
        return replace(rows, score=np.array(values))

    save(store, scores([10.0, 20.0], DAY, "reconstructed"))
    save(store, scores([11.0, NAN], DAY, "reconstructed"))
    save(store, scores([50.0], DAY + 2, "live"))
    save(store, scores([60.0, 61.0], DAY + 2, "reconstructed"))
    with transaction(store) as connection:
        accounts, days, found = load_history(connection, **limits(card, DAY - 1, DAY + 2))
    assert accounts.tolist() == [1, 2]
    assert days.tolist() == [DAY - 1, DAY, DAY + 1, DAY + 2]
    np.testing.assert_array_equal(found, [[NAN, 11.0, NAN, 50.0], [NAN, NAN, NAN, 61.0]])


def test_no_history_is_an_empty_matrix(store, card):
    with transaction(store) as connection:
        accounts, days, found = load_history(connection, **limits(card, DAY, DAY + 9))
    assert (len(accounts), len(days), found.shape) == (0, 10, (0, 10))


SERIES = """
insert into health.series (name, role) values ('clicks', 'usage'), ('silence', 'usage');
insert into health.account_day (series_id, account_id, day, value)
select series_id, account_id, day, account_id + 0.5
from health.series, generate_series(1, 5) as account_id,
    generate_series(date '2026-01-01', '2026-01-10', '1 day') as day
where name = 'clicks';
insert into health.known_from values
(1, 'usage', '2025-12-01'), (2, 'usage', '2026-01-05'), (2, 'billing', '2024-02-29'),
(9, 'crm', '2024-01-01')
"""


def test_series_are_read_up_to_a_day_for_a_range_of_accounts(store):
    names, shard = ["clicks", "silence", "never heard of"], {"first_account": 2, "last_account": 3}
    with transaction(store) as connection:
        connection.execute(text(SERIES))
        found = load_series(connection, names, last_day=date(2026, 1, 4), **shard)
        known = load_known_from(connection, **shard)
    account_ids, days, values = found["clicks"]
    new_year = (date(2026, 1, 1) - EPOCH).days
    assert sorted(zip(account_ids.tolist(), days.tolist(), values.tolist(), strict=True)) == [
        (account, new_year + day, account + 0.5) for account in (2, 3) for day in range(4)
    ]
    assert [len(column) for name in names[1:] for column in found[name]] == [0] * 6
    assert {role: (a.tolist(), d.tolist()) for role, (a, d) in known.items()} == {
        "usage": ([2], [new_year + 4]),
        "billing": ([2], [(date(2024, 2, 29) - EPOCH).days]),
    }


def test_a_transaction_that_fails_leaves_no_row_behind(store, card):
    rows = snapshots_of(card, accounts=100)

    def store_and_fail():
        with transaction(store) as connection:
            assert store_snapshots(connection, rows).inserted == 100
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    assert count(store, "snapshot") == 0
    assert save(store, rows) == Stored(100, 0, 0)


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
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with transaction(store) as connection:
            if connection.execute(text(ROWS_BEING_COPIED)).scalar_one():
                return
        time.sleep(0.005)
    raise AssertionError("the writer never came to write")


def test_a_writer_killed_half_way_leaves_nothing_and_the_next_one_finishes(store, card):
    writer = subprocess.Popen(
        [sys.executable, "-c", ENDLESS_WRITER, str(card)], text=True, stdin=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    writer.stdin.write(store.url.render_as_string(hide_password=False))
    writer.stdin.close()
    wait_until_copying(store)
    writer.kill()
    assert writer.wait() == -signal.SIGKILL
    assert count(store, "reading") == 0
    assert save(store, readings_of(card, np.ones((20_000, 3)))) == Stored(20_000, 0, 0)


def test_writers_at_the_same_time_take_turns(store, card):
    rows, stored = snapshots_of(card, accounts=2000), []
    start = threading.Barrier(4)

    def write() -> None:
        start.wait()
        stored.append(save(store, rows))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(one.inserted for one in stored) == [0, 0, 0, 2000]
    assert sorted(one.unchanged for one in stored) == [0, 2000, 2000, 2000]
    assert count(store, "snapshot") == 2000


def test_a_month_can_be_opened_while_another_writer_is_at_work(store, card):
    with transaction(store) as connection:
        store_readings(connection, **readings_of(card, [[1.0]]))
        other = readings_of(card, [[1.0]], basis="reconstructed", day=DAY + 200)
        assert save(store, other) == Stored(1, 0, 0), "a second writer need not wait for the first"
    assert count(store, "reading") == 2
