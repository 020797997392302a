"""Salesforce's tasks on accounts.

Facts: sObject Collections, Task and SOQL in Salesforce's object reference, checked Nov 2026. A task
that was closed for a year is archived: only queryAll shows it, with those deleted.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from include.crm.desk import Client
from include.crm.salesforce.line import Line
from include.crm.tasks import Made, Status, Task, marked, standing
from include.errors import RejectData

BATCH = 200
# Another task may have what this one needs: it is asked for again by the next run.
PASSING = ("UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE")


class SalesforceTasks:
    """One org."""

    batch = BATCH

    def __init__(self, client: Client) -> None:
        self._line = Line(client)

    def make(self, tasks: Sequence[Task]) -> Made:
        body = {"allOrNone": False, "records": [_to_record(task) for task in tasks]}
        answer = self._line.write("POST", "/composite/sobjects", json=body, accept=(200, 201))
        if not isinstance(answer.body, list) or len(answer.body) != len(tasks):
            raise RejectData("Salesforce answered new tasks without a result for each.")
        made = Made()
        for task, result in zip(tasks, answer.body, strict=True):
            errors = result.get("errors") or [{}]
            if result.get("success"):
                made.ids[task.mark] = str(result["id"])
            elif errors[0].get("statusCode") not in PASSING:
                made.refused[task.mark] = _in_words(errors[0])
        return made

    def find(self, record_ids: Collection[str], marks: Collection[str]) -> dict[str, str]:
        rows = self._select("Id, Description", "WhatId", sorted(record_ids))
        return marked(((row["Id"], row["Description"]) for row in rows), marks)

    def statuses(self, task_ids: Sequence[str]) -> dict[str, Status]:
        rows = self._select("Id, IsClosed, IsDeleted", "Id", task_ids)
        return standing({row["Id"]: bool(row["IsClosed"]) for row in rows if not row["IsDeleted"]})

    def _select(self, fields: str, key: str, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield tasks whose key is one of these ids, all pages of them."""
        for start in range(0, len(ids), BATCH):
            listed = ", ".join(f"'{_plain(one)}'" for one in ids[start : start + BATCH])
            soql = f"SELECT {fields} FROM Task WHERE {key} IN ({listed})"  # noqa: S608 - ids
            body = self._line.read("GET", "/queryAll", params={"q": soql}).body
            yield from body["records"]
            while not body["done"]:
                body = self._line.read("GET", body["nextRecordsUrl"]).body
                yield from body["records"]


def _to_record(task: Task) -> dict[str, Any]:
    """Without an owner it is the running user's; the status is the one that the org begins with."""
    record = {
        "attributes": {"type": "Task"},
        "WhatId": task.record_id,
        "Subject": task.title[:255],
        "Description": task.text,
        "ActivityDate": task.due_on.isoformat(),
    }
    return record if task.owner_id is None else record | {"OwnerId": task.owner_id}


def _plain(record_id: str) -> str:
    if not record_id.isalnum():
        raise RejectData(f"{record_id!r} is no id of Salesforce.")
    return record_id


def _in_words(error: dict[str, Any]) -> str:
    said = f"{error.get('statusCode', '')}: {error.get('message', '')}"
    return " ".join(said.split())[:300]
