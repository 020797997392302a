"""The raw export (Mixpanel documentation and MIXPANEL.md part 2, checked Nov 2026)."""

import gzip
import json

import pytest


def test_a_line_is_an_event_with_its_properties(mixpanel):
    first, *others = mixpanel.export()
    assert len(others) == 6
    assert first["event"] == "page_viewed"
    properties = first["properties"]
    assert (properties["time"], properties["distinct_id"]) == (1794992400, "user_11")
    assert (properties["account_id"], properties["$user_id"]) == ("t-kite", "user_11")
    assert 500 <= properties["mp_processing_time_ms"] - 1794992400_000 < 20_000
    ids = {one["properties"]["$insert_id"] for one in (first, *others)}
    assert len(ids) == 7
    assert [one for one in others if "account_id" not in one["properties"]]


def test_the_answer_is_text_and_packed_only_for_those_who_can_unpack(mixpanel):
    days = {"from_date": "2026-11-18", "to_date": "2026-11-18"}
    plain = mixpanel.ask("/api/2.0/export", params=days, headers={"Accept-Encoding": "identity"})
    assert plain.headers["Content-Type"].startswith("text/plain")
    packed = mixpanel.ask("/api/2.0/export", params=days, stream=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.raw.read(decode_content=False)) == plain.content
    assert plain.content.count(b"\n") == 5


def test_both_days_are_included_and_nothing_is_an_empty_answer(mixpanel):
    assert len(mixpanel.export("2026-11-18", "2026-11-18")) == 5
    assert len(mixpanel.export("2026-11-19", "2026-11-19")) == 2
    assert mixpanel.export("2026-11-01", "2026-11-02") == []


def test_the_same_export_is_the_same_bytes(serve, mixpanel):
    with serve() as another:
        assert another.export() == mixpanel.export()


def test_events_are_chosen_by_name_number_and_expression(mixpanel):
    named = mixpanel.export(event='["report_exported"]')
    assert {one["event"] for one in named} == {"report_exported"}
    assert len(mixpanel.export(limit=3)) == 3
    kite = mixpanel.export(where='properties["account_id"] == "t-kite"')
    assert {one["properties"]["account_id"] for one in kite} == {"t-kite"}
    since = mixpanel.export(where='properties["$time"]>=datetime(1795000000)')
    assert {one["properties"]["time"] >= 1795000000 for one in since} == {True}
    (first, *_) = mixpanel.export(time_in_ms="true")
    assert first["properties"]["time"] == 1794992400_000


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"to_date": "2026-11-21"}, "to_date cannot be later than today"),
        ({"to_date": "2026-11-17"}, "from_date cannot be later than to_date"),
        ({"to_date": "soon"}, "Invalid request: to_date must be a date, yyyy-mm-dd"),
        ({}, "Invalid request: to_date is a required parameter"),
        ({"to_date": "2026-11-19", "limit": 100_001}, "limit must be between 1 and 100000"),
        ({"to_date": "2026-11-19", "event": "x"}, "Invalid request: event is not valid JSON"),
        ({"to_date": "2026-11-19", "where": "rm -rf"}, "Invalid selector expression: rm -rf"),
    ],
)
def test_impossible_exports_are_refused(mixpanel, params, error):
    assert mixpanel.refused("/api/2.0/export", 400, from_date="2026-11-18", **params) == error


def test_an_old_project_tells_what_its_clocks_showed(serve):
    """09:00Z of the 18th is 01:00 in Los Angeles; 02:00Z of the 19th is 18:00 of the 18th."""
    with serve(time_zone="America/Los_Angeles") as old:
        shown = [one["properties"]["time"] % 86_400 // 3600 for one in old.export("2026-11-18")]
        assert shown == [1, 1, 2, 3, 4, 18, 15]
        assert len(old.export("2026-11-18", "2026-11-18")) == 6
        error = old.refused(
            "/api/2.0/export", 400, from_date="2026-11-18", to_date="2026-11-20"
        )  # its clocks show 19:00 of the 19th
        assert error == "to_date cannot be later than today"


def test_late_events_are_not_there_before_they_arrive(serve):
    times = [f"2026-11-{day}T{hour:02}:{minute:02}:00"
             for day in (17, 18, 19) for hour in range(24) for minute in range(60)]  # fmt: skip
    many = [("page_viewed", time, 11, "t-kite") for time in times]
    with serve(many, late_days=0) as prompt, serve(many, late_days=400) as late:
        all_of_them = prompt.export("2026-11-17")
        arrived = late.export("2026-11-17")
    assert len(all_of_them) == len(many)
    assert len(many) * 0.98 < len(arrived) < len(many)
    waits_ms = [
        one["properties"]["mp_processing_time_ms"] - one["properties"]["time"] * 1000
        for one in arrived
    ]
    assert max(waits_ms) > 3_600_000


def test_copies_are_exported_both(serve):
    with serve(copies=1) as doubled:
        lines = [json.dumps(one) for one in doubled.export()]
    assert (len(lines), len(set(lines))) == (14, 7)
