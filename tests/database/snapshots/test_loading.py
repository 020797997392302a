"""What scoring reads: readings, history, series."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import text

from include.warehouse.database import transaction
from include.warehouse.histories import (
    WHOLE,
    Part,
    load_known_from,
    load_past,
    load_readings,
    load_series,
)

NAN = float("nan")
BASES = ("live", "reconstructed")
EPOCH = date(1970, 1, 1)
DAY = 20_500  # 2026-02-16


def test_readings_are_limited_to_what_is_asked_for(desk, store):
    for day in (DAY - 1, DAY, DAY + 1):
        desk.save(desk.readings([[float(day)]] * 5, day=day))
    desk.save(desk.readings([[0.0]] * 5, basis="reconstructed"))
    asked = desk.limits() | {"first_account": 2, "last_account": 4}
    with transaction(store) as connection:
        accounts, days, readings = load_readings(connection, basis="live", measures=1, **asked)
        assert accounts.tolist() == [2, 3, 4]
        assert set(days.tolist()) == {DAY}
        assert readings.tolist() == [[float(DAY)]] * 3
        with pytest.raises(ValueError, match="1 measures, not 2"):
            load_readings(connection, basis="live", measures=2, **asked)
        nothing = load_readings(connection, basis="live", measures=7, **desk.limits(0, 5))
        assert nothing[2].shape == (0, 7)


def test_history_shows_the_newest_revision_live_before_reconstructed(desk, store):
    def scores(values, day, basis):
        rows = desk.snapshots(accounts=len(values), day=day, basis=basis)
        band = np.array([2 if value > 10 else 0 for value in values])  # of red, yellow, green
        band[np.array(values) == 50] = 1
        band[np.array(values) == 61] = 0
        return replace(rows, score=np.array(values), band=band)

    desk.save(scores([10.0, 20.0], DAY, "reconstructed"))
    desk.save(scores([11.0, NAN], DAY, "reconstructed"))
    desk.save(scores([50.0], DAY + 2, "live"))
    desk.save(scores([60.0, 61.0], DAY + 2, "reconstructed"))
    with transaction(store) as connection:
        found = load_past(
            connection, bases=BASES, bands=("yellow", "green"), **desk.limits(DAY - 1, DAY + 2)
        )
    assert found.account_ids.tolist() == [1, 2]
    assert found.days.tolist() == [DAY - 1, DAY, DAY + 1, DAY + 2]
    np.testing.assert_array_equal(found.scores, [[NAN, 11.0, NAN, 50.0], [NAN, NAN, NAN, 61.0]])
    np.testing.assert_array_equal(found.bands, [[-2, 1, -2, 0], [-2, -1, -2, -1]])


def test_no_history_is_an_empty_matrix(desk, store):
    with transaction(store) as connection:
        found = load_past(connection, bases=BASES, **desk.limits(DAY, DAY + 9))
    assert (len(found.account_ids), len(found.days)) == (0, 10)
    assert found.scores.shape == found.bands.shape == (0, 10)


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
        found = load_series(
            connection,
            dict.fromkeys(names, WHOLE),
            np.array([2, 3], np.int32),
            last_day=date(2026, 1, 4),
        )
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


HISTORIES = """
insert into health.series (name, role) values ('moves', 'usage');
insert into health.account_day (series_id, account_id, day, value)
select series_id, moved.account_id, date '2026-01-01' + moved.day, moved.value
from health.series
cross join (values
    (1, 0, 0.1), (1, 2, 0.2), (1, 3, 0), (1, 5, 4), (1, 6, 5),
    (2, 0, 1), (2, 5, 1), (3, 6, 7), (4, 1, 0), (9, 0, 3)
) as moved (account_id, day, value)
where series.name = 'moves';
"""
MOVES = [(1, 5, 4.0), (1, 6, 5.0), (2, 5, 1.0), (3, 6, 7.0)]  # after the cut


@pytest.mark.parametrize(
    ("before", "past"),
    [
        ("nothing", []),
        ("level", [(1, 3, 0.3), (2, 3, 1.0)]),
        ("last", [(1, 2, 0.2), (2, 0, 1.0)]),
    ],
)
@pytest.mark.parametrize("scattered", [[1, 2, 3, 4], [1, 2, 3, 4, 900]])
def test_what_was_before_a_day_comes_as_one_row(store, before, past, scattered):
    first, part = date(2026, 1, 1), Part(date(2026, 1, 4), before)
    ids = np.array(scattered, np.int32)
    with transaction(store) as connection:
        connection.execute(text(HISTORIES))
        found = load_series(connection, {"moves": part}, ids, last_day=date(2026, 1, 7))
    account_ids, days, values = (column.tolist() for column in found["moves"])
    since = [day - (first - EPOCH).days for day in days]
    assert sorted(zip(account_ids, since, values, strict=True)) == sorted([*past, *MOVES])


def test_what_was_cleared_comes_as_such_and_is_not_the_last_of_before(store):
    first, last = date(2026, 1, 4), date(2026, 1, 7)
    with transaction(store) as connection:
        connection.execute(text(HISTORIES))
        connection.exec_driver_sql(
            "update health.account_day set value = 'NaN' where value in (0, 4)"
        )  # of account 1: on the fourth and the sixth
        ids = np.array([1], np.int32)
        for before, past in (("nothing", []), ("last", [0.2])):
            part = {"moves": Part(first, before, seen_from=date(2026, 1, 6))}
            values = load_series(connection, part, ids, last_day=last)["moves"][2]
            np.testing.assert_array_equal(np.sort(values), [*past, 5.0, NAN])


@pytest.mark.parametrize("value", [9e9, float("nan"), float("inf")])
def test_what_no_sum_can_hold_exactly_comes_row_by_row(store, value):
    assert past_of_one_account(store, value) == pytest.approx([value, 0.2, 0, 4, 5], nan_ok=True)


def test_a_sum_is_one_of_whole_millionths(store):
    odd = 123_456_789.123_456_7
    assert sorted(past_of_one_account(store, odd)) == [4, 5, (np.rint(odd * 1e6) + 200_000) / 1e6]


def past_of_one_account(store, first_value):
    part, ids = Part(date(2026, 1, 4), "level"), np.array([1], np.int32)
    with transaction(store) as connection:
        connection.execute(text(HISTORIES))
        change = text("update health.account_day set value = :value where value = 0.1")
        connection.execute(change, {"value": first_value})
        found = load_series(connection, {"moves": part}, ids, last_day=date(2026, 1, 7))
    return found["moves"][2].tolist()
