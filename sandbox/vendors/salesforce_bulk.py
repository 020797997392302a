"""Bulk API 2.0 query: a job is created, looked at until it is done, and its CSV read in pages.

Vendor facts: Bulk API 2.0 developer guide and connectors' code, checked Nov 2026. Jobs live as long
as the org is served; a page's locator is good as long as the job.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.vendors.salesforce_csv import DELIMITERS, LINE_ENDINGS, to_cell, to_line
from sandbox.vendors.salesforce_http import Call, Json, Refused, Reply, not_found
from sandbox.vendors.salesforce_ids import record_id, to_18
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_soql_groups import is_grouped
from sandbox.vendors.salesforce_soql_parse import parse
from sandbox.vendors.salesforce_soql_run import Reading, in_order, matching, scope_of
from sandbox.vendors.salesforce_soql_syntax import Function, Query
from sandbox.vendors.salesforce_world import INTEGRATION

FINAL = ("JobComplete", "Failed", "Aborted")
MOST_LISTED = 1_000
LINKS = 5  # to pages of results, in one answer


@dataclass(slots=True)
class Job:
    """`shown`: what the API tells of it; lines: its results, the header apart, once it is done."""

    shown: Json
    query: Query
    header: str
    looked_at: int = 0
    lines: list[str] = field(default_factory=list)


class Jobs:
    """The jobs of one kind, by id."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._kept: dict[str, Job] = {}

    def next_id(self) -> str:
        self._start += 1
        return record_id("750", self._start)

    def add(self, job: Job) -> None:
        self._kept[job.shown["id"]] = job

    def find(self, given: str) -> Job:
        job = self._kept.get(to_18(given) or "")
        if job is None:
            raise not_found()
        return job

    def remove(self, job: Job) -> None:
        del self._kept[job.shown["id"]]

    def all(self) -> list[Json]:
        return [job.shown for job in self._kept.values()][:MOST_LISTED]


def create(org: Org, jobs: Jobs, call: Call) -> Reply:
    asked = call.fields()
    operation = asked.get("operation")
    if operation not in ("query", "queryAll"):
        raise _bad("INVALIDJOB", f"Invalid operation: {operation}")
    delimiter, ending = layout_of(asked)
    query = parse(str(asked.get("query") or ""))
    names = columns_of(org, query)
    shown = to_shown(org, call, jobs.next_id()) | {
        "operation": operation,
        "object": scope_of(org, query).kind.name,
        "state": "UploadComplete",
        "columnDelimiter": delimiter,
        "lineEnding": ending,
    }
    header = to_line(names, DELIMITERS[delimiter], LINE_ENDINGS[ending])
    jobs.add(Job(shown, query, header))
    return Reply(body=dict(shown))


def to_shown(org: Org, call: Call, one: str) -> Json:
    """What every new job tells."""
    return {
        "id": one,
        "createdById": INTEGRATION,
        "createdDate": org.now(),
        "systemModstamp": org.now(),
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(call.version),
    }


def layout_of(asked: Json) -> tuple[str, str]:
    """Delimiter and line ending, by their names."""
    delimiter, ending = asked.get("columnDelimiter", "COMMA"), asked.get("lineEnding", "LF")
    if asked.get("contentType", "CSV") != "CSV":
        raise _bad("INVALIDJOB", "contentType must be CSV")
    if delimiter not in DELIMITERS or ending not in LINE_ENDINGS:
        raise _bad("INVALIDJOB", "Invalid columnDelimiter or lineEnding")
    return delimiter, ending


def columns_of(org: Org, query: Query) -> list[str]:
    """The header's names; 400 for what the Bulk API does not take, though REST does."""
    scope = scope_of(org, query)
    if is_grouped(query) or query.offset or any(isinstance(one, Query) for one in query.select):
        raise _bad("API_ERROR", "Aggregate queries, OFFSET and nested queries are not supported")
    names = []
    for item in query.select:
        if isinstance(item, Query) or (isinstance(item, Function) and item.name == "FIELDS"):
            raise _bad("API_ERROR", "FIELDS() is not supported in Bulk Query")
        bound = scope.bind(item)
        if bound.field.type == "address":
            message = "Selecting compound data not supported in Bulk Query"
            raise _bad("FEATURENOTENABLED", message)
        names.append(bound.name)
    return names


def get(org: Org, jobs: Jobs, call: Call) -> Reply:
    """A look at a job, which brings it forward."""
    job = jobs.find(call.path["job"])
    if job.shown["state"] not in FINAL:
        _go_on(org, job)
    return Reply(body=dict(job.shown))


def _go_on(org: Org, job: Job) -> None:
    job.looked_at += 1
    if job.looked_at <= org.settings.bulk_polls:
        job.shown["state"] = "InProgress"
        return
    layout = DELIMITERS[job.shown["columnDelimiter"]], LINE_ENDINGS[job.shown["lineEnding"]]
    everything = job.shown["operation"] == "queryAll"
    job.lines = [
        to_line(cells, *layout) for cells in to_lines(org, job.query, everything=everything)
    ]
    job.shown |= {
        "state": "JobComplete",
        "systemModstamp": org.now(),
        "jobType": "V2Query",
        "numberRecordsProcessed": len(job.lines),
        "retries": 0,
        "totalProcessingTime": 100,
        "isPkChunkingSupported": True,
    }


def to_lines(org: Org, query: Query, *, everything: bool) -> Iterator[list[str]]:
    """The cells of each row as they are now: what a job found does not change any more."""
    scope = scope_of(org, query)
    rows = in_order(scope, query.order, matching(Reading(org, everything), scope, query))
    reads = [scope.bind(item).read for item in query.select if not isinstance(item, Query)]
    for row in rows[: query.limit]:
        yield [to_cell(read(row)) for read in reads]


def results(org: Org, jobs: Jobs, call: Call) -> Reply:
    """One page; the last one's locator is the word null."""
    job = _done(jobs, call)
    start = _place(call.query.get("locator", ""), job)
    end = start + _most(org, call.query.get("maxRecords", ""))
    lines = job.lines[start:end]
    headers = {
        "Sforce-NumberOfRecords": str(len(lines)),
        "Sforce-Locator": _locator(end) if end < len(job.lines) else "null",
    }
    return Reply(200, "".join([job.header, *lines]).encode(), headers, "text/csv; charset=UTF-8")


def result_pages(org: Org, jobs: Jobs, call: Call) -> Reply:
    """Where the pages of results lie, five at a time, to be read in any order."""
    job = _done(jobs, call)
    size = org.settings.bulk_page
    places = list(range(_place(call.query.get("locator", ""), job), len(job.lines) or 1, size))
    shown, rest = places[:LINKS], places[LINKS:]
    root = f"/services/data/v{call.version}/jobs/query/{job.shown['id']}"
    links = [{"resultUrl": f"{root}/results?locator={_locator(place)}"} for place in shown]
    body: Json = {"resultPages": links, "done": not rest}
    if rest:
        body["nextRecordsUrl"] = f"{root}/resultPages?locator={_locator(rest[0])}"
    return Reply(body=body)


def _done(jobs: Jobs, call: Call) -> Job:
    job = jobs.find(call.path["job"])
    if job.shown["apiVersion"] != float(call.version):
        message = "The API version of the job is another one than that of the request"
        raise Refused(409, "INVALIDJOBSTATE", message)
    if job.shown["state"] != "JobComplete":
        message = f"Results cannot be read while the job is {job.shown['state']}"
        raise _bad("INVALIDJOBSTATE", message)
    return job


def _locator(place: int) -> str:
    return urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def _place(locator: str, job: Job) -> int:
    if not locator:
        return 0
    try:
        place = int(urlsafe_b64decode(locator + "=" * (-len(locator) % 4)))
    except ValueError:
        place = -1
    if not 0 <= place < max(1, len(job.lines)):
        raise _bad("INVALID_QUERY_LOCATOR", "Invalid query locator")
    return place


def _most(org: Org, asked: str) -> int:
    if not asked:
        return org.settings.bulk_page
    if not asked.isdigit() or int(asked) < 1:
        raise _bad("INVALIDJOB", "maxRecords must be a whole number above 0")
    return int(asked)


def abort(jobs: Jobs, call: Call) -> Reply:
    job = jobs.find(call.path["job"])
    if call.fields().get("state") != "Aborted":
        raise _bad("INVALIDJOBSTATE", "Only Aborted can be set")
    if job.shown["state"] in FINAL:
        raise _bad("INVALIDJOBSTATE", f"The job is {job.shown['state']} and cannot be aborted")
    job.shown["state"] = "Aborted"
    return Reply(body=dict(job.shown))


def remove(jobs: Jobs, call: Call) -> Reply:
    job = jobs.find(call.path["job"])
    if job.shown["state"] not in FINAL:
        message = "Only jobs that are complete, failed or aborted can be deleted"
        raise _bad("INVALIDJOBSTATE", message)
    jobs.remove(job)
    return Reply(204)


def listed(jobs: Jobs, call: Call) -> Reply:
    del call
    return Reply(body={"done": True, "records": jobs.all(), "nextRecordsUrl": None})


def _bad(code: str, message: str) -> Refused:
    return Refused(400, code, message)
