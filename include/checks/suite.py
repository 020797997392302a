"""What a check is: a row of data that anybody can read and diff.

A suite belongs to one SQL file under `include/sql/checks/`, which says what its rows are. Its first
check is always that the file returns exactly the columns that the suite speaks of, because an
expectation on a column passes on an empty table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

OnFailure = Literal["quarantine", "stop", "warn"]
Stage = Literal["raw", "facts", "scores"]
QUARANTINE: OnFailure = "quarantine"
STOP: OnFailure = "stop"
WARN: OnFailure = "warn"
# The library's names of the expectations that we use. Which rows fail each of them is also written
# down in failing.py, and both must agree.
BETWEEN = "ExpectColumnValuesToBeBetween"
IN_SET = "ExpectColumnValuesToBeInSet"
NOT_NULL = "ExpectColumnValuesToNotBeNull"
UNIQUE = "ExpectColumnValuesToBeUnique"
ORDERED = "ExpectColumnPairValuesAToBeGreaterThanB"
ROW_COUNT = "ExpectTableRowCountToBeBetween"
COLUMNS = "ExpectTableColumnsToMatchSet"
# Lists longer than this are counted, not written out, where people read them.
LONGEST_LIST = 12


class Check(NamedTuple):
    """One expectation, by the library's own name and arguments, and what follows if it fails.

    column: what it is about; None: the table as a whole. reason: the fault in words, as it stands
    in quarantine and in the report. A value {"$PARAMETER": name} is filled in by the run.
    """

    expectation: str
    column: str | None
    kwargs: Mapping[str, Any]
    on_failure: OnFailure
    reason: str


@dataclass(frozen=True, slots=True)
class Suite:
    """Checks on the rows of one statement.

    example: the column shown for a row that fails; an id or a summary of counts, never a value.
    role: the kind of source without which there is nothing to check; None: always.
    reads: the name of a statement that several suites share; "": the suite's own.
    """

    stage: Stage
    name: str
    keys: tuple[str, ...]
    checks: tuple[Check, ...]
    example: str = "record_id"
    role: str | None = None
    reads: str = ""

    @property
    def statement(self) -> str:
        return f"checks/{self.stage}/{self.reads or self.name}"

    @property
    def columns(self) -> list[str]:
        """The keys and whatever the checks speak of: a statement must return nothing else."""
        spoken_of = {
            name
            for check in self.checks
            for name in (check.column, check.kwargs.get("column_B"))
            if name is not None
        }
        return sorted(spoken_of.union(self.keys))

    @property
    def rows(self) -> tuple[Check, ...]:
        """All checks, the one on the columns first."""
        return (
            Check(
                COLUMNS,
                None,
                {"column_set": self.columns},
                STOP,
                "the columns are not those that the suite was written for",
            ),
            *self.checks,
        )


def filled(check: Check, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the library's arguments of a check, its parameters filled in."""
    first = "column_A" if "column_B" in check.kwargs else "column"
    subject = {first: check.column} if check.column else {}
    return subject | {
        name: parameters[value["$PARAMETER"]] if isinstance(value, dict) else value
        for name, value in check.kwargs.items()
    }


def label(check: Check) -> str:
    """Write an expectation as people read it: ExpectColumnValuesToBeBetween seats, min_value 0."""
    words = [f"{name} {_word(value)}" for name, value in check.kwargs.items()]
    return f"{check.expectation} {', '.join([*filter(None, [check.column]), *words])}".strip()


def _word(value: object) -> str:
    if isinstance(value, dict):
        return str(value["$PARAMETER"])
    if not isinstance(value, (list, tuple)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if len(value) > LONGEST_LIST:
        return f"{len(value)} values"
    return " ".join(str(item) for item in value)
