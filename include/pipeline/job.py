"""What every verb works with, and the book that is kept of each run."""

import contextlib
import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from include.errors import FixConfig, HealthError, RejectData
from include.scoring.deck import Deck
from include.scoring.scorecard import Scorecard, load_scorecard
from include.settings import ROOT, Settings, load_settings
from include.warehouse.database import open_store, query, transaction

log = logging.getLogger("customer_health")
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Job:
    """The store, the settings and the scorecards: live ones, and those that are scored beside."""

    engine: Engine
    settings: Settings
    cards: tuple[Scorecard, ...]
    shadows: tuple[Scorecard, ...] = ()

    @property
    def deck(self) -> Deck:
        return Deck(self.cards, self.shadows)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a DAG: `run_id` is Airflow's, `run_no` ours; `as_of` the last day it is about."""

    run_id: str
    run_no: int
    as_of: date


def open_job() -> Job:
    """Open the store that HEALTH_DATABASE_URL names and read `health.yaml` and its scorecards."""
    url = os.environ.get("HEALTH_DATABASE_URL")
    if not url:
        raise FixConfig("HEALTH_DATABASE_URL is not set: it names the PostgreSQL of the store.")
    return _job_of(url, os.getpid())


@cache
def _job_of(url: str, _process: int) -> Job:
    """One pool of connections a process: a forked worker must not share its parent's."""
    settings = load_settings()
    deck = read_deck(settings)
    return Job(open_store(url), settings, deck.live, deck.shadow)


def read_deck(settings: Settings) -> Deck:
    """Read the scorecards that the settings name; FixConfig where they do not fit together."""
    live, shadow = (
        tuple(load_scorecard(ROOT / path) for path in paths)
        for paths in (settings.scorecards, settings.shadow_scorecards)
    )
    deck = Deck(live, shadow)
    for outcome in settings.crm.outcomes:
        deck.asked(outcome)
    return deck


def open_run(job: Job, run_id: str, as_of: str, kind: str | None = None) -> Run:
    """Return the run of that id, entered in the book at its first verb; FixConfig for no day.

    kind: daily, or backfill, whose days are never live; None: as the book has it, daily if new.
    """
    day = to_day(as_of)
    binds = {"run_id": run_id, "as_of": day, "kind": kind}
    with transaction(job.engine) as connection:
        run_no = connection.execute(query("runs/open"), binds).scalar_one()
    return Run(run_id, run_no, day)


def to_day(entered: str) -> date:
    """Read a day as YYYY-MM-DD; anything else is FixConfig."""
    try:
        return date.fromisoformat(entered)
    except ValueError:
        raise FixConfig(f"{entered!r} is no day; write it as YYYY-MM-DD.") from None


def close_run(job: Job, run: Run) -> None:
    """Enter that the run ended well."""
    _enter_state(job, run, "success", None)


@contextlib.contextmanager
def stage(job: Job, run: Run, name: str, part: str = "") -> Iterator[Counts]:
    """Time a stage, collect what it counted, enter both in the book and log one line.

    A stage that raises marks the run as failed with the error's first words and passes it on; a
    later try of the same stage and part opens the run again.
    """
    counts: Counts = {}
    whole = f"{name} {part}".strip()
    with transaction(job.engine) as connection:
        connection.execute(query("runs/begin_stage"), {"run_no": run.run_no, "whole": whole})
    started = time.perf_counter()
    try:
        yield counts
    except Exception as error:
        words = str(error) if isinstance(error, HealthError) else type(error).__name__
        with contextlib.suppress(HealthError):  # the store itself may be what failed
            _enter_state(job, run, "failed", f"{whole}: {words}"[:2000])
        raise
    seconds = time.perf_counter() - started
    binds = {"run_no": run.run_no, "stage": name, "part": part, "seconds": seconds}
    with transaction(job.engine) as connection:
        connection.execute(query("runs/enter_stage"), binds | {"counts": json.dumps(counts)})
    shown = " ".join(f"{key}={value}" for key, value in counts.items())
    rate = max(counts.values(), default=0) / max(seconds, 1e-3)
    log.info(
        "run=%d stage=%s part=%s as_of=%s seconds=%.2f per_s=%.0f %s",
        run.run_no, name, part, run.as_of, seconds, rate, shown,
    )  # fmt: skip


def report_page(run_no: int) -> Path:
    """Return where the check report of a run stands, below HEALTH_STATE or `var/`."""
    return Path(os.environ.get("HEALTH_STATE", ROOT / "var")) / f"reports/checks-run-{run_no}.html"


@contextlib.contextmanager
def showing_rejects(job: Job, run: Run) -> Iterator[None]:
    """Write the check report where a check rejects the data, and say where it stands."""
    try:
        yield
    except RejectData as error:
        from include.checks import write_report

        page = report_page(run.run_no)
        page.parent.mkdir(parents=True, exist_ok=True)
        write_report(job.engine, page, run_no=run.run_no)
        raise RejectData(f"{error} It is {page}.") from error


def _enter_state(job: Job, run: Run, state: str, error: str | None) -> None:
    with transaction(job.engine) as connection:
        binds = {"run_no": run.run_no, "state": state, "error": error}
        connection.execute(query("runs/enter_state"), binds)
