"""The export by hours of upload (Amplitude documentation and AMPLITUDE.md part 2, Nov 2026)."""

import re
from datetime import datetime

import pytest

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")


def test_an_hour_is_a_gzip_file_in_a_zip(amplitude):
    answer = amplitude.ask("/api/2/export", params={"start": "20261118T09", "end": "20261118T09"})
    assert answer.headers["Content-Type"] == "application/zip"
    assert "Content-Encoding" not in answer.headers
    assert amplitude.export("20261118T09", "20261118T10").keys() == {
        "123456/123456_2026-11-18_9#0.json.gz", "123456/123456_2026-11-18_10#0.json.gz",
    }  # fmt: skip


def test_an_event_has_the_documented_fields_and_times_without_a_zone(amplitude):
    event = amplitude.events()[0]
    assert (event["event_type"], event["user_id"]) == ("page_viewed", "user_11")
    assert (event["amplitude_id"], event["groups"]) == (90000000011, {"account": ["t-kite"]})
    times = {name: value for name, value in event.items() if name.endswith("_time")}
    assert len(times) == 6
    assert all(TIME.fullmatch(value) for value in times.values())
    assert event["event_time"].startswith("2026-11-18 09:00:00")
    wait = datetime.fromisoformat(event["server_upload_time"]) - datetime.fromisoformat(
        event["event_time"]
    )
    assert -1 < wait.total_seconds() < 21
    assert len({one["uuid"] for one in amplitude.events()}) == 7


def test_both_hours_are_included(amplitude):
    assert len(amplitude.events("20261118T09", "20261118T09")) == 2
    assert len(amplitude.events("20261118T09", "20261118T10")) == 3
    assert len(amplitude.events("20261118T10", "20261118T12")) == 3


def test_events_without_a_group_have_none_and_old_data_has_text(amplitude, serve):
    assert [one["groups"] for one in amplitude.events("20261118T12", "20261118T12")] == [{}]
    with serve(plain_groups=True) as old:
        assert old.events("20261118T11", "20261118T11")[0]["groups"] == {"account": "t-reed"}


def test_a_busy_hour_has_several_files(serve):
    many = [("page_viewed", f"2026-11-18T09:{n // 60:02}:{n % 60:02}", 11, "t-kite")
            for n in range(900)]  # fmt: skip
    with serve(many) as busy:
        files = busy.export("20261118T09", "20261118T09")
        assert [len(events) for events in files.values()] == [400, 400, 100]
        assert list(files)[2].endswith("_9#2.json.gz")


def test_an_hour_can_be_exported_two_hours_after_its_end(serve):
    """The clock shows 03:00: what was uploaded until 01:00 is there."""
    events = [("early", "2026-11-19T23:59:59", 11, "t-kite"),
              ("fresh", "2026-11-20T01:00:30", 11, "t-kite")]  # fmt: skip
    with serve(events) as one:
        assert [event["event_type"] for event in one.events("20261119T22", "20261120T05")] == [
            "early"
        ]


@pytest.mark.parametrize(
    ("start", "end", "status", "words"),
    [
        ("20261101T00", "20261101T23", 404, "not found"),
        ("20261120T01", "20261120T02", 404, "not found"),
        ("20261119", "20261120T00", 400, "YYYYMMDDTHH"),
        ("20261120T00", "20261119T00", 400, "before"),
        ("20250101T00", "20261119T00", 400, "365 days"),
        ("", "20261119T00", 400, "start"),
    ],
)
def test_what_cannot_be_exported_is_refused(amplitude, start, end, status, words):
    answer = amplitude.ask("/api/2/export", params={"start": start, "end": end})
    assert (answer.status_code, words in answer.text) == (status, True)


def test_too_large_an_export_is_refused(serve):
    with serve(most_bytes=1500) as small:
        assert len(small.events("20261118T09", "20261118T09")) == 2
        answer = small.ask("/api/2/export", params={"start": "20261118T00", "end": "20261119T00"})
        assert (answer.status_code, "4GB" in answer.text) == (400, True)


def test_a_late_event_comes_in_the_hour_of_its_upload(serve):
    times = [f"2026-11-{day}T{hour:02}:{minute:02}:00"
             for day in (13, 14) for hour in range(24) for minute in range(60)]  # fmt: skip
    with serve([("page_viewed", time, 11, "t-kite") for time in times], late_days=400) as late:
        prompt = late.events("20261113T00", "20261115T00")
        afterwards = late.events("20261115T01", "20261120T00")
    assert len(prompt) + len(afterwards) == len(times)
    assert 10 < len(afterwards) < 100
    assert {event["event_time"][:10] for event in afterwards} == {"2026-11-13", "2026-11-14"}


def test_copies_have_one_uuid(serve):
    with serve(copies=1) as doubled:
        ids = [event["uuid"] for event in doubled.events()]
        assert (len(ids), len(set(ids))) == (14, 7)
