"""How a measure is read from series, as data: the `reading` of a scorecard's measure.

A series is known for an account from some day on (its source is linked and in use). Before that day
every reading of it is unknown; from it on, a day without a row means that nothing happened.
Day `as_of - lag` must be a known day, and `history` asks for that many known days up to `as_of`,
both ends counted.
"""

from typing import Annotated, Literal

from pydantic import Field

from include.scoring.strict import SeriesName, Strict

Days = Annotated[int, Field(ge=0, le=3660)]
SomeDays = Annotated[int, Field(ge=1, le=3660)]


class Windowed(Strict):
    """Over the days after `as_of - lag - window`, up to and including `as_of - lag`.

    sum: of the values. active_days: how many days have a value other than 0.
    """

    op: Literal["sum", "active_days"]
    series: SeriesName
    window: SomeDays = 28
    lag: Days = 0
    history: Days = 0


class Level(Strict):
    """The sum of all values up to and including `as_of - lag`: the level of a series of changes."""

    op: Literal["level"]
    series: SeriesName
    lag: Days = 0
    history: Days = 0


class DaysSinceLast(Strict):
    """Days since the last day with a value other than 0; 0 on that day itself.

    never: what holds when there was no such day: unknown, or the days since the series is known.
    """

    op: Literal["days_since_last"]
    series: SeriesName
    never: Literal["unknown", "since_known"] = "unknown"


class DaysAboveZero(Strict):
    """For how many days in a row, `as_of` counted, the level is above 0; 0 when it is not."""

    op: Literal["days_above_zero"]
    series: SeriesName


class Latest(Strict):
    """The last value; unknown when it is older than `max_age` days or there is none."""

    op: Literal["latest"]
    series: SeriesName
    max_age: Days = 120


Simple = Windowed | Level | DaysSinceLast | DaysAboveZero | Latest
SimpleReading = Annotated[Simple, Field(discriminator="op")]


class Divide(Strict):
    """`top / bottom * times`; unknown when either is unknown or the bottom is 0."""

    op: Literal["divide"]
    top: SimpleReading
    bottom: SimpleReading
    times: Annotated[float, Field(gt=0, le=1_000_000)] = 1.0


Reading = Annotated[Simple | Divide, Field(discriminator="op")]

BY_OP: dict[str, type[Strict]] = {
    "sum": Windowed,
    "active_days": Windowed,
    "level": Level,
    "days_since_last": DaysSinceLast,
    "days_above_zero": DaysAboveZero,
    "latest": Latest,
    "divide": Divide,
}


def why_unknown(reading: Reading) -> str:
    """What it takes for this reading to be unknown, as the end of a sentence."""
    if isinstance(reading, Divide):
        top, bottom = why_unknown(reading.top), why_unknown(reading.bottom)
        either = top if top == bottom else f"{top}, or {bottom}"
        return f"{either}, or {reading.bottom.series} is 0"
    if isinstance(reading, Latest):
        return f"no {reading.series} in the last {reading.max_age} days"
    if isinstance(reading, DaysSinceLast) and reading.never == "unknown":
        return f"no {reading.series} so far"
    if isinstance(reading, Windowed | Level) and reading.history:
        return f"{reading.series} is not known for {reading.history} days yet"
    return f"{reading.series} is not known for this account yet"
