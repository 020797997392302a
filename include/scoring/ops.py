"""What each operation makes of one series at the days of a view, as (account, day) or by spot."""

import numpy as np
import numpy.typing as npt

from include.scoring.reading_parts import adds_up
from include.scoring.reading_spec import (
    DaysAboveZero,
    DaysSinceLast,
    DaysSinceOldest,
    DayStreak,
    Latest,
    Level,
    Mean,
    Plain,
    Simple,
    Windowed,
)
from include.scoring.rows import EVER, MILLION, NEVER, Floats, Ints
from include.scoring.views import View


def read_plain(spec: Plain, view: View) -> Floats:
    """Return the reading at each day of the view, NaN where unknown; `spec` is written out."""
    first_known = 0
    match spec:
        case Windowed():
            values, first_known = windowed(spec, view), max(spec.lag, spec.history - 1)
        case Mean():
            values, first_known = _mean(spec, view), spec.history - 1
        case Level():
            values, first_known = level(view, spec.lag), max(spec.lag, spec.history - 1)
        case DaysSinceLast():
            values = _days_since_last(spec, view)
        case DaysSinceOldest():
            values = _days_since_oldest(view)
        case DayStreak():
            values = _streak(spec, view)
        case DaysAboveZero():
            values = _days_above_zero(view)
        case Latest():
            values = _latest(spec, view)
        case _:
            raise AssertionError(f"{spec.op} is a short form; write it out first")
    known_from = view.summed_from if adds_up(spec) else view.known_from
    values[view.days < known_from + first_known] = np.nan
    return values


def is_blocked(spec: Simple, companion: View) -> npt.NDArray[np.bool_]:
    """Where a reading leaves something out, by the series that counts what has no value.

    A window leaves out what the companion's same window counts, all others what its level counts.
    """
    match spec:
        case Windowed():
            left_out = windowed(spec, companion)
        case Mean(window=window, lag=lag):
            left_out = _sum(companion, window, lag)
        case Level(lag=lag):
            left_out = level(companion, lag)
        case _:
            return np.greater(level(companion, 0), 0)
    return np.not_equal(left_out, 0)


def divide(top: Floats | float, bottom: Floats | float, times: float) -> Floats:
    """Unknown where either is, and where the bottom is 0."""
    with np.errstate(over="ignore"):
        return np.divide(top, np.where(np.equal(bottom, 0), np.nan, bottom)) * times


def level(view: View, lag: int) -> Floats:
    return (view.rows.total[view.upto(lag)] - view.rows.total[view.before]) / MILLION


def windowed(spec: Windowed, view: View) -> Floats:
    if spec.op == "active_days":
        return _active_days(view, spec.window, spec.lag).astype(np.float64)
    return _sum(view, spec.window, spec.lag)


def _sum(view: View, window: int, lag: int) -> Floats:
    upto, before = view.upto(lag), view.upto(lag + window)
    return (view.rows.total[upto] - view.rows.total[before]) / MILLION


def _active_days(view: View, window: int, lag: int) -> Ints:
    upto, before = view.upto(lag), view.upto(lag + window)
    return view.rows.happened[upto] - view.rows.happened[before]


def _mean(spec: Mean, view: View) -> Floats:
    total = _sum(view, spec.window, spec.lag)
    if spec.op == "mean_per_day":
        return total / spec.window
    active = _active_days(view, spec.window, spec.lag)
    return total / np.where(active == 0, np.nan, active)


def _days_since_last(spec: DaysSinceLast, view: View) -> Floats:
    happened = view.rows.happened[view.upto(0)]
    ever = happened > view.rows.happened[view.before]
    otherwise = np.nan if spec.never == "unknown" else view.days - view.known_from
    since = np.where(ever, view.days - view.rows.happened_day[happened], otherwise)
    return since.astype(np.float64)


def _days_since_oldest(view: View) -> Floats:
    oldest = level(view, 0)
    return np.where(oldest > 0, view.days - oldest, 0.0)


def _streak(spec: DayStreak, view: View) -> Floats:
    """Days of which the first is the day after the last other one, but a known day."""
    upto = view.upto(0)
    if spec.op == "days_without":
        happened = view.rows.happened[upto]
        ever = happened > view.rows.happened[view.before]
        since = np.where(ever, view.rows.happened_day[happened] + 1, EVER)
    else:
        since = np.where(upto > view.before, view.rows.zero_since[upto], EVER)
    streak = view.days - np.maximum(since, view.known_from) + 1
    return np.where(since == NEVER, 0, streak).astype(np.float64)


def _days_above_zero(view: View) -> Floats:
    upto = view.upto(0)
    since = view.rows.above_since[upto]
    above = (upto > view.before) & (since != NEVER)
    return np.where(above, view.days - since + 1, 0).astype(np.float64)


def _latest(spec: Latest, view: View) -> Floats:
    upto = view.upto(0)
    fresh = (upto > view.before) & (view.days - view.rows.latest_day[upto] <= spec.max_age)
    return np.where(fresh, view.rows.latest_value[upto], np.nan)
