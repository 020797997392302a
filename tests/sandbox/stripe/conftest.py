"""A small billing account made by hand, so that every test can say which facts it needs."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

import pandas as pd
import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.stripe import build
from sandbox.world.frames import typed
from sandbox.world.model import COLUMNS, World
from tests.sandbox.stage import StillClock, staged

START, END = date(2026, 1, 1), date(2026, 11, 19)
# The sandbox's clock starts at 2026-11-20 03:00 UTC, three hours after the last day.
CUSTOMER = {
    "customer_no": 1,
    "customer_id": "cus_Kite",
    "account_no": 1,
    "name": "Kite & Co",
    "email": "billing@kite.example",
    "currency": "eur",
    "metadata": {"hubspot_company_id": "9100000001"},
    "created_at": "2026-01-10T08:00:00",
}
SUBSCRIPTION = {
    "subscription_no": 11,
    "subscription_id": "sub_Kite",
    "customer_no": 1,
    "status": "active",
    "started_at": "2026-01-10T08:05:00",
    "cancel_at_period_end": False,
    "period_start": "2026-11-10T08:05:00",
    "period_end": "2026-12-10T08:05:00",
    "seats": 40,
    "unit_amount_minor": 1_000,
    "currency": "eur",
    "interval": "month",
    "plan": "Growth",
    "metadata": {"tenant_id": "t-1"},
    "created_at": "2026-01-10T08:05:00",
}
INVOICE = {
    "invoice_no": 101,
    "invoice_id": "in_Kite1",
    "customer_no": 1,
    "subscription_no": 11,
    "status": "paid",
    "currency": "eur",
    "amount_minor": 40_000,
    "amount_paid_minor": 40_000,
    "seats": 40,
    "unit_amount_minor": 1_000,
    "period_start": "2026-11-10T08:05:00",
    "period_end": "2026-12-10T08:05:00",
    "created_at": "2026-11-10T08:05:00",
    "finalized_at": "2026-11-10T09:05:00",
    "paid_at": "2026-11-10T09:05:00",
    "attempt_count": 1,
    "billing_reason": "subscription_cycle",
    "collection_method": "charge_automatically",
}
CHANGE = {"subscription_no": 11, "at": "2026-01-10T08:05:00", "kind": "created", "previous": {}}
EXAMPLES = {
    "customers": CUSTOMER,
    "subscriptions": SUBSCRIPTION,
    "invoices": INVOICE,
    "subscription_changes": CHANGE,
}


def epoch(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


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
class Account:
    """A served account and a client that knows its key."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        self.session.headers["Authorization"] = f"Bearer {self.state.doors['stripe'].secret}"

    def ask(self, method, path, **options):
        return self.session.request(method, f"{self.url}/v1{path}", timeout=120, **options)

    def get(self, path, *pairs, **params):
        """Parameters with brackets in their names are given as pairs."""
        answer = self.ask("GET", path, params=[*pairs, *params.items()])
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()

    def ids(self, path, *pairs, **params):
        return [row["id"] for row in self.get(path, *pairs, **params)["data"]]

    def refused(self, path, *pairs, method="GET", **params):
        """Status and the error object of a refused request."""
        given = [*pairs, *params.items()]
        options = {"params": given} if method == "GET" else {"data": given}
        answer = self.ask(method, path, **options)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["error"]

    def tag(self, customer, *pairs, key=None):
        """Write to a customer; pairs are form fields."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask("POST", f"/customers/{customer}", data=list(pairs), headers=headers)


@contextmanager
def served(world, *, limits=False, journal=None, settings=None):
    state = State(world, StillClock(world.end), journal or Journal(), limits=limits)
    with staged(build(state, settings=settings)) as url:
        account = Account(url, state)
        with account.session:
            yield account


@pytest.fixture
def serve():
    """Serve rows: serve(customers=[{...}], limits=True) is a context manager around an Account."""

    def serving(*, limits=False, journal=None, settings=None, **rows):
        return served(make_world(**rows), limits=limits, journal=journal, settings=settings)

    return serving


@pytest.fixture(scope="session")
def account():
    """A paying customer with one subscription and two invoices, and a deleted one. Only read."""
    customers = [
        {},
        {"customer_no": 2, "customer_id": "cus_Gone", "name": "Gone", "metadata": None}
        | {"created_at": "2026-02-01", "deleted_at": "2026-11-01T10:00:00"},
    ]
    older = {"invoice_no": 100, "invoice_id": "in_Kite0", "created_at": "2026-10-10T08:05:00"}
    with served(make_world(customers=customers, subscriptions=[{}], invoices=[{}, older])) as it:
        yield it


@pytest.fixture
def till(serve):
    """The same paying customer alone, to write to."""
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}]) as it:
        yield it
