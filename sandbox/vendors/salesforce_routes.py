"""Which path of the REST API leads where."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from sandbox.vendors import salesforce_bulk as bulk
from sandbox.vendors import salesforce_collections as collections
from sandbox.vendors import salesforce_composite as composite
from sandbox.vendors import salesforce_describe as described
from sandbox.vendors import salesforce_ingest as ingest
from sandbox.vendors import salesforce_limits as limits
from sandbox.vendors import salesforce_query as queries
from sandbox.vendors import salesforce_records as records
from sandbox.vendors import salesforce_replication as replication
from sandbox.vendors import salesforce_tooling as tooling
from sandbox.vendors.salesforce_bulk_v1_batches import Jobs as OlderJobs
from sandbox.vendors.salesforce_http import BASE, Call, Reply, not_found
from sandbox.vendors.salesforce_limits import Allowance
from sandbox.vendors.salesforce_oauth import Tokens
from sandbox.vendors.salesforce_org import Org


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers work on: the org and what is kept beside it while it is served."""

    org: Org
    tokens: Tokens
    allowance: Allowance
    cursors: queries.Cursors = field(default_factory=queries.Cursors)
    jobs: bulk.Jobs = field(default_factory=lambda: bulk.Jobs(0))
    older_jobs: OlderJobs = field(default_factory=OlderJobs)
    loads: ingest.Loads = field(default_factory=ingest.Loads)


Handler = Callable[[Desk, Call], Reply]
Route = tuple[str, str, Handler]


def with_org(read: Callable[[Org, Call], Reply]) -> Handler:
    return lambda desk, call: read(desk.org, call)


def with_cursors(read: Callable[[Org, queries.Cursors, Call], Reply]) -> Handler:
    return lambda desk, call: read(desk.org, desk.cursors, call)


def with_jobs(work: Callable[[bulk.Jobs, Call], Reply]) -> Handler:
    return lambda desk, call: work(desk.jobs, call)


def with_loads(work: Callable[[ingest.Loads, Call], Reply]) -> Handler:
    return lambda desk, call: work(desk.loads, call)


def routes() -> Iterator[Route]:
    """Method, the path below /services/data/vNN.0, and what answers; the first match counts."""
    for method, path, handler in (
        *RESOURCES,
        *COMPOSITE,
        *RECORDS,
        *QUERY_JOBS,
        *INGEST_JOBS,
        *TOOLING,
    ):
        yield method, path, handler
        yield method, f"{path}/", handler


RESOURCES: tuple[Route, ...] = (
    ("GET", "", lambda _desk, call: Reply(body=described.resources(call))),
    ("GET", "/limits", lambda desk, call: limits.limits(desk.org, desk.allowance, call)),
    ("GET", "/query", with_cursors(queries.query)),
    ("GET", "/query/{locator}", with_cursors(queries.query_more)),
    ("GET", "/queryAll", with_cursors(queries.query_all)),
    ("GET", "/queryAll/{locator}", with_cursors(queries.query_more)),
)
COMPOSITE: tuple[Route, ...] = (
    ("POST", "/composite", lambda desk, call: composite.composite(within(desk), call)),
    ("POST", "/composite/batch", lambda desk, call: composite.batch(within(desk), call)),
    ("POST", "/composite/sobjects", with_org(collections.create)),
    ("PATCH", "/composite/sobjects", with_org(collections.update)),
    ("DELETE", "/composite/sobjects", with_org(collections.remove)),
    ("GET", "/composite/sobjects/{object}", with_org(collections.retrieve)),
    ("POST", "/composite/sobjects/{object}", with_org(collections.retrieve)),
    ("PATCH", "/composite/sobjects/{object}/{field}", with_org(collections.upsert)),
)
RECORDS: tuple[Route, ...] = (
    ("GET", "/sobjects", with_org(described.describe_global)),
    ("GET", "/sobjects/{object}", with_org(described.basic)),
    ("POST", "/sobjects/{object}", with_org(records.create)),
    ("GET", "/sobjects/{object}/describe", with_org(described.describe)),
    ("GET", "/sobjects/{object}/deleted", with_org(replication.deleted)),
    ("GET", "/sobjects/{object}/updated", with_org(replication.updated)),
    ("GET", "/sobjects/{object}/{id}", with_org(records.get)),
    ("PATCH", "/sobjects/{object}/{id}", with_org(records.update)),
    ("DELETE", "/sobjects/{object}/{id}", with_org(records.remove)),
    ("GET", "/sobjects/{object}/{field}/{value}", with_org(records.get_by_external_id)),
    ("PATCH", "/sobjects/{object}/{field}/{value}", with_org(records.upsert)),
)
QUERY_JOBS: tuple[Route, ...] = (
    ("GET", "/jobs/query", with_jobs(bulk.listed)),
    ("POST", "/jobs/query", lambda desk, call: bulk.create(desk.org, desk.jobs, call)),
    ("GET", "/jobs/query/{job}", lambda desk, call: bulk.get(desk.org, desk.jobs, call)),
    ("PATCH", "/jobs/query/{job}", with_jobs(bulk.abort)),
    ("DELETE", "/jobs/query/{job}", with_jobs(bulk.remove)),
    (
        "GET",
        "/jobs/query/{job}/results",
        lambda desk, call: bulk.results(desk.org, desk.jobs, call),
    ),
    (
        "GET",
        "/jobs/query/{job}/resultPages",
        lambda desk, call: bulk.result_pages(desk.org, desk.jobs, call),
    ),
)
INGEST_JOBS: tuple[Route, ...] = (
    ("GET", "/jobs/ingest", with_loads(ingest.listed)),
    ("POST", "/jobs/ingest", lambda desk, call: ingest.create(desk.org, desk.loads, call)),
    ("GET", "/jobs/ingest/{job}", lambda desk, call: ingest.get(desk.org, desk.loads, call)),
    ("PATCH", "/jobs/ingest/{job}", with_loads(ingest.change)),
    ("DELETE", "/jobs/ingest/{job}", with_loads(ingest.remove)),
    ("PUT", "/jobs/ingest/{job}/batches", with_loads(ingest.upload)),
    ("GET", "/jobs/ingest/{job}/successfulResults", with_loads(ingest.successes)),
    ("GET", "/jobs/ingest/{job}/failedResults", with_loads(ingest.failures)),
    ("GET", "/jobs/ingest/{job}/unprocessedrecords", with_loads(ingest.unprocessed)),
    # As simple-salesforce spells it.
    ("GET", "/jobs/ingest/{job}/unprocessedRecords", with_loads(ingest.unprocessed)),
)
TOOLING: tuple[Route, ...] = (
    ("GET", "/tooling/query", with_org(tooling.query)),
    ("POST", "/tooling/sobjects/CustomField", with_org(tooling.create_field)),
    ("GET", "/tooling/sobjects/CustomField/{id}", with_org(tooling.get_field)),
)


def within(desk: Desk) -> Callable[[Call], Reply]:
    """What answers a request inside another one, by its address."""

    def answer(call: Call) -> Reply:
        for method, pattern, handler in _patterns():
            found = pattern.fullmatch(call.path["address"])
            if found and method == call.method:
                return handler(desk, replace(call, path=found.groupdict()))
        raise not_found()

    return answer


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], Handler], ...]:
    return tuple(
        (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", BASE + path)), handler)
        for method, path, handler in routes()
    )
