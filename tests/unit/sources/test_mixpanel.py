"""The raw export as Mixpanel sends it, on a good day and on bad ones."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest

from include.errors import FixConfig, RetryLater
from include.settings import Credentials
from include.sources import open_source
from include.sources.usage_mixpanel import windows_between
from include.vendor_settings import Mixpanel
from tests.unit.sources.conftest import QUICK, Reply

DAY = date(2026, 11, 19)
NOON = 1_795_089_600  # 2026-11-19T12:00:00Z


def event(name="export", *, at=NOON, user="u1", account="kite", insert_id="e1", **more):
    properties = {"time": at, "distinct_id": user, "$insert_id": insert_id, "account_id": account}
    return {"event": name, "properties": {**properties, **more}}


def export(*events):
    return Reply("".join(json.dumps(one) + "\n" for one in events).encode())


def opened_at(vendor, *, zone="UTC", user="svc", wire=QUICK, **changes):
    settings = Mixpanel(vendor="mixpanel", name="mixpanel", connection="c", **changes)
    extra = {"project_id": "7"} if user else {}
    return open_source(
        settings, Credentials(vendor.url, "secret", user, extra), wire=wire, time_zone=zone
    )


def read(source, state=None, as_of=DAY):
    """Return the records by group, day and part, and the state."""
    state = state or {"through": as_of.isoformat()}
    pages = list(source.pages("usage_day", state=state, as_of=as_of))
    records = [record for page in pages for record in page.records]
    return records, pages[-1].state


def test_events_are_counted_by_group_and_day(vendor):
    vendor.answer(
        export(
            event(), event(insert_id="e2", user="u2"), event("page", insert_id="e3"),
            event(account="reed", insert_id="e4"), event("$mp_web_page_view", insert_id="e5"),
        )
    )  # fmt: skip
    records, state = read(opened_at(vendor))
    assert sorted(records, key=lambda one: one["account_key"]) == [
        {"account_key": "kite", "day": "2026-11-19", "part": "2026-11-19", "events": 4,
         "users": ["u1", "u2"], "features": ["export", "page"]},
        {"account_key": "reed", "day": "2026-11-19", "part": "2026-11-19", "events": 1,
         "users": ["u1"], "features": ["export"]},
    ]  # fmt: skip
    assert state == {"through": "2026-11-19"}


def test_a_service_account_names_its_project_and_a_project_secret_does_not(vendor):
    vendor.answer(export())
    read(opened_at(vendor))
    read(opened_at(vendor, user=""))
    account, secret = vendor.asked
    assert account.path == secret.path == "/api/2.0/export"
    assert account.query == {
        "from_date": ["2026-11-13"], "to_date": ["2026-11-19"], "project_id": ["7"],
    }  # fmt: skip
    assert "project_id" not in secret.query
    assert account.headers["authorization"] == "Basic c3ZjOnNlY3JldA=="  # svc:secret
    assert secret.headers["authorization"] == "Basic c2VjcmV0Og=="  # secret:
    assert "gzip" in account.headers["accept-encoding"]


def test_a_service_account_without_a_project_is_a_mistake_in_the_connection():
    settings = Mixpanel(vendor="mixpanel", name="mixpanel", connection="mixpanel_default")
    with pytest.raises(FixConfig, match="mixpanel_default: a service account needs project_id"):
        open_source(settings, Credentials("https://data.mixpanel.com", "s", "svc"))


def test_copies_count_once_and_events_without_an_insert_id_each(vendor):
    same = event(insert_id=None)
    vendor.answer(export(event(), event(), event(user="u2"), event(at=NOON + 1), same, same))
    ((record,), _) = read(opened_at(vendor))
    assert record["events"] == 5


def test_an_event_of_several_accounts_counts_for_each_and_of_none_for_none(vendor):
    vendor.answer(
        export(
            event(account=["kite", "reed", "kite"]), event(account=7, insert_id="e2"),
            event(account=None, insert_id="e3"), event(account="", insert_id="e4"),
            {"event": "anonymous", "properties": {"time": NOON}},
        )
    )  # fmt: skip
    records, _ = read(opened_at(vendor))
    assert {one["account_key"]: one["events"] for one in records} == {"kite": 1, "reed": 1, "7": 1}


def test_what_libraries_send_by_themselves_is_no_use(vendor):
    vendor.answer(export(event("$identify"), event("$create_alias", insert_id="e2")))
    assert read(opened_at(vendor))[0] == []


@pytest.mark.parametrize(
    ("project_zone", "zone", "day"),
    [
        ("UTC", "UTC", "2026-11-19"),
        ("UTC", "Asia/Tokyo", "2026-11-20"),  # 22:00Z is 07:00 of the next day
        ("UTC", "America/New_York", "2026-11-19"),
        ("Asia/Tokyo", "UTC", "2026-11-19"),  # its clocks showed 22:00: 13:00Z
        ("America/Los_Angeles", "UTC", "2026-11-20"),  # its clocks showed 22:00: 06:00Z
    ],
)
def test_an_old_project_stores_what_its_clocks_showed(vendor, project_zone, zone, day):
    vendor.answer(export(event(at=NOON + 10 * 3600)))
    source = opened_at(vendor, zone=zone, project_time_zone=project_zone)
    ((record,), _) = read(source)
    assert (record["day"], record["part"]) == (day, "2026-11-19")


@pytest.mark.parametrize(
    ("project_zone", "zone", "to_date"),
    [
        ("UTC", "UTC", "2026-11-19"),
        ("UTC", "America/Los_Angeles", "2026-11-20"),
        ("Asia/Tokyo", "UTC", "2026-11-20"),
        ("America/Los_Angeles", "Asia/Tokyo", "2026-11-19"),
    ],
)
def test_the_last_day_asked_for_is_the_projects(vendor, project_zone, zone, to_date):
    vendor.answer(export())
    read(opened_at(vendor, zone=zone, project_time_zone=project_zone))
    assert vendor.asked[-1].query["to_date"] == [to_date]


def test_an_export_that_ends_early_is_thrown_away_and_asked_for_again(vendor):
    cut = Reply(export(event(), event(insert_id="e2")).body + b"terminated early\n")
    vendor.answer(cut, export(event()))
    ((record,), _) = read(opened_at(vendor))
    assert record["events"] == 1
    assert len(vendor.asked) == 2
    vendor.answer(cut)
    with pytest.raises(RetryLater, match="the export ended early"):
        read(opened_at(vendor))


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html>\n<html><body>Back soon</body></html>\n",
        b'{"error": "unknown error", "status": "error"}\n',
        b"Back soon\n",
    ],
)
def test_a_page_or_an_error_in_place_of_events_is_no_quiet_day(vendor, body):
    vendor.answer(Reply(body), export(event()))
    ((record,), _) = read(opened_at(vendor))
    assert record["events"] == 1
    vendor.answer(Reply(body))
    with pytest.raises(RetryLater, match="what came is no export"):
        read(opened_at(vendor))


def test_an_event_that_is_none_is_set_aside(vendor):
    lost = {"event": "export", "properties": {"distinct_id": "u1", "account_id": "kite"}}
    far = event(at=10**17)
    vendor.answer(export(event(), lost, far))
    records, _ = read(opened_at(vendor))
    assert records[0]["events"] == 1
    assert [json.loads(one) for one in records[1:]] == [lost, far]


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, "Unable to authenticate request", FixConfig, "service account or secret is wrong"),
        (401, "Invalid service account credentials", FixConfig, "another region"),
        (402, "Payment required", FixConfig, "plan does not cover"),
        (400, "Invalid parameter", FixConfig, "does not accept the request"),
        (429, "Query rate limit exceeded", RetryLater, "limit of exports is used up"),
        (500, "unknown error", RetryLater, "trouble of its own"),
    ],
)
def test_refusals_say_what_to_do_about_them(vendor, status, body, error, words):
    vendor.answer(Reply({"error": body, "request": "/api/2.0/export", "status": "error"}, status))
    with pytest.raises(error, match=words):
        read(opened_at(vendor))


def test_a_429_is_waited_for_as_long_as_it_says(vendor):
    vendor.answer(Reply({"error": "rate limit"}, 429, {"Retry-After": "3600"}))
    with pytest.raises(RetryLater) as caught:
        read(opened_at(vendor))
    assert caught.value.wait_s == 3600
    assert len(vendor.asked) == 1


def test_a_day_that_has_not_begun_in_the_project_is_left_for_later(vendor):
    """Both as text and as JSON, as clients have met it."""
    vendor.answer(Reply(b"to_date cannot be later than today", 400), export(event()))
    records, state = read(opened_at(vendor))
    assert len(records) == 1
    assert [one.query["to_date"] for one in vendor.asked] == [["2026-11-19"], ["2026-11-18"]]
    assert state == {"through": "2026-11-19"}  # the days before it are read again anyway
    vendor.answer(Reply({"error": "to_date cannot be later than today"}, 400))
    with pytest.raises(FixConfig, match="compare project_time_zone"):
        read(opened_at(vendor))


def test_a_year_needs_few_requests_and_no_history_more_than_an_hour_allows():
    def covered(days):
        windows = windows_between(DAY - timedelta(days=days - 1), DAY, 31)
        assert windows[0].first == DAY - timedelta(days=days - 1)
        assert windows[-1].last == DAY
        for before, after in pairwise(windows):
            assert before.last + timedelta(days=1) == after.first
        return len(windows)

    assert (covered(1), covered(7), covered(365), covered(3650)) == (1, 1, 12, 40)


def test_a_later_run_reads_the_last_days_again_and_an_old_day_keeps_the_state(vendor):
    vendor.answer(export())
    source = opened_at(vendor, late_days=3)
    later = {"through": (DAY + timedelta(days=30)).isoformat()}
    assert read(source, later)[1] == later
    assert vendor.asked[0].query["from_date"] == ["2026-11-17"]
    assert read(source, {"through": "2026-11-01"})[1] == {"through": "2026-11-19"}
    assert vendor.asked[1].query["from_date"] == ["2026-10-30"]
