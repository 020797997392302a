"""When a request has left is told while its answer is still to come."""

import threading
from collections.abc import Callable
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass, field

import pytest

from include.errors import RetryLater
from include.sources.http.asked import ON_ASKED
from include.sources.http.pagination import hubspot_after
from include.sources.http.read_ahead import read_ahead
from include.sources.http.session import Wire
from tests.unit.sources.conftest import Reply


@dataclass(frozen=True)
class Held(Reply):
    """An answer that the vendor keeps to itself until the test lets it go."""

    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def content(self) -> bytes:
        assert self.let_go.wait(timeout=120)
        return super().content


def listening(told: Callable[[], None], work: Callable[[], object]) -> object:
    """Do the work where ON_ASKED is ours, and leave it as it was."""

    def run() -> object:
        ON_ASKED.set(told)
        return work()

    return copy_context().run(run)


def test_it_is_told_before_the_answer_comes(vendor):
    let_go = threading.Event()
    vendor.answer(Held({"data": [1]}, let_go=let_go))
    assert listening(let_go.set, lambda: vendor.client().get("/v1/x")) == {"data": [1]}


def test_every_try_of_every_request_is_told(vendor):
    told: list[int] = []
    vendor.answer(Reply({}, status=500), Reply({"data": []}))
    client = vendor.client()
    listening(lambda: told.append(1), lambda: (client.get("/v1/x"), client.get("/v1/x")))
    assert len(told) == len(vendor.asked) == 3


def test_a_request_that_never_left_is_not_told(vendor):
    told: list[int] = []
    client = vendor.client(wire=Wire(tries=1))
    vendor.close()
    with pytest.raises(RetryLater, match="no connection"):
        listening(lambda: told.append(1), lambda: client.get("/v1/x"))
    assert told == []


def test_a_page_is_handed_over_once_the_next_one_is_asked_for_and_before_it_comes(vendor):
    let_go = threading.Event()
    vendor.answer(
        Reply({"results": [1], "paging": {"next": {"after": "a"}}}),
        Held({"results": [2]}, let_go=let_go),
    )
    pages = vendor.client("hubspot").pages("/x", {}, hubspot_after)
    with closing(read_ahead(results_of(pages), patience_s=60)) as ahead:
        assert next(ahead) == [1]
        let_go.set()
        assert list(ahead) == [[2]]


def results_of(pages):
    for page in pages:
        yield page["results"]
