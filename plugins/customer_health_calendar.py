"""The one place that decides which day a run is about."""

from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from include.settings import load_settings


class DagRun(Protocol):
    """What we need of Airflow's object of that name."""

    run_type: str
    run_after: datetime


def snapshot_date(params: dict[str, Any], interval_start: datetime | None, dag_run: DagRun) -> str:
    """Return the day to score, YYYY-MM-DD, in the organisation's time zone.

    In this order: the `as_of` that a person gave; the day in which the data interval starts; for a
    run by hand, which has no interval, the day before the one on which it was asked for.
    """
    if params.get("as_of"):
        return str(params["as_of"])
    zone = ZoneInfo(load_settings().time_zone)
    if interval_start is not None and dag_run.run_type != "manual":
        return interval_start.astimezone(zone).date().isoformat()
    return (dag_run.run_after.astimezone(zone).date() - timedelta(days=1)).isoformat()
