"""Whether the scores that people see are old, in words that stand beside every one of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from include import reports
from include.errors import FixConfig
from include.scoring.scorecard import Scorecard
from include.settings import Settings


def stale(newest: date, *, today: date, max_age_days: int) -> str | None:
    """Return a sentence where the newest published day is more than so many days ago; else None.

    today: in the organisation's time zone. A day that ended at the last midnight is one day old.
    """
    age = (today - newest).days
    if age <= max_age_days:
        return None
    return (
        f"These scores are old: nothing after {newest}, {age:,} days ago, has been published "
        f"(checks.max_age_days: {max_age_days}). `health doctor` says what stands in the way."
    )


def banner(
    connection: Connection, cards: Sequence[Scorecard], settings: Settings, now: datetime
) -> str | None:
    """Return `stale` for an outcome's newest published day; None also before the first one."""
    try:
        newest = reports.published_day(connection, cards, None).as_of
    except FixConfig:
        return None
    today = day_of(settings, now)
    return stale(newest, today=today, max_age_days=settings.checks.max_age_days)


def late(newest: date | None, settings: Settings, now: datetime) -> str | None:
    """Return a sentence where the day that should be published by now is not; else None.

    newest: the newest published day; None: there is none. now: aware. Yesterday is due at
    checks.published_by_hour o'clock of the organisation's time zone, until then the day before.
    """
    local = now.astimezone(ZoneInfo(settings.time_zone))
    due = settings.checks.published_by_hour
    wanted = local.date() - timedelta(days=1 if local.hour >= due else 2)
    if newest is not None and newest >= wanted:
        return None
    return (
        f"The scores of {wanted} were due at {due}:00 (checks.published_by_hour) and are not "
        "published. `health doctor` says what stands in the way."
    )


def is_first_hour_late(settings: Settings, now: datetime) -> bool:
    """Whether yesterday became due within this hour: who looks every hour tells of it once."""
    local = now.astimezone(ZoneInfo(settings.time_zone))
    return local.hour == settings.checks.published_by_hour


def day_of(settings: Settings, now: datetime) -> date:
    """Return the day it is in the organisation's time zone. now: aware."""
    return now.astimezone(UTC).astimezone(ZoneInfo(settings.time_zone)).date()
