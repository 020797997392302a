"""The events that the PostHog twin is tested with, in an Amplitude project."""

import gzip
import io
import json
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.amplitude import build
from sandbox.vendors.amplitude_export import Project
from tests.sandbox.posthog.conftest import EVENTS, make_world
from tests.sandbox.stage import StillClock, staged


@dataclass
class Served:
    """A project and a client with its keys. The clock shows 2026-11-20 03:00 UTC."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        self.session.auth = (self.door.user, self.door.secret)

    @property
    def door(self):
        return self.state.doors["amplitude"]

    def ask(self, path, method="GET", **options):
        return self.session.request(method, f"{self.url}{path}", timeout=120, **options)

    def get(self, path, **params):
        answer = self.ask(f"/api{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def export(self, start="20261118T00", end="20261120T00"):
        """The files' events by their names."""
        answer = self.ask("/api/2/export", params={"start": start, "end": end})
        assert answer.status_code == 200, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            return {
                name: [
                    json.loads(line) for line in gzip.decompress(archive.read(name)).splitlines()
                ]
                for name in archive.namelist()
            }

    def events(self, *hours):
        return [event for events in self.export(*hours).values() for event in events]


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
def amplitude(serve):
    """The events above, without limits; only read."""
    with serve() as one:
        yield one
