"""Jobs of the first Bulk API and their batches, and the work that is done on a batch.

Vendor facts: Bulk API developer guide, checked Nov 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from sandbox.vendors.salesforce_bulk import columns_of, to_lines
from sandbox.vendors.salesforce_bulk_rows import told, tried
from sandbox.vendors.salesforce_bulk_v1_forms import Wrong
from sandbox.vendors.salesforce_csv import read_rows, to_text, to_values
from sandbox.vendors.salesforce_http import Call, Json, Refused
from sandbox.vendors.salesforce_ids import record_id, to_18
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_soql_parse import parse
from sandbox.vendors.salesforce_soql_run import Reading, run
from sandbox.vendors.salesforce_write import Outcome

QUERIES = ("query", "queryAll")


@dataclass(slots=True)
class Batch:
    """`result`: what it will answer with, made when it is worked on."""

    shown: Json
    sent: bytes
    looked_at: int = 0
    result: bytes = b""


@dataclass(slots=True)
class Job:
    shown: Json
    batches: dict[str, Batch] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        return bool(self.shown["contentType"] == "JSON")

    @property
    def is_query(self) -> bool:
        return self.shown["operation"] in QUERIES


class Jobs:
    """The jobs by id."""

    def __init__(self) -> None:
        self._kept: dict[str, Job] = {}
        self._batches = 0

    def next_batch_id(self) -> str:
        self._batches += 1
        return record_id("751", self._batches)

    def add(self, job: Job) -> None:
        self._kept[job.shown["id"]] = job

    def next_id(self) -> str:
        return record_id("750", 2_000_000 + len(self._kept))

    def find(self, given: str) -> Job:
        job = self._kept.get(to_18(given) or "")
        if job is None:
            raise Wrong("InvalidJob", f"Unable to find object: {given}")
        return job


def looked_at(org: Org, job: Job, batch: Batch) -> Json:
    if batch.shown["state"] in ("Queued", "InProgress"):
        batch.looked_at += 1
        batch.shown["state"] = "InProgress"
        if batch.looked_at > org.settings.bulk_polls:
            _work(org, job, batch)
    return batch.shown


def _work(org: Org, job: Job, batch: Batch) -> None:
    try:
        done, failed = _queried(org, job, batch) if job.is_query else _written(org, job, batch)
    except Refused as refused:
        message = f"InvalidBatch : Failed to process query: {refused.code}: {refused}"
        batch.shown |= {"state": "Failed", "stateMessage": message}
        return
    batch.shown |= {"state": "Completed", "numberRecordsProcessed": done}
    batch.shown["numberRecordsFailed"] = failed


def _queried(org: Org, job: Job, batch: Batch) -> tuple[int, int]:
    query = parse(batch.sent.decode(errors="replace").strip())
    everything = job.shown["operation"] == "queryAll"
    header = columns_of(org, query)
    if job.is_json:
        found = run(Reading(org, everything), query)
        batch.result = orjson.dumps([found.show(row) for row in found.rows])
        return len(found.rows), 0
    lines = list(to_lines(org, query, everything=everything))
    batch.result = to_text([header, *lines], ",", "\n")
    return len(lines), 0


def _written(org: Org, job: Job, batch: Batch) -> tuple[int, int]:
    kind = org.kinds[job.shown["object"]]
    rows: list[Mapping[str, object]] = (
        Call("POST", "", body=batch.sent).json()
        if job.is_json
        else [to_values(cells) for cells in read_rows(batch.sent, ",")]
    )
    outcomes = tried(org, kind, job.shown, rows)
    if job.is_json:
        batch.result = orjson.dumps([_told(one) for one in outcomes])
    else:
        cells = [[one.id or "", *_flags(one), told(one.error) if one.error else ""]
                 for one in outcomes]  # fmt: skip
        batch.result = to_text([["Id", "Success", "Created", "Error"], *cells], ",", "\n")
    return len(outcomes), sum(1 for one in outcomes if one.error)


def _flags(outcome: Outcome) -> list[str]:
    return [str(outcome.error is None).lower(), str(outcome.created).lower()]


def _told(outcome: Outcome) -> Json:
    errors = [outcome.error.body()] if outcome.error else []
    is_good = not errors
    return {"success": is_good, "created": outcome.created, "id": outcome.id, "errors": errors}
