"""A small Chargebee site made by hand, so that every test can say which facts it needs."""

from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import requests

from sandbox.state import Journal, State
from sandbox.vendors.chargebee import build
from tests.sandbox.stage import StillClock, staged
from tests.sandbox.stripe.conftest import make_world

GONE = {"customer_no": 2, "customer_id": "cus_Gone", "name": "Gone", "metadata": None} | {
    "created_at": "2026-02-01",
    "deleted_at": "2026-11-01T10:00:00",
}
OLDER = {"invoice_no": 100, "invoice_id": "in_Kite0", "created_at": "2026-10-10T08:05:00"} | {
    "finalized_at": "2026-10-10T09:05:00",
    "paid_at": "2026-10-10T09:05:00",
}


@dataclass
class Served:
    """A served site and a client that knows its key."""

    url: str
    state: State
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self):
        self.session.auth = (self.state.doors["chargebee"].secret, "")

    def ask(self, method, path, **options):
        return self.session.request(method, f"{self.url}/api/v2{path}", timeout=120, **options)

    def get(self, path, *pairs, **params):
        """Parameters with brackets in their names are given as pairs."""
        answer = self.ask("GET", path, params=[*pairs, *params.items()])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, path, name, *pairs, **params):
        return [row[name] for row in self.get(path, *pairs, **params)["list"]]

    def ids(self, path, name, *pairs, **params):
        return [row["id"] for row in self.rows(path, name, *pairs, **params)]

    def refused(self, path, *pairs, method="GET", headers=None, **params):
        """Status and error object of a refused request."""
        given = [*pairs, *params.items()]
        options = {"params": given} if method == "GET" else {"data": given}
        answer = self.ask(method, path, headers=headers, **options)
        assert answer.status_code >= 400, answer.text
        assert answer.json()["http_status_code"] == answer.status_code
        return answer.status_code, answer.json()

    def write(self, customer, key=None, **fields):
        headers = {"chargebee-idempotency-key": key} if key else {}
        return self.ask("POST", f"/customers/{customer}", data=fields, headers=headers)


@contextmanager
def served(world, *, limits=False, journal=None, settings=None):
    state = State(world, StillClock(world.end), journal or Journal(), limits=limits)
    with staged(build(state, settings=settings)) as url:
        site = Served(url, state)
        with site.session:
            yield site


@pytest.fixture
def serve():
    """Serve rows: serve(customers=[{...}], limits=True) is a context manager around a site."""

    def serving(*, limits=False, journal=None, settings=None, **rows):
        return served(make_world(**rows), limits=limits, journal=journal, settings=settings)

    return serving


@pytest.fixture(scope="session")
def site():
    """A paying customer with a subscription and two invoices, and a deleted one. Only read."""
    rows = {"customers": [{}, GONE], "subscriptions": [{}], "invoices": [{}, OLDER]}
    with served(make_world(**rows, subscription_changes=[{}])) as it:
        yield it


@pytest.fixture
def till(serve):
    """The paying customer alone, to write to."""
    with serve(customers=[{}], subscriptions=[{}], invoices=[{}]) as it:
        yield it
