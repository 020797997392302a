"""Every write as it is meant, sent and answered: `health.crm_write`, and the sum of all answers.

A row is committed as `sent` before the call goes out. So after a crash at any point the rows that
are still `sent` are exactly those whose outcome nobody knows.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Row as SqlRow

from include.crm.catalogue import Catalogue
from include.crm.parcels import Row, Verdict
from include.crm.plan import Change, Desired
from include.crm.values import Snapshot
from include.errors import RejectData, RetryLater
from include.warehouse.database import query, transaction

CHUNK = 5_000  # accounts read and held at once
PATIENCE_DAYS = 7  # after so many, what the CRM refused is tried again as it was


@dataclass(frozen=True, slots=True)
class Day:
    """Which scores of which CRM: the ones of one day by all cards of one outcome."""

    source: str
    as_of: date
    scorecard_ids: Sequence[int]

    @property
    def binds(self) -> dict[str, object]:
        return {"as_of": self.as_of, "scorecard_ids": list(self.scorecard_ids)}


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs that may be at work in a CRM: committed before they get anything to write."""

    engine: Engine
    source: str

    def note(self, job_id: str) -> None:
        self._run("note_job", job_id)

    def forget(self, job_id: str) -> None:
        self._run("forget_job", job_id)

    def at_work(self) -> Sequence[str]:
        with transaction(self.engine) as connection:
            found = connection.execute(query("crm/list_jobs"), {"source": self.source})
            return [str(job_id) for job_id in found.scalars()]

    def _run(self, name: str, job_id: str) -> None:
        with transaction(self.engine) as connection:
            connection.execute(query(f"crm/{name}"), {"source": self.source, "job_id": job_id})


@contextmanager
def only_push(engine: Engine, source: str) -> Iterator[None]:
    """Let no other process write to this CRM meanwhile; RetryLater when one does already."""
    with transaction(engine.execution_options(isolation_level="AUTOCOMMIT")) as connection:
        if not connection.scalar(query("crm/take_lock"), {"source": source}):
            raise RetryLater(f"Another run is writing to {source} just now.")
        try:
            yield
        finally:
            connection.execute(query("crm/free_lock"), {"source": source})


def check_published(engine: Engine, day: Day) -> None:
    """Raise RejectData for a day that has not passed its checks."""
    with transaction(engine) as connection:
        found = connection.scalar(query("crm/is_published"), day.binds)
    if not found:
        raise RejectData(
            f"The scores of {day.as_of} have not been published: they did not pass their checks, so"
            " nothing is sent to the CRM."
        )


def newest_day(engine: Engine, day: Day) -> date:
    """Return the newest published day of the cards in any version: the CRM shows no older one."""
    with transaction(engine) as connection:
        found: date = connection.execute(query("crm/newest_day"), day.binds).scalar_one()
    return found


def is_taken_back(engine: Engine, day: Day) -> bool:
    """Return whether people took back what a run of this day, or of a later one, wrote."""
    with transaction(engine) as connection:
        wanted = {"source": day.source, "as_of": day.as_of}
        return bool(connection.scalar(query("crm/is_taken_back"), wanted))


def live_accounts(engine: Engine, source: str) -> "array[int]":
    """Return the account ids of companies that are neither archived nor merged away."""
    with transaction(engine) as connection:
        found = connection.execute(query("crm/list_live_accounts"), {"source": source})
        return array("q", found.scalars())


def desired_rows(
    engine: Engine, day: Day, catalogue: Catalogue, account_ids: Sequence[int]
) -> Iterator[Desired]:
    """Yield what each account should show and what the CRM last acknowledged.

    An account without a score on that day comes only if something was written for it before: then
    everything is to be emptied.
    """
    for start in range(0, len(account_ids), CHUNK):
        wanted = day.binds | {
            "account_ids": list(account_ids[start : start + CHUNK]),
            "patience_days": PATIENCE_DAYS,
        }
        with transaction(engine) as connection:
            connection.execute(query("crm/plan_each_call"))
            found = connection.execute(query("crm/read_standing"), wanted).all()
        for row in found:
            values = catalogue.values(_shown(row), day.as_of, row.record_id)
            yield Desired(
                row.account_id, row.record_id, values, row.known or {},
                frozenset(row.drifted or ()), row.refused,
                "" if row.written_on is None else row.written_on.isoformat(),
            )  # fmt: skip


def _shown(row: SqlRow[Any]) -> Snapshot | None:
    if row.band is None:
        return None
    return Snapshot(
        row.score, row.band, row.change_30d, row.direction, row.coverage, row.floor, row.ceiling
    )


def open_rows(
    engine: Engine,
    source: str,
    run_no: int,
    changes: Sequence[Change],
    undo_id: int | None = None,
) -> tuple[Row, ...]:
    """Write down, and commit, what is about to be sent. undo_id: of what is taken back."""
    rows = [
        {
            "account_id": change.account_id,
            "record_id": change.record_id,
            "old_values": dict(change.old),
            "new_values": dict(change.new),
        }
        for change in changes
    ]
    wanted = {"run_no": run_no, "source": source, "undo_id": undo_id, "rows": json.dumps(rows)}
    with transaction(engine) as connection:
        write_ids = {
            record_id: write_id
            for write_id, record_id in connection.execute(query("crm/open_writes"), wanted)
        }
    return tuple(Row(write_ids[change.record_id], change) for change in changes)


def record(engine: Engine, source: str, verdict: Verdict) -> None:
    """Write down what an answer settled, in one transaction with what the CRM now shows.

    Strangers are forgotten before that: another batch may hold them just now.
    """
    if verdict.strangers:
        wanted = {"source": source, "record_ids": verdict.strangers}
        with transaction(engine) as connection:
            connection.execute(query("crm/forget_records"), wanted)
    closed = [
        *({"write_id": row.write_id, "status": "acknowledged"} for row in verdict.acknowledged),
        *_with_words("rejected", verdict.rejected),
        *_with_words("missed", verdict.missed),
    ]
    acknowledged = [row.write_id for row in verdict.acknowledged]
    with transaction(engine) as connection:
        if closed:
            connection.execute(query("crm/close_writes"), {"rows": json.dumps(closed)})
        if acknowledged:
            connection.execute(query("crm/lay_on_record"), {"write_ids": acknowledged})
            connection.execute(query("crm/settle_drift"), {"write_ids": acknowledged})


def list_open(engine: Engine, source: str, most: int) -> tuple[Row, ...]:
    """Return the oldest rows whose outcome is unknown, of any run."""
    with transaction(engine) as connection:
        found = connection.execute(query("crm/list_open_writes"), {"source": source, "most": most})
        return tuple(
            Row(write_id, Change(account_id, record_id, old, new))
            for write_id, account_id, record_id, old, new in found
        )


def forget_fields(engine: Engine, source: str, names: Sequence[str]) -> None:
    """Drop what the CRM acknowledged about properties that it does not have any more."""
    with transaction(engine) as connection:
        connection.execute(query("crm/forget_fields"), {"source": source, "names": list(names)})


def _with_words(status: str, rows: Sequence[tuple[Row, str]]) -> Iterator[dict[str, object]]:
    return ({"write_id": row.write_id, "status": status, "answer": words} for row, words in rows)
