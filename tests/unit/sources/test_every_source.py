"""What holds for all vendors: nothing lost, nothing doubled, and the second time only news."""

from collections import Counter
from datetime import timedelta

import orjson
import pytest

from tests.unit.sources.conftest import END, START

LATER = END + timedelta(days=12)
VENDORS = ("hubspot", "salesforce", "zendesk", "intercom", "stripe", "chargebee", "posthog",
           "mixpanel", "amplitude")  # fmt: skip
# The last days are counted again in every run.
COUNTED = ("posthog", "mixpanel", "amplitude")
# What differs from health.yaml: a history of two years has many empty windows.
SHORT = {"history_days": 60}
CHANGES = {"stripe": {"full_walk_days": 30}, "mixpanel": SHORT, "amplitude": SHORT}
# What a world as small as this one may have none of.
RARE = ("deleted_conversations",)
# All of these changed last when the world began.
OF_ONE_DAY = (("salesforce", "users"),)


def read(source, stream, state=None, as_of=END):
    """Return the records by id, how often each came, and the state to go on from."""
    records, counted, last = {}, Counter(), state
    for page in source.pages(stream, state=state, as_of=as_of):
        last = page.state or last
        for record in map(decoded, page.records):
            record_id = "|".join(str(record[field]) for field in page.key)
            records[record_id] = without(record, page.volatile)
            counted[record_id] += 1
    return records, counted, last


def decoded(record):
    return record if isinstance(record, dict) else orjson.loads(bytes(record))


def without(record, volatile):
    """The record without the fields of which the source says that they mean nothing."""
    for path in volatile:
        *above, last = path.split(".")
        holder = record
        for name in above:
            holder = holder.get(name, {})
        holder.pop(last, None)
    return record


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_record_comes_once(opened, vendor):
    source = opened(vendor, **CHANGES.get(vendor, {}))
    for stream in source.streams:
        records, counted, _ = read(source, stream)
        assert records or stream in RARE, f"the sandbox has no {stream}"
        assert set(counted.values()) <= {1}, stream


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_a_later_run_brings_makes_up_for_what_happened(opened_own, sandbox, vendor):
    source = opened_own(vendor, **CHANGES.get(vendor, {}))
    first = {stream: read(source, stream) for stream in source.streams}
    sandbox.advance(LATER)
    moved = set()
    for stream in source.streams:
        before, _, state = first[stream]
        changed, _, following = read(source, stream, state, LATER)
        everything, _, _ = read(source, stream, None, LATER)
        assert {**before, **changed} == everything, stream
        if (vendor, stream) in OF_ONE_DAY:
            continue
        if state is not None and stream != "satisfaction_ratings":  # those look 60 days back
            assert len(changed) < len(everything), stream
            moved |= {stream} if following != state else set()
    assert moved, "nothing happened in those days: this test would pass on nothing"


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_run_right_after_another_brings_almost_nothing(opened, vendor):
    source = opened(vendor, **CHANGES.get(vendor, {}))
    for stream in source.streams:
        everything, _, state = read(source, stream)
        if state is None or vendor in COUNTED:
            continue
        again, _, _ = read(source, stream, state)
        assert {key: everything[key] for key in again} == again, stream
        assert len(again) < 20 or stream == "satisfaction_ratings", stream


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_first_run_for_a_day_long_ago_does_not_hide_what_came_since(opened, vendor):
    """The state may not be later than as_of, or a re-run of an old day would cost a gap."""
    source = opened(vendor, **CHANGES.get(vendor, {}))
    for stream in source.streams:
        _, _, old = read(source, stream, None, START + timedelta(days=20))
        changed, _, _ = read(source, stream, old, END)
        everything, _, _ = read(source, stream, None, END)
        first, _, _ = read(source, stream, None, START + timedelta(days=20))
        assert {**first, **changed} == everything, stream
