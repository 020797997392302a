"""A small org made by hand, so that every test can say which facts it needs."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pandas as pd
import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.salesforce import build
from sandbox.vendors.salesforce_ids import record_id
from sandbox.world.frames import typed
from sandbox.world.model import COLUMNS, World
from tests.sandbox.stage import StillClock, staged

START, END = date(2026, 1, 1), date(2026, 11, 19)
# The sandbox's clock starts at 2026-11-20 03:00 UTC, three hours after the last day.
EXAMPLES = {
    "accounts": {
        "account_no": 1,
        "crm_id": "9100000001",
        "tenant_key": "t-1",
        "name": "Kite & Co",
        "website": "https://kite.example",
        "segment": "mid_market",
        "employees": 120,
        "owner_no": 1,
        "arr": 48_000.0,
        "renewal_date": "2027-01-31",
        "lifecycle": "customer",
        "created_at": "2026-01-10T08:00:00",
        "updated_at": "2026-11-01T08:00:00",
        "merged_crm_ids": (),
    },
    "owners": {
        "owner_no": 1,
        "email": "ann@seller.example",
        "first_name": "Ann",
        "last_name": "Ray",
        "archived": False,
    },
    "people": {
        "person_no": 11,
        "account_no": 1,
        "email": "jo@kite.example",
        "first_name": "Jo",
        "last_name": "Lind",
        "job_title": "VP Finance",
        "buying_role": "decision_maker",
        "is_contact": True,
        "is_user": True,
        "is_requester": False,
        "created_at": "2026-01-10T08:00:00",
    },
    "deals": {
        "deal_no": 21,
        "account_no": 1,
        "kind": "renewal",
        "name": "Kite renewal",
        "amount_minor": 4_800_000,
        "currency": "eur",
        "stage": "open",
        "created_at": "2026-10-01T08:00:00",
    },
    "meetings": {
        "meeting_no": 31,
        "account_no": 1,
        "kind": "review",
        "title": "Business review with Kite & Co",
        "starts_at": "2026-10-05T09:00:00",
        "ends_at": "2026-10-05T10:00:00",
        "outcome": "COMPLETED",
        "created_at": "2026-09-20T10:00:00",
        "updated_at": "2026-10-05T10:00:00",
    },
    "pulses": {"account_no": 1, "set_at": "2026-11-02T08:00:00", "value": 4, "reason": "Steady"},
    "account_changes": {
        "account_no": 1,
        "at": "2026-01-10T08:00:00",
        "attribute": "segment",
        "value": "smb",
    },
    "organizations": {
        "organization_no": 41,
        "account_no": 1,
        "name": "Kite & Co",
        "domains": ("kite.example",),
        "created_at": "2026-01-11",
        "updated_at": "2026-01-11",
    },
    "tickets": {
        "ticket_no": 51,
        "organization_no": 41,
        "requester_no": 11,
        "subject": "Cannot log in",
        "priority": "urgent",
        "type": "incident",
        "status": "closed",
        "created_at": "2026-11-01T09:00:00",
        "updated_at": "2026-11-02T09:00:00",
        "solved_at": "2026-11-02T09:00:00",
        "reopens": 0,
        "replies": 1,
    },
}
ACCOUNT, CONTACT, DEAL = (record_id(*of) for of in (("001", 1), ("003", 11), ("006", 21)))


def make_world(**rows):
    """Tables by name as lists of changes to an example row; a table not named has no rows."""
    tables = {name: table_of(name, rows[name]) if name in rows else empty(name) for name in COLUMNS}
    return World(name="by hand", seed=0, start=START, end=END, tables=tables)


def table_of(name, changes):
    full = [EXAMPLES[name] | change for change in changes]
    columns = {column: [row.get(column) for row in full] for column in COLUMNS[name]}
    return typed(name, pd.DataFrame(columns, dtype=object))


@cache
def empty(name):
    return table_of(name, [])


@dataclass
class Org:
    """A served org and a client that has a token."""

    base: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        answer = self.token(grant_type="client_credentials", **self.client)
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    @property
    def door(self):
        return self.state.doors["salesforce"]

    @property
    def client(self):
        return {"client_id": self.door.user, "client_secret": self.door.secret}

    def token(self, *, auth=None, **form):
        url = f"{self.base}/services/oauth2/token"
        return self.session.post(url, data=form, auth=auth, timeout=120)

    def ask(self, method, path, **options):
        """A path below the version, or one from the root."""
        below = path if path.startswith("/services") else f"/services/data/v66.0{path}"
        return self.session.request(method, f"{self.base}{below}", timeout=120, **options)

    def get(self, path, **options):
        answer = self.ask("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def query(self, soql, *, everything=False, **options):
        path = "/queryAll" if everything else "/query"
        return self.get(path, params={"q": soql}, **options)

    def rows(self, soql, **options):
        """The records of a query without their attributes."""
        return [plain(record) for record in self.query(soql, **options)["records"]]

    def column(self, soql, **options):
        """The values of a query's only field."""
        return [next(iter(row.values())) for row in self.rows(soql, **options)]

    def refused(self, method, path, **options):
        """Status, code and message of a refused request."""
        answer = self.ask(method, path, **options)
        assert answer.status_code >= 400, answer.text
        (error,) = answer.json()
        return answer.status_code, error["errorCode"], error["message"]

    def bad_query(self, soql):
        status, code, message = self.refused("GET", "/query", params={"q": soql})
        assert status == 400
        return code, message


def plain(record):
    """A record without attributes, also of its parents."""
    return {
        name: plain(value) if isinstance(value, dict) else value
        for name, value in record.items()
        if name != "attributes"
    }


@contextmanager
def served(world, *, limits=False, journal=None, settings=None):
    state = State(world, StillClock(world.end), journal or Journal(), limits=limits)
    with staged(build(state, settings=settings)) as base:
        org = Org(base, state)
        with org.session:
            yield org


@pytest.fixture
def serve():
    """Serve rows: serve(accounts=[{...}], limits=True) is a context manager around an Org."""

    def serving(*, limits=False, journal=None, settings=None, **rows):
        return served(make_world(**rows), limits=limits, journal=journal, settings=settings)

    return serving


ROWS = {
    "owners": [{}, {"owner_no": 2, "email": "bo@seller.example", "first_name": "Bo"}],
    "accounts": [
        {},
        {"account_no": 2, "name": "Wren's", "tenant_key": "t-2", "owner_no": None, "arr": None}
        | {"segment": "smb", "parent_no": 1, "renewal_date": None},
        {"account_no": 3, "name": "Zephyr", "tenant_key": None, "merged_crm_ids": ("9050000003",)}
        | {"segment": None, "arr": 900.5, "employees": None, "created_at": "2026-06-01"},
    ],
    "people": [{}, {"person_no": 12, "buying_role": None, "email": "al@kite.example"}],
    "deals": [{}],
    "meetings": [{}],
    "pulses": [{}],
}


@pytest.fixture(scope="session")
def org():
    """Three accounts, one of which took a fourth in, and what hangs on the first. Only read."""
    with served(make_world(**ROWS)) as it:
        yield it


@pytest.fixture
def desk(serve):
    """The same org alone, to write to."""
    with serve(**ROWS) as it:
        yield it
