"""What of counted usage is set aside, and that nothing else can keep the facts from being made."""

import json
from itertools import product

import pytest

from include.checks import check_raw
from include.sources.usage_days import KEY
from include.vendor_settings import Amplitude, Mixpanel
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.checks.conftest import DAY, changed
from tests.database.checks.test_checks_guard_facts import HOSTILE, NOTHING, paths, spoilt

VENDORS = (
    Mixpanel(vendor="mixpanel", name="mixpanel", connection="c"),
    Amplitude(vendor="amplitude", name="amplitude", connection="c"),
)
GOOD = {
    "account_key": "kite", "day": "2026-11-19", "part": "2026-11-20", "events": 12,
    "users": ["u1"], "features": ["export"],
}  # fmt: skip
BAD = (
    ({"events": -1}, "events is below zero or absurdly large"),
    ({"events": None}, "events is missing or no number"),
    ({"day": "2026-02-30"}, "day is missing or no date"),
    ({"day": "2031-01-01"}, "day lies in the future"),
    ({"part": "soon"}, "part is missing or no date"),
    ({"users": "u1"}, "users is no list"),
    ({"features": {}}, "features is no list"),
)


@pytest.fixture
def settings(landing):
    checks = landing.settings.checks.model_copy(update={"max_quarantined_share": 1.0})
    sources = (*landing.settings.sources, *VENDORS)
    return landing.settings.model_copy(update={"checks": checks, "sources": sources})


@pytest.fixture
def arrive(landing):
    """Land records as the sources give them."""
    landing.land_sources()
    landing.conform()
    landing.land_sources()

    def run(vendor, records):
        return land(landing.engine, run_id="run-1", as_of=DAY, source=vendor, vendor=vendor,
                    stream="usage_day", pages=[Page(records, key=KEY)])  # fmt: skip

    return run


def test_each_bad_count_is_set_aside_for_its_own_reason_and_a_good_one_passes(
    landing, settings, arrive
):
    bad = [changed(GOOD, account_key=f"bad-{at}", **wrong) for at, (wrong, _) in enumerate(BAD)]
    for vendor in VENDORS:
        arrive(vendor.name, [GOOD, *bad])
    check_raw(landing.engine, settings, run_no=1, as_of=DAY)
    reasons = [(record_id.partition("|")[0], reason) for _, record_id, reason
               in landing.quarantined()]  # fmt: skip
    assert reasons == [(f"bad-{at}", reason) for at, (_, reason) in enumerate(BAD)] * 2
    conform(landing.engine, settings)
    assert landing.rows(
        "select source, account_key, events from core.usage_day where source != 'posthog'"
        " order by 1"
    ) == [("amplitude", "kite", 12), ("mixpanel", "kite", 12)]


def test_an_unreadable_event_is_set_aside_at_the_landing(landing, settings, arrive):
    landed = arrive("mixpanel", [GOOD, b'{"event":"export"}', b"half a line"])
    assert (landed.changed, landed.rejected) == (1, 2)
    assert [reason for _, _, reason in landing.quarantined()] == [
        "It has no account_key.", "It is no JSON, or nested too deep.",
    ]  # fmt: skip


def test_no_single_record_can_keep_the_facts_from_being_made(landing, settings, arrive):
    records = [
        changed(spoilt(GOOD, path, value), account_key=f"r{at}")
        for at, (path, value) in enumerate(product(paths(GOOD), (*HOSTILE, NOTHING)))
    ]
    assert len(records) > 100
    arrive("mixpanel", [])
    arrive("amplitude", [json.dumps(record).encode() for record in (GOOD, *records)])
    check_raw(landing.engine, settings, run_no=1, as_of=DAY)
    conform(landing.engine, settings)
    ((accepted,),) = landing.rows(
        "select count(*) from raw.record inner join raw.stream using (stream_id)"
        " where source = 'amplitude' and not exists (select 1 from raw.quarantine"
        " where quarantine.batch_id = record.batch_id"
        " and quarantine.record_id = record.record_id)"
    )
    assert landing.rows("select count(*) from core.usage_part") == [(accepted,)]
    assert 1 < accepted < len(records)
