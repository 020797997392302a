"""Readings and snapshots are written once however often they are stored, and revised on change."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import text

from include.errors import FixConfig
from include.warehouse.database import transaction
from include.warehouse.histories import load_readings
from include.warehouse.intern import Coded
from include.warehouse.snapshots import (
    NEVER,
    THE_DAYS,
    SnapshotRows,
    Standing,
    Stored,
    register_scorecard,
)

NAN = float("nan")
DAY = 20_500  # 2026-02-16


def test_a_released_scorecard_never_changes(desk, store):
    with transaction(store) as connection:
        known = {"name": "retention", "version": 1}
        assert register_scorecard(connection, **known, digest="a", body="yaml") == desk.card
        second = register_scorecard(connection, name="retention", version=2, digest="b", body="x")
        assert second != desk.card
        with pytest.raises(FixConfig, match=r"retention version 1 has changed.*version 2"):
            register_scorecard(connection, **known, digest="b", body="other")


def test_a_scorecard_s_id_stays_small_however_often_it_is_registered(desk, store):
    with transaction(store) as connection:
        for _ in range(50):
            register_scorecard(connection, name="retention", version=1, digest="a", body="yaml")
        new = register_scorecard(connection, name="retention", version=2, digest="b", body="x")
    assert new == desk.card + 1, "its numbers end at 32,767"


def test_every_column_of_a_snapshot_arrives_in_its_place(desk, store):
    """Requirement 001-21."""
    rows = desk.snapshots(accounts=50)
    assert desk.save(rows) == Stored(inserted=50, unchanged=0, revised=0)
    with transaction(store) as connection:
        found = connection.execute(text("select * from health.snapshot order by account_id")).all()
    assert len(found) == 50
    for place, row in enumerate(found):
        assert (row.account_id, row.as_of) == (place + 1, date(2026, 2, 16))
        assert (row.scorecard_id, row.basis, row.revision, row.run_no) == (desk.card, "live", 0, 1)
        for name in ("score", "raw", "floor", "ceiling", "change_7d", "change_30d", "change_90d",
                     "slope_30d"):  # fmt: skip
            value = getattr(rows, name)[place]
            assert getattr(row, name) == (None if np.isnan(value) else value)
        assert row.coverage == rows.coverage[place]
        assert row.band == ["red", "yellow", "green", "unknown"][rows.band[place]]
        assert row.direction == ["down", "flat", "up", "unknown"][rows.direction[place]]
        p, streak, since, code = (
            getattr(rows.standing, name)[place]
            for name in ("slope_p", "streak_days", "below_since", "confirmed")
        )
        assert (row.slope_p, row.streak_days) == (None if np.isnan(p) else p, streak)
        assert row.below_since == (None if since == NEVER else date(2026, 2, 7))
        assert row.confirmed_band == [None, "unknown", "red", "yellow", "green"][code + 2]
        for name in ("categories", "points", "readings", "drivers"):
            np.testing.assert_array_equal(getattr(row, name), getattr(rows, name)[place])


def test_storing_again_writes_nothing(desk):
    rows = desk.snapshots()
    readings = desk.readings([[1.0, NAN], [0.0, 2.0]])
    assert [desk.save(rows), desk.save(readings)] == [Stored(3, 0, 0), Stored(2, 0, 0)]
    other_run = replace(rows, run_no=2)
    assert [desk.save(other_run), desk.save(readings)] == [Stored(0, 3, 0), Stored(0, 2, 0)]
    assert [desk.count("snapshot"), desk.count("reading")] == [3, 2]


def test_what_is_no_change_is_none(desk):
    desk.save(desk.readings([[0.0, NAN]]))
    wild_nan = np.array([[-0.0, 0.0]])
    wild_nan.view(np.uint64)[0, 1] = 0xFFF8_0000_0000_0001
    assert desk.save(desk.readings(wild_nan)) == Stored(0, 1, 0)


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
    ["score", "base", "raw", "floor", "ceiling", "coverage", "band", "change_7d", "change_30d",
     "change_90d", "slope_30d", "direction", "categories", "points", "readings", "drivers"],
)  # fmt: skip
def test_the_smallest_change_of_any_column_is_a_revision_of_that_row(desk, store, name):
    rows = desk.snapshots()
    desk.save(rows)
    assert desk.save(one_changed(rows, name)) == Stored(inserted=0, unchanged=2, revised=1)
    with transaction(store) as connection:
        found = connection.execute(
            text("select account_id, revision from health.snapshot order by account_id, revision")
        ).all()
    assert found == [(1, 0), (2, 0), (2, 1), (3, 0)]


@pytest.mark.parametrize("name", ["slope_p", "streak_days", "below_since", "confirmed"])
def test_the_smallest_change_of_where_an_account_stands_is_a_revision_too(desk, name):
    rows = desk.snapshots()
    desk.save(rows)
    changed = getattr(rows.standing, name).copy()
    changed[1] = np.nextafter(changed[1], 1e9) if name == "slope_p" else changed[1] + 1
    standing = replace(rows.standing, **{name: changed})
    assert desk.save(replace(rows, standing=standing)) == Stored(0, 2, 1)


def test_rows_of_before_there_was_a_standing_are_what_they_were(desk):
    zero, rows = np.zeros(3, np.uint64), desk.snapshots()
    rows = replace(
        rows, base=rows.score, fired=zero, undecided=zero, context=None, standing=None
    )  # fmt: skip
    desk.save(rows)
    nothing = Standing(
        np.full(3, NAN), np.zeros(3, np.int16), np.full(3, NEVER), np.full(3, THE_DAYS)
    )
    assert desk.save(replace(rows, standing=nothing)) == Stored(0, 3, 0)


@pytest.mark.parametrize("name", ["fired", "undecided", "context"])
def test_another_rule_or_context_is_a_revision_of_that_row(desk, name):
    rows = desk.snapshots()
    desk.save(rows)
    if name == "context":
        codes = rows.context.codes.copy()
        codes[1] = 0 if codes[1] else 1
        changed = replace(rows, context=Coded(codes, rows.context.words))
    else:
        bits = getattr(rows, name).copy()
        bits[1] ^= np.uint64(1)
        changed = replace(rows, **{name: bits})
    assert desk.save(changed) == Stored(inserted=0, unchanged=2, revised=1)


def test_revisions_count_up_and_the_newest_one_is_compared(desk, store):
    for value, expected in [(1.0, (1, 0, 0)), (2.0, (0, 0, 1)), (1.0, (0, 0, 1)), (1.0, (0, 1, 0))]:
        assert desk.save(desk.readings([[value]])) == Stored(*expected)
    with transaction(store) as connection:
        found = connection.execute(
            text("select revision, readings from health.reading order by revision")
        ).all()
        assert found == [(0, [1.0]), (1, [2.0]), (2, [1.0])]
        _, _, newest = load_readings(connection, basis="live", measures=1, **desk.limits())
    assert newest.tolist() == [[1.0]]


def test_known_and_unknown_accounts_mix(desk):
    desk.save(desk.readings([[1.0], [2.0], [3.0]], first_account=10))
    again = desk.readings([[9.0], [1.0], [2.5], [3.0], [4.0]], first_account=9)
    assert desk.save(again) == Stored(inserted=2, unchanged=2, revised=1)


def test_scorecards_bases_and_days_stand_apart(desk, store):
    with transaction(store) as connection:
        other = register_scorecard(connection, name="adoption", version=1, digest="a", body="")
    variants = [
        desk.readings([[1.0]]),
        desk.readings([[1.0]]) | {"scorecard_id": other},
        desk.readings([[1.0]], basis="reconstructed"),
        desk.readings([[1.0]], day=DAY + 1),
        desk.readings([[1.0]], day=DAY - 400),
    ]
    assert [desk.save(rows) for rows in variants] == [Stored(1, 0, 0)] * 5
    assert [desk.save(rows) for rows in variants] == [Stored(0, 1, 0)] * 5


def test_rows_may_come_in_any_order_but_only_once(desk):
    rows = desk.readings([[float(n)] for n in range(100)])
    shuffled = np.random.default_rng(3).permutation(100)
    mixed = {
        name: rows[name][shuffled] for name in ("account_ids", "as_of_days", "readings")
    }  # fmt: skip
    assert desk.save(rows | mixed) == Stored(100, 0, 0)
    assert desk.save(rows) == Stored(0, 100, 0)
    twice = {name: np.repeat(rows[name][:2], 2, axis=0) for name in mixed}
    with pytest.raises(ValueError, match="account 1 has two rows for 2026-02-16"):
        desk.save(rows | twice)


def test_nothing_to_store_is_no_error(desk):
    assert desk.save(desk.readings(np.empty((0, 3)))) == Stored(0, 0, 0)
    assert desk.save(desk.snapshots(accounts=0)) == Stored(0, 0, 0)


def test_an_unknown_scorecard_is_refused(desk):
    with pytest.raises(FixConfig, match="no scorecard 77"):
        desk.save(desk.readings([[1.0]]) | {"scorecard_id": 77})


def test_a_range_over_many_months_is_one_write(desk, store):
    days = np.arange(DAY, DAY + 400, dtype=np.int32)
    rows = {
        "run_no": 1, "scorecard_id": desk.card, "basis": "reconstructed",
        "account_ids": np.tile(np.array([1, 2], np.int32), 400), "as_of_days": np.repeat(days, 2),
        "readings": np.arange(1600.0).reshape(800, 2),
    }  # fmt: skip
    assert desk.save(rows) == Stored(800, 0, 0)
    assert desk.save(rows) == Stored(0, 800, 0)
    with transaction(store) as connection:
        accounts, found_days, readings = load_readings(
            connection, basis="reconstructed", measures=2, **desk.limits(DAY, DAY + 399)
        )
    np.testing.assert_array_equal(accounts, rows["account_ids"])
    np.testing.assert_array_equal(found_days, rows["as_of_days"])
    np.testing.assert_array_equal(readings, rows["readings"])
