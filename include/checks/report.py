"""What the checks of a run found, for people: a page to open and lines for the terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from include.checks.page import page
from include.checks.shown import plural
from include.errors import FixConfig
from include.html_page import printable, write_page
from include.warehouse.database import query, transaction

Row = Mapping[str, Any]
# How many runs back the history of a check is shown.
RUNS = 20
# How many ids a line of the terminal has room for.
IDS = 3


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that is known of one run's checks; rows as the files in sql/checks/report say."""

    run: Row
    arrivals: Sequence[Row]
    results: Sequence[Row]
    quarantine: Sequence[Row]


def write_report(engine: Engine, path: Path, *, run_no: int) -> None:
    """Write the page, whole or not at all; FixConfig where `path` cannot be written.

    It needs no network and no script. Everything that came from a vendor is escaped.
    """
    found = findings(engine, run_no)
    text = page(found.run, found.arrivals, found.results, found.quarantine)
    write_page(text, path)


def report_lines(engine: Engine, run_no: int) -> list[str]:
    """Return what the checks found, one finding a line: counts by stage, then every failed check.

    Plain text without control characters, whatever the vendors' ids hold.
    """
    found = findings(engine, run_no)
    lines = []
    for stage in dict.fromkeys(row["stage"] for row in found.results):
        rows = [row for row in found.results if row["stage"] == stage]
        unmet = [row for row in rows if not row["is_success"]]
        lines.append(f"{stage}: {plural(len(rows), 'check')}, {len(unmet)} with findings")
        lines += [_finding(row) for row in unmet]
    landing = [row for row in found.quarantine if row["stage"] == "landing"]
    if landing:
        lines.append(
            f"landing: {plural(sum(row['records'] for row in landing), 'record')} set aside"
        )
        lines += [_set_aside(row) for row in landing]
    return [printable(line) for line in lines]


def findings(engine: Engine, run_no: int) -> Findings:
    """Read one run's findings; FixConfig where there is no such run."""
    with transaction(engine) as connection:
        run = connection.execute(query("checks/report/run"), {"run_no": run_no}).mappings().first()
        if run is None:
            raise FixConfig(f"There is no run {run_no}; `health runs` lists those that there are.")
        binds = {"run_no": run_no, "run_id": run["run_id"], "runs": RUNS}

        def rows(name: str) -> list[Row]:
            found = connection.execute(query(f"checks/report/{name}"), binds)
            return [dict(row) for row in found.mappings()]

        return Findings(dict(run), rows("arrivals"), rows("results"), rows("quarantine"))


def _finding(row: Row) -> str:
    mark = {"stop": "✗ stop", "quarantine": "✗ set aside", "warn": "! warning"}[row["on_failure"]]
    size = f" {row['failed']:,} of {row['checked']:,}" if row["failed"] else ""
    seen = f" (found {row['observed']})" if row["observed"] else ""
    return f"  {mark}: {row['suite']}: {row['subject']}{size and ','}{size}{seen}{_whom(row)}"


def _set_aside(row: Row) -> str:
    return f"  {row['stream']}: {row['reason']}, {plural(row['records'], 'record')}{_whom(row)}"


def _whom(row: Row) -> str:
    examples = row["examples"] or []
    mark = "; " if any(" " in example for example in examples) else ", "
    shown = [*examples[:IDS], "…"] if len(examples) > IDS else examples
    return f": {mark.join(shown)}" if examples else ""
