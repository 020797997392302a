"""A CRM that shows one day, a plan for the next, and what must hold however it gets there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest


class Killed(BaseException):
    """The process is gone; nothing catches this on the way."""


@dataclass
class Mortal:
    """A client whose process dies at its n-th write, before or after the CRM got it."""

    desk: Any
    n: int
    is_sent: bool
    writes: Iterator[int] = field(default_factory=lambda: count(1))

    def call(self, method: str, path: str, **how: Any) -> Any:
        if path != self.desk.writing or next(self.writes) != self.n:
            return self.desk.client.call(method, path, **how)
        if self.is_sent:
            self.desk.client.call(method, path, **how)
        raise Killed

    def hold(self, seconds: float) -> None:
        self.desk.client.hold(seconds)


@dataclass
class BadDay:
    """The CRM shows 50 everywhere; the plan for `day` is to show 60."""

    desk: Any

    def __post_init__(self) -> None:
        self.desk.score_all(50.0)
        self.desk.push()
        self.day = self.desk.day + timedelta(days=1)
        self.desk.score_all(60.0, self.day)
        self._before = self.desk.written()
        self.ids = self.desk.record_ids
        self.ledger = self.desk.ledger
        self.desk.sandbox.reset_requests()

    @property
    def sizes(self) -> set[int]:
        """How many rows a batch may have."""
        return {self.desk.batch, len(self.ids) % self.desk.batch}

    def order(self, *faults: dict[str, Any]) -> None:
        """Faults of the path that writes, unless they name another."""
        self.desk.order(*faults)

    def push(self, **options: Any) -> dict[str, int]:
        return self.desk.push(self.day, **options)

    def push_and_die(self, n: int, *, is_sent: bool) -> None:
        with pytest.raises(Killed):
            self.push(client=Mortal(self.desk, n, is_sent))

    def most_often_written(self) -> int:
        return max((self.desk.written() - self._before).values())

    def check_settled(self) -> None:
        """The CRM shows the plan, the ledger knows it, and one more push has nothing to do."""
        assert self.desk.shown("cs_health_score") == dict.fromkeys(self.ids, "60")
        assert self.ledger()["sent"] == 0
        self.desk.sandbox.reset_requests()
        assert self.push()["requests"] == 0
        assert self.desk.calls() == {}


@pytest.fixture
def bad_day(desk):
    return BadDay(desk)
