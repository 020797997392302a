"""What a reading is made of: short forms written out, its simple parts, the series it needs."""

from collections.abc import Iterable, Mapping
from typing import overload

from include.scoring.reading_spec import (
    ActiveUsers,
    DaysSinceLast,
    DaysToFirst,
    DayStreak,
    Divide,
    Latest,
    Level,
    Mean,
    Milestone,
    Plain,
    RatioToPrevious,
    Reading,
    Simple,
    Windowed,
)

WrittenOut = Simple | Divide | Milestone


@overload
def write_out(reading: Plain) -> Plain: ...
@overload
def write_out(reading: Plain | Divide) -> Plain | Divide: ...
@overload
def write_out(reading: Reading) -> WrittenOut: ...
def write_out(reading: Reading) -> WrittenOut:
    """Return the same reading without short forms: ActiveUsers is a level, a ratio a division."""
    match reading:
        case ActiveUsers(window=window, lag=lag):
            return Level(op="level", series=reading.series, lag=lag, history=window + lag)
        case RatioToPrevious(series=series, window=window):
            now = Windowed(op="sum", series=series, window=window, history=2 * window)
            return Divide(op="divide", top=now, bottom=now.model_copy(update={"lag": window}))
        case Divide(top=top, bottom=bottom):
            return reading.model_copy(update={"top": write_out(top), "bottom": write_out(bottom)})
        case Milestone(of=of):
            return reading.model_copy(update={"of": write_out(of)})
    return reading


def simple_parts(reading: Reading) -> tuple[Simple, ...]:
    """Return the readings of one series each that this one is made of, written out."""
    match write_out(reading):
        case Divide(top=top, bottom=bottom):
            return (top, bottom)
        case Milestone(of=of):
            return simple_parts(of)
        case simple:
            return (simple,)


def adds_up(reading: Simple) -> bool:
    """Whether a reading is made from sums of values, and not of values or their days alone."""
    match reading:
        case Latest() | DaysSinceLast() | DaysToFirst():
            return False
        case Windowed(op=op) | DayStreak(op=op):
            return op not in ("active_days", "days_without")
    return True


def series_of(
    readings: Iterable[Reading], blocked_by: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the names of all series these readings look at, those that block them included."""
    read = {part.series for reading in readings for part in simple_parts(reading)}
    blocking = {(blocked_by or {}).get(name) for name in read} - {None}
    return tuple(sorted(read | {str(name) for name in blocking}))


def needs_terms(readings: Iterable[Reading]) -> bool:
    """Whether any of these readings counts from the start of a term."""
    return any(isinstance(reading, DaysToFirst | Milestone) for reading in readings)


def can_be_summed(reading: Reading) -> bool:
    """Whether a family's reading is the sum of its accounts'; for a division, top and bottom."""
    match write_out(reading):
        case Windowed(op="sum") | Mean(op="mean_per_day") | Level():
            return True
        case Divide(top=top, bottom=bottom):
            return can_be_summed(top) and can_be_summed(bottom)
    return False
