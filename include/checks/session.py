"""One connection for a whole stage: its temporary tables, and what every statement is told."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, TableClause, table, text

from include.checks.suite import Stage
from include.settings import Settings
from include.warehouse.database import query, transaction


@dataclass(frozen=True, slots=True)
class Run:
    """What is being checked. card: the scorecard's name where the stage is about one, else ''."""

    run_no: int
    stage: Stage
    as_of: date
    binds: Mapping[str, Any]
    parameters: Mapping[str, Any]
    card: str = ""


@contextlib.contextmanager
def session(engine: Engine) -> Iterator[Connection]:
    """Lend a connection that nobody else gets afterwards, each statement its own transaction.

    Temporary tables on it vanish with it. A lost database is RetryLater.
    """
    with transaction(engine.execution_options(isolation_level="AUTOCOMMIT")) as connection:
        connection.detach()
        yield connection


def binds_of(
    connection: Connection, settings: Settings, *, run_no: int, as_of: date
) -> dict[str, Any]:
    """Return what statements are told: the run, its day and the sources of health.yaml.

    day_end: the first moment after the day, in the organisation's time zone. latest: no fact may be
    later than this: the end of the day or the start of the run, whichever comes last; vendors go on
    living while we work.
    """
    run = connection.execute(query("checks/run"), {"run_no": run_no}).one()
    midnight = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(settings.time_zone))
    return {
        "run_no": run_no,
        "run_id": run.run_id,
        "as_of": as_of,
        "day_end": midnight,
        "latest": max(midnight, run.started_at),
        "sources": [source.name for source in settings.sources],
        "roles": [source.role for source in settings.sources],
        "time_zone": settings.time_zone,
    }


@contextlib.contextmanager
def materialized(
    connection: Connection, name: str, statement: str, binds: Mapping[str, Any]
) -> Iterator[TableClause]:
    """Evaluate a statement once into a temporary table, for as long as the block lasts.

    Every check then reads a few narrow columns, not the vendors' JSON again and again.
    """
    body = query(statement).text
    connection.execute(text(f"create temporary table {name} as {body}"), binds)
    yield table(name)
    connection.execute(text(f"drop table {name}"))
