"""The vendors of `make load`: true to the wire, and everything that they send arrives once."""

import os
from datetime import date

import numpy as np
import orjson
import pytest
import requests
from sqlalchemy import text

from bench.streamed import serve
from bench.streamed.stripe_books import Slots
from bench.streamed.world import World
from bench.streamed.zendesk_rows import Tickets
from include import pipeline
from include.pipeline.job import Job, read_deck
from include.settings import Credentials, load_settings
from include.sources import open_source
from include.sources.http.session import Wire
from include.warehouse.database import open_store
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database.conftest import create, drop

ACCOUNTS, DAYS = 300, 4
FIRST, NEXT = date(2026, 11, 1), date(2026, 11, 2)
QUICK = Wire(pace=0.001)
RECEIVED = """select stream.stream, sum(batch.received), sum(batch.changed), sum(batch.rejected)
from raw.batch join raw.stream using (stream_id) where run_id = :run group by 1"""


def entered(there):
    return Credentials(there["base_url"], there["token"], there.get("user", ""))


def records_of(vendors, day):
    """Every record of every stream, by the stream's name."""
    found = {}
    for settings in load_settings().sources:
        source = open_source(settings, entered(vendors[settings.vendor]), wire=QUICK)
        for stream in source.streams:
            pages = source.pages(stream, state=None, as_of=day)
            found[stream] = [
                record if isinstance(record, dict) else orjson.loads(bytes(record))
                for page in pages
                for record in page.records
            ]
    return found


def paths_of(value, above=""):
    """The dotted path of every key in a record."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield above + key
            yield from paths_of(inner, f"{above}{key}.")
    elif isinstance(value, list):
        for inner in value:
            yield from paths_of(inner, above)


@pytest.fixture(scope="module")
def streamed():
    with serve.running(World(ACCOUNTS, DAYS, FIRST, FIRST)) as found:
        yield found


@pytest.fixture(scope="module")
def days(server, migrated, streamed):
    """Two days through extraction and conform: the store, what was sent, what landed, by day."""
    name = f"test_{os.getpid()}_streamed"
    store = open_store(create(server, name, migrated))
    settings = load_settings()
    deck = read_deck(settings)
    job = Job(store, settings, deck.live, deck.shadow)
    sent, landed = {}, {}
    for day in (FIRST, NEXT):
        streamed.advance(day)
        streamed.counted()
        for source in settings.sources:
            door = entered(streamed.there[source.vendor])
            pipeline.extract(job, str(day), str(day), source.name, door, wire=QUICK)
        pipeline.conform(job, str(day), str(day))
        told = streamed.counted().values()
        sent[day] = {name: count for one in told for name, count in one["sent"].items() if count}
        with store.connect() as connection:
            rows = connection.execute(text(RECEIVED), {"run": str(day)})
            landed[day] = {row[0]: tuple(map(int, row[1:])) for row in rows if row[1]}
    yield store, sent, landed
    store.dispose()
    drop(server, name)


def count(days, statement):
    with days[0].connect() as connection:
        return connection.execute(text(statement)).scalar_one()


def new(days, day):
    """Records that were new or a new version."""
    return {name: changed for name, (_, changed, _) in days[2][day].items()}


def test_all_that_was_sent_landed_and_nothing_else(days):
    _, sent, landed = days
    for day in (FIRST, NEXT):
        assert {name: received for name, (received, *_) in landed[day].items()} == sent[day]
        assert not any(rejected for *_, rejected in landed[day].values())


def test_the_first_day_lands_what_the_arithmetic_says(days):
    slots = Slots(World(ACCOUNTS, DAYS, FIRST, FIRST))
    invoices = int(slots.has_invoice(np.arange(slots.newest)).sum())
    tickets = Tickets(slots.world)
    found = new(days, FIRST)
    assert found["companies"] == found["organizations"] == found["customers"] == ACCOUNTS
    assert found["contacts"] == ACCOUNTS * 3.5
    assert found["invoices"] == found["invoice_payments"] == invoices
    assert found["tickets"] == sum(map(tickets.exists, range(tickets.newest)))


def test_the_next_day_lands_what_changed_since(days):
    world = World(ACCOUNTS, DAYS, FIRST, NEXT)
    slots = Slots(world)
    today = np.arange(Slots(World(ACCOUNTS, DAYS, FIRST, FIRST)).newest, slots.newest)
    made, paid = slots.has_invoice(today), []
    for payer, lag in enumerate(slots.lags):
        before = today - lag
        is_paid = slots.has_invoice(before) & (slots.payer(before % ACCOUNTS) == payer)
        paid += before[is_paid].tolist()
    found = new(days, NEXT)
    assert found["companies"] == (world.changed_on(np.arange(ACCOUNTS), 50) > 0).sum() > 0
    assert found["subscriptions"] == made.sum() > 0
    assert found["invoices"] == len({*today[made].tolist(), *paid})
    assert found["charges"] == len(paid)


def test_facts_stand_for_every_record_and_every_account_is_linked(days):
    slots = Slots(World(ACCOUNTS, DAYS, FIRST, NEXT))
    invoices = int(slots.has_invoice(np.arange(slots.newest)).sum())
    assert count(days, "select count(*) from core.account") == ACCOUNTS
    assert count(days, "select count(*) from core.invoice") == invoices
    for kind in ("customer", "organization"):
        linked = f"select count(distinct account_id) from core.account_link where object = '{kind}'"
        assert count(days, linked) == ACCOUNTS, kind


def test_no_table_that_a_first_run_filled_is_unknown_to_the_planner(days):
    unseen = """select count(*) from pg_class where relnamespace = 'core'::regnamespace
    and relkind = 'r' and reltuples < 0 and pg_relation_size(oid) > 0"""
    assert count(days, unseen) == 0


def test_every_key_is_one_of_the_ordinary_sandbox(streamed):
    world = simulate(accounts=60, seed=1, start=date(2026, 9, 1), end=FIRST)
    with running(world, limits=False) as sandbox:
        ordinary = records_of(sandbox.vendors, FIRST)
    for stream, records in records_of(streamed.there, FIRST).items():
        known = {path for record in ordinary[stream] for path in paths_of(record)}
        assert {path for one in records for path in paths_of(one)} <= known, stream


@pytest.mark.parametrize("vendor", ["hubspot", "zendesk", "stripe", "posthog"])
def test_any_other_call_is_refused_as_the_vendor_would(streamed, vendor):
    door = streamed.doors[vendor]
    answer = requests.request(
        "GET", f"{streamed.there[vendor]['base_url']}/api/v2/nothing", timeout=120,
        headers={"Authorization": door.entry},
    )  # fmt: skip
    assert answer.status_code == 404
    assert answer.json().keys() & {"message", "error", "detail"}
