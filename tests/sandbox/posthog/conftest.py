"""Product events made by hand, so that every test can say which facts it needs."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.posthog import build
from sandbox.vendors.posthog_store import Project
from sandbox.world.frames import typed
from sandbox.world.model import COLUMNS, World
from tests.sandbox.stage import StillClock, staged

# The sandbox's clock starts at 2026-11-20 03:00 UTC, three hours after the last day.
START, END = date(2026, 1, 1), date(2026, 11, 19)
ACCOUNTS = [
    {"account_no": 1, "tenant_key": "t-kite", "name": "Kite & Co", "segment": "enterprise"},
    {"account_no": 2, "tenant_key": "t-reed", "name": "Reed", "segment": "smb"},
    {"account_no": 3, "tenant_key": None, "name": "No product", "segment": "smb"},
]
PEOPLE = [
    {"person_no": 11, "account_no": 1, "email": "ana@kite.co", "first_name": "Ana"},
    {"person_no": 12, "account_no": 1, "email": "bo@kite.co", "first_name": "Bo"},
    {"person_no": 21, "account_no": 2, "email": "cy@reed.example", "first_name": "Cy"},
]
# event, time, person, group
EVENTS = [
    ("page_viewed", "2026-11-18T09:00:00", 11, "t-kite"),
    ("report_exported", "2026-11-18T09:05:00", 11, "t-kite"),
    ("page_viewed", "2026-11-18T10:00:00", 12, "t-kite"),
    ("page_viewed", "2026-11-18T11:00:00", 21, "t-reed"),
    ("page_viewed", "2026-11-18T12:00:00", 21, ""),
    ("report_exported", "2026-11-19T02:00:00", 11, "t-kite"),
    ("page_viewed", "2026-11-19T23:30:00", 21, "t-reed"),
]


def make_world(events, people=PEOPLE, accounts=ACCOUNTS):
    """`events` are rows as in EVENTS, in any order."""
    created = {"created_at": "2026-01-05", "updated_at": "2026-01-05"}
    person = {**created, "is_contact": True, "is_user": True, "is_requester": False}
    columns = ["event", "at", "person_no", "tenant_key"]
    frames = {
        "accounts": pd.DataFrame([{**created, "arr": 1.0, **row} for row in accounts]),
        "people": pd.DataFrame([{**person, **row} for row in people]),
        "events": pd.DataFrame(events, columns=columns),
    }
    tables = {}
    for name, wanted in COLUMNS.items():
        frame = frames.get(name, pd.DataFrame()).reindex(columns=list(wanted))
        tables[name] = typed(name, frame.astype(object))
    return World(name="by hand", seed=0, start=START, end=END, tables=tables)


@dataclass
class Analytics:
    """A served project and a client that knows its key."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        self.session.headers["Authorization"] = f"Bearer {self.state.doors['posthog'].secret}"

    def ask(self, path, method="GET", **options):
        """`path` below the project, or a whole address."""
        address = path if path.startswith("http") else f"{self.url}/api/projects/1/{path}"
        return self.session.request(method, address, timeout=120, **options)

    def get(self, path, **params):
        answer = self.ask(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, sql, values=None, **more):
        query = {"kind": "HogQLQuery", "query": sql, "values": values or {}}
        return self.ask("query/", "POST", json={"query": query, "refresh": "force_blocking"} | more)

    def query(self, sql, values=None, **more):
        """The whole answer of a query that works."""
        answer = self.post(sql, values, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, sql, **values):
        return self.query(sql, values)["results"]

    def value(self, expression):
        """One expression's value, without a table."""
        ((value,),) = self.rows(f"select {expression} limit 1")
        return value

    def refused(self, sql, **values):
        """What is wrong with a query that does not work."""
        answer = self.post(sql, values)
        assert answer.status_code == 400, answer.text
        body = answer.json()
        assert sorted(body) == ["attr", "code", "detail", "type"]
        assert body["type"] == "validation_error"
        return body["detail"]


@contextmanager
def served(world, project, *, limits=False):
    state = State(world, StillClock(world.end), Journal(), limits=limits)
    with staged(build(state, project)) as url:
        analytics = Analytics(url, state)
        with analytics.session:
            yield analytics


@pytest.fixture(scope="session")
def serve():
    """Serve other events or another project: serve(events, limits=True) yields an Analytics."""

    def serving(events=EVENTS, *, limits=False, people=PEOPLE, accounts=ACCOUNTS, **project):
        return served(make_world(events, people, accounts), Project(**project), limits=limits)

    return serving


@pytest.fixture(scope="session")
def analytics(serve):
    """The events above; only read."""
    with serve() as served_analytics:
        yield served_analytics
