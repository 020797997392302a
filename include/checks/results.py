"""What checks found, as rows of health.check_result."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from include.checks.session import Run
from include.checks.suite import STOP, WARN, OnFailure
from include.warehouse.database import query, transaction


@dataclass(frozen=True, slots=True)
class Result:
    """One check of one run. examples: up to ten ids or summaries of counts, never values."""

    suite: str
    expectation: str
    subject: str
    on_failure: OnFailure
    is_success: bool
    checked: int | None
    failed: int | None
    observed: str | None
    examples: list[str] = field(default_factory=list)


def write_results(engine: Engine, run: Run, results: Iterable[Result]) -> None:
    """Replace what this run said about the suites at hand; suites that did not run again stay."""
    rows = [
        {"run_no": run.run_no, "stage": run.stage}
        | {name: getattr(result, name) for name in Result.__slots__}
        for result in results
    ]
    suites = {"suites": sorted({row["suite"] for row in rows})}
    with transaction(engine) as connection:
        stage = {"run_no": run.run_no, "stage": run.stage}
        connection.execute(query("checks/forget_results"), stage | suites)
        connection.execute(query("checks/write_result"), rows)


def counts(results: Iterable[Result], quarantined: int) -> dict[str, int]:
    """Count checks, those that failed, those that only warn, and records set aside."""
    every = list(results)
    unmet = [result for result in every if not result.is_success]
    warned = sum(result.on_failure == WARN for result in unmet)
    return {
        "checks": len(every),
        "failed": len(unmet) - warned,
        "warned": warned,
        "quarantined": quarantined,
    }


def verdict(run: Run, results: Iterable[Result], reasons: Iterable[str] = ()) -> str | None:
    """Return the sentences that say why the run stops here; None where nothing stops it."""
    stops = [item for item in results if item.on_failure == STOP and not item.is_success]
    if not stops:
        return None
    what = {"raw": "the new records", "facts": "the facts", "scores": "the scores"}[run.stage]
    faults = "; ".join(_fault(result) for result in stops)
    why = " ".join(["Most frequent reasons:", "; ".join(reasons) + "."]) if reasons else ""
    return (
        f"The checks on {what} stopped run {run.run_no} for {run.as_of}: {faults}. {why} "
        "Nothing of this run is published, the last published scores stay in force. "
        f"The check report of run {run.run_no} has it line by line."
    ).replace("  ", " ")


def _fault(result: Result) -> str:
    """Name suite, fault, how many and whom."""
    size = f" ({result.failed:,} of {result.checked:,})" if result.failed else ""
    shown = result.examples[:3] or ([result.observed] if result.observed else [])
    more = "; …" if len(result.examples) > 3 else ""
    whom = f": {'; '.join(shown)}{more}" if shown else ""
    return f"{result.suite}: {result.subject}{size}{whom}"
