"""The process dies at every single step of a push, one after the other, and the next run goes on.

A step is a call to the CRM, before it is sent or after it was carried out, or a transaction that is
about to commit. Which there are is not listed here: push after push dies one step later, until one
comes through.
"""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from include.warehouse.database import open_store
from tests.database.crm.bad_days.conftest import Killed
from tests.database.crm.desks import Desk, OnSalesforce


@dataclass
class Mortal:
    """What a process holds of the world, until its last step; from then on nothing is done.

    last: that step's number, from 1 on, or its name, which stands for the first of that name.
    Its other threads finish the calls that they have sent, and never hear of the answers.
    """

    desk: Desk
    last: int | str
    steps: list[str] = field(default_factory=list)
    is_dead: bool = False
    lock: Any = field(default_factory=threading.Lock)

    def step(self, name: str) -> None:
        with self.lock:
            if not self.is_dead:
                self.steps.append(name)
                self.is_dead = self.last in (len(self.steps), name)
            if self.is_dead:
                raise Killed

    @property
    def engine(self) -> Engine:
        engine = open_store(self.desk.engine.url.render_as_string(hide_password=False))
        event.listen(engine, "commit", self._committing)
        return engine

    def _committing(self, connection: Connection) -> None:
        """But for the lock of the whole push, which the database frees when a process dies."""
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            self.step("commit")

    def call(self, method: str, path: str, **how: Any) -> Any:
        self.step(f"before {method} {_without_ids(path)}")
        answer = self.desk.client.call(method, path, **how)
        self.step(f"after {method} {_without_ids(path)}")
        return answer

    def download(self, path: str, **how: Any) -> Any:
        self.step(f"before GET {_without_ids(path)}")
        return self.desk.client.download(path, **how)

    def pause(self, seconds: float) -> None:
        self.desk.client.pause(seconds)

    def hold(self, seconds: float) -> None:
        self.desk.client.hold(seconds)


def _without_ids(path: str) -> str:
    return "/".join("{id}" if part.startswith("750") else part for part in path.split("/"))


@dataclass
class Days:
    """Every day all scores change, and a push that does not live to see its end is made again."""

    desk: Desk
    settings: Any
    n: int = 0

    def live(self, last: int | str) -> Mortal:
        ids, score = self.desk.record_ids[: self.desk.batch + 10], (50.0, 60.0)[self.n % 2]
        day, self.n = self.desk.day + timedelta(days=self.n), self.n + 1
        self.desk.score(dict.fromkeys(ids, score), day)
        before = self.desk.written()
        mortal = Mortal(self.desk, last)
        die(mortal, day, self.settings)
        self.desk.push(day, settings=self.settings)
        steps, written = mortal.steps, self.desk.written() - before
        assert {self.desk.shown("cs_health_score")[one] for one in ids} == {f"{score:g}"}, steps
        assert {one for one, _ in written} == set(ids)
        assert max(written.values()) == 1, steps
        assert self.desk.ledger()["sent"] == 0, steps
        return mortal


def die(mortal: Mortal, day: Any, settings: Any) -> None:
    """Push until the last step; a push that has none of the kind comes through."""
    engine = mortal.engine
    try:
        mortal.desk.push(day, client=mortal, engine=engine, settings=settings)
    except Killed:
        pass
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("desk", "by_jobs"),
    [("hubspot", False), ("salesforce", False), ("salesforce", True)],
    indirect=["desk"],
)
def test_wherever_a_push_dies_the_next_one_brings_the_plan_and_writes_nothing_twice(desk, by_jobs):
    settings = desk.by_jobs() if by_jobs and isinstance(desk, OnSalesforce) else desk.settings
    days = Days(desk, settings)
    assert not days.live("nowhere").is_dead
    died: Counter[str] = Counter()
    while (mortal := days.live(days.n)).is_dead:
        died[mortal.steps[-1]] += 1
    assert died["commit"] > 10
    writes = ["PUT /jobs/ingest/{id}/batches", "PATCH /jobs/ingest/{id}", "POST /jobs/ingest"]
    for call in writes if by_jobs else [f"{desk.method} {desk.writing}"]:
        for step in (f"before {call}", f"after {call}"):
            # Calls go side by side, so the walk may have met a step at no number of its own.
            assert died[step] or days.live(step).is_dead, died
