"""Whether the scores that people see are old or late, in words that stand wherever it matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from include import reports
from include.errors import FixConfig
from include.scoring.scorecard import Scorecard
from include.settings import Settings
from include.warehouse.database import query


@dataclass(frozen=True, slots=True)
class DueDay:
    """The newest day that should be published by now.

    due: since when, in the organisation's time zone.
    """

    as_of: date
    due: datetime

    def is_missed(self, newest: date | None) -> bool:
        """Whether it is late where this is the newest published day; None: there is none."""
        return newest is None or newest < self.as_of

    @property
    def words(self) -> str:
        """How the day is late, as a sentence."""
        return (
            f"The scores of {self.as_of} were due at {self.due:%-H:%M} {self.due.tzinfo} on "
            f"{self.due:%Y-%m-%d} (checks.published_by_hour) and are not published."
        )


def stale(newest: date, *, today: date, max_age_days: int) -> str | None:
    """Return a sentence where the newest published day is more than so many days ago; else None.

    today: in the organisation's time zone. A day that ended at the last midnight is one day old.
    """
    age = (today - newest).days
    if age <= max_age_days:
        return None
    return (
        f"These scores are old: nothing after {newest}, {age:,} days ago, has been published "
        f"(checks.max_age_days: {max_age_days})."
    )


def banner(
    connection: Connection, cards: Sequence[Scorecard], settings: Settings, now: datetime
) -> str | None:
    """Return `stale` for an outcome's newest published day, and where to look; else None.

    None also before the first published day.
    """
    newest = newest_day(connection, cards)
    if newest is None:
        return None
    today = day_of(settings, now)
    words = stale(newest, today=today, max_age_days=settings.checks.max_age_days)
    return words and f"{words} `health doctor` says what stands in the way."


def due_day(settings: Settings, now: datetime) -> DueDay:
    """Return yesterday once it is checks.published_by_hour o'clock, until then the day before.

    now: aware. Days and hours are those of the organisation's time zone.
    """
    zone, hour = ZoneInfo(settings.time_zone), settings.checks.published_by_hour
    local = now.astimezone(zone)
    due_on = local.date() - timedelta(days=0 if local.hour >= hour else 1)
    return DueDay(due_on - timedelta(days=1), datetime.combine(due_on, time(hour), zone))


def how_it_stands(connection: Connection, as_of: date) -> str:
    """Say how the newest daily run of an unpublished day stands, and what to do about it."""
    run = connection.execute(query("reports/run_of_day"), {"as_of": as_of}).one_or_none()
    if run is None:
        return (
            "No run of it has begun: look whether the scheduler is at work and the DAG"
            " customer_health is not paused, then trigger it."
        )
    if run.state == "failed":
        return (
            f"Run {run.run_no} failed. {run.error.rstrip('.')}. Where Airflow does not try again"
            " by itself, mend it and clear the red task."
        )
    if run.state == "success":
        return (
            f"Run {run.run_no} ended well, and its scores are not live: `health runs` shows what"
            f" ran after it. Run the day again: `health run --as-of {as_of}`."
        )
    done = f"{run.stage} was the last stage to end" if run.stage else "no stage has ended yet"
    return (
        f"Run {run.run_no} is at work since {run.started_at:%Y-%m-%d %H:%M} UTC; {done}. Look at"
        " the task after it in Airflow: it runs, waits for its next try, or was killed."
    )


def newest_day(connection: Connection, cards: Sequence[Scorecard]) -> date | None:
    """Return the newest published day of an outcome's cards; None before the first one."""
    try:
        return reports.published_day(connection, cards, None).as_of
    except FixConfig:
        return None


def day_of(settings: Settings, now: datetime) -> date:
    """Return the day it is in the organisation's time zone. now: aware."""
    return now.astimezone(UTC).astimezone(ZoneInfo(settings.time_zone)).date()
