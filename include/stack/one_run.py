"""`health run`: the daily DAG once, in one process, on embedded defaults, with progress shown."""

import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from include.errors import HealthError
from include.stack.airflow_database import prepare_airflow
from include.stack.children import Child, ask_to_stop, bury, start
from include.stack.environment import airflow_environment
from include.stack.state import Databases, State
from include.warehouse.database import open_store, query, transaction
from include.warehouse.migrate import upgrade

STOP_TIMEOUT_S = 30.0


class RunFailed(HealthError):
    """The DAG run ended red; what each stage said has been shown already."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One finished stage of a run. counts: what it counted, by name."""

    name: str
    part: str
    counts: dict[str, int]
    seconds: float


def prepare_store(url: str) -> Engine:
    """Open the store and bring its schema up to date; a second call finds nothing to do."""
    engine = open_store(url)
    upgrade(engine)
    return engine


def run_dag(
    state: State,
    databases: Databases,
    *,
    as_of: date,
    connections: dict[str, str],
    show: Callable[[Stage], None],
) -> int:
    """Run the daily DAG for one day and return our number of the run.

    show: called for every stage as soon as it is finished. Raises RunFailed where the DAG failed.
    """
    environment = airflow_environment(state, databases, connections)
    prepare_airflow(state, environment)
    log = state.logs / f"run-{as_of}.log"
    command = [
        str(Path(sys.executable).parent / "airflow"), "dags", "test", "customer_health",
        "-c", json.dumps({"as_of": as_of.isoformat()}),
    ]  # fmt: skip
    engine = open_store(databases.store)
    with transaction(engine) as connection:
        last = connection.execute(query("reports/last_run_no")).scalar_one()
    before = log.stat().st_size if log.exists() else 0
    child = start(command, environment, log)
    try:
        run_no = _follow(engine, child, last, show)
    finally:
        ask_to_stop(child)
        bury(child, time.monotonic() + STOP_TIMEOUT_S)
    if child.returncode != 0:
        raise RunFailed(_why(engine, run_no, log, before))
    return run_no


def _follow(engine: Engine, child: Child, last: int, show: Callable[[Stage], None]) -> int:
    """Show stages as they finish until the child ends; return the run's number, 0 if none began."""
    shown: set[tuple[str, str]] = set()
    run_no = 0
    ended = False
    while not ended:
        ended = child.poll() is not None
        with transaction(engine) as connection:
            rows = connection.execute(query("reports/stages_after"), {"run_no": last}).all()
        for row in rows:
            run_no = row.run_no
            if (row.stage, row.part) not in shown and row.stage:
                shown.add((row.stage, row.part))
                show(Stage(row.stage, row.part, row.counts, row.seconds))
        time.sleep(0.2)
    return run_no


def _why(engine: Engine, run_no: int, log: Path, before: int) -> str:
    with transaction(engine) as connection:
        row = connection.execute(query("reports/run"), {"run_no": run_no}).one_or_none()
    said = row.error if row is not None and row.error else _last_words(log, before)
    return f"The run failed. {said} (Airflow's log: {log})"


def _last_words(log: Path, before: int) -> str:
    """Return what the last error of ours says, where it came before the run's entry in the store.

    before: how many bytes of the log belong to earlier runs.
    """
    text = log.read_bytes()[before:].decode(errors="replace")
    found = re.findall(r"^include\.errors\.(\w+: .+)$", text, re.MULTILINE)
    return found[-1] if found else "Airflow could not run the DAG."
