"""Why a reading was unknown for one account on one day, from what was known of it then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from include.scoring.measure import Measure
from include.scoring.reading_parts import adds_up, write_out
from include.scoring.reading_spec import (
    DaysSinceLast,
    DaysToFirst,
    Divide,
    Latest,
    Mean,
    Milestone,
    Reading,
    Simple,
)
from include.scoring.readings import read
from include.scoring.rows import NEVER, Series, are_too_large, sort_rows
from include.scoring.terms import end_of_month
from include.scoring.unknown import rule_of, unknown_when

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class AccountDay:
    """One account on one day, counted since 1970-01-01.

    series: by name, of a block of this account alone. term_start: first day of the term in force,
    NEVER where none is. blocked_by: as for `read`. held: for series held back on that day, why.
    """

    day: int
    series: Mapping[str, Series]
    term_start: int = NEVER
    blocked_by: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)


def why_unknown(measure: Measure, at: AccountDay | None = None) -> str:
    """The cause, as the end of a sentence; the rule where the cause is not this account's alone.

    That is so without `at`, for a family, and where the reading is known by what is known now.
    """
    if at is None or measure.family != "own" or not _is_unknown(measure.reading, at):
        return unknown_when(measure)
    return _cause(measure.reading, at)


def _is_unknown(reading: Reading, at: AccountDay) -> bool:
    there = {name: one for name, one in at.series.items() if name not in at.held}
    found = read(
        [reading],
        there,
        accounts=1,
        first_day=at.day,
        last_day=at.day,
        term_start=np.array([[at.term_start]], np.int32),
        blocked_by=at.blocked_by,
    )
    return bool(np.isnan(found[0, 0, 0]))


def _cause(reading: Reading, at: AccountDay) -> str:
    match write_out(reading):
        case Divide(top=top, bottom=bottom):
            parts = [part for part in (top, bottom) if _is_unknown(part, at)]
            causes = dict.fromkeys(_simple_cause(part, at) for part in parts)
            return ", and ".join(causes) or f"{bottom.series} is 0"
        case Milestone() as milestone:
            return _cause_of_milestone(milestone, at)
        case simple:
            return _simple_cause(simple, at)


def _cause_of_milestone(reading: Milestone, at: AccountDay) -> str:
    if at.term_start == NEVER:
        return "there is no term"
    due = int(end_of_month(np.array([at.term_start]), reading.month)[0])
    if at.day < due and reading.until == "unknown":
        return f"month {reading.month} of the term ends on {_text(due)}"
    when = min(at.day, due)
    return f"on {_text(when)}: {_cause(reading.of, replace(at, day=when))}"


def _simple_cause(reading: Simple, at: AccountDay) -> str:
    name = reading.series
    if name in at.held:
        return f"{name} is held back: {at.held[name]}"
    known_from = int(at.series[name].known_from[0]) if name in at.series else NEVER
    if known_from == NEVER:
        return f"{name} was never linked to this account"
    if at.day - getattr(reading, "lag", 0) < known_from:
        return f"{name} is not known before {_text(known_from)}"
    history = getattr(reading, "history", 0)
    if at.day - known_from + 1 < history:
        full = _text(known_from + history - 1)
        return f"{name} is known since {_text(known_from)}; {history} days are full on {full}"
    if not _is_unknown(reading, replace(at, blocked_by={})):
        return f"{name} leaves out what has no value, which {at.blocked_by[name]} counts"
    is_too_large = (
        adds_up(reading) and are_too_large(sort_rows(name, at.series[name], 1, at.day))[0]
    )
    too_large = f"{name} has values too large to be added up exactly"
    return too_large if is_too_large else _cause_in_the_rows(reading, at, known_from)


def _cause_in_the_rows(reading: Simple, at: AccountDay, known_from: int) -> str:
    name = reading.series
    match reading:
        case Latest(max_age=max_age):
            return _cause_of_latest(name, at, max_age)
        case DaysSinceLast():
            return f"there is no {name} yet"
        case Mean(window=window, lag=lag):
            return f"there is no {name} in the {window} days up to {_text(at.day - lag)}"
        case DaysToFirst(before_known=before_known):
            start = known_from if at.term_start == NEVER else at.term_start
            if start < known_from and before_known == "unknown":
                began = f"the term began on {_text(start)}"
                return f"{began}, and {name} is not known before {_text(known_from)}"
            return f"there is no {name} since {_text(start)}"
    return rule_of(reading)


def _cause_of_latest(name: str, at: AccountDay, max_age: int) -> str:
    days = at.series[name].day
    last = int(max(days[days <= at.day], default=NEVER))
    if last == NEVER:
        return f"there is no {name} yet"
    if np.isnan(at.series[name].value[days == last]).any():
        return f"{name} was cleared on {_text(last)}"
    return f"the last {name} is of {_text(last)}, more than {max_age} days ago"


def _text(day: int) -> str:
    return "never" if day == NEVER else (EPOCH + timedelta(days=day)).isoformat()
