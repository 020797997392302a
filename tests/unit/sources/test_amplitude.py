"""The export as Amplitude sends it, on a good day and on bad ones."""

import gzip
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from include.errors import FixConfig, RejectData, RetryLater
from include.settings import Credentials
from include.sources import open_source
from include.vendor_settings import Amplitude
from tests.unit.sources.conftest import QUICK, Reply

DAY = date(2026, 11, 19)
NOTHING = Reply(b"Raw data files were not found.", 404)


def event(name="export", *, at="2026-11-19 12:00:00.123000", user="u1", uuid="e1", **more):
    known = {"event_type": name, "event_time": at, "user_id": user, "uuid": uuid}
    return {**known, "groups": {"account": ["kite"]}, **more}


def lines_of(*events):
    return "".join(json.dumps(one) + "\n" for one in events).encode()


def archive(*files):
    """A zip of gzip files, each with some events."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
        for number, events in enumerate(files):
            packed = gzip.compress(lines_of(*events))
            opened.writestr(f"7/7_2026-11-19_12#{number}.json.gz", packed)
    return Reply(content.getvalue(), headers={"Content-Type": "application/zip"})


def opened_at(vendor, *, zone="UTC", **changes):
    settings = Amplitude(vendor="amplitude", name="amplitude", connection="c", **changes)
    credentials = Credentials(vendor.url, "secret", "key")
    return open_source(settings, credentials, wire=QUICK, time_zone=zone)


def read(source, state=None, as_of=DAY):
    """Read the last two days of uploads, which are the last hours of one and one of the next."""
    state = state or {"through": "2026-11-20T00:00:00+00:00"}
    pages = list(source.pages("usage_day", state=state, as_of=as_of))
    return [record for page in pages for record in page.records], pages[-1].state


def read_one(vendor, *replies, **options):
    """Read replies to the requests of one day of uploads; whichever it is, by its records."""
    vendor.answer(*replies, NOTHING)
    return read(opened_at(vendor, **options))[0]


def spans(vendor):
    return sorted((one.query["start"][0], one.query["end"][0]) for one in vendor.asked)


def test_events_are_counted_by_group_day_and_day_of_upload(vendor):
    records = read_one(
        vendor,
        archive(
            [event(), event(uuid="e2", user="u2"), event("[Amplitude] Page Viewed", uuid="e3")],
            [event(uuid="e4", at="2026-11-12 08:00:00"), event("$identify", uuid="e5")],
        ),
    )
    part = records[0]["part"]
    assert part in ("2026-11-19", "2026-11-20")
    assert sorted(records, key=lambda one: one["day"]) == [
        {"account_key": "kite", "day": "2026-11-12", "part": part, "events": 1,
         "users": ["u1"], "features": ["export"]},
        {"account_key": "kite", "day": "2026-11-19", "part": part, "events": 3,
         "users": ["u1", "u2"], "features": ["export"]},
    ]  # fmt: skip


def test_it_asks_with_both_keys_for_whole_hours_both_included(vendor):
    vendor.answer(NOTHING)
    _, state = read(opened_at(vendor))
    assert spans(vendor) == [("20261119T00", "20261119T23"), ("20261120T00", "20261120T00")]
    assert vendor.asked[0].path == "/api/2/export"
    assert vendor.asked[0].headers["authorization"] == "Basic a2V5OnNlY3JldA=="  # key:secret
    assert state == {"through": "2026-11-20T00:00:00+00:00"}


def test_a_login_without_an_api_key_is_a_mistake_in_the_connection():
    settings = Amplitude(vendor="amplitude", name="amplitude", connection="amplitude_default")
    with pytest.raises(FixConfig, match="amplitude_default: its login must be the API key"):
        open_source(settings, Credentials("https://amplitude.com", "secret"))


@pytest.mark.parametrize(
    ("zone", "day", "last"),
    [
        ("UTC", "2026-11-19", "20261120T00"),
        ("Asia/Tokyo", "2026-11-20", "20261119T15"),
        ("America/Los_Angeles", "2026-11-19", "20261120T08"),
    ],
)
def test_a_day_is_the_organisations_and_uploads_are_read_until_an_hour_after_it(
    vendor, zone, day, last
):
    vendor.answer(archive([event(at="2026-11-19 22:00:00")]), NOTHING)
    source = opened_at(vendor, zone=zone)
    records, _ = read(source, {"through": "2026-11-19T00:00:00+00:00"})
    assert [one["day"] for one in records] == [day]
    assert spans(vendor)[-1][1] == last


def test_copies_count_once_by_uuid_or_else_by_device_and_insert_id(vendor):
    bare = event(uuid=None)
    known = {"uuid": None, "device_id": "d1", "$insert_id": "i1"}
    (record,) = read_one(
        vendor,
        archive(
            [event(), event(), event(**known), bare],
            [event(), event(**known), event(**{**known, "device_id": "d2"}), bare],
        ),
    )
    assert record["events"] == 5


def test_groups_are_lists_or_text_and_each_of_them_counts(vendor):
    records = read_one(
        vendor,
        archive(
            [
                event(groups={"account": ["kite", "reed"]}),
                event(uuid="e2", groups={"account": "kite"}),
                event(uuid="e3", groups={}), event(uuid="e4", groups=None),
                event(uuid="e5", groups={"team": ["red"]}), event(uuid="e6", groups="kite"),
            ]
        ),
    )  # fmt: skip
    assert {one["account_key"]: one["events"] for one in records} == {"kite": 2, "reed": 1}


def test_an_unknown_user_is_told_by_amplitudes_number_or_the_device(vendor):
    unknown = {"user": None, "amplitude_id": 90000000017, "device_id": "d1"}
    (record,) = read_one(
        vendor,
        archive(
            [event(**unknown), event(uuid="e2", **{**unknown, "amplitude_id": None}),
             event(uuid="e3", user=""), event(uuid="e4")]
        ),
    )  # fmt: skip
    assert (record["events"], record["users"]) == (4, ["90000000017", "d1", "u1"])


@pytest.mark.parametrize("status", [400, 504])
def test_too_large_an_export_is_asked_for_in_halves(vendor, status):
    """24 hours of one day and 9 of the next, one of which is refused once."""
    vendor.answer(Reply({"error": {"http_code": status}}, status), NOTHING)
    assert read(opened_at(vendor, zone="America/Los_Angeles"))[0] == []
    hours = [hours_of(*span) for span in spans(vendor)]
    assert len(hours) == 4
    assert sum(map(len, hours)) - 33 in (9, 24)
    assert len(set().union(*hours)) == 33


def hours_of(start, end):
    first, last = (datetime.fromisoformat(f"{text}0000Z") for text in (start, end))
    return {first + timedelta(hours=n) for n in range((last - first) // timedelta(hours=1) + 1)}


def test_an_hour_that_is_too_large_says_what_to_do(vendor):
    vendor.answer(Reply({"error": {}}, 400))
    with pytest.raises(FixConfig, match=r"cannot export the hour 2026-11-\d\d 00:00 UTC"):
        read(opened_at(vendor))


@pytest.mark.parametrize(
    "broken",
    [
        Reply(b"PK\x03\x04 and then nothing"),
        Reply(archive([event()]).body[:-30]),
        Reply(archive([event()]).body.replace(b"\x1f\x8b", b"\x00\x00")),
        Reply(b""),
    ],
    ids=["no zip", "cut", "no gzip", "empty"],
)
def test_a_broken_archive_is_thrown_away_and_asked_for_again(vendor, broken):
    (record,) = read_one(vendor, broken, broken, archive([event()]))
    assert record["events"] == 1
    vendor.answer(broken)
    with pytest.raises(RetryLater, match="amplitude: the export: the archive is broken"):
        read(opened_at(vendor))


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_fills_anything(vendor):
    vendor.answer(archive([event(text="x" * 100_000)] * 20))
    source = replace(opened_at(vendor), most_bytes=1_000_000)
    with pytest.raises(RejectData, match="unpacks to more than an export can hold"):
        read(source)


def test_an_event_that_is_none_is_set_aside(vendor):
    lost = {"event_type": "export", "groups": {"account": ["kite"]}}
    records = read_one(vendor, archive([event(), lost]))
    assert records[0]["events"] == 1
    assert json.loads(records[1]) == lost


def test_a_time_that_is_none_is_set_aside_with_its_event(vendor):
    lost = event(uuid="e2", at="last week")
    records = read_one(vendor, archive([event(), lost]))
    assert [record["events"] for record in records if isinstance(record, dict)] == [1]
    assert [json.loads(record)["event_time"] for record in records[1:]] == ["last week"]


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (403, FixConfig, "another region"),
        (401, FixConfig, "secret key is wrong"),
        (429, RetryLater, "too many requests"),
        (500, RetryLater, "trouble of its own"),
    ],
)
def test_refusals_say_what_to_do_about_them(vendor, status, error, words):
    vendor.answer(Reply({"error": {"http_code": status}}, status))
    with pytest.raises(error, match=words):
        read(opened_at(vendor))


def test_an_old_day_is_read_as_far_as_it_ever_was_and_keeps_the_state(vendor):
    """Asking for less of a day than before would make its part smaller."""
    vendor.answer(NOTHING)
    later = {"through": "2026-11-30T08:00:00+00:00"}
    assert read(opened_at(vendor), later)[1] == later
    assert spans(vendor) == [("20261119T00", "20261119T23"), ("20261120T00", "20261120T23")]


def test_a_first_run_reads_the_history(vendor):
    vendor.answer(NOTHING)
    source = opened_at(vendor, history_days=3)
    list(source.pages("usage_day", state=None, as_of=DAY))
    assert [start for start, _ in spans(vendor)] == [
        "20261117T00", "20261118T00", "20261119T00", "20261120T00",
    ]  # fmt: skip
