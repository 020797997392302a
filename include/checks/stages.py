"""The three stages of checking: records, facts, scores. Each is one pass, recorded as a whole.

Doing a stage again replaces its results and changes nothing else.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, text

from include.checks.arrival_suites import ARRIVALS
from include.checks.facts_suites import FACTS
from include.checks.library import open_library
from include.checks.raw_suites import RECORDS
from include.checks.results import Result, counts, verdict, write_results
from include.checks.runner import run_suite
from include.checks.scores_suites import SCORED
from include.checks.session import Run, binds_of, session
from include.errors import RejectData
from include.settings import Settings
from include.warehouse.database import query, transaction

TOP_REASONS = 5
# What of the settings decides whether a role is held for the day because its links got lost.
HOLDS = ("max_fall_objects", "max_fall_weight", "trailing_days")


def check_raw(engine: Engine, settings: Settings, *, run_no: int, as_of: date) -> dict[str, int]:
    """Check every record that waits to become a fact, and what each stream and source brought.

    Records that fail go to raw.quarantine with each of their reasons. Raises RejectData, after all
    is recorded, where a stream brought too many of them, nothing at all, or cannot be checked.
    """
    with session(engine) as connection:
        fields = settings.crm_source.fields.model_dump()
        binds = fields | binds_of(connection, settings, run_no=run_no, as_of=as_of)
        limits = settings.checks.model_dump() | {
            "least_change": 1 - settings.checks.max_volume_change,
            "largest_change": 1 + settings.checks.max_volume_change,
        }
        run = Run(run_no, "raw", as_of, binds, limits)
        library = open_library(connection)
        waiting = _waiting_streams(connection, run)
        batches = _waiting_batches(connection, waiting)
        connection.execute(query("checks/raw/failing"))
        results = [
            result
            for suite in RECORDS
            if suite.name in waiting
            for result in run_suite(library, run, suite, extra={"streams": waiting[suite.name]})
        ]
        connection.execute(query("checks/raw/set_aside"), {"batches": batches})
        aside = connection.execute(query("checks/raw/count_set_aside")).scalar_one()
        for suite in ARRIVALS:
            results += run_suite(library, run, suite)
        reasons = _top_reasons(connection, run)
    return _conclude(engine, run, results, quarantined=aside, reasons=reasons)


def check_facts(engine: Engine, settings: Settings, *, run_no: int, as_of: date) -> dict[str, int]:
    """Check the facts across records and sources. Raises RejectData where scores would be wrong.

    Where far less of a source than usual belongs to an account, its role is held for the day.
    """
    with session(engine) as connection:
        binds = binds_of(connection, settings, run_no=run_no, as_of=as_of)
        binds |= {name: getattr(settings.identity, name) for name in HOLDS}
        run = Run(run_no, "facts", as_of, binds, settings.checks.model_dump())
        connection.execute(query("checks/facts/write_linked_share"), binds)
        hold_fallen_roles(connection, binds)
        library = open_library(connection)
        results = [
            result
            for suite in FACTS
            if suite.role is None or suite.role in binds["roles"]
            for result in run_suite(library, run, suite)
        ]
    return _conclude(engine, run, results)


def hold_fallen_roles(connection: Connection, binds: Mapping[str, Any]) -> None:
    """Write how much of each source belongs to accounts, and hold the roles that lost too much.

    Roles are held and released on live days alone: what was held on another day stays as it is.
    binds: run_no and as_of of the run, and its limits, by the names in HOLDS.
    """
    connection.execute(query("checks/facts/write_matched_share"), binds)
    if connection.execute(query("snapshots/is_live"), binds).scalar_one():
        connection.execute(query("checks/facts/release_roles"), binds)
        connection.execute(query("checks/facts/hold_roles"), binds)


def check_scores(  # noqa: PLR0913 - a day of scores has that many names
    engine: Engine,
    settings: Settings,
    *,
    run_no: int,
    as_of: date,
    scorecard_id: int,
    bands: Collection[str],
    accounts: Collection[int] | None = None,
    is_shadow: bool = False,
) -> dict[str, int]:
    """Check one day's scores on one card and publish them; RejectData where they must not be seen.

    bands: the card's own; `unknown` is always one. accounts: the customers that the card has to
    score; None: all of them. A day that was published stays published.
    """
    with session(engine) as connection:
        binds = binds_of(connection, settings, run_no=run_no, as_of=as_of) | {
            "scorecard_id": scorecard_id,
            "first_account": 0,
            "last_account": 2**31 - 1,
            "first_day": as_of,
            "last_day": as_of,
            "accounts": None if accounts is None else list(accounts),
            "is_shadow": is_shadow,
        }
        card = connection.execute(query("checks/scores/card"), binds).scalar_one()
        run = Run(run_no, "scores", as_of, binds, {"bands": [*bands, "unknown"]}, card)
        customers = query("terms/on_days").text
        connection.execute(text(f"create temporary table customer as {customers}"), binds)
        library = open_library(connection)
        results = [result for suite in SCORED for result in run_suite(library, run, suite)]
    done = _conclude(engine, run, results)
    with transaction(engine) as connection:
        connection.execute(query("checks/scores/publish"), binds)
    return done


def _conclude(
    engine: Engine,
    run: Run,
    results: list[Result],
    *,
    quarantined: int = 0,
    reasons: Iterable[str] = (),
) -> dict[str, int]:
    write_results(engine, run, results)
    why = verdict(run, results, reasons)
    if why:
        raise RejectData(why)
    return counts(results, quarantined)


def _waiting_streams(connection: Connection, run: Run) -> dict[str, list[int]]:
    """Return the ids of streams with waiting records by the name of their suite."""
    found: dict[str, list[int]] = {}
    for row in connection.execute(query("checks/raw/waiting_streams"), run.binds):
        found.setdefault(f"{row.vendor}_{row.stream}", []).append(row.stream_id)
    return found


def _waiting_batches(connection: Connection, waiting: dict[str, list[int]]) -> list[int]:
    streams = [stream_id for ids in waiting.values() for stream_id in ids]
    rows = connection.execute(query("checks/raw/waiting_batches"), {"streams": streams})
    return list(rows.scalars())


def _top_reasons(connection: Connection, run: Run) -> list[str]:
    rows = connection.execute(
        query("checks/raw/top_reasons"), {"run_id": run.binds["run_id"], "most": TOP_REASONS}
    )
    return [f"{row.stream}: {row.reason} ({row.records:,})" for row in rows]
