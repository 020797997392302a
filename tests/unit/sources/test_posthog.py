import json
import tracemalloc
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from include.errors import FixConfig, RejectData, RetryLater
from include.settings import Credentials
from include.sources import open_source
from include.sources.posthog_rows import records_of, undecoded
from include.sources.usage_posthog import PAGE_RECORDS
from include.vendor_settings import PostHog
from tests.unit.sources.conftest import END, QUICK, START, Reply

TYPES = Reply([{"group_type": "company", "group_type_index": 2}])
COLUMNS = ["account_key", "day", "event_count", "users", "features"]


def read(source, state=None, as_of=END):
    pages = list(source.pages("usage_day", state=state, as_of=as_of))
    return [record for page in pages for record in page.records], pages[-1].state


def counted(world, zone="UTC"):
    """The world's events by group and day."""
    events = world["events"][world["events"]["tenant_key"] != ""]
    days = events["at"].dt.tz_localize("UTC").dt.tz_convert(zone).dt.date
    found = defaultdict(lambda: [0, set(), set()])
    for event in zip(events["tenant_key"], days, events["person_no"], events["event"], strict=True):
        key, day, person, name = event
        found[key, day.isoformat()][0] += 1
        found[key, day.isoformat()][1].add(person)
        found[key, day.isoformat()][2].add(name)
    return {
        key: (one[0], len(one[1]), one[2])
        for key, one in found.items()
        if key[1] <= END.isoformat()
    }


def shown(records):
    return {
        (one["account_key"], one["day"]): (one["events"], len(one["users"]), set(one["features"]))
        for one in records
    }


def test_each_group_and_day_of_the_world_is_counted(opened, world):
    records, state = read(opened("posthog"))
    assert shown(records) == counted(world)
    assert len(records) == len(shown(records)) > 50
    assert state == {"through": END.isoformat()}
    assert all(one["users"] == sorted(one["users"]) for one in records)


def test_days_begin_and_end_in_the_organisations_zone(served, world):
    reach = served.vendors["posthog"]
    settings = PostHog(vendor="posthog", name="posthog", connection="c")
    source = open_source(
        settings,
        Credentials(reach["base_url"], reach["token"], "1"),
        wire=QUICK,
        time_zone="America/New_York",
    )
    found, expected = shown(read(source)[0]), counted(world, "America/New_York")
    assert found == expected != counted(world)


def test_small_answers_are_paged_without_loss(opened):
    source = opened("posthog")
    everything, _ = read(source)
    in_pages, _ = read(replace(source, most_rows=90))
    assert shown(in_pages) == shown(everything) != {}


def test_a_later_run_counts_the_last_days_again(opened_own, sandbox):
    source = opened_own("posthog", late_days=3)
    _, state = read(source)
    later = END + timedelta(days=2)
    sandbox.advance(later)
    records, following = read(source, state, later)
    days = sorted({one["day"] for one in records})
    assert days[0] >= (END - timedelta(days=2)).isoformat()
    assert days[-1] == later.isoformat()
    assert following == {"through": later.isoformat()}


def test_running_an_old_day_again_reads_its_last_days_and_keeps_the_state(opened):
    source = opened("posthog", late_days=3)
    state = {"through": END.isoformat()}
    records, following = read(source, state, START + timedelta(days=30))
    days = {one["day"] for one in records}
    assert days <= {(START + timedelta(days=n)).isoformat() for n in (28, 29, 30)}
    assert days
    assert following == state


def test_an_unknown_group_type_is_a_mistake_in_health_yaml(opened):
    with pytest.raises(FixConfig, match=r"no group type compny\. It has company"):
        read(opened("posthog", group_type="compny"))


def test_a_login_that_is_no_project_id_is_a_mistake_in_the_connection():
    settings = PostHog(vendor="posthog", name="posthog", connection="posthog_default")
    with pytest.raises(FixConfig, match="posthog_default: its login must be the id"):
        open_source(
            settings, Credentials("https://us.posthog.com", "phx_secret", "me@kite.example")
        )


def opened_at(vendor, **changes):
    settings = PostHog(vendor="posthog", name="posthog", connection="c", history_days=3)
    source = open_source(settings, Credentials(vendor.url, "phx", "7"), wire=QUICK)
    return replace(source, **changes)


def test_the_group_column_is_looked_up_and_answers_are_never_cached_ones(vendor):
    vendor.answer(TYPES, Reply({"columns": COLUMNS, "results": [], "hasMore": False}))
    read(opened_at(vendor))
    asked = vendor.asked[1].body
    assert "$group_2 as account_key" in asked["query"]["query"]
    assert "$group_0" not in asked["query"]["query"]
    assert asked["refresh"] == "force_blocking"
    assert "limit 10000" in asked["query"]["query"]


def test_an_error_in_a_200_is_an_error(vendor):
    vendor.answer(TYPES, Reply({"error": "query ran out of memory", "results": None}))
    with pytest.raises(RetryLater, match="posthog: PostHog could not finish"):
        read(opened_at(vendor))


def too_long(status):
    detail = "Estimated query execution time (41.2 seconds) is too long. Try another time range."
    return Reply({"type": "validation_error", "detail": detail}, status)


@pytest.mark.parametrize("code", [400, 504])
def test_days_that_are_too_much_are_asked_for_in_halves(code, opened_own, sandbox, world):
    # Three in a row leave two of a window's fourteen days, whichever thread meets them.
    sandbox.faults = [
        {"vendor": "posthog", "path": "/api/projects/1/query", "fault": "status", "code": code,
         "body": too_long(code).body, "times": 3}
    ]  # fmt: skip
    records, state = read(opened_own("posthog"))
    assert shown(records) == counted(world)
    assert state == {"through": END.isoformat()}


def test_halves_meet_and_are_halved_again(vendor):
    none = Reply({"columns": COLUMNS, "results": [], "hasMore": False})
    vendor.answer(TYPES, too_long(512), too_long(504), none)
    read(opened_at(vendor))
    asked = [one.body["query"]["values"] for one in vendor.asked[1:]]
    days = [(one["first"][8:10], one["until"][8:10]) for one in asked]
    assert days == [("17", "21"), ("17", "19"), ("17", "18"), ("18", "19"), ("19", "21")]


@pytest.mark.parametrize(("status", "kind"), [(504, RetryLater), (400, FixConfig)])
def test_a_single_day_that_is_too_much_is_said(vendor, status, kind):
    vendor.answer(TYPES, too_long(status))
    with pytest.raises(kind, match=f"answered {status}: the query takes too long"):
        read(opened_at(vendor))
    assert len(vendor.asked) == 4  # for four days, two and one


def test_trouble_elsewhere_than_at_a_query_is_nothing_to_halve(vendor):
    vendor.answer(too_long(504))
    with pytest.raises(RetryLater, match="trouble of its own"):
        read(opened_at(vendor))


@pytest.mark.parametrize("columns", [COLUMNS[:-1], [*COLUMNS[:-1], "feature"]])
def test_an_answer_without_a_column_that_we_asked_for_is_rejected(vendor, columns):
    rows = [[None] * len(columns)]
    vendor.answer(TYPES, Reply({"columns": columns, "results": rows, "hasMore": False}))
    with pytest.raises(RejectData, match="the query has columns"):
        read(opened_at(vendor))


def test_columns_are_read_by_their_names_and_unknown_ones_are_left_out(vendor):
    rows = [[["u2", "u1"], "acct", 3, "new", ["a"], "2026-09-01"]]
    names = ["users", "account_key", "event_count", "more", "features", "day"]
    vendor.answer(TYPES, Reply({"columns": names, "results": rows, "hasMore": False}))
    (record,), _ = read(opened_at(vendor))
    assert record == {
        "account_key": "acct", "day": "2026-09-01", "events": 3, "users": ["u1", "u2"],
        "features": ["a"],
    }  # fmt: skip


def test_an_empty_answer_that_claims_more_is_not_followed_for_ever(vendor):
    vendor.answer(TYPES, Reply({"columns": COLUMNS, "results": [], "hasMore": True}))
    with pytest.raises(RetryLater, match="led back to one that was read already"):
        read(opened_at(vendor))


def answer_of(rows):
    users = [f"0190f8a2-{n:04}" for n in range(50)]
    return {
        "columns": COLUMNS, "hasMore": False,
        "results": [[f"acct-{n:05}", "2026-09-01", 50, users, ["export"]] for n in range(rows)],
    }  # fmt: skip


def test_an_answer_of_many_rows_is_handed_on_in_small_pages(vendor):
    vendor.answer(TYPES, Reply(answer_of(3 * PAGE_RECORDS + 1)))
    pages = list(opened_at(vendor).pages("usage_day", state=None, as_of=END))
    assert sum(len(page.records) for page in pages) == 3 * PAGE_RECORDS + 1
    assert max(len(page.records) for page in pages) == PAGE_RECORDS


def test_an_answer_stays_bytes_until_its_rows_are_wanted():
    body = json.dumps(answer_of(5_000)).encode()
    answer = undecoded(body)
    tracemalloc.start()
    assert sum(len(record["users"]) for record in records_of(answer)) == 5_000 * 50
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(body) / 20


def test_half_a_surrogate_pair_in_a_row_is_mended(vendor):
    rows = json.dumps({**answer_of(0), "results": [["a", "2026-09-01", 1, ["u\ud83d"], []]]})
    vendor.answer(TYPES, Reply(rows.encode()))
    (record,), _ = read(opened_at(vendor))
    assert record["users"] == ["u\ufffd"]
