"""Read every measure of every account on every day of a range, by running totals.

For each series a grid (account x day) says how many of its rows had been by the end of that day;
every reading is a look-up of running arrays at those counts. Nothing loops over days or accounts,
one day is a range of one, and only days that some reading looks at stand in the grid.

Memory: 8 bytes per account, day and measure for the result. Beside it up to 60 bytes a row of the
series (the caller's own copy has 16) and a few MB for the accounts in work, whatever the range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from include.scoring.reading_spec import (
    DaysAboveZero,
    DaysSinceLast,
    Divide,
    Latest,
    Level,
    Reading,
    Simple,
    Windowed,
)
from include.scoring.rows import MILLION, NEVER, Floats, Ints, Rows, Series, sort_rows

__all__ = ["NEVER", "Series", "read"]

CELLS = 65_536  # of a grid in work: it should fit the processor's cache


@dataclass(frozen=True, slots=True)
class _Ready:
    """A whole series. marks: the days in its grid, rising; the range's last day is the last."""

    rows: Rows
    known_from: Ints
    marks: Ints


@dataclass(frozen=True, slots=True)
class _View:
    """A series for a few accounts (first axis) on the days asked for (second axis).

    counts: rows up to the end of each marked day, counted over all accounts.
    before: the same count before the account's first row.
    """

    rows: Rows
    marks: Ints
    counts: Ints
    before: Ints
    known_from: Ints
    days: Ints

    def upto(self, lag: int) -> Ints:
        """How many rows had been by the end of `lag` days before each day."""
        first = int(np.searchsorted(self.marks, self.days[0, 0] - lag))
        return self.counts[:, first : first + self.days.shape[1]]


def read(
    specs: Sequence[Reading],
    series: Mapping[str, Series],
    *,
    accounts: int,
    first_day: int,
    last_day: int,
) -> Floats:
    """Return readings as (account, day, measure), NaN where unknown.

    Both days are included, counted since 1970-01-01. Rows after `last_day` are not looked at, and
    rows after a day never change that day's reading. A series that is not there is unknown.
    Raises RejectData for rows that cannot be added up exactly or stand twice.
    """
    assert first_day <= last_day, "a range of days has at least one day"
    days = np.arange(first_day, last_day + 1, dtype=np.int64)[None, :]
    ready = {
        name: _Ready(
            sort_rows(name, series[name], accounts, last_day),
            series[name].known_from.astype(np.int64),
            np.unique(days.T - [0, *lags]),
        )
        for name, lags in _lags(specs).items()
        if name in series
    }
    step = max(1, CELLS // max((len(one.marks) for one in ready.values()), default=1))
    result = np.empty((accounts, days.shape[1], len(specs)))
    for start in range(0, accounts, step):
        stop = min(start + step, accounts)
        views = {name: _view(one, start, stop, days) for name, one in ready.items()}
        _read_block(specs, views, result[start:stop])
    return result


def _lags(specs: Sequence[Reading]) -> dict[str, list[int]]:
    """For each series, how many days before a day its readings look."""
    found: dict[str, list[int]] = {}
    for spec in specs:
        for part in [spec.top, spec.bottom] if isinstance(spec, Divide) else [spec]:
            lags = found.setdefault(part.series, [])
            if isinstance(part, Windowed):
                lags += [part.lag, part.lag + part.window]
            elif isinstance(part, Level):
                lags.append(part.lag)
    return found


def _view(ready: _Ready, start: int, stop: int, days: Ints) -> _View:
    begins, marks = ready.rows.begins[start : stop + 1], ready.marks
    account = np.repeat(np.arange(stop - start), np.diff(begins))
    column = np.searchsorted(marks, ready.rows.day[begins[0] : begins[-1]])
    added = np.bincount(account * len(marks) + column, minlength=(stop - start) * len(marks))
    counts = (np.cumsum(added) + begins[0]).reshape(stop - start, len(marks))
    known_from = ready.known_from[start:stop, None]
    return _View(ready.rows, marks, counts, begins[:-1, None], known_from, days)


def _read_block(specs: Sequence[Reading], views: Mapping[str, _View], result: Floats) -> None:
    done: dict[Simple, Floats | float] = {}

    def simple(spec: Simple) -> Floats | float:
        if spec not in done:
            done[spec] = _simple(spec, views[spec.series]) if spec.series in views else np.nan
        return done[spec]

    for j, spec in enumerate(specs):
        if isinstance(spec, Divide):
            result[:, :, j] = _divide(simple(spec.top), simple(spec.bottom), spec.times)
        else:
            result[:, :, j] = simple(spec)


def _divide(top: Floats | float, bottom: Floats | float, times: float) -> Floats:
    with np.errstate(over="ignore"):
        return np.divide(top, np.where(np.equal(bottom, 0), np.nan, bottom)) * times


def _simple(spec: Simple, view: _View) -> Floats:
    match spec:
        case Windowed():
            values, first_known = _windowed(spec, view), max(spec.lag, spec.history - 1)
        case Level():
            values, first_known = _level(spec, view), max(spec.lag, spec.history - 1)
        case DaysSinceLast():
            values, first_known = _days_since_last(spec, view), 0
        case DaysAboveZero():
            values, first_known = _days_above_zero(view), 0
        case Latest():
            values, first_known = _latest(spec, view), 0
    values[view.days < view.known_from + first_known] = np.nan
    return values


def _windowed(spec: Windowed, view: _View) -> Floats:
    upto, before = view.upto(spec.lag), view.upto(spec.lag + spec.window)
    if spec.op == "active_days":
        return (view.rows.happened[upto] - view.rows.happened[before]).astype(np.float64)
    return (view.rows.total[upto] - view.rows.total[before]) / MILLION


def _level(spec: Level, view: _View) -> Floats:
    return (view.rows.total[view.upto(spec.lag)] - view.rows.total[view.before]) / MILLION


def _days_since_last(spec: DaysSinceLast, view: _View) -> Floats:
    happened = view.rows.happened[view.upto(0)]
    ever = happened > view.rows.happened[view.before]
    otherwise = np.nan if spec.never == "unknown" else view.days - view.known_from
    since = np.where(ever, view.days - view.rows.happened_day[happened], otherwise)
    return since.astype(np.float64)


def _days_above_zero(view: _View) -> Floats:
    upto = view.upto(0)
    since = view.rows.above_since[upto]
    above = (upto > view.before) & (since != NEVER)
    return np.where(above, view.days - since + 1, 0).astype(np.float64)


def _latest(spec: Latest, view: _View) -> Floats:
    upto = view.upto(0)
    fresh = (upto > view.before) & (view.days - view.rows.latest_day[upto] <= spec.max_age)
    return np.where(fresh, view.rows.latest_value[upto], np.nan)
