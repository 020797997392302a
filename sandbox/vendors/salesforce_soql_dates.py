"""SOQL's dates: fixed moments, and literals such as LAST_N_DAYS:30 as ranges of days.

The day is the org's, which is UTC here; weeks begin on Sunday and the fiscal year is the calendar's
(SOQL reference on date formats and literals, checked Nov 2026).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

Days = tuple[date, date]  # the first day, and the day after the last
MONTHS = {"MONTH": 1, "QUARTER": 3, "FISCAL_QUARTER": 3, "YEAR": 12, "FISCAL_YEAR": 12}
SINGLE = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
STEPS = {"LAST": -1, "THIS": 0, "NEXT": 1}
NAMED = re.compile(r"(LAST|THIS|NEXT)_(DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)")
COUNTED = re.compile(
    r"(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)S"
    r"|N_(DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)S_AGO"
)


def to_stamp(text: str) -> str | None:
    """A moment with its zone as records keep it; None for one that does not exist."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}+0000"


def to_day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000+0000"


def days_of(word: str, count: int | None, today: date) -> Days | None:
    """The days that a literal means; None for a word that is none, or with a count too many."""
    return _named(word, today) if count is None else _counted(word, count, today)


def _named(word: str, today: date) -> Days | None:
    if word in SINGLE:
        return _days(today, SINGLE[word], SINGLE[word] + 1)
    if word in ("LAST_90_DAYS", "NEXT_90_DAYS"):
        return _counted(word.replace("_90_", "_N_"), 90, today)
    named = NAMED.fullmatch(word)
    return _units(named[2], STEPS[named[1]], 1, today) if named else None


def _counted(word: str, count: int, today: date) -> Days | None:
    counted = COUNTED.fullmatch(word)
    if counted is None:
        return None
    if counted[3]:
        return _units(counted[3], -count, 1, today)
    if counted[2] == "DAY":
        return _days(today, -count, 1) if counted[1] == "LAST" else _days(today, 1, count + 1)
    return _units(counted[2], -count if counted[1] == "LAST" else 1, count, today)


def _days(today: date, first: int, after: int) -> Days:
    return today + timedelta(first), today + timedelta(after)


def _units(unit: str, first: int, count: int, today: date) -> Days:
    """`count` whole weeks, months, … from the one that lies `first` away from today's."""
    if unit == "DAY":
        return _days(today, first, first + count)
    if unit == "WEEK":
        sunday = today - timedelta((today.weekday() + 1) % 7)
        return sunday + timedelta(7 * first), sunday + timedelta(7 * (first + count))
    months = MONTHS[unit]
    start = (today.year * 12 + today.month - 1) // months * months
    return _month(start + first * months), _month(start + (first + count) * months)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _quarter(text: str) -> float:
    return (int(text[5:7]) + 2) // 3


def _weekday(text: str) -> float:
    return date.fromisoformat(text[:10]).isoweekday() % 7 + 1


# What a function makes of a day's or a moment's text.
PARTS: dict[str, Callable[[str], str | float]] = {
    "DAY_ONLY": lambda text: text[:10],
    "CALENDAR_YEAR": lambda text: int(text[:4]),
    "CALENDAR_QUARTER": _quarter,
    "CALENDAR_MONTH": lambda text: int(text[5:7]),
    "FISCAL_YEAR": lambda text: int(text[:4]),
    "FISCAL_QUARTER": _quarter,
    "FISCAL_MONTH": lambda text: int(text[5:7]),
    "DAY_IN_MONTH": lambda text: int(text[8:10]),
    "DAY_IN_WEEK": _weekday,
    "DAY_IN_YEAR": lambda text: date.fromisoformat(text[:10]).timetuple().tm_yday,
    "WEEK_IN_YEAR": lambda text: (date.fromisoformat(text[:10]).timetuple().tm_yday + 6) // 7,
    "WEEK_IN_MONTH": lambda text: (int(text[8:10]) + 6) // 7,
    "HOUR_IN_DAY": lambda text: int(text[11:13]),
}
