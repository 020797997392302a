"""Every fault at the wire, from the org to the store: nothing lost, nothing doubled."""

from datetime import date

import pytest
from sqlalchemy import text

from include.errors import FixConfig, RetryLater
from include.warehouse.landing import land, last_state
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.unit.sources.conftest import QUICK
from tests.unit.sources.salesforce.test_twin import entered

START, END = date(2026, 8, 1), date(2026, 9, 20)
DATA = "/services/data/v66.0"
OFTEN = QUICK.tries + 1
# The path whose answers are spoiled, how, and what becomes of the run; None: it heals by itself.
FAULTS = {
    "500 once": ("/query", {"fault": "status", "code": 500}, None),
    "500 again and again": ("/query", {"fault": "status", "code": 500, "times": OFTEN}, RetryLater),
    "503 that says how long": ("/query", {"fault": "retry_after", "seconds": 1, "code": 503}, None),
    "the day's calls are spent": ("/query", {"fault": "status", "code": 403}, RetryLater),
    "a connection cut in mid-body": ("/query", {"fault": "cut", "after": 2}, None),
    "a body that ends too early": ("/query", {"fault": "truncated_json", "after": 2}, None),
    "a page of HTML": ("/query", {"fault": "html"}, None),
    "a page of HTML with status 200": (
        "/query",
        {"fault": "html", "code": 200, "times": OFTEN},
        RetryLater,
    ),
    "a token that ends in mid-run": ("/query", {"fault": "expire_token", "after": 1}, None),
    "tokens that end at once": ("/query", {"fault": "expire_token", "times": -1}, FixConfig),
    "a slow answer": ("/query", {"fault": "slow", "seconds": 0.2, "pieces": 5}, None),
    "a describe that fails once": ("/sobjects/Contact", {"fault": "status", "code": 503}, None),
    "a login that fails once": ("/services/oauth2", {"fault": "status", "code": 503}, None),
    "a job that cannot be looked at": ("/jobs/query", {"fault": "status", "code": 500}, None),
    "results cut in mid-body": ("/jobs/query", {"fault": "cut", "after": 3}, None),
    "results that are half of their length": (
        "/jobs/query/*/results",
        {"fault": "truncated_json", "times": 3},
        None,
    ),
    "results without their last lines": (
        "/jobs/query/*/results",
        {"fault": "lost_lines", "times": 3},
        None,
    ),
    "results that stay cut": (
        "/jobs/query/*/results",
        {"fault": "truncated_json", "times": 4},
        RetryLater,
    ),
}


@pytest.fixture(scope="module")
def served():
    with running(simulate(accounts=40, seed=5, start=START, end=END), limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served):
    yield served
    served.faults = []


def run(store, source):
    return land(
        store, run_id="run-1", as_of=END, source="crm", vendor="salesforce", stream="contacts",
        pages=source.pages("contacts", state=last_state(store, "crm", "contacts"), as_of=END),
    )  # fmt: skip


def stored(store):
    with store.begin() as connection:
        rows = connection.execute(text("select record_id, payload from raw.waiting"))
        return {row.record_id: row.payload for row in rows}


def at_the_vendor(source):
    pages = source.pages("contacts", state=None, as_of=END)
    return {row["Id"]: row for page in pages for row in page.records}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_no_record_and_doubles_none(sandbox, store, fault):
    path, rule, error = FAULTS[fault]
    expected = at_the_vendor(entered(sandbox))
    source = entered(sandbox, bulk_above=0 if "jobs" in path else 2000)
    whole = path if path.startswith("/services") else DATA + path
    sandbox.faults = [{"vendor": "salesforce", "path": whole, **rule}]
    if error:
        with pytest.raises(error) as caught:
            run(store, source)
        assert sandbox.state.doors["salesforce"].secret not in repr(caught.value)
        assert stored(store) == {}
        sandbox.faults = []
    done = run(store, source)
    assert error or all(row["fired"] for row in sandbox.faults), "the fault was never met"
    assert stored(store) == expected
    assert done.received == done.changed + done.duplicates
    sandbox.faults = []
    assert run(store, source).changed == 0
