"""Bulk API 2.0 ingest: open a job, put a CSV into it, close it, and read what became of each line.

`JobComplete` says that every line was tried, not that any was written. Vendor facts: Bulk API 2.0
developer guide, checked Nov 2026.
"""

from dataclasses import dataclass, field

from sandbox.vendors.salesforce_bulk import FINAL, layout_of, to_shown
from sandbox.vendors.salesforce_bulk_rows import id_of, told, tried
from sandbox.vendors.salesforce_csv import (
    DELIMITERS,
    LINE_ENDINGS,
    read_rows,
    to_text,
    to_values,
)
from sandbox.vendors.salesforce_fields import Kind
from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply, not_found
from sandbox.vendors.salesforce_ids import record_id, to_18
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_records import external_field
from sandbox.vendors.salesforce_write import Outcome

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
MOST_BYTES = 150 * 1024 * 1024
CSV_MEDIA = "text/csv; charset=UTF-8"
Cells = dict[str, str]


@dataclass(slots=True)
class Load:
    """One job. `tried`: each line with what became of it, in the upload's order."""

    shown: Json
    kind: Kind
    uploaded: bytes | None = None
    looked_at: int = 0
    tried: list[tuple[Cells, Outcome]] = field(default_factory=list)

    @property
    def layout(self) -> tuple[str, str]:
        """Delimiter and line ending as characters."""
        return DELIMITERS[self.shown["columnDelimiter"]], LINE_ENDINGS[self.shown["lineEnding"]]

    def lines(self) -> list[Cells]:
        return read_rows(self.uploaded or b"", self.layout[0])


class Loads:
    """The jobs, by id."""

    def __init__(self) -> None:
        self._kept: dict[str, Load] = {}

    def next_id(self) -> str:
        return record_id("750", 1_000_000 + len(self._kept))

    def add(self, load: Load) -> None:
        self._kept[load.shown["id"]] = load

    def find(self, given: str) -> Load:
        load = self._kept.get(to_18(given) or "")
        if load is None or load.shown.get("isDeleted"):
            raise not_found()
        return load

    def all(self) -> list[Json]:
        return [load.shown for load in self._kept.values() if not load.shown.get("isDeleted")]


def create(org: Org, loads: Loads, call: Call) -> Reply:
    asked = call.fields()
    operation, kind = asked.get("operation"), org.kind(str(asked.get("object")))
    if operation not in OPERATIONS:
        raise _bad("INVALIDJOB", f"Invalid operation: {operation}")
    if kind is None or not kind.writes:
        raise _bad("INVALIDENTITY", f"Unknown object: {asked.get('object')}")
    delimiter, ending = layout_of(asked)
    one = loads.next_id()
    shown = to_shown(org, call, one) | {
        "operation": operation,
        "object": kind.name,
        "state": "Open",
        "columnDelimiter": delimiter,
        "lineEnding": ending,
        "contentUrl": f"{call.data.removeprefix('/')}/jobs/ingest/{one}/batches",
    }
    if operation == "upsert":
        name = str(asked.get("externalIdFieldName"))
        shown["externalIdFieldName"] = external_field(org, kind, name).name
    load = Load(shown, kind)
    loads.add(load)
    return Reply(body=dict(shown))


def upload(loads: Loads, call: Call) -> Reply:
    load = _in_state(loads, call, "Open")
    if load.uploaded is not None:
        raise _bad("INVALIDJOBSTATE", "The job has its data already: create another job")
    if len(call.body) > MOST_BYTES:
        raise Refused(413, "EXCEEDED_MAX_SIZE_REQUEST", "The upload is larger than 150 MB")
    load.uploaded = call.body
    return Reply(201)


def change(loads: Loads, call: Call) -> Reply:
    """Close the job, so that it is worked on, or abort it."""
    state = call.fields().get("state")
    load = loads.find(call.path["job"])
    if state not in ("UploadComplete", "Aborted") or load.shown["state"] in FINAL:
        raise _bad("INVALIDJOBSTATE", f"The job is {load.shown['state']}: it cannot become {state}")
    load.shown["state"] = state
    return Reply(body=dict(load.shown))


def get(org: Org, loads: Loads, call: Call) -> Reply:
    """A look at a job, which brings it forward."""
    load = loads.find(call.path["job"])
    if load.shown["state"] in ("UploadComplete", "InProgress"):
        _go_on(org, load)
    return Reply(body=dict(load.shown))


def _go_on(org: Org, load: Load) -> None:
    load.looked_at += 1
    if load.looked_at <= org.settings.bulk_polls:
        load.shown["state"] = "InProgress"
        return
    lines = load.lines()
    unknown = _unknown_column(org, load, lines)
    if unknown is not None:
        message = f"InvalidBatch : Field name not found : {unknown}"
        load.shown |= {"state": "Failed", "errorMessage": message}
        lines = []
    else:
        outcomes = tried(org, load.kind, load.shown, [to_values(cells) for cells in lines])
        load.tried = list(zip(lines, outcomes, strict=True))
        load.shown["state"] = "JobComplete"
    load.shown |= {
        "systemModstamp": org.now(),
        "jobType": "V2Ingest",
        "numberRecordsProcessed": len(lines),
        "numberRecordsFailed": sum(1 for _, outcome in load.tried if outcome.error),
        "retries": 0,
        "totalProcessingTime": 100,
        "apiActiveProcessingTime": 80,
        "apexProcessingTime": 0,
    }


def _unknown_column(org: Org, load: Load, lines: list[Cells]) -> str | None:
    known = org.fields(load.kind)
    return next((name for name in (lines[0] if lines else ()) if name.lower() not in known), None)


def successes(loads: Loads, call: Call) -> Reply:
    load = _in_state(loads, call, *FINAL)
    good = [(cells, one) for cells, one in load.tried if one.error is None]
    first = ["sf__Id", "sf__Created"]
    return _csv(
        load, first, [([str(one.id), str(one.created).lower()], cells) for cells, one in good]
    )


def failures(loads: Loads, call: Call) -> Reply:
    load = _in_state(loads, call, *FINAL)
    bad = [(cells, one.error) for cells, one in load.tried if one.error is not None]
    rows = [([id_of(cells) or "", told(error)], cells) for cells, error in bad]
    return _csv(load, ["sf__Id", "sf__Error"], rows)


def unprocessed(loads: Loads, call: Call) -> Reply:
    """What was uploaded to a job that was aborted or failed before it was worked on."""
    load = _in_state(loads, call, *FINAL)
    lines = load.lines() if load.shown["state"] != "JobComplete" else []
    return _csv(load, [], [([], cells) for cells in lines])


def _csv(load: Load, first: list[str], rows: list[tuple[list[str], Cells]]) -> Reply:
    lines = load.lines()
    names = list(lines[0]) if lines else []
    table = [[*first, *names], *([*told, *cells.values()] for told, cells in rows)]
    return Reply(200, to_text(table, *load.layout), {}, CSV_MEDIA)


def remove(loads: Loads, call: Call) -> Reply:
    load = _in_state(loads, call, *FINAL)
    load.shown["isDeleted"] = True
    return Reply(204)


def listed(loads: Loads, call: Call) -> Reply:
    del call
    return Reply(body={"done": True, "records": loads.all(), "nextRecordsUrl": None})


def _in_state(loads: Loads, call: Call, *states: str) -> Load:
    load = loads.find(call.path["job"])
    if load.shown["state"] not in states:
        raise _bad("INVALIDJOBSTATE", f"The job is {load.shown['state']}")
    return load


def _bad(code: str, message: str) -> Refused:
    return Refused(400, code, message)
