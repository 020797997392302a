"""The first Bulk API, which older clients still use: jobs of batches, in JSON or XML and CSV.

Jobs are opened and closed in the form in which the client asks; batches are answered in JSON where
the job's content is JSON, else in XML and CSV. The wish for chunks by id is passed over: a query is
one batch with one result. Vendor facts: Bulk API developer guide and clients' code, checked Nov
2026.
"""

from collections.abc import Callable

from sandbox.vendors.salesforce_bulk_v1_batches import Batch, Job, Jobs, looked_at
from sandbox.vendors.salesforce_bulk_v1_forms import (
    NAMESPACE,
    Wrong,
    asked_of,
    asks_json,
    element,
    info,
    page,
)
from sandbox.vendors.salesforce_http import Call, Reply
from sandbox.vendors.salesforce_ids import to_18
from sandbox.vendors.salesforce_org import Org
from sandbox.vendors.salesforce_world import INTEGRATION

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete", "query", "queryAll")
RESULT = "7525a0000000001"


def open_job(org: Org, jobs: Jobs, call: Call) -> Reply:
    asked = asked_of(call)
    kind = org.kind(asked.get("object", ""))
    if asked.get("operation") not in OPERATIONS or kind is None:
        raise Wrong("InvalidJob", "Unknown operation or object")
    content = asked.get("contentType", "XML")
    if content not in ("CSV", "JSON"):
        raise Wrong("InvalidJob", f"The sandbox takes CSV and JSON, not {content}")
    shown = {
        "apexProcessingTime": 0,
        "apiActiveProcessingTime": 0,
        "apiVersion": float(call.version),
        "concurrencyMode": "Parallel",
        "contentType": content,
        "createdById": INTEGRATION,
        "createdDate": org.now(),
        "id": jobs.next_id(),
        "object": kind.name,
        "operation": asked["operation"],
        "state": "Open",
        "systemModstamp": org.now(),
    }
    if asked.get("externalIdFieldName"):
        shown["externalIdFieldName"] = asked["externalIdFieldName"]
    jobs.add(Job(shown))
    return info("jobInfo", shown, is_json=asks_json(call), status=201)


def change_job(org: Org, jobs: Jobs, call: Call) -> Reply:
    """Close it or abort it."""
    del org
    job = jobs.find(call.path["job"])
    job.shown["state"] = asked_of(call).get("state", job.shown["state"])
    return info("jobInfo", job.shown, is_json=asks_json(call))


def get_job(org: Org, jobs: Jobs, call: Call) -> Reply:
    del org
    job = jobs.find(call.path["job"])
    return info("jobInfo", job.shown, is_json=job.is_json)


def add_batch(org: Org, jobs: Jobs, call: Call) -> Reply:
    job = jobs.find(call.path["job"])
    if job.shown["state"] != "Open":
        raise Wrong("InvalidJobState", "The job is not open")
    shown = {
        "id": jobs.next_batch_id(),
        "jobId": job.shown["id"],
        "state": "Queued",
        "createdDate": org.now(),
        "systemModstamp": org.now(),
        "numberRecordsProcessed": 0,
        "numberRecordsFailed": 0,
    }
    job.batches[shown["id"]] = Batch(shown, call.body)
    return info("batchInfo", shown, is_json=job.is_json, status=201)


def list_batches(org: Org, jobs: Jobs, call: Call) -> Reply:
    job = jobs.find(call.path["job"])
    shown = [looked_at(org, job, batch) for batch in job.batches.values()]
    if job.is_json:
        return Reply(body={"batchInfo": shown})
    inner = "".join(element("batchInfo", one) for one in shown)
    return page(f'<batchInfoList xmlns="{NAMESPACE}">{inner}</batchInfoList>')


def get_batch(org: Org, jobs: Jobs, call: Call) -> Reply:
    """A look at a batch, which brings it forward."""
    job, batch = _batch(jobs, call)
    return info("batchInfo", looked_at(org, job, batch), is_json=job.is_json)


def get_result(org: Org, jobs: Jobs, call: Call) -> Reply:
    """Of a query the ids of its results, else what became of each record."""
    del org
    job, batch = _batch(jobs, call)
    if batch.shown["state"] != "Completed":
        raise Wrong("InvalidBatch", "Batch not completed")
    if not job.is_query:
        return _content(job, batch.result)
    if job.is_json:
        return Reply(body=[RESULT])
    return page(f'<result-list xmlns="{NAMESPACE}"><result>{RESULT}</result></result-list>')


def get_rows(org: Org, jobs: Jobs, call: Call) -> Reply:
    """The rows of a query."""
    del org
    job, batch = _batch(jobs, call)
    if not job.is_query or call.path["result"] != RESULT:
        raise Wrong("InvalidBatch", "Unable to find the result")
    return _content(job, batch.result)


def _batch(jobs: Jobs, call: Call) -> tuple[Job, Batch]:
    job = jobs.find(call.path["job"])
    batch = job.batches.get(to_18(call.path["batch"]) or "")
    if batch is None:
        raise Wrong("InvalidBatch", f"Unable to find batch for id: {call.path['batch']}")
    return job, batch


def _content(job: Job, result: bytes) -> Reply:
    media = "application/json" if job.is_json else "text/csv; charset=UTF-8"
    return Reply(200, result, media=media)


Handler = Callable[[Org, Jobs, Call], Reply]
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/job", open_job),
    ("POST", "/job/{job}", change_job),
    ("GET", "/job/{job}", get_job),
    ("POST", "/job/{job}/batch", add_batch),
    ("GET", "/job/{job}/batch", list_batches),
    ("GET", "/job/{job}/batch/{batch}", get_batch),
    ("GET", "/job/{job}/batch/{batch}/result", get_result),
    ("GET", "/job/{job}/batch/{batch}/result/{result}", get_rows),
)
