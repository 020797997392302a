"""Bulk API 2.0 ingest: thousands of records in a job that the org carries out by itself.

    make -> note -> upload -> close -> wait -> read the results

A job is noted in the store before it gets any data, so whatever happens to us, a later run can end
it before it believes what the CRM shows. Before it is closed a job writes nothing: one whose making
was never answered stays open and empty, and the org clears it away. Shapes and states: Bulk API 2.0
developer guide, checked Nov 2026; what an aborted job has written stays.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from include.crm.desk import Answer, Jobs, StillAtWork
from include.crm.parcels import Row
from include.crm.salesforce.definitions import OBJECT
from include.crm.salesforce.line import Line
from include.crm.salesforce.lines import MEDIA, Results, results_in, to_csv
from include.errors import FixConfig, HealthError, RetryLater

PATH = "/jobs/ingest"
ROWS = 10_000  # in one job: what the org carries out as one batch
CALLS = 3  # that write: to make a job, to fill and to close it
ENDED = ("JobComplete", "Failed", "Aborted")
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
# Answers that no job is made: for want of a permission, or since the day's jobs are used up.
REFUSED = (400, 403, 404, 405, 409, 415, 422, 501)


class BulkJobs:
    """One org's jobs. patience_s: how long one may take before it is aborted."""

    def __init__(self, line: Line, noted: Jobs, patience_s: float) -> None:
        self._line = line
        self._noted = noted
        self._patience_s = patience_s

    def update(self, rows: Sequence[Row]) -> Results | Answer:
        """Write existing records; an Answer says why the org makes no job of them.

        FixConfig: nothing was written. StillAtWork: the job goes on. RetryLater: nobody knows what
        was written, but the job has ended.
        """
        asked = {"object": OBJECT, "operation": "update", "contentType": "CSV", "lineEnding": "LF"}
        answer = self._line.write("POST", PATH, json=asked, accept=(200, 201, *REFUSED))
        if answer.status in REFUSED:
            return answer
        job_id = str(answer.body["id"])
        self._noted.note(job_id)
        self._upload(job_id, to_csv(rows))
        try:
            self._close(job_id)
            self._wait(job_id)
        except HealthError:
            self.end(job_id)
        else:
            self._noted.forget(job_id)
        return self._results(job_id)

    def end(self, job_id: str) -> None:
        """Abort a job, unless it has ended, and wait until it has; else StillAtWork."""
        try:
            self._abort(job_id)
            self._wait(job_id)
        except HealthError as error:
            raise StillAtWork(
                f"Salesforce's bulk job {job_id} could not be ended ({error}) Its records stay open"
                " until a later run finds that it has."
            ) from error
        self._noted.forget(job_id)

    def end_earlier(self) -> None:
        for job_id in self._noted.at_work():
            self.end(job_id)

    def _upload(self, job_id: str, content: bytes) -> None:
        """A second upload would be refused, so the whole job is given up where one is lost."""
        path = f"{PATH}/{job_id}/batches"
        try:
            self._line.write("PUT", path, content=(MEDIA, content), accept=(200, 201))
        except HealthError:
            with suppress(HealthError):
                self.end(job_id)
            raise

    def _close(self, job_id: str) -> None:
        """What was closed already, as when an answer was lost, is refused, which is no error."""
        self._change(job_id, "UploadComplete")

    def _abort(self, job_id: str) -> None:
        self._change(job_id, "Aborted")

    def _change(self, job_id: str, state: str) -> None:
        self._line.write(
            "PATCH", f"{PATH}/{job_id}", json={"state": state}, accept=(200, 204, 400, 404),
            retry=True,
        )  # fmt: skip

    def _wait(self, job_id: str) -> None:
        """Return when a job has ended. RetryLater: it takes too long, or was never closed."""
        deadline, pause_s = time.monotonic() + self._patience_s, FIRST_PAUSE_S
        while (state := self._state(job_id)) not in ENDED:
            if state == "Open":
                raise RetryLater(f"Salesforce's bulk job {job_id} did not close.")
            if time.monotonic() > deadline:
                raise RetryLater(
                    f"Salesforce's bulk job {job_id} was not done after"
                    f" {self._patience_s / 60:.0f} minutes."
                )
            self._line.pause(pause_s)
            pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)

    def _state(self, job_id: str) -> str:
        """A job that is not there any more was deleted, which only an ended one can be."""
        answer = self._line.read("GET", f"{PATH}/{job_id}", accept=(200, 404))
        return "Aborted" if answer.status == 404 else str(answer.body["state"])

    def _results(self, job_id: str) -> Results:
        """Every record that the job worked on. What it left out need not be asked for."""
        try:
            written = {record_id for record_id, _ in self._listed(job_id, "successfulResults")}
            refused = dict(self._listed(job_id, "failedResults"))
        except FixConfig as error:
            raise RetryLater(f"{error} The records are read back instead.") from error
        return Results(written, refused)

    def _listed(self, job_id: str, kind: str) -> list[tuple[str, str]]:
        path = f"{PATH}/{job_id}/{kind}"
        how: dict[str, Any] = {"accept": (200, 204, 404)}
        with self._line.download(path, **how) as found:
            return list(results_in(found.file))
