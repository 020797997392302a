"""Run one suite: evaluate its statement once, ask the library, find the rows that fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TableClause,
    column,
    func,
    insert,
    literal,
    select,
    table,
)

from include.checks.failing import BY_ROW, failing
from include.checks.library import Library, Outcome, evaluate
from include.checks.raw_suites import KEYS
from include.checks.results import Result
from include.checks.session import Run, materialized
from include.checks.suite import QUARANTINE, STOP, Check, Suite, filled, label
from include.errors import RejectData

EXAMPLES = 10
ASIDE = table("failing", *(column(name) for name in (*KEYS, "reason")))


@dataclass(frozen=True, slots=True)
class Case:
    """One check of a suite, its arguments filled in, with what the library said."""

    suite: Suite
    check: Check
    kwargs: Mapping[str, Any]
    outcome: Outcome


def run_suite(
    library: Library, run: Run, suite: Suite, *, extra: Mapping[str, Any] | None = None
) -> list[Result]:
    """Return one result a check; rows that fail a `quarantine` check are noted in `failing`."""
    expected = [(check, filled(check, run.parameters)) for check in suite.rows]
    name, binds = f"check_{suite.name}", {**run.binds, **(extra or {})}
    with materialized(library.connection, name, suite.statement, binds) as source:
        outcomes = evaluate(
            library, name, [(check.expectation, kwargs) for check, kwargs in expected]
        )
        cases = [
            Case(suite, check, kwargs, outcome)
            for (check, kwargs), outcome in zip(expected, outcomes, strict=True)
        ]
        return [_result(library.connection, run, source, case) for case in cases]


def _result(connection: Connection, run: Run, source: TableClause, case: Case) -> Result:
    check, outcome = case.check, case.outcome
    examples: list[str] = []
    if outcome.failed and check.expectation in BY_ROW:
        condition = failing(check.expectation, case.kwargs, source)
        _compare(connection, source, condition, case)
        examples = _examples(connection, source, condition, case.suite.example)
        if check.on_failure == QUARANTINE:
            _note(connection, source, condition, check.reason)
    return Result(
        suite=f"{case.suite.name} {run.card}".strip(),
        expectation=label(check),
        subject=check.reason,
        on_failure=STOP if outcome.trouble else check.on_failure,
        is_success=outcome.is_success,
        checked=outcome.checked,
        failed=outcome.failed,
        observed=f"not evaluated: {outcome.trouble}" if outcome.trouble else outcome.observed,
        examples=examples,
    )


def _compare(
    connection: Connection, source: TableClause, condition: ColumnElement[bool], case: Case
) -> None:
    """Raise RejectData where the library and failing.py do not mean the same rows."""
    ours = connection.execute(
        select(func.count()).select_from(source).where(condition)
    ).scalar_one()
    if ours != case.outcome.failed:
        raise RejectData(
            f"{label(case.check)} of {case.suite.name}: the library finds "
            f"{case.outcome.failed:,} rows that fail, our own condition {ours:,}. "
            "include/checks/failing.py must say what the library says."
        )


def _examples(
    connection: Connection, source: TableClause, condition: ColumnElement[bool], shown: str
) -> list[str]:
    name: ColumnElement[str] = column(shown)
    rows = select(name).select_from(source).where(condition).order_by(name).limit(EXAMPLES)
    return list(connection.execute(rows).scalars())


def _note(
    connection: Connection, source: TableClause, condition: ColumnElement[bool], reason: str
) -> None:
    keys: list[ColumnElement[Any]] = [column(name) for name in KEYS]
    rows: Select[Any] = select(*keys, literal(reason)).select_from(source).where(condition)
    connection.execute(insert(ASIDE).from_select([*KEYS, "reason"], rows))
