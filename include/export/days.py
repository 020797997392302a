"""Which published days an export is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from include.errors import FixConfig
from include.export.kinds import Kind
from include.warehouse.database import query


@dataclass(frozen=True, slots=True)
class Day:
    """One published day of an outcome. scorecard_ids: of the cards that scored it."""

    as_of: date
    published_at: datetime
    scorecard_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The days that somebody named: one, a range with both ends, or neither: the newest."""

    as_of: date | None = None
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.as_of and (self.first or self.last):
            raise FixConfig("Say either --as-of, or --from and --to.")
        if self.first and self.last and self.first > self.last:
            raise FixConfig(f"The range ends ({self.last}) before it begins ({self.first}).")

    @property
    def is_range(self) -> bool:
        return self.first is not None or self.last is not None


def find_days(connection: Connection, outcome: str, asked: Asked, kind: Kind) -> list[Day]:
    """Return the published days that are meant, oldest first; at least one.

    Raises FixConfig where nothing is published, where none of the days is, or where this kind of
    table is not kept by day.
    """
    _refuse_days_of(kind, asked)
    rows = connection.execute(query("export/days"), {"outcome": outcome})
    days = [Day(row.as_of, row.published_at, tuple(row.scorecard_ids)) for row in rows]
    if not days:
        raise FixConfig(
            f"Nothing of the outcome {outcome} is published yet. Run `make run`, or look at "
            "`health runs` for what failed."
        )
    if asked.is_range:
        first, last = asked.first or days[-1].as_of, asked.last or days[0].as_of
    else:
        first = last = asked.as_of or days[0].as_of
    meant = [day for day in reversed(days) if first <= day.as_of <= last]
    if not meant:
        raise FixConfig(_no_such_day([day.as_of for day in days], first, last))
    return meant


def _refuse_days_of(kind: Kind, asked: Asked) -> None:
    if kind.span == "now" and (asked.as_of or asked.is_range):
        raise FixConfig(
            f"{kind.name} are told as they are now, not by day; leave --as-of, --from and --to out."
        )
    if kind.span == "day" and asked.is_range:
        raise FixConfig(
            f"{kind.name} are of one day (--as-of); --what history has a row an account and day."
        )


def _no_such_day(days: Sequence[date], first: date, last: date) -> str:
    """days: that are published, newest first."""
    before = next((day for day in days if day < first), None)
    after = next((day for day in reversed(days) if day > last), None)
    near = " and ".join(str(day) for day in (before, after) if day is not None)
    asked = str(first) if first == last else f"{first} to {last}"
    return f"No scores of {asked} are published; the nearest published days: {near}."
