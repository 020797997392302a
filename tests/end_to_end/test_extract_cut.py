"""A vendor whose day is used up, at any point: the next tries go on, and the end is the same."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.errors import RetryLater
from include.settings import Credentials, load_settings
from include.sources import open_source
from include.sources.base import Source
from include.sources.http.session import Wire
from include.warehouse.landing import land, last_state
from sandbox.serve import Sandbox, running
from sandbox.world.model import World
from sandbox.world.simulate import simulate
from tests.database import conftest as database
from tests.end_to_end.test_extract_faults import at_the_vendor

server, migrated, store = database.server, database.migrated, database.store
QUICK = Wire(pace=0.001)
START, END = date(2026, 4, 1), date(2026, 9, 20)
LATER = date(2026, 9, 27)
STREAMS = (
    "hubspot companies", "hubspot contacts", "zendesk tickets",
    "stripe customers", "stripe invoices", "posthog usage_day",
)  # fmt: skip
CHANGING = ("hubspot companies", "hubspot meetings", "stripe invoices", "posthog usage_day")
A_DAY_S = 86_400


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(accounts=170, seed=7, start=START, end=END)


@pytest.fixture(scope="module")
def served(world: World) -> Iterator[Sandbox]:
    with running(world, limits=False) as sandbox:
        yield sandbox


def opened(sandbox: Sandbox, vendor: str) -> Source:
    settings = next(one for one in load_settings().sources if one.vendor == vendor)
    if vendor == "posthog":
        settings = settings.model_copy(update={"history_days": 170})
    reach = sandbox.vendors[vendor]
    credentials = Credentials(reach["base_url"], reach["token"], reach.get("user", ""))
    return open_source(settings, credentials, wire=QUICK)


def extract(store: Engine, source: Source, stream: str, as_of: date) -> None:
    state = last_state(store, source.name, stream)
    land(
        store, run_id="run", as_of=as_of, source=source.name, vendor=source.vendor, stream=stream,
        pages=source.pages(stream, state=state, as_of=as_of),
    )  # fmt: skip


def extract_with_cuts(
    sandbox: Sandbox, store: Engine, source: Source, stream: str, *, as_of: date, seed: int
) -> int:
    """Let a few calls pass, then say that the day is used up, until it is done; count the cuts."""
    rng, cuts = random.Random(seed), 0
    while True:
        sandbox.faults = [
            {"vendor": source.vendor, "path": "/", "fault": "retry_after", "seconds": A_DAY_S,
             "after": rng.randrange(1, 2 + 2 * cuts), "times": -1}
        ]  # fmt: skip
        try:
            extract(store, source, stream, as_of)
        except RetryLater:
            cuts += 1
            continue
        finally:
            sandbox.faults = []
        return cuts


def in_raw(store: Engine) -> list[tuple[str, Any]]:
    """Return each version that counts, the newest of a record last."""
    with store.begin() as connection:
        found = connection.execute(
            text(
                "select record_id, payload from raw.record join raw.batch using (batch_id) "
                "where landed_at is not null order by batch_id"
            )
        )
        return [(row.record_id, row.payload) for row in found]


@pytest.mark.parametrize("place", STREAMS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_or_doubled_wherever_the_day_ends(served, store, place, seed):
    vendor, stream = place.split()
    source = opened(served, vendor)
    cuts = extract_with_cuts(served, store, source, stream, as_of=END, seed=seed)
    assert cuts > 0
    found, expected = in_raw(store), at_the_vendor(source, stream)
    assert dict(found) == expected
    assert len(found) == len(expected)
    *_, undisturbed = (
        page.state for page in source.pages(stream, state=None, as_of=END) if page.state
    )
    assert last_state(store, source.name, stream) == undisturbed


@pytest.mark.parametrize("place", CHANGING)
def test_what_changed_is_there_after_however_many_cuts(world, store, place):
    vendor, stream = place.split()
    with running(world, limits=False) as sandbox:
        source = opened(sandbox, vendor)
        extract(store, source, stream, END)
        before = in_raw(store)
        sandbox.advance(LATER)
        cuts = extract_with_cuts(sandbox, store, source, stream, as_of=LATER, seed=5)
        found = in_raw(store)
        assert cuts > 0
        assert len(found) > len(before)
        extract(store, source, stream, LATER)
        assert in_raw(store) == found  # an undisturbed run finds nothing more
