"""Readings of the later operations worked by hand: means, streaks, first value, milestones."""

import math
from datetime import date

import numpy as np
import pytest

from include.scoring.readings import NEVER, read
from tests.unit.scoring.worlds import series, spec

EPOCH = date(1970, 1, 1)


def number(text):
    return (date.fromisoformat(text) - EPOCH).days


def read_days(reading, rows, days, *, known_from=0, start=NEVER, blocked=None):
    """One account's readings on some days; rows: (day, value) by series, or of events alone."""
    found = rows if isinstance(rows, dict) else {"events": rows}
    own = {
        name: series([(0, at, value) for at, value in these], [known_from])
        for name, these in found.items()
    }
    first, last = min(days), max(days)
    starts = np.array([[start if day >= start else NEVER for day in range(first, last + 1)]])
    readings = read(
        [reading],
        own,
        accounts=1,
        first_day=first,
        last_day=last,
        term_start=starts.astype(np.int32),
        blocked_by=blocked,
    )
    return [None if math.isnan(x) else x for x in readings[0, [d - first for d in days], 0]]


def test_a_mean_per_day_divides_by_the_window_and_waits_until_it_is_full():
    mean = spec(op="mean_per_day", series="events", window=4)
    assert read_days(mean, [(100, 8), (103, 2)], [102, 103, 104], known_from=100) == [
        None,
        2.5,
        0.5,
    ]


def test_a_mean_per_active_day_divides_by_the_days_on_which_something_happened():
    mean = spec(op="mean_per_active_day", series="events", window=4)
    rows = [(100, 8), (102, 0), (103, 2)]
    assert read_days(mean, rows, [102, 103, 104], known_from=100) == [None, 5, 2]
    assert read_days(mean, rows, [107]) == [None]  # nothing happened: no day to divide by


def test_active_users_are_the_level_of_the_series_of_that_window():
    users = spec(op="active_users", window=7)
    rows = {"active_users_7d": [(100, 3), (107, -2)]}
    assert read_days(users, rows, [105, 106, 107], known_from=100) == [None, 3, 1]


def test_the_ratio_to_the_previous_window_needs_both_to_be_full():
    ratio = spec(op="ratio_to_previous", series="events", window=2)
    rows = [(100, 2), (101, 2), (102, 1), (104, 3)]
    found = read_days(ratio, rows, [102, 103, 104, 106], known_from=100)
    assert found == [None, 0.25, 1, 0]
    assert read_days(ratio, rows, [108], known_from=100) == [None]  # nothing before it: 0 of 0


def test_days_since_the_oldest_is_as_of_less_the_level_and_zero_when_nothing_is_open():
    oldest = spec(op="days_since_oldest", series="events")
    rows = [(101, 100), (105, 3), (106, -103)]  # due on 100, then the oldest is of 103, then none
    assert read_days(oldest, rows, [100, 101, 104, 105, 106]) == [0, 1, 4, 2, 0]


def test_days_without_begin_on_the_day_after_the_last_one_or_the_first_known_day():
    quiet = spec(op="days_without", series="events")
    rows = [(102, 1), (103, 0), (105, 1)]
    days = [99, 100, 101, 102, 104, 105, 106]
    assert read_days(quiet, rows, days, known_from=100) == [None, 1, 2, 0, 2, 0, 1]


def test_days_at_zero_are_those_on_which_the_level_is_not_above_zero():
    empty = spec(op="days_at_zero", series="events")
    rows = [(102, 2), (104, -1), (105, -1), (107, 1), (108, -1)]
    days = [100, 101, 102, 104, 105, 106, 107, 108]
    assert read_days(empty, rows, days, known_from=100) == [1, 2, 0, 0, 1, 2, 0, 1]


def test_the_first_value_counts_from_the_start_of_the_term():
    """Requirement 001-10."""
    first = spec(op="days_to_first", series="events")
    assert read_days(first, [(90, 1), (107, 1), (108, 1)], [106, 107, 150], start=100) == [
        None,
        7,
        7,
    ]


def test_without_a_term_the_first_value_counts_from_the_first_known_day():
    first = spec(op="days_to_first", series="events", until="so_far")
    assert read_days(first, [(107, 1)], [99, 104, 107, 109], known_from=100) == [None, 4, 7, 7]


def test_a_second_term_has_its_own_first_value():
    first = spec(op="days_to_first", series="events")
    starts = np.array([[100] * 5 + [105] * 5], np.int32)
    own = {"events": series([(0, 102, 1.0), (0, 108, 1.0)], [0])}
    found = read([first], own, accounts=1, first_day=100, last_day=109, term_start=starts)[0, :, 0]
    np.testing.assert_array_equal(found, [math.nan] * 2 + [2] * 3 + [math.nan] * 3 + [3] * 2)


def test_days_of_the_term_before_the_series_was_known_are_unknown_or_by_choice_nothing():
    late = {"known_from": 105, "start": 100}
    strict = spec(op="days_to_first", series="events", until="so_far")
    trusting = spec(op="days_to_first", series="events", until="so_far", before_known="nothing")
    rows = [(107, 1)]
    assert read_days(strict, rows, [104, 105, 107, 200], **late) == [None] * 4
    assert read_days(trusting, rows, [104, 105, 107, 200], **late) == [None, 5, 7, 7]


SEATS_USED = {
    "op": "divide",
    "top": {"op": "level", "series": "active_users_28d"},
    "bottom": {"op": "level", "series": "seats"},
}


def test_a_milestone_keeps_what_was_reached_on_its_due_day():
    """Requirement 001-09."""
    start, due = number("2026-01-15"), number("2026-07-14")
    rows = {
        "seats": [(start, 100)],
        "active_users_28d": [(start, 20), (due, 20), (due + 1, 60)],
    }
    days = [start, due - 1, due, due + 1, due + 100]
    by_month_6 = {"op": "milestone", "of": SEATS_USED, "month": 6, "target": 0.8}
    assert read_days(spec(**by_month_6), rows, days, start=start) == [None, None, 0.5, 0.5, 0.5]
    so_far = read_days(spec(**by_month_6, until="so_far"), rows, days, start=start)
    assert so_far == [0.25, 0.25, 0.5, 0.5, 0.5]


def test_without_a_term_there_is_no_milestone():
    seats = {"op": "level", "series": "events"}
    reading = spec(op="milestone", of=seats, month=1, target=1.0, until="so_far")
    assert read_days(reading, [(50, 3)], [100, 200]) == [None, None]


@pytest.mark.parametrize(
    ("start", "month", "due"),
    [
        ("2026-01-15", 1, "2026-02-14"),
        ("2026-01-01", 1, "2026-01-31"),
        ("2026-01-31", 1, "2026-02-27"),
        ("2026-08-31", 6, "2027-02-27"),
        ("2026-03-01", 12, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-27"),
    ],
)
def test_a_month_of_the_term_ends_before_its_first_days_number_comes_again(start, month, due):
    level = {"op": "level", "series": "events"}
    reading = spec(op="milestone", of=level, month=month, target=1.0)
    last = number(due)
    found = read_days(reading, [(0, 1), (last, 1), (last + 1, 1)], [last - 1, last, last + 1],
                      start=number(start))  # fmt: skip
    assert found == [None, 2, 2]


WINDOW = {"series": "events", "window": 3}


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ({"op": "sum", **WINDOW}, [1, None, None, None, 0, 0]),
        ({"op": "active_days", **WINDOW}, [1, None, None, None, 0, 0]),
        ({"op": "mean_per_day", **WINDOW, "window": 1}, [1, None, 0, 0, 0, 0]),
        ({"op": "level", "series": "events"}, [1, None, None, None, None, 1]),
        ({"op": "days_since_last", "series": "events"}, [0, None, None, None, None, 5]),
        ({"op": "latest", "series": "events"}, [1, None, None, None, None, 1]),
        ({"op": "days_without", "series": "events"}, [0, None, None, None, None, 5]),
    ],
)
def test_what_could_not_be_valued_makes_the_reading_unknown(reading, expected):
    if reading["op"] in {"sum", "active_days", "mean_per_day"}:
        without_value = [(101, 1)]  # counts: one on day 101
    else:
        without_value = [(101, 1), (105, -1)]  # changes: one from 101 up to 104
    rows = {"events": [(100, 1)], "tickets_open": without_value}
    found = read_days(spec(**reading), rows, range(100, 106), blocked={"events": "tickets_open"})
    assert found == expected


def test_a_series_whose_companion_is_not_there_is_unknown():
    reading = spec(op="sum", series="events")
    assert read_days(reading, [(100, 1)], [100], blocked={"events": "tickets_open"}) == [None]
