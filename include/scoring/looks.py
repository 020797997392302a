"""How far back readings look at each series, and what they need of all that was before.

A reading of a day sees its series through a few numbers: a running total, the last day of
something. Rows from before every window of every reading count in these numbers only, so a store
with a long history need not hand them over one by one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from include.scoring.reading_parts import simple_parts
from include.scoring.reading_spec import (
    DaysSinceLast,
    DaysSinceOldest,
    DayStreak,
    Latest,
    Level,
    Mean,
    Milestone,
    Reading,
    Simple,
    Windowed,
)

Before = Literal["nothing", "level", "last", "all"]


@dataclass(frozen=True, slots=True)
class Look:
    """What some readings of a day see of one series.

    lags: up to which days before that day they count rows. reach: rows of more than so many days
    before it, or just so many, count together, as `before` says: not at all, by their sum, by the
    last one that is not 0, or (all) one by one.
    """

    lags: frozenset[int] = frozenset()
    reach: int = 0
    before: Before = "nothing"

    def __or__(self, other: "Look") -> "Look":
        needed = {self.before, other.before} - {"nothing"}
        before: Before = "all" if len(needed) > 1 else (needed or {"nothing"}).pop()
        return Look(self.lags | other.lags, max(self.reach, other.reach), before)


def looks_of(
    readings: Iterable[Reading], blocked_by: Mapping[str, str] | None = None
) -> dict[str, Look]:
    """Return by name every series these readings look at, those that block them included.

    blocked_by: names for a series the one that counts what could not be valued.
    """
    found: dict[str, Look] = {}
    for reading in readings:
        other_days = Look(before="all" if isinstance(reading, Milestone) else "nothing")
        for part in simple_parts(reading):
            look = _look(part)
            _add(found, part.series, look | other_days)
            companion = (blocked_by or {}).get(part.series)
            if companion is not None:
                _add(found, companion, _look_at_companion(part, look) | other_days)
    return found


def _add(found: dict[str, Look], name: str, look: Look) -> None:
    found[name] = found.get(name, Look()) | look


def _look(part: Simple) -> Look:
    match part:
        case Windowed(lag=lag, window=window) | Mean(lag=lag, window=window):
            return Look(frozenset([lag, lag + window]), lag + window)
        case Level(lag=lag):
            return Look(frozenset([lag]), lag, "level")
        case DaysSinceOldest():
            return Look(before="level")
        case DaysSinceLast() | DayStreak(op="days_without"):
            return Look(before="last")
        case Latest(max_age=max_age):
            return Look(reach=max_age + 1)
    return Look(before="all")


def _look_at_companion(part: Simple, look: Look) -> Look:
    """A window leaves out what its companion counts in it, all else what its level counts."""
    if isinstance(part, Windowed | Mean | Level):
        return look
    return Look(before="level")
