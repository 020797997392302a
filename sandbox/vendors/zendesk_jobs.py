"""Bulk updates: a job at once, its rows' results when it is done, failed rows among them.

Here the work is done before the job is shown; only its report takes its time.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from sandbox.vendors.zendesk_http import Refused, invalid_attribute, record_not_found, too_many
from sandbox.vendors.zendesk_rows import Row
from sandbox.vendors.zendesk_writes import Writes

MOST_PER_JOB = 100
MOST_JOBS = 30  # queued or running at a time (vendor documentation, checked Nov 2026)
JOB_TAKES = timedelta(seconds=0.4)


class Jobs:
    """The bulk updates since the start; a new start knows none of them."""

    def __init__(self, writes: Writes, now: Callable[[], datetime]) -> None:
        self._writes = writes
        self._now = now
        self._jobs: dict[str, Row] = {}

    def update_many(self, rows: list[Row], api: str) -> Row:
        """429 with `TooManyJobs` when too many are under way."""
        if not 0 < len(rows) <= MOST_PER_JOB:
            raise invalid_attribute("organizations", f"must hold 1 to {MOST_PER_JOB} records")
        if sum(self._status(job) != "completed" for job in self._jobs.values()) >= MOST_JOBS:
            raise too_many("The number of queued jobs is exceeded", 60, error="TooManyJobs")
        results = [self._result(place, row) for place, row in enumerate(rows)]
        job = {"id": uuid4().hex, "started": self._now(), "results": results}
        self._jobs[job["id"]] = job
        return self._shown(job, api)

    def show(self, job_id: str, api: str) -> Row:
        if job_id not in self._jobs:
            raise record_not_found()
        return self._shown(self._jobs[job_id], api)

    def list(self, api: str) -> list[Row]:
        """The newest first."""
        return [self._shown(job, api) for job in reversed(self._jobs.values())]

    def _result(self, place: int, row: Row) -> Row:
        common = {"index": place, "id": row.get("id"), "action": "update"}
        try:
            self._writes.update(row["id"] if isinstance(row.get("id"), int) else 0, row)
        except Refused as refused:
            body = refused.reply.body
            details = str(body.get("details") or body["description"])
            failure = {"success": False, "error": body["error"], "details": details}
            return {**common, **failure}
        return {**common, "success": True, "status": "Updated"}

    def _shown(self, job: Row, api: str) -> Row:
        status, total = self._status(job), len(job["results"])
        is_done = status == "completed"
        return {
            "id": job["id"],
            "job_type": "Bulk Update Organization",
            "url": f"{api}/job_statuses/{job['id']}.json",
            "total": total,
            "progress": total if is_done else None,
            "status": status,
            "message": "Completed" if is_done else None,
            "results": job["results"] if is_done else None,
        }

    def _status(self, job: Row) -> str:
        age = self._now() - job["started"]
        return "queued" if age < JOB_TAKES / 2 else "working" if age < JOB_TAKES else "completed"
