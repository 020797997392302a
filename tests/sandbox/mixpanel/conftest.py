"""The events that the PostHog twin is tested with, in a Mixpanel project."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.mixpanel import build
from sandbox.vendors.mixpanel_export import Project
from tests.sandbox.posthog.conftest import EVENTS, make_world
from tests.sandbox.stage import StillClock, staged


@dataclass
class Served:
    """A project and a client with a service account. The clock shows 2026-11-20 03:00 UTC."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        door = self.state.doors["mixpanel"]
        self.session.auth = (door.user, door.secret)
        self.session.params = dict(door.extra)

    def ask(self, path, method="GET", **options):
        return self.session.request(method, f"{self.url}{path}", timeout=120, **options)

    def get(self, path, **params):
        answer = self.ask(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path, status, **params):
        """The error's text."""
        answer = self.ask(path, params=params)
        assert answer.status_code == status, answer.text
        body = answer.json()
        assert (sorted(body), body["status"]) == (["error", "request", "status"], "error")
        assert body["request"] == path
        return body["error"]

    def export(self, first="2026-11-18", last="2026-11-19", **params):
        answer = self.ask("/api/2.0/export", params={"from_date": first, "to_date": last, **params})
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]


@contextmanager
def served(world, project, *, limits=False, journal=None):
    state = State(world, StillClock(world.end), journal or Journal(), limits=limits)
    with staged(build(state, project)) as url:
        one = Served(url, state)
        with one.session:
            yield one


@pytest.fixture(scope="session")
def serve():
    """Serve other events or another project: serve(events, limits=True) yields a Served."""

    def serving(events=EVENTS, *, limits=False, journal=None, **project):
        return served(make_world(events), Project(**project), limits=limits, journal=journal)

    return serving


@pytest.fixture(scope="session")
def mixpanel(serve):
    """The events above, without limits; only read."""
    with serve() as one:
        yield one
