"""HubSpot's tasks on companies.

Facts: HubSpot tasks and associations guides, checked Nov 2026. Type 192 associates a task with a
company. Search lags behind, so lost tasks are looked for by the associations of their company.
"""

from collections.abc import Collection, Iterator, Sequence
from html import escape
from typing import Any

from include.crm.desk import Answer, Client
from include.crm.hubspot.answers import in_words
from include.crm.tasks import Made, Status, Task, marked, standing
from include.errors import RejectData, RetryLater
from include.vendor_settings.versions import (
    HUBSPOT_ASSOCIATIONS,
    HUBSPOT_DATED,
    HUBSPOT_OBJECTS,
)

BATCH = 100
TASK_TO_COMPANY = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 192}
PATHS = {
    "numbered": (
        f"/crm/{HUBSPOT_OBJECTS}/objects/tasks",
        f"/crm/{HUBSPOT_ASSOCIATIONS}/associations/companies/tasks",
    ),
    HUBSPOT_DATED: (
        f"/crm/objects/{HUBSPOT_DATED}/tasks",
        f"/crm/associations/{HUBSPOT_DATED}/companies/tasks",
    ),
}
# A body that names what was refused; all others are errors or an unknown outcome.
TELLING = (200, 201, 207, 400, 404, 409, 423, 429)
BUSY = (409, 423, 429)  # nothing was written


class HubSpotTasks:
    """One portal."""

    batch = BATCH

    def __init__(self, client: Client, api_version: str) -> None:
        self._client = client
        self._tasks, self._links = PATHS[api_version]

    def make(self, tasks: Sequence[Task]) -> Made:
        """One bad row refuses a whole batch, so a refused one is halved until it stands alone."""
        body = {"inputs": [_to_input(task) for task in tasks]}
        answer = self._client.call("POST", f"{self._tasks}/batch/create", json=body, accept=TELLING)
        if answer.status in BUSY:
            raise RetryLater("HubSpot was too busy to make tasks; nothing was made.")
        if answer.status in (400, 404):
            return self._halved(tasks, answer)
        results = answer.body.get("results") if isinstance(answer.body, dict) else None
        if not isinstance(results, list):
            raise RejectData(f"HubSpot answered new tasks with {answer.status} but no results.")
        texts = ((str(row["id"]), row["properties"].get("hs_task_body")) for row in results)
        return Made(marked(texts, {task.mark for task in tasks}))

    def _halved(self, tasks: Sequence[Task], answer: Answer) -> Made:
        if len(tasks) == 1:
            said = answer.body if isinstance(answer.body, dict) else {}
            return Made(refused={tasks[0].mark: in_words(said)})
        middle = len(tasks) // 2
        return self.make(tasks[:middle]).add(self.make(tasks[middle:]))

    def find(self, record_ids: Collection[str], marks: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        ids = sorted(set(self._task_ids(sorted(record_ids))))
        for start in range(0, len(ids), BATCH):
            rows = self._read(ids[start : start + BATCH], "hs_task_body")
            found |= marked(((str(row["id"]), _value(row)) for row in rows), marks)
        return found

    def statuses(self, task_ids: Sequence[str]) -> dict[str, Status]:
        rows = self._read(task_ids, "hs_task_status")
        return standing({str(row["id"]): _value(row) == "COMPLETED" for row in rows})

    def _task_ids(self, record_ids: Sequence[str]) -> Iterator[str]:
        """Return the ids of all tasks of companies; those with many come in several pages."""
        asked = [{"id": record_id} for record_id in record_ids]
        while asked:
            body = {"inputs": asked[:BATCH]}
            asked = asked[BATCH:]
            for row in self._rows(f"{self._links}/batch/read", body):
                yield from (str(link["toObjectId"]) for link in row["to"])
                after = row.get("paging", {}).get("next", {}).get("after")
                if after:
                    asked.append({"id": str(row["from"]["id"]), "after": str(after)})

    def _read(self, task_ids: Sequence[str], name: str) -> list[dict[str, Any]]:
        inputs = [{"id": task_id} for task_id in task_ids]
        asked = {"inputs": inputs, "properties": [name], "propertiesWithHistory": []}
        return self._rows(f"{self._tasks}/batch/read", asked)

    def _rows(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self._client.call("POST", path, json=body, accept=(200, 207), retry=True)
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("results"), list):
            raise RejectData(f"HubSpot answered POST {path} without results.")
        rows: list[dict[str, Any]] = answer.body["results"]
        return rows


def _to_input(task: Task) -> dict[str, Any]:
    """Notes are HTML. The due day is at noon UTC, which is the same day nearly everywhere."""
    properties = {
        "hs_task_subject": task.title,
        "hs_task_body": escape(task.text, quote=False).replace("\n", "<br>"),
        "hs_task_status": "NOT_STARTED",
        "hs_timestamp": f"{task.due_on}T12:00:00Z",
    }
    if task.owner_id is not None:
        properties["hubspot_owner_id"] = task.owner_id
    to = {"to": {"id": task.record_id}, "types": [TASK_TO_COMPANY]}
    return {"properties": properties, "associations": [to]}


def _value(row: dict[str, Any]) -> str | None:
    """The one property that was asked for beside those that always come."""
    shown = row["properties"]
    value: str | None = shown.get("hs_task_body") or shown.get("hs_task_status")
    return value
