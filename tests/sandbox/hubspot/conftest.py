"""A small CRM made by hand, so that every test can say which facts it needs."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pandas as pd
import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.hubspot import build
from sandbox.world.frames import typed
from sandbox.world.model import COLUMNS, World
from tests.sandbox.stage import StillClock, staged

START, END = date(2026, 1, 1), date(2026, 11, 19)
# The sandbox's clock starts at 2026-11-20 03:00 UTC, three hours after the last day.
ACCOUNT = {
    "account_no": 1,
    "crm_id": "9100000001",
    "tenant_key": "t-1",
    "name": "Kite & Co",
    "domain": "kite.example",
    "website": "https://www.kite.example",
    "segment": "enterprise",
    "industry": "COMPUTER_SOFTWARE",
    "country": "United States",
    "employees": 250,
    "owner_no": 1,
    "arr": 48_000.0,
    "renewal_date": "2027-01-31",
    "lifecycle": "customer",
    "created_at": "2025-02-03T10:11:12",
    "updated_at": "2026-10-20T08:14:05",
    "merged_crm_ids": (),
}
OWNER = {
    "owner_no": 1,
    "email": "cleo@vendor.example",
    "first_name": "Cleo",
    "last_name": "Ames",
    "archived": False,
}
PERSON = {
    "person_no": 501,
    "account_no": 1,
    "email": "ana@kite.example",
    "first_name": "Ana",
    "last_name": "Silva",
    "job_title": "VP Support",
    "buying_role": "champion",
    "is_contact": True,
    "is_user": True,
    "is_requester": False,
    "created_at": "2026-03-01T09:00:00",
    "updated_at": "2026-03-02T09:00:00",
}
PULSE = {"account_no": 1, "set_at": "2026-06-01T12:00:00", "value": 4, "reason": "happy"}
MEETING = {
    "meeting_no": 71,
    "account_no": 1,
    "kind": "review",
    "title": "Third quarter review",
    "starts_at": "2026-09-10T15:00:00",
    "ends_at": "2026-09-10T16:00:00",
    "outcome": "COMPLETED",
    "created_at": "2026-09-01T08:00:00",
    "updated_at": "2026-09-10T16:05:00",
}
DEAL = {
    "deal_no": 31,
    "account_no": 1,
    "kind": "newbusiness",
    "name": "Kite first order",
    "amount_minor": 1_250_050,
    "currency": "usd",
    "stage": "closedwon",
    "created_at": "2026-01-10T08:00:00",
    "closed_at": "2026-02-03T08:00:00",
    "updated_at": "2026-02-03T08:00:00",
}
ANSWER = {"account_no": 1, "person_no": 501, "comment": None}
EXAMPLES = {
    "surveys": ANSWER,
    "accounts": ACCOUNT,
    "owners": OWNER,
    "people": PERSON,
    "pulses": PULSE,
    "meetings": MEETING,
    "deals": DEAL,
}


def make_world(end=END, **rows):
    """Tables by name as lists of changes to an example row; a table not named has no rows."""
    tables = {name: table_of(name, rows[name]) if name in rows else empty(name) for name in COLUMNS}
    return World(name="by hand", seed=0, start=START, end=end, tables=tables)


def table_of(name, changes):
    full = [EXAMPLES[name] | change for change in changes]
    columns = {column: [row.get(column) for row in full] for column in COLUMNS[name]}
    return typed(name, pd.DataFrame(columns, dtype=object))


@cache
def empty(name):
    return table_of(name, [])


@cache
def usual_world():
    return make_world(**ROWS)


@dataclass
class Portal:
    """A served portal and a client that knows its token."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        self.session.headers["Authorization"] = f"Bearer {self.state.doors['hubspot'].secret}"

    def ask(self, method, path, **options):
        address = path if path.startswith("http") else f"{self.url}{path}"
        return self.session.request(method, address, timeout=120, **options)

    def get(self, path, **params):
        answer = self.ask("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
        return answer.json()

    def post(self, path, body, status=200, **headers):
        answer = self.ask("POST", path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, method, path, **options):
        answer = self.ask(method, path, **options)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()

    def search(self, kind, *filters, **body):
        """Records that one group of filters finds."""
        groups = [{"filters": list(filters)}] if filters else []
        return self.post(f"/crm/v3/objects/{kind}/search", {"filterGroups": groups, **body})

    def update(self, *rows, status=200, **headers):
        """batch/update of companies: rows are (id, properties)."""
        inputs = [{"id": record_id, "properties": properties} for record_id, properties in rows]
        return self.post(
            "/crm/v3/objects/companies/batch/update", {"inputs": inputs}, status, **headers
        )

    def company(self, record_id, *properties, **params):
        path = f"/crm/v3/objects/companies/{record_id}"
        return self.get(path, properties=",".join(properties), **params)


@contextmanager
def served(world, *, limits=False, journal=None, settings=None):
    state = State(world, StillClock(world.end), journal or Journal(), limits=limits)
    with staged(build(state, settings=settings)) as url:
        portal = Portal(url, state)
        with portal.session:
            yield portal


@pytest.fixture
def serve():
    """Serve rows: serve(accounts=[{...}], limits=True) is a context manager around a Portal."""

    def serving(*, limits=False, journal=None, settings=None, **rows):
        return served(make_world(**rows), limits=limits, journal=journal, settings=settings)

    return serving


ROWS = {
    "accounts": [
        {},
        {"account_no": 2, "crm_id": "9100000002", "name": "Reed", "domain": "reed.example"}
        | {"segment": "smb", "arr": 900.5, "renewal_date": None, "parent_no": 1},
        {"account_no": 3, "crm_id": "9100000003", "name": "Oak", "domain": None, "owner_no": None}
        | {"arr": None, "tenant_key": None, "updated_at": "2026-11-19T20:00:00"},
    ],
    "owners": [{}],
    "people": [{}],
    "pulses": [{}],
    "meetings": [{}],
    "deals": [{}],
}


@pytest.fixture(scope="session")
def portal():
    """Three companies; the first has a contact, a review, a won deal and a pulse. Only read."""
    with served(usual_world()) as it:
        yield it


@pytest.fixture
def desk():
    """The same companies, to write to."""
    with served(usual_world()) as it:
        yield it
