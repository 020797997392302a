"""Late events, copies and old projects, read from the twins of Mixpanel and Amplitude."""

import contextlib
from collections import defaultdict
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from include.errors import RetryLater
from include.settings import Credentials
from include.sources import open_source
from include.sources.usage_days import KEY
from include.vendor_settings import Amplitude, Mixpanel
from sandbox.state import State
from sandbox.vendors import amplitude, amplitude_export, mixpanel, mixpanel_export
from sandbox.world.simulate import simulate
from tests.sandbox.stage import StillClock, staged
from tests.unit.sources.conftest import QUICK

START, END = date(2026, 9, 1), date(2026, 9, 18)  # a Friday
LATER = END + timedelta(days=6)
EVER = 10_000
MIXPANEL = Mixpanel(vendor="mixpanel", name="mixpanel", connection="c", history_days=40)
AMPLITUDE = Amplitude(vendor="amplitude", name="amplitude", connection="c", history_days=40)
VENDORS = {
    "mixpanel": (mixpanel.build, mixpanel_export.Project, MIXPANEL),
    "amplitude": (amplitude.build, amplitude_export.Project, AMPLITUDE),
}


class Down:
    """An app some of whose exports fail."""

    def __init__(self, app, part):
        self.app = app
        self.part = part

    async def __call__(self, scope, receive, send):
        if self.part in scope["query_string"]:
            await send({"type": "http.response.start", "status": 503, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def worlds():
    """One world at two of its days."""
    return {end: simulate(accounts=25, seed=5, start=START, end=end) for end in (END, LATER)}


@contextmanager
def opened(vendor, world, *, settings=None, down=None, **project):
    """`project`: what differs from a project of Greenwich in which nothing comes late.

    down: a part of the query of exports that fail.
    """
    build, kind, plain = VENDORS[vendor]
    state = State(world, StillClock(world.end), limits=False)
    door = state.doors[vendor]
    app = build(state, kind(**{"late_days": 0, **project}))
    with staged(Down(app, down) if down else app) as url:
        credentials = Credentials(url, door.secret, door.user, door.extra)
        yield open_source(settings or plain, credentials, wire=QUICK)


def read(source, state=None, as_of=END):
    """Return the records by their key, and the state."""
    pages = list(source.pages("usage_day", state=state, as_of=as_of))
    records = [record for page in pages for record in page.records]
    return by_key(records), pages[-1].state


def by_key(records):
    return {tuple(record[name] for name in KEY): record for record in records}


def added_up(records, until=END):
    """Events, users and features by group and day."""
    found = defaultdict(lambda: [0, set(), set()])
    for record in records.values():
        if record["day"] <= until.isoformat():
            day = found[record["account_key"], record["day"]]
            day[0] += record["events"]
            day[1].update(record["users"])
            day[2].update(record["features"])
    return found


def truth(world, until=END):
    events = world["events"][world["events"]["tenant_key"] != ""]
    found = defaultdict(lambda: [0, set(), set()])
    rows = zip(
        events["tenant_key"], events["at"], events["person_no"], events["event"], strict=True
    )
    for group, at, person, name in rows:
        if at.date() <= until:
            day = found[group, at.date().isoformat()]
            day[0] += 1
            day[1].add(f"user_{person}")
            day[2].add(name)
    return found


@pytest.mark.parametrize("vendor", VENDORS)
def test_late_events_change_the_days_they_belong_to_and_incremental_is_full(vendor, worlds):
    with opened(vendor, worlds[END], late_days=EVER) as source:
        first, state = read(source)
    with opened(vendor, worlds[LATER], late_days=EVER) as source:
        changed, _ = read(source, state, LATER)
        everything, _ = read(source, None, LATER)
    assert {**first, **changed} == everything
    assert added_up(first) != added_up(everything)  # some events of the first days came late
    assert added_up(everything) == truth(worlds[LATER])


@pytest.mark.parametrize(
    ("vendor", "down", "changes"),
    [
        ("mixpanel", b"from_date=2026-09-08", {"window_days": 2}),
        ("amplitude", b"start=20260910T00", {}),
    ],
)
def test_a_run_that_ended_early_goes_on_where_it_could(vendor, down, changes, worlds):
    settings = VENDORS[vendor][2].model_copy(update={"history_days": 16, **changes})
    stored, kept = [], []
    with (
        opened(vendor, worlds[END], settings=settings, down=down) as source,
        contextlib.suppress(RetryLater),
    ):
        for page in source.pages("usage_day", state=None, as_of=END):
            stored += page.records
            kept = [page.resume, list(stored)] if page.resume else kept
        pytest.fail("one of its exports fails")
    state, records = kept
    with opened(vendor, worlds[END], settings=settings) as source:
        rest, following = read(source, state)
        everything, again = read(source)
    assert {**by_key(records), **rest} == everything
    assert len(rest) < len(everything)
    assert following == again


@pytest.mark.parametrize("vendor", VENDORS)
def test_copies_change_nothing(vendor, worlds):
    with opened(vendor, worlds[END], copies=3) as source:
        assert added_up(read(source)[0]) == truth(worlds[END])


def test_an_old_projects_clocks_are_read_as_such(worlds):
    """The days asked for, the times in the answers and our days are three different things."""
    zone = "America/Los_Angeles"
    settings = MIXPANEL.model_copy(update={"project_time_zone": zone})
    with opened("mixpanel", worlds[END], settings=settings, time_zone=zone) as source:
        found = added_up(read(source)[0])
    assert found == truth(worlds[END])


def test_old_groups_are_text(worlds):
    with opened("amplitude", worlds[END], plain_groups=True) as source:
        assert added_up(read(source)[0]) == truth(worlds[END])


def test_exports_that_are_too_large_are_counted_in_halves(worlds):
    with opened("amplitude", worlds[END], most_bytes=12_000) as source:
        assert added_up(read(source)[0]) == truth(worlds[END])
