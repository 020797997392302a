"""How a measure is read from series, as data: the `reading` of a scorecard's measure.

A series is known for an account from some day on (its source is linked and in use). Before that day
every reading of it is unknown; from it on, a day without a row means that nothing happened.
Day `as_of - lag` must be a known day, and `history` asks for that many known days up to `as_of`,
both ends counted. A row of 0 is the same as no row, except for `latest`; so is one that clears what
was said.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from include.scoring.strict import SeriesName, Strict, refuse_unknown_series

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


class Mean(Strict):
    """The sum over the same days as `Windowed`, divided; unknown until all of them are known days.

    mean_per_day: by the days of the window. mean_per_active_day: by those with a value other than
    0; unknown where there is none.
    """

    op: Literal["mean_per_day", "mean_per_active_day"]
    series: SeriesName
    window: SomeDays = 28
    lag: Days = 0

    @property
    def history(self) -> int:
        """The known days it takes."""
        return self.window + self.lag


class Level(Strict):
    """The sum of all values up to and including `as_of - lag`: the level of a series of changes."""

    op: Literal["level"]
    series: SeriesName
    lag: Days = 0
    history: Days = 0


class ActiveUsers(Strict):
    """Different users active in the window: the level of active_users_<window>d.

    The days of the window as for `Windowed`. Unknown until all of them are known days.
    """

    op: Literal["active_users"]
    window: SomeDays = 28
    lag: Days = 0

    @property
    def series(self) -> str:
        """The series that counts users over such a window."""
        return f"active_users_{self.window}d"

    @model_validator(mode="after")
    def is_counted(self) -> Self:
        refuse_unknown_series(self.series, "window")
        return self


class DaysSinceLast(Strict):
    """Days since the last day with a value other than 0; 0 on that day itself.

    never: what holds when there was no such day: unknown, or the days since the series is known.
    """

    op: Literal["days_since_last"]
    series: SeriesName
    never: Literal["unknown", "since_known"] = "unknown"


class DaysSinceOldest(Strict):
    """Days since the oldest thing that is open; 0 when nothing is.

    The series holds changes, and its level is the number of that thing's day since 1970-01-01.
    """

    op: Literal["days_since_oldest"]
    series: SeriesName


class DayStreak(Strict):
    """For how many known days in a row, `as_of` counted, something has been so; 0 when it is not.

    days_without: the day has no value other than 0. days_at_zero: the level is not above 0.
    """

    op: Literal["days_without", "days_at_zero"]
    series: SeriesName


class DaysAboveZero(Strict):
    """For how many days in a row, `as_of` counted, the level is above 0; 0 when it is not.

    Days before the series was known count as well, where it has rows of them.
    """

    op: Literal["days_above_zero"]
    series: SeriesName


class Latest(Strict):
    """The last value; unknown when it is older than `max_age` days or there is none."""

    op: Literal["latest"]
    series: SeriesName
    max_age: Days = 120


class DaysToFirst(Strict):
    """Days from the start of the term in force to its first day with a value other than 0.

    Without a term they count from the first known day. until: what holds while there is no such
    day: unknown, or the days so far. before_known: the days of the term before the series is known
    are unknown, and so is this reading for the whole term; or nothing was on them.
    """

    op: Literal["days_to_first"]
    series: SeriesName
    until: Literal["unknown", "so_far"] = "unknown"
    before_known: Literal["unknown", "nothing"] = "unknown"


Plain = (
    Windowed | Mean | Level | ActiveUsers | DaysSinceLast | DaysSinceOldest | DayStreak
    | DaysAboveZero | Latest
)  # fmt: skip
Simple = Plain | DaysToFirst


class Divide(Strict):
    """`top / bottom * times`; unknown when either is unknown or the bottom is 0."""

    op: Literal["divide"]
    top: Annotated[Plain, Field(discriminator="op")]
    bottom: Annotated[Plain, Field(discriminator="op")]
    times: Annotated[float, Field(gt=0, le=1_000_000)] = 1.0


class RatioToPrevious(Strict):
    """The sum over the window, divided by the sum over the window before it.

    Unknown until all days of both are known days, and when the earlier sum is 0.
    """

    op: Literal["ratio_to_previous"]
    series: SeriesName
    window: SomeDays = 28


class Milestone(Strict):
    """Which part of `target` the reading `of` reached by the end of a month of the term in force.

    From the due day on it is what it was on that day: `of / target`, above 1 where more was
    reached. Month n ends on the day before the term's first day of month n months later (or before
    the last day of that month where it is shorter). until: what holds before the due day: unknown,
    or the part reached so far. Unknown without a term.
    """

    op: Literal["milestone"]
    of: Annotated[Plain | Divide, Field(discriminator="op")]
    month: Annotated[int, Field(ge=1, le=120)]
    target: Annotated[float, Field(gt=0, le=1e12)]
    until: Literal["unknown", "so_far"] = "unknown"


Reading = Annotated[
    Simple | Divide | RatioToPrevious | Milestone, Field(discriminator="op")
]  # in the order in which messages name them

BY_OP: dict[str, type[Strict]] = {
    "sum": Windowed,
    "active_days": Windowed,
    "mean_per_day": Mean,
    "mean_per_active_day": Mean,
    "level": Level,
    "active_users": ActiveUsers,
    "days_since_last": DaysSinceLast,
    "days_since_oldest": DaysSinceOldest,
    "days_without": DayStreak,
    "days_at_zero": DayStreak,
    "days_above_zero": DaysAboveZero,
    "latest": Latest,
    "days_to_first": DaysToFirst,
    "divide": Divide,
    "ratio_to_previous": RatioToPrevious,
    "milestone": Milestone,
}
