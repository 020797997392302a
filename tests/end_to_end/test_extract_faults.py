"""Every fault at the wire once, from the vendor to the store: nothing lost, nothing doubled.

A run that ends in RetryLater is run again, as the scheduler would do. What lies in the store then
is compared with what the vendor has.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import orjson
import pytest
import requests
from pydantic import TypeAdapter
from sqlalchemy import Engine, text

from include.errors import FixConfig, RetryLater
from include.settings import Credentials, load_settings
from include.sources import open_source
from include.sources.base import Source
from include.sources.http.session import Wire
from include.vendor_settings import Source as AnySource
from include.warehouse.landing import Landed, land, last_state
from sandbox.serve import Sandbox, running
from sandbox.world.simulate import simulate
from tests.database import conftest as database

server, migrated, store = database.server, database.migrated, database.store

START, END = date(2026, 8, 1), date(2026, 9, 20)
QUICK = Wire(pace=0.001)
HEALS, RETRY, CONFIG, REJECTS = "heals", "retry", "config", "rejects"
SHARED = "one of several requests at once meets all faults, or they share them"
# Vendor, stream, and the path whose answers are spoiled.
STREAMS = {
    "hubspot": ("contacts", "/crm/v3/objects/contacts"),
    "zendesk": ("satisfaction_ratings", "/api/v2/satisfaction_ratings"),
    "zendesk export": ("tickets", "/api/v2/incremental/tickets"),
    "stripe": ("invoices", "/v1/invoices"),
    "posthog": ("usage_day", "/api/projects/1/query/"),
}
# Those whose errors or transfers have forms of their own: test_extract_forms.py.
OWN_FORMS = {
    "intercom": ("contacts", "/contacts/search"),
    "chargebee": ("invoices", "/api/v2/invoices"),
    "mixpanel": ("usage_day", "/api/2.0/export"),
    "amplitude": ("usage_day", "/api/2/export"),
}
COUNTED = ("posthog", "mixpanel", "amplitude")
# One decodes what comes, the other leaves records as bytes; all vendors share the client.
BOTH_WAYS = ("hubspot", "zendesk export")
# What each fault of the wire does to a run, whatever the vendor.
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a wrong or expired token": ({"fault": "expire_token", "times": -1}, CONFIG),
    "a token that expires in mid-run": ({"fault": "expire_token", "after": 1, "times": -1}, CONFIG),
    "429 that says how long": ({"fault": "retry_after", "seconds": 3}, HEALS),
    "429 that does not": ({"fault": "status", "code": 429, "times": 2}, HEALS),
    "429 for an hour": ({"fault": "retry_after", "seconds": 3600}, RETRY),
    "500 once": ({"fault": "status", "code": 500}, HEALS),
    "500 again and again": ({"fault": "status", "code": 500, "times": QUICK.tries}, RETRY),
    "503 with a date": ({"fault": "retry_after", "seconds": 1, "code": 503, "after": 1}, HEALS),
    "a connection cut in mid-body": ({"fault": "cut"}, HEALS),
    "connections cut again and again": ({"fault": "cut", "times": QUICK.tries}, RETRY),
    "a body that ends too early": ({"fault": "truncated_json", "after": 1}, HEALS),
    "a body that is no JSON": ({"fault": "invalid_json"}, HEALS),
    "an HTML page for an error": ({"fault": "html"}, HEALS),
    "an HTML page with status 200": (
        {"fault": "html", "code": 200, "times": QUICK.tries + 1},
        RETRY,
    ),
    "a slow answer": ({"fault": "slow", "seconds": 0.2, "pieces": 5}, HEALS),
}
RECORDS: dict[str, tuple[dict[str, Any], str]] = {
    "a record without id": ({"fault": "no_id", "n": 1}, REJECTS),
    "records backwards": ({"fault": "reorder"}, HEALS),
}
# Those that differ from vendor to vendor, by how each tells where to go on.
PAGING: list[tuple[str, dict[str, Any], str]] = [
    ("hubspot", {"fault": "repeated_cursor", "method": "GET", "after": 1}, RETRY),
    ("zendesk", {"fault": "repeated_cursor", "after": 2}, RETRY),
    ("stripe", {"fault": "repeated_cursor", "after": 1}, RETRY),
    ("hubspot", {"fault": "empty_page", "method": "GET", "after": 1}, HEALS),
    ("zendesk", {"fault": "empty_page", "after": 2}, HEALS),
    ("zendesk export", {"fault": "empty_page"}, HEALS),
    ("stripe", {"fault": "empty_page", "after": 1}, RETRY),
    ("posthog", {"fault": "empty_page", "after": 1}, RETRY),
    ("hubspot", {"fault": "duplicate", "method": "GET"}, HEALS),
    ("zendesk", {"fault": "duplicate", "after": 1}, HEALS),
    ("stripe", {"fault": "duplicate"}, HEALS),
    ("posthog", {"fault": "duplicate", "where": "same", "after": 1}, HEALS),
    ("zendesk export", {"fault": "duplicate", "where": "same"}, HEALS),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    world = simulate(accounts=70, seed=5, start=START, end=END)
    with running(world, limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(served: Sandbox) -> Iterator[Sandbox]:
    yield served
    served.faults = []


def opened(sandbox: Sandbox, vendor: str) -> Source:
    known = (one for one in load_settings().sources if one.vendor == vendor)
    plain = {"vendor": vendor, "name": vendor, "connection": "sandbox"}
    settings = next(known, None) or TypeAdapter[Any](AnySource).validate_python(plain)
    if vendor in COUNTED:
        settings = settings.model_copy(update={"history_days": 20})
    reach = sandbox.vendors[vendor]
    entered = (reach["token"], reach.get("user", ""), reach.get("extra", {}))
    return open_source(settings, Credentials(reach["base_url"], *entered), wire=QUICK)


def extract(store: Engine, source: Source, stream: str, run_id: str = "run-1") -> Landed:
    return land(
        store, run_id=run_id, as_of=END, source=source.name, vendor=source.vendor, stream=stream,
        pages=source.pages(stream, state=last_state(store, source.name, stream), as_of=END),
    )  # fmt: skip


def at_the_vendor(source: Source, stream: str) -> dict[str, Any]:
    found = {}
    for page in source.pages(stream, state=None, as_of=END):
        for record in page.records:
            content = record if isinstance(record, dict) else orjson.loads(bytes(record))
            found["|".join(str(content[field]) for field in page.key)] = content
    return found


def in_the_store(store: Engine) -> list[tuple[str, Any]]:
    with store.begin() as connection:
        rows = connection.execute(text("select record_id, payload from raw.waiting"))
        return [(row.record_id, row.payload) for row in rows]


def raw_rows(store: Engine) -> int:
    with store.begin() as connection:
        return int(connection.execute(text("select count(*) from raw.record")).scalar_one())


def run_with(
    sandbox: Sandbox,
    store: Engine,
    place: str,
    rule: dict[str, Any],
) -> Callable[[], Landed]:
    """Order the fault and return the run; the fault must have fired by the end of it."""
    stream, path = (STREAMS | OWN_FORMS)[place]
    vendor = place.split(maxsplit=1)[0]
    source = opened(sandbox, vendor)
    sandbox.faults = [{"vendor": vendor, "path": path, **rule}]
    return lambda: extract(store, source, stream)


@pytest.mark.parametrize("place", BOTH_WAYS)
@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_costs_no_record_and_doubles_none(sandbox, store, place, fault):
    rule, outcome = FAULTS[fault]
    if place == "zendesk export":  # one page holds all tickets
        rule = {**rule, "after": 0}
    check(sandbox, store, place, (rule, outcome))


@pytest.mark.parametrize("place", list(STREAMS))
@pytest.mark.parametrize("fault", list(RECORDS))
def test_a_spoiled_record_costs_no_other(sandbox, store, place, fault):
    check(sandbox, store, place, RECORDS[fault])


@pytest.mark.parametrize(
    ("place", "rule", "outcome"), PAGING, ids=[f"{one[1]['fault']}-{one[0]}" for one in PAGING]
)
def test_paging_gone_wrong_costs_no_record_and_doubles_none(sandbox, store, place, rule, outcome):
    check(sandbox, store, place, (rule, outcome))


def check(sandbox: Sandbox, store: Engine, place: str, case: tuple[dict[str, Any], str]) -> None:
    rule, outcome = case
    stream, _ = (STREAMS | OWN_FORMS)[place]
    expected = at_the_vendor(opened(sandbox, place.split(maxsplit=1)[0]), stream)
    run = run_with(sandbox, store, place, rule)
    if outcome in (RETRY, CONFIG):
        with pytest.raises(RetryLater if outcome == RETRY else FixConfig) as caught:
            run()
        assert_silent(caught.value, sandbox)
        assert in_the_store(store) == []
    if outcome == CONFIG:
        sandbox.faults = []  # a person has renewed the token
    try:
        done = run()
    except RetryLater as error:
        assert outcome == SHARED
        assert_silent(error, sandbox)
        assert in_the_store(store) == []
        done = run()
    if outcome != CONFIG:
        assert all(row["fired"] for row in sandbox.faults), "the fault was never met"
    found = in_the_store(store)
    assert len(found) == len(dict(found)) == raw_rows(store) == done.changed
    lost = expected.keys() - dict(found).keys()
    assert len(lost) == done.rejected == (1 if outcome == REJECTS else 0)
    assert dict(found) == {key: expected[key] for key in expected if key not in lost}
    assert done.received == sum(done.counts().values()) - done.received
    if rule["fault"] == "duplicate":
        assert done.duplicates == 1
    sandbox.faults = []
    assert run().changed <= done.rejected  # the same run once more; what was spoiled may be whole


def assert_silent(error: Exception, sandbox: Sandbox) -> None:
    shown = f"{error!r} {error.__cause__!r}"
    for door in sandbox.state.doors.values():
        assert door.secret not in shown


def test_our_own_scores_in_the_crm_are_no_news(sandbox, store):
    """A score that we write moves the company's stamp: the record comes back and is unchanged."""
    source, reach = opened(sandbox, "hubspot"), sandbox.vendors["hubspot"]
    extract(store, source, "companies")
    one = in_the_store(store)[0][0]
    headers = {"Authorization": f"Bearer {reach['token']}"}
    group = {"name": "cs_health", "label": "CS health"}
    field = {
        "name": "cs_health_score", "label": "Score", "type": "number", "fieldType": "number",
        "groupName": "cs_health",
    }  # fmt: skip
    update = {"inputs": [{"id": one, "properties": {"cs_health_score": "72"}}]}
    for path, body in (
        ("properties/companies/groups", group),
        ("properties/companies", field),
        ("objects/companies/batch/update", update),
    ):
        requests.request(
            "POST", f"{reach['base_url']}/crm/v3/{path}", json=body, headers=headers, timeout=120
        ).raise_for_status()
    again = extract(store, source, "companies", "run-2")
    assert again.changed == 0
    assert again.unchanged > 0
    assert raw_rows(store) == len(in_the_store(store))


def test_a_plan_without_ratings_lands_nothing_and_goes_on(sandbox, store):
    run = run_with(sandbox, store, "zendesk", {"fault": "status", "code": 403, "times": -1})
    assert run() == Landed(0, 0, 0, 0, 0)


def test_a_vendors_clock_that_is_wrong_costs_nothing(sandbox, store):
    source = opened(sandbox, "stripe")
    sandbox.faults = [
        {"vendor": "stripe", "path": "/", "fault": "clock_skew", "seconds": -400_000, "times": -1}
    ]
    assert extract(store, source, "invoices").changed > 0
    sandbox.faults = []
    assert extract(store, source, "invoices", "run-2").changed == 0
    assert dict(in_the_store(store)) == at_the_vendor(source, "invoices")
