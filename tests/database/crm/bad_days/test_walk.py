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
    """What a process holds of the world, until its n-th step; from then on nothing is done.

    Its other threads finish the calls that they have sent, and never hear of the answers.
    """

    desk: Desk
    n: int
    steps: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def step(self, name: str) -> None:
        with self.lock:
            if len(self.steps) < self.n:
                self.steps.append(name)
            if len(self.steps) >= self.n:
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


def die_at(desk: Desk, n: int, day: Any, settings: Any) -> Mortal:
    """Push until the n-th step; a push with fewer steps comes through."""
    mortal = Mortal(desk, n)
    engine = mortal.engine
    try:
        desk.push(day, client=mortal, engine=engine, settings=settings)
    except Killed:
        pass
    finally:
        engine.dispose()
    return mortal


@pytest.mark.parametrize(
    ("desk", "by_jobs"),
    [("hubspot", False), ("salesforce", False), ("salesforce", True)],
    indirect=["desk"],
)
def test_wherever_a_push_dies_the_next_one_brings_the_plan_and_writes_nothing_twice(desk, by_jobs):
    ids = desk.record_ids[: desk.batch + 10]
    settings = desk.by_jobs() if by_jobs and isinstance(desk, OnSalesforce) else desk.settings
    day, score, n = desk.day, 50.0, 0
    desk.score(dict.fromkeys(ids, score))
    desk.push(settings=settings)
    died: Counter[str] = Counter()
    while True:
        day, score, n = day + timedelta(days=1), 110.0 - score, n + 1
        desk.score(dict.fromkeys(ids, score), day)
        before = desk.written()
        steps = die_at(desk, n, day, settings).steps
        desk.push(day, settings=settings)
        assert {desk.shown("cs_health_score")[one] for one in ids} == {f"{score:g}"}, steps
        written = desk.written() - before
        assert {one for one, _ in written} == set(ids)
        assert max(written.values()) == 1, steps
        assert desk.ledger()["sent"] == 0, steps
        if len(steps) < n:
            break
        died[steps[-1]] += 1
    assert died["commit"] > 10
    writes = ["PUT /jobs/ingest/{id}/batches", "PATCH /jobs/ingest/{id}", "POST /jobs/ingest"]
    for call in writes if by_jobs else [f"{desk.method} {desk.writing}"]:
        assert died[f"before {call}"], died
        assert died[f"after {call}"], died
