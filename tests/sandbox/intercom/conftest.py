"""A small workspace made by hand, so that every test can say which facts it needs."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.intercom import build
from sandbox.world.model import COLUMNS, World
from tests.sandbox.stage import StillClock, staged

START, END = date(2026, 1, 1), date(2026, 11, 19)
# The sandbox's clock starts at 2026-11-20 03:00 UTC, three hours after the last day.
TIMES = {"created_at", "updated_at", "deleted_at", "generated_at", "solved_at"}
EXAMPLES = {
    "accounts": {
        "account_no": 1,
        "tenant_key": "t-1",
        "segment": "enterprise",
        "employees": 85,
        "industry": "SOFTWARE",
        "arr": 48_000,
    },
    "organizations": {
        "organization_no": 11,
        "account_no": 1,
        "name": "Kite & Co",
        "external_id": "50001",
        "domains": ("kite.co",),
        "created_at": "2026-01-05",
        "updated_at": "2026-02-01",
    },
    "people": {
        "person_no": 1_001,
        "account_no": 1,
        "email": "ana@kite.co",
        "first_name": "Ana",
        "last_name": "Silva",
        "is_contact": True,
        "is_user": True,
        "is_requester": True,
        "created_at": "2026-01-06",
        "updated_at": "2026-01-06",
    },
    "tickets": {
        "ticket_no": 8801,
        "organization_no": 11,
        "requester_no": 1_001,
        "subject": "Export fails",
        "priority": "high",
        "type": "question",
        "status": "solved",
        "created_at": "2026-11-10T09:00:00",
        "updated_at": "2026-11-12T08:14:04",
        "generated_at": "2026-11-12T08:14:05",
        "solved_at": "2026-11-12T08:14:04",
        "first_reply_minutes": 35,
        "resolution_minutes": 2834,
        "reopens": 1,
        "replies": 4,
    },
    "ratings": {
        "rating_no": 612,
        "ticket_no": 8801,
        "score": "good",
        "comment": "fast help",
        "created_at": "2026-11-13T10:00:00",
        "updated_at": "2026-11-14T10:00:00",
    },
}


def make_world(**rows):
    """Tables by name as lists of changes to an example row; a table not named has no rows."""
    tables = {}
    for name, columns in COLUMNS.items():
        full = [EXAMPLES[name] | change for change in rows.get(name, [])]
        frame = pd.DataFrame([{c: row.get(c) for c in columns} for row in full], columns=columns)
        for column in TIMES & set(columns):
            frame[column] = pd.to_datetime(frame[column], format="ISO8601").astype("datetime64[s]")
        tables[name] = frame
    return World(name="by hand", seed=0, start=START, end=END, tables=tables)


@dataclass
class Client:
    """A served workspace and a client that knows its token."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        self.session.headers["Authorization"] = f"Bearer {self.state.doors['intercom'].secret}"

    def ask(self, path, method="GET", **options):
        address = path if path.startswith("http") else f"{self.url}{path}"
        return self.session.request(method, address, timeout=120, **options)

    def get(self, path, **params):
        return told(self.ask(path, params=params))

    def post(self, path, body, **options):
        return told(self.ask(path, "POST", json=body, **options))

    def refused(self, path, method="GET", **options):
        """The status and the first error's code."""
        answer = self.ask(path, method, **options)
        body = answer.json()
        assert body["type"] == "error.list"
        assert body["request_id"] == answer.headers["X-Request-Id"]
        return answer.status_code, body["errors"][0]["code"]

    def find(self, kind, *filters, operator="AND", **more):
        """Search: each filter is a field, an operator and a value."""
        parts = [dict(zip(("field", "operator", "value"), one, strict=True)) for one in filters]
        return self.post(
            f"/{kind}/search", {"query": {"operator": operator, "value": parts}, **more}
        )


def told(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return answer.json()


@contextmanager
def served(world, *, limits=False, journal=None):
    clock = StillClock(world.end)
    state = State(world, clock, journal or Journal(), limits=limits)
    with staged(build(state)) as url:
        client = Client(url, state)
        with client.session:
            yield client


@pytest.fixture
def serve():
    """Serve rows: serve(tickets=[{...}], limits=True) is a context manager that yields a Client."""

    def serving(*, limits=False, journal=None, **rows):
        return served(make_world(**rows), limits=limits, journal=journal)

    return serving


@pytest.fixture(scope="session")
def client():
    """One account with everything, a subsidiary, a company that nobody belongs to; only read."""
    world = make_world(
        accounts=[{}, {"account_no": 2, "tenant_key": None, "parent_no": 1, "segment": "smb"}],
        organizations=[
            {},
            {"organization_no": 12, "account_no": 2, "name": "Reed", "external_id": "50002"},
            {"organization_no": 13, "account_no": None, "name": "Nobody", "external_id": None},
        ],
        people=[
            {},
            {
                "person_no": 2_003,
                "account_no": 2,
                "email": "bo@reed.co",
                "created_at": "2026-03-01",
            },
            {"person_no": 9_001, "account_no": None, "email": "x@mail.com", "is_user": False},
        ],
        tickets=[
            {},
            {"ticket_no": 8802, "requester_no": 2_003, "organization_no": 12, "status": "pending"}
            | {"solved_at": None, "resolution_minutes": None, "priority": None, "reopens": 0},
            {"ticket_no": 8803, "requester_no": 2_003, "organization_no": 12, "status": "new"}
            | {"solved_at": None, "resolution_minutes": None, "first_reply_minutes": None}
            | {"type": "incident", "priority": "normal"},
            {"ticket_no": 8804, "status": "deleted", "updated_at": "2026-11-15"},
        ],
        ratings=[{}, {"rating_no": 613, "ticket_no": 8802, "score": "offered", "comment": None}],
    )
    with served(world) as client:
        yield client


def epoch(moment):
    """Seconds since 1970 of a naive UTC text."""
    return int(pd.Timestamp(moment, tz="UTC").timestamp())


@pytest.fixture
def at():
    return epoch
