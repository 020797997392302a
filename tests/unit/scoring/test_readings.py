"""Readings against a reference that counts every account and day by hand, one at a time."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from include.errors import RejectData
from include.scoring.reading_spec import Divide, Latest, Level, Reading, Windowed
from include.scoring.readings import NEVER, Series, read

SPEC = TypeAdapter(Reading)
NAMES = ("events", "seats", "pulse")
ACCOUNTS = 4
FIRST, LAST = 20_000, 20_060


def spec(**fields):
    return SPEC.validate_python(fields)


def series(rows, known_from):
    account, day, value = zip(*rows, strict=True) if rows else ((), (), ())
    return Series(
        np.array(account, np.int32),
        np.array(day, np.int32),
        np.array(value, np.float64),
        np.array(known_from, np.int32),
    )


def read_one(reading, rows, day, *, known_from=0):
    """One account's reading on one day, from (day, value) rows of the series events."""
    own = {"events": series([(0, at, value) for at, value in rows], [known_from])}
    return read([reading], own, accounts=1, first_day=day, last_day=day)[0, 0, 0]


# The reference: no arrays, no totals, exact fractions of the decimals in the rows.


def by_hand(reading, rows_of, known_from_of, account, day):
    if isinstance(reading, Divide):
        top = by_hand(reading.top, rows_of, known_from_of, account, day)
        bottom = by_hand(reading.bottom, rows_of, known_from_of, account, day)
        unknown = math.isnan(top) or math.isnan(bottom) or bottom == 0
        return math.nan if unknown else top / bottom * reading.times
    if reading.series not in rows_of:
        return math.nan
    rows = {at: Fraction(str(v)) for a, at, v in rows_of[reading.series] if a == account}
    known_from = known_from_of[reading.series][account]
    lag = getattr(reading, "lag", 0)
    if day - lag < known_from or day - known_from + 1 < getattr(reading, "history", 0):
        return math.nan
    return float(simple_by_hand(reading, rows, known_from, day))


def simple_by_hand(reading, rows, known_from, day):
    past = {at: value for at, value in rows.items() if at <= day}
    if isinstance(reading, Windowed):
        window = range(day - reading.lag - reading.window + 1, day - reading.lag + 1)
        values = [past[at] for at in window if at in past]
        return sum(values) if reading.op == "sum" else sum(value != 0 for value in values)
    if isinstance(reading, Level):
        return sum(value for at, value in past.items() if at <= day - reading.lag)
    if isinstance(reading, Latest):
        fresh = [at for at in past if day - at <= reading.max_age]
        return past[max(fresh)] if fresh else math.nan
    if reading.op == "days_since_last":
        happened = [at for at, value in past.items() if value != 0]
        never = math.nan if reading.never == "unknown" else day - known_from
        return day - max(happened) if happened else never
    streak = 0
    while sum(value for at, value in past.items() if at <= day - streak) > 0:
        streak += 1
    return streak


days = st.integers(FIRST - 40, LAST)
values = st.one_of(st.integers(-3, 5), st.decimals(-5, 5, places=2).map(float))
rows = st.dictionaries(st.tuples(st.integers(0, ACCOUNTS - 1), days), values, max_size=25).map(
    lambda found: [(account, day, value) for (account, day), value in found.items()]
)
known = st.lists(
    st.one_of(st.integers(FIRST - 50, LAST + 5), st.just(NEVER)),
    min_size=ACCOUNTS,
    max_size=ACCOUNTS,
)
worlds = st.dictionaries(st.sampled_from(NAMES), st.tuples(rows, known))
lags = st.integers(0, 12)
names = st.sampled_from(NAMES)
simple = st.one_of(
    st.builds(
        lambda op, s, window, lag, history: spec(
            op=op, series=s, window=window, lag=lag, history=history
        ),
        st.sampled_from(["sum", "active_days"]),
        names,
        st.integers(1, 20),
        lags,
        lags,
    ),
    st.builds(lambda s, lag, n: spec(op="level", series=s, lag=lag, history=n), names, lags, lags),
    st.builds(
        lambda s, never: spec(op="days_since_last", series=s, never=never),
        names,
        st.sampled_from(["unknown", "since_known"]),
    ),
    st.builds(lambda s: spec(op="days_above_zero", series=s), names),
    st.builds(lambda s, age: spec(op="latest", series=s, max_age=age), names, st.integers(0, 30)),
)
specs = st.lists(
    st.one_of(
        simple,
        st.builds(
            lambda top, bottom, times: Divide(op="divide", top=top, bottom=bottom, times=times),
            simple,
            simple,
            st.sampled_from([1.0, 100.0]),
        ),
    ),
    min_size=1,
    max_size=6,
)


@given(worlds, specs, st.integers(FIRST, LAST), st.integers(0, 12))
def test_readings_are_those_counted_by_hand(world, wanted, first, length):
    found = read(
        wanted,
        {name: series(*content) for name, content in world.items()},
        accounts=ACCOUNTS,
        first_day=first,
        last_day=first + length,
    )
    assert found.shape == (ACCOUNTS, length + 1, len(wanted))
    rows_of = {name: content[0] for name, content in world.items()}
    known_from_of = {name: content[1] for name, content in world.items()}
    for account in range(ACCOUNTS):
        for i in range(length + 1):
            for j, one in enumerate(wanted):
                expected = by_hand(one, rows_of, known_from_of, account, first + i)
                np.testing.assert_equal(found[account, i, j], expected)


@given(worlds, specs, st.integers(0, 12))
def test_a_range_of_days_is_each_day_alone(world, wanted, length):
    ready = {name: series(*content) for name, content in world.items()}
    together = read(wanted, ready, accounts=ACCOUNTS, first_day=FIRST, last_day=FIRST + length)
    for i in range(length + 1):
        day = FIRST + i
        alone = read(wanted, ready, accounts=ACCOUNTS, first_day=day, last_day=day)
        np.testing.assert_array_equal(together[:, i], alone[:, 0])


@given(worlds, specs, st.integers(FIRST - 20, LAST))
def test_rows_of_later_days_change_nothing(world, wanted, day):
    whole = {name: series(*content) for name, content in world.items()}
    past = {
        name: series([row for row in found if row[1] <= day], since)
        for name, (found, since) in world.items()
    }
    span = {"accounts": ACCOUNTS, "first_day": day - 3, "last_day": day}
    np.testing.assert_array_equal(read(wanted, whole, **span), read(wanted, past, **span))


@given(worlds, specs, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world, wanted, random):
    shuffled = {
        name: series(random.sample(found, len(found)), since)
        for name, (found, since) in world.items()
    }
    ready = {name: series(*content) for name, content in world.items()}
    span = {"accounts": ACCOUNTS, "first_day": FIRST, "last_day": FIRST + 5}
    np.testing.assert_array_equal(read(wanted, ready, **span), read(wanted, shuffled, **span))


@given(worlds, specs, st.integers(0, ACCOUNTS - 1))
def test_an_account_is_read_the_same_without_the_others(world, wanted, account):
    ready = {name: series(*content) for name, content in world.items()}
    alone = {
        name: series([(0, at, v) for a, at, v in found if a == account], [since[account]])
        for name, (found, since) in world.items()
    }
    span = {"first_day": FIRST, "last_day": FIRST + 5}
    among = read(wanted, ready, accounts=ACCOUNTS, **span)[account]
    np.testing.assert_array_equal(among, read(wanted, alone, accounts=1, **span)[0])


def test_many_blocks_of_accounts_read_like_one():
    accounts = 5_000
    day = np.arange(accounts) % 50 + FIRST
    ready = {
        "events": Series(
            np.arange(accounts, dtype=np.int32),
            day.astype(np.int32),
            np.arange(accounts, dtype=np.float64),
            np.zeros(accounts, np.int32),
        )
    }
    wanted = [spec(op="level", series="events")]
    found = read(wanted, ready, accounts=accounts, first_day=FIRST, last_day=FIRST + 49)
    expected = np.where(
        np.arange(FIRST, FIRST + 50) >= day[:, None], np.arange(accounts)[:, None], 0
    )
    np.testing.assert_array_equal(found[:, :, 0], expected)


def test_a_window_includes_its_last_day_and_not_the_day_before_it():
    week = spec(op="sum", series="events", window=7)
    rows = [(93, 1), (94, 10), (100, 100), (101, 1000)]
    assert read_one(week, rows, 100) == 110


def test_a_lag_moves_the_window_back():
    before = spec(op="sum", series="events", window=7, lag=7)
    assert read_one(before, [(86, 1), (87, 10), (93, 100), (94, 1000)], 100) == 110


def test_the_day_of_the_event_is_zero_days_ago_and_the_first_day_overdue_is_day_one():
    assert read_one(spec(op="days_since_last", series="events"), [(100, 1)], 100) == 0
    assert read_one(spec(op="days_above_zero", series="events"), [(100, 1)], 100) == 1
    assert read_one(spec(op="days_above_zero", series="events"), [(90, 1), (100, -1)], 100) == 0


def test_an_overdue_invoice_followed_by_another_is_one_run():
    run = spec(op="days_above_zero", series="events")
    rows = [(80, 1), (90, 1), (95, -1), (98, -1), (99, 1)]
    assert [read_one(run, rows, day) for day in (79, 80, 97, 98, 99)] == [0, 1, 18, 0, 1]


def test_a_value_is_fresh_up_to_its_maximum_age():
    pulse = spec(op="latest", series="events", max_age=5)
    assert [read_one(pulse, [(10, 4), (12, 0)], day) for day in (9, 10, 12, 17)] == [
        pytest.approx(math.nan, nan_ok=True),
        4,
        0,
        0,
    ]
    assert math.isnan(read_one(pulse, [(10, 4), (12, 0)], 18))


def test_before_a_series_is_known_nothing_is_zero():
    total = spec(op="sum", series="events")
    assert math.isnan(read_one(total, [], 99, known_from=100))
    assert read_one(total, [], 100, known_from=100) == 0
    assert math.isnan(read_one(total, [(99, 5)], 99, known_from=NEVER))


def test_history_counts_known_days_with_both_ends():
    fortnight = spec(op="sum", series="events", window=14, history=14)
    assert math.isnan(read_one(fortnight, [], 112, known_from=100))
    assert read_one(fortnight, [], 113, known_from=100) == 0


def test_a_division_by_zero_is_unknown():
    share = spec(
        op="divide",
        top={"op": "sum", "series": "events"},
        bottom={"op": "sum", "series": "events", "lag": 28},
    )
    assert math.isnan(read_one(share, [(100, 3)], 100))
    assert read_one(share, [(100, 3), (70, 4)], 100) == 0.75


def test_a_series_that_is_not_there_is_unknown():
    found = read([spec(op="sum", series="seats")], {}, accounts=2, first_day=100, last_day=101)
    assert found.shape == (2, 2, 1)
    assert np.isnan(found).all()


def test_tenths_add_up_to_what_the_decimals_say():
    total = spec(op="sum", series="events", window=2)
    assert read_one(total, [(99, 0.1), (100, 0.2)], 100) == 0.3
    assert read_one(total, [(99, 2.01), (100, 4.02)], 100) == 6.03
    assert read_one(total, [(day, 0.1) for day in range(98)], 100) == 0.0


def test_cents_of_a_large_customer_add_up_exactly():
    total = spec(op="level", series="events")
    rows = [(day, 12_345_678_901) for day in range(40)] + [(41, 1)]
    assert read_one(total, rows, 100) == 12_345_678_901 * 40 + 1


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e12])
def test_values_that_cannot_be_added_are_refused(value):
    with pytest.raises(RejectData, match="Series events holds a value that is no number"):
        read_one(spec(op="sum", series="events"), [(5, value)], 100)


def test_two_rows_for_one_day_are_refused():
    with pytest.raises(RejectData, match=r"Series events has two rows for account 0 .* on day 5"):
        read_one(spec(op="sum", series="events"), [(5, 1), (5, 2)], 100)


def test_a_row_outside_the_block_is_refused():
    stray = {"events": series([(1, 5, 1.0)], [0])}
    with pytest.raises(RejectData, match="outside its block of 1"):
        read([spec(op="sum", series="events")], stray, accounts=1, first_day=9, last_day=9)


def test_a_faulty_row_of_a_later_day_is_not_even_looked_at():
    assert read_one(spec(op="sum", series="events"), [(5, 1), (101, math.nan)], 100) == 0
    assert read_one(spec(op="level", series="events"), [(5, 1), (101, math.nan)], 100) == 1
