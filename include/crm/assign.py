"""Make the steps of open plans tasks in the CRM, each once, and read back how they stand.

    find what an earlier run left open -> note as sent -> make -> note the answer -> read statuses

A step is noted as sent before the call. Where the answer was lost, or the process was, the next run
looks for the task by its mark and asks for it again only where there is none. A task that somebody
deleted stays deleted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Row

from include.crm.ledger import only_push
from include.crm.tasks import Made, Task, TaskDesk, mark_of
from include.errors import RejectData
from include.warehouse.database import query, transaction

Step = tuple[int, int]  # play_id, place


def assign(engine: Engine, desk: TaskDesk, source: str) -> dict[str, int]:
    """Bring the CRM's tasks and the steps of plans together; return what happened, in counts.

    made, refused: tasks; found: made by an earlier run whose answer was lost; done, open, deleted:
    as read back of open plans. RejectData: the CRM refused every task that was asked for.
    """
    with only_push(engine, source):
        counts = {"found": _settle(engine, desk, source)}
        counts |= _make_planned(engine, desk, source)
        return counts | _read_back(engine, desk, source)


def _settle(engine: Engine, desk: TaskDesk, source: str) -> int:
    """Find tasks whose making was not answered; the others may be asked for again."""
    steps = _steps(engine, source, "sent")
    marks = {task.mark: step for step, task in steps.items()}
    found: dict[str, str] = {}
    if steps:
        found = desk.find({task.record_id for task in steps.values()}, marks.keys())
    rows = [
        _entry(step, "open", task_id=found[mark]) if mark in found else _entry(step, "planned")
        for mark, step in marks.items()
    ]
    _enter(engine, rows)
    return len(found)


def _make_planned(engine: Engine, desk: TaskDesk, source: str) -> dict[str, int]:
    counts, words = {"made": 0, "refused": 0}, ""
    for steps in _in_batches(_steps(engine, source, "planned"), desk.batch):
        _enter(engine, [_entry(step, "sent") for step in steps])
        made = desk.make(list(steps.values()))
        _enter(engine, list(_answers(steps, made)))
        counts["made"] += len(made.ids)
        counts["refused"] += len(made.refused)
        words = next(iter(made.refused.values()), words)
    if counts["refused"] and not counts["made"]:
        raise RejectData(
            f"The CRM refused all {counts['refused']:,} new tasks: {words[:200]}. They are not "
            "asked for again; `health plays show ACCOUNT` has each step."
        )
    return counts


def _answers(steps: Mapping[Step, Task], made: Made) -> Iterator[dict[str, Any]]:
    for step, task in steps.items():
        if task.mark in made.ids:
            yield _entry(step, "open", task_id=made.ids[task.mark])
        elif task.mark in made.refused:
            yield _entry(step, "refused", answer=made.refused[task.mark])


def _read_back(engine: Engine, desk: TaskDesk, source: str) -> dict[str, int]:
    counts = {"open": 0, "done": 0, "deleted": 0}
    with transaction(engine) as connection:
        rows = connection.execute(query("plays/assigned"), {"source": source}).all()
    for start in range(0, len(rows), desk.batch):
        some = rows[start : start + desk.batch]
        shown = desk.statuses([row.task_id for row in some])
        entries = [_seen(row, shown.get(row.task_id, "deleted")) for row in some]
        for entry in entries:
            counts[entry["status"]] += 1
        _enter(engine, entries)
    return counts


def _steps(engine: Engine, source: str, status: str) -> dict[Step, Task]:
    """Return the steps of a status with the tasks that they are, oldest plan first."""
    with transaction(engine) as connection:
        binds = {"source": source, "status": status}
        rows = connection.execute(query("plays/steps_to_assign"), binds).all()
    return {(row.play_id, row.place): _task(row) for row in rows}


def _task(row: Row[Any]) -> Task:
    mark = mark_of(row.record_id, row.playbook, row.opened_on, row.place)
    return Task(mark, row.record_id, row.owner_id, row.title, row.body, row.due_on)


def _in_batches(steps: Mapping[Step, Task], size: int) -> Iterator[dict[Step, Task]]:
    listed = list(steps.items())
    for start in range(0, len(listed), size):
        yield dict(listed[start : start + size])


def _seen(row: Row[Any], status: str) -> dict[str, Any]:
    return _entry((row.play_id, row.place), status, task_id=row.task_id)


def _entry(
    step: Step, status: str, *, task_id: str | None = None, answer: str | None = None
) -> dict[str, Any]:
    play_id, place = step
    return {
        "play_id": play_id, "place": place, "status": status, "task_id": task_id, "answer": answer,
    }  # fmt: skip


def _enter(engine: Engine, rows: Iterable[dict[str, Any]]) -> None:
    entered: Sequence[dict[str, Any]] = list(rows)
    if entered:
        with transaction(engine) as connection:
            connection.execute(query("plays/enter_status"), entered)
