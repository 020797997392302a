"""Readings worked by hand: where a window begins and ends, what is unknown and what is zero."""

import math
from dataclasses import replace

import numpy as np
import pytest

from include.errors import RejectData
from include.scoring.readings import NEVER, read
from tests.unit.scoring.worlds import series, spec


def read_one(reading, rows, day, *, known_from=0):
    """One account's reading on one day, from (day, value) rows of the series events."""
    own = {"events": series([(0, at, value) for at, value in rows], [known_from])}
    return read([reading], own, accounts=1, first_day=day, last_day=day)[0, 0, 0]


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
    """Requirement 002-23."""
    pulse = spec(op="latest", series="events", max_age=5)
    assert [read_one(pulse, [(10, 4), (12, 0)], day) for day in (9, 10, 12, 17)] == [
        pytest.approx(math.nan, nan_ok=True),
        4,
        0,
        0,
    ]
    assert math.isnan(read_one(pulse, [(10, 4), (12, 0)], 18))


def test_what_was_cleared_is_unknown_from_that_day_on_until_something_is_said_again():
    pulse = spec(op="latest", series="pulse", max_age=90)
    assert said([pulse], (9, 10, 12, 19, 20)) == [4, None, None, None, 2]


def test_clearing_a_value_says_no_other():
    wanted = [
        spec(op="sum", series="pulse", window=10),
        spec(op="mean_per_active_day", series="pulse", window=10),
        spec(op="active_days", series="pulse", window=10),
        spec(op="days_since_last", series="pulse"),
    ]
    assert [said([one], (12,))[0] for one in wanted] == [4, 4, 1, 7]


def said(specs, days):
    """Read 4 of day 5, which was cleared on day 10, and 2 of day 20; None is unknown."""
    rows = series([(0, 5, 4), (0, 10, math.nan), (0, 20, 2)], [0])
    own = {"pulse": replace(rows, may_be_cleared=True)}
    found = [read(specs, own, accounts=1, first_day=day, last_day=day) for day in days]
    return [None if np.isnan(one).any() else one.item() for one in found]


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


ADDED_UP = [
    spec(op="sum", series="events"),
    spec(op="level", series="events"),
    spec(op="mean_per_day", series="events", window=7),
    spec(op="days_above_zero", series="events"),
    spec(op="days_at_zero", series="events"),
    spec(op="days_since_oldest", series="events"),
]


@pytest.mark.parametrize("rows", [[(95, 1e300)], [(day, 6e9) for day in range(100)]])
def test_what_is_too_large_to_be_added_up_is_unknown_for_its_account_alone(rows):
    both = [(0, 1, 2.0), (0, 90, 3.0), *((1, *row) for row in rows), (2, 1, 4.0), (2, 90, 5.0)]
    known = {"events": series(both, [0, 0, 0])}
    found = read(ADDED_UP, known, accounts=3, first_day=99, last_day=99)[:, 0]
    assert np.isnan(found[1]).all()
    for account, line in ((0, [(1, 2.0), (90, 3.0)]), (2, [(1, 4.0), (90, 5.0)])):
        assert found[account].tolist() == [read_one(one, line, 99) for one in ADDED_UP]


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (spec(op="latest", series="events", max_age=20), 1e12),
        (spec(op="days_since_last", series="events"), 5),
        (spec(op="active_days", series="events", window=7), 1),
        (spec(op="days_without", series="events"), 5),
    ],
)
def test_what_adds_nothing_up_is_known_whatever_the_size(reading, expected):
    assert read_one(reading, [(95, 1e12)], 100) == expected


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_values_that_are_no_numbers_are_refused(value):
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
