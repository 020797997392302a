"""A small support desk made by hand, so that every test can say which facts it needs."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.zendesk import build
from sandbox.world.model import COLUMNS, World
from tests.sandbox.stage import StillClock, staged

START, END = date(2026, 1, 1), date(2026, 11, 19)
# The sandbox's clock starts at 2026-11-20 03:00 UTC, three hours after the last day.
TIMES = {"created_at", "updated_at", "deleted_at", "generated_at", "solved_at"}
TIMES |= {"first_solved_at", "reopened_at"}

ACCOUNT = {"account_no": 1, "segment": "enterprise"}
ORGANIZATION = {
    "organization_no": 4_400_001,
    "account_no": 1,
    "name": "Kite & Co",
    "external_id": "50001",
    "domains": ("kite.co",),
    "created_at": "2026-01-05",
    "updated_at": "2026-02-01",
}
PERSON = {
    "person_no": 11,
    "account_no": 1,
    "email": "ana@kite.co",
    "first_name": "Ana",
    "last_name": "Silva",
    "is_contact": True,
    "is_user": True,
    "is_requester": True,
    "created_at": "2026-01-06",
    "updated_at": "2026-01-06",
}
TICKET = {
    "ticket_no": 8801,
    "organization_no": 4_400_001,
    "requester_no": 11,
    "subject": "Export fails",
    "priority": "high",
    "type": "incident",
    "status": "solved",
    "created_at": "2026-11-10T09:00:00",
    "updated_at": "2026-11-12T08:14:04",
    "generated_at": "2026-11-12T08:14:05",
    "solved_at": "2026-11-12T08:14:04",
    "first_solved_at": "2026-11-11T10:00:00",
    "reopened_at": "2026-11-11T16:30:00",
    "first_reply_minutes": 35,
    "resolution_minutes": 2834,
    "reopens": 1,
    "replies": 4,
}
RATING = {
    "rating_no": 612,
    "ticket_no": 8801,
    "score": "good",
    "comment": "fast help",
    "created_at": "2026-11-13T10:00:00",
    "updated_at": "2026-11-14T10:00:00",
}
EXAMPLES = {
    "accounts": ACCOUNT,
    "organizations": ORGANIZATION,
    "people": PERSON,
    "tickets": TICKET,
    "ratings": RATING,
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
class Desk:
    """A served desk and a client that knows its token."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        door = self.state.doors["zendesk"]
        self.session.auth = (f"{door.user}/token", door.secret)

    def ask(self, path, method="GET", **options):
        """`path` below /api/v2, or a whole address that the desk gave."""
        address = path if path.startswith("http") else f"{self.url}/api/v2{path}"
        return self.session.request(method, address, timeout=120, **options)

    def get(self, path, **params):
        answer = self.ask(path, params=params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        return answer.json()

    def refused(self, path, **params):
        answer = self.ask(path, params=params)
        assert answer.status_code >= 400
        return answer.status_code, answer.json()


@contextmanager
def served(world, *, limits=False, high_volume=False, journal=None):
    known = journal or Journal()
    state = State(world, StillClock(world.end), known, limits=limits, high_volume=high_volume)
    with staged(build(state)) as url:
        desk = Desk(url, state)
        with desk.session:
            yield desk


@pytest.fixture
def serve():
    """Serve rows: serve(tickets=[{...}], limits=True) is a context manager that yields a Desk."""

    def serving(*, limits=False, high_volume=False, journal=None, **rows):
        world = make_world(**rows)
        return served(world, limits=limits, high_volume=high_volume, journal=journal)

    return serving


@pytest.fixture(scope="session")
def desk():
    """One account with everything, an organisation without a key, and a deleted one; only read."""
    organizations = [
        {},
        {"organization_no": 4_400_002, "account_no": 2, "name": "Reed", "external_id": None},
        {"organization_no": 4_400_003, "account_no": 3, "name": "Gone", "external_id": "50003"}
        | {"deleted_at": "2026-06-01"},
    ]
    people = [{}, {"person_no": 12, "account_no": None, "email": "who@else.example"}]
    tickets = [
        {},
        {"ticket_no": 8802, "status": "open", "solved_at": None, "first_reply_minutes": None}
        | {"resolution_minutes": None, "generated_at": "2026-11-18T00:00:00"},
        {"ticket_no": 8803, "status": "deleted", "generated_at": "2026-11-18T00:00:00"},
        {"ticket_no": 8804, "status": "closed", "created_at": "2026-02-01", "solved_at": None}
        | {"updated_at": "2026-03-01", "generated_at": "2026-11-18T05:00:00"},
        {"ticket_no": 8805, "organization_no": None, "requester_no": None, "priority": None},
    ]
    accounts = [{}, {"account_no": 2, "segment": "smb"}, {"account_no": 3}]
    ratings = [
        {},
        {"rating_no": 613, "ticket_no": 8802, "score": "offered", "comment": None},
        {"rating_no": 614, "ticket_no": 8805, "score": "bad", "comment": None},
    ]
    world = make_world(
        accounts=accounts,
        organizations=organizations,
        people=people,
        tickets=tickets,
        ratings=ratings,
    )
    with served(world) as desk:
        yield desk


def epoch(moment):
    """Seconds since 1970 of a naive UTC text."""
    return int(pd.Timestamp(moment, tz="UTC").timestamp())


@pytest.fixture
def at():
    return epoch
