"""Tasks in a CRM: what the job asks of it. HubSpot's and Salesforce's packages each have one desk.

A task carries a mark in its text, by which it is found again when the answer to its making was
lost: the same step of the same plan always has the same mark.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

Status = Literal["open", "done"]
MARK = re.compile(r"\bhealth-task-[0-9a-f]{16}\b")


@dataclass(frozen=True, slots=True)
class Task:
    """A task to make. record_id: of the account in the CRM; owner_id: the CRM's, None: nobody."""

    mark: str
    record_id: str
    owner_id: str | None
    title: str
    body: str
    due_on: date

    @property
    def text(self) -> str:
        """The body with the mark at its end."""
        return f"{self.body}\n\nWritten by the customer health job; reference {self.mark}"


@dataclass(slots=True)
class Made:
    """What became of tasks, by their marks: ids of those made, words about those refused.

    A task in neither may or may not be there: it is looked for before it is asked for again.
    """

    ids: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Made") -> "Made":
        return Made(self.ids | other.ids, self.refused | other.refused)


class TaskDesk(Protocol):
    """The tasks of one CRM. batch: tasks in one call, at most."""

    @property
    def batch(self) -> int: ...

    def make(self, tasks: Sequence[Task]) -> Made:
        """Make at most `batch` tasks. RetryLater and RejectData: nobody knows what was made."""
        ...

    def find(self, record_ids: Collection[str], marks: Collection[str]) -> dict[str, str]:
        """Return the ids of the tasks of some accounts that carry one of these marks, by mark."""
        ...

    def statuses(self, task_ids: Sequence[str]) -> dict[str, Status]:
        """Return how at most `batch` tasks stand; one that is deleted is missing."""
        ...


def mark_of(record_id: str, playbook: str, opened_on: date, place: int) -> str:
    """Return the mark of a step: of an account's record, a playbook like rescue.v1, its day."""
    said = f"{record_id} {playbook} {opened_on} {place}"
    return f"health-task-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def marked(texts: Iterable[tuple[str, str | None]], marks: Collection[str]) -> dict[str, str]:
    """Return the first id for each mark that stands in a text. texts: (id, text)."""
    found: dict[str, str] = {}
    for task_id, text in texts:
        for mark in MARK.findall(text or ""):
            if mark in marks:
                found.setdefault(mark, task_id)
    return found


def standing(shown: Mapping[str, bool]) -> dict[str, Status]:
    """Return how tasks stand. shown: by id, whether each is done."""
    return {task_id: "done" if is_done else "open" for task_id, is_done in shown.items()}
