"""A reference that counts readings by hand, one account and day at a time.

No arrays, no totals, exact fractions of the decimals in the rows.
"""

import math
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from include.scoring.readings import NEVER
from tests.unit.scoring.worlds import spec

EPOCH = date(1970, 1, 1)


def by_hand(reading, world, account, day):
    """Return one reading; NaN is unknown."""
    match reading.op:
        case "divide":
            return divided(reading, world, account, day)
        case "ratio_to_previous":
            now = {"op": "sum", "series": reading.series, "window": reading.window}
            now["history"] = 2 * reading.window
            both = spec(op="divide", top=now, bottom={**now, "lag": reading.window})
            return divided(both, world, account, day)
        case "milestone":
            return milestone(reading, world, account, day)
    return simple(reading, world, account, day)


def simple(reading, world, account, day):
    if reading.series not in world.rows or is_blocked(reading, world, account, day):
        return math.nan
    known_from = world.known[reading.series][account]
    lag, history = getattr(reading, "lag", 0), getattr(reading, "history", 0)
    if reading.op == "active_users":
        history = reading.window + reading.lag
    if day - lag < known_from or day - known_from + 1 < history:
        return math.nan
    rows = rows_of(reading.series, world, account)
    if reading.op == "days_to_first":
        return days_to_first(reading, rows, known_from, (world.term(account, day), day))
    return float(of_one_series(reading, rows, known_from, day))


def rows_of(name, world, account):
    return {at: Fraction(str(v)) for a, at, v in world.rows[name] if a == account}


def divided(reading, world, account, day):
    top = by_hand(reading.top, world, account, day)
    bottom = by_hand(reading.bottom, world, account, day)
    unknown = math.isnan(top) or math.isnan(bottom) or bottom == 0
    return math.nan if unknown else top / bottom * reading.times


def milestone(reading, world, account, day):
    start = world.term(account, day)
    if start == NEVER:
        return math.nan
    begun = EPOCH + timedelta(days=start)
    years, month = divmod(begun.month - 1 + reading.month, 12)
    year, month = begun.year + years, month + 1
    again = begun.replace(day=1, year=year, month=month) + timedelta(
        days=min(begun.day, monthrange(year, month)[1]) - 1
    )
    due = (again - EPOCH).days - 1
    if day < due and reading.until == "unknown":
        return math.nan
    return by_hand(reading.of, world, account, min(day, due)) / reading.target


def is_blocked(reading, world, account, day):
    companion = world.blocked_by.get(reading.series)
    if companion is None:
        return False
    if companion not in world.rows:
        return True
    rows = rows_of(companion, world, account)
    level = sum(value for at, value in rows.items() if at <= day - getattr(reading, "lag", 0))
    if reading.op in {"level", "active_users"}:
        return level != 0
    if not hasattr(reading, "window"):
        return level > 0
    values = within(reading, rows, day)
    return any(values) if reading.op == "active_days" else sum(values) != 0


def within(reading, rows, day):
    window = range(day - reading.lag - reading.window + 1, day - reading.lag + 1)
    return [rows[at] for at in window if at in rows]


def days_to_first(reading, rows, known_from, when):
    term, day = when
    start = known_from if term == NEVER else term
    if start < known_from and reading.before_known == "unknown":
        return math.nan
    reached = [at for at, value in rows.items() if start <= at <= day and value != 0]
    if not reached and reading.until == "unknown":
        return math.nan
    return min([*reached, day]) - start


def of_one_series(reading, rows, known_from, day):  # noqa: PLR0911 - one return an operation
    past = {at: value for at, value in rows.items() if at <= day}
    happened = [at for at, value in past.items() if value != 0]
    known_days = range(day, known_from - 1, -1)
    match reading.op:
        case "sum":
            return sum(within(reading, past, day))
        case "active_days":
            return sum(value != 0 for value in within(reading, past, day))
        case "mean_per_day":
            return float(sum(within(reading, past, day))) / reading.window
        case "mean_per_active_day":
            active = sum(value != 0 for value in within(reading, past, day))
            return float(sum(within(reading, past, day))) / active if active else math.nan
        case "level" | "active_users":
            return level(past, day - reading.lag)
        case "latest":
            fresh = [at for at in past if day - at <= reading.max_age]
            return past[max(fresh)] if fresh else math.nan
        case "days_since_last":
            never = math.nan if reading.never == "unknown" else day - known_from
            return day - max(happened) if happened else never
        case "days_since_oldest":
            return day - float(level(past, day)) if level(past, day) > 0 else 0
        case "days_without":
            return streak(known_days, lambda at: at not in happened)
        case "days_at_zero":
            return streak(known_days, lambda at: level(past, at) <= 0)
        case "days_above_zero":
            return streak(range(day, day - 999, -1), lambda at: level(past, at) > 0)


def level(rows, day):
    return sum(value for at, value in rows.items() if at <= day)


def streak(days, is_so):
    return next((i for i, day in enumerate(days) if not is_so(day)), len(days))
