"""Counting events in bounded memory, and reading lines that are not all events."""

import io
import tracemalloc
from datetime import UTC, date, datetime

import msgspec
import pytest

from include.errors import RejectData, RetryLater
from include.sources.event_lines import CutShort, EventLines
from include.sources.usage_days import Seen, Tally, text_of, texts_of
from include.sources.usage_windows import counted, end_of_day

CELL = ("kite", "2026-11-19", "2026-11-19")
OTHER = ("reed", "2026-11-19", "2026-11-19")


class Event(msgspec.Struct):
    name: str
    n: int = 0


def records_of(*sightings, **options):
    """Each: a cell, who, which event, and what its copies have in common."""
    with Tally(is_feature, **options) as tally:
        for one in sightings:
            tally.add(seen(tally, *one))
        return [record for page in tally.pages() for record in page]


def seen(tally, cell, user, name, identity):
    account, day, part = cell
    mark = None if identity is None else hash(identity)
    return Seen([tally.groups(day, part)[account]], [user], [name], [mark])


def is_feature(name):
    return name != "login"


def lines_of(content, **options):
    lines = EventLines("the export", msgspec.json.Decoder(Event), **options)
    found = [event.name for events in lines.read(io.BytesIO(content)) for event in events]
    return found, lines.unreadable


def test_a_copy_of_an_event_counts_once_and_one_without_identity_always():
    (record,) = records_of(
        (CELL, "u2", "export", "e1"), (CELL, "u2", "export", "e1"), (CELL, "u1", "login", "e2"),
        (CELL, "", "import", None), (CELL, "", "import", None),
    )  # fmt: skip
    assert record == {
        "account_key": "kite", "day": "2026-11-19", "part": "2026-11-19", "events": 4,
        "users": ["u1", "u2"], "features": ["export", "import"],
    }  # fmt: skip


def test_the_same_event_counts_for_each_of_its_groups():
    records = records_of((CELL, "u1", "export", "e1"), (OTHER, "u1", "export", "e1"))
    assert {one["account_key"]: one["events"] for one in records} == {"kite": 1, "reed": 1}


def test_counting_in_many_passes_gives_the_same_records():
    cells = [(f"group-{n % 7}", f"2026-11-{1 + n % 3:02}", "2026-11-01") for n in range(400)]
    sightings = [(cell, f"u{n % 11}", f"f{n % 5}", n % 90) for n, cell in enumerate(cells)]
    whole = records_of(*sightings)
    passes = records_of(*sightings, rows_at_once=60)
    key = lambda record: (record["account_key"], record["day"])  # noqa: E731
    assert sorted(passes, key=key) == sorted(whole, key=key)
    assert sum(record["events"] for record in whole) == len({(n % 21, n % 90) for n in range(400)})


def test_a_copy_far_behind_its_event_counts_once():
    others = [(OTHER, f"u{n}", "export", n) for n in range(200)]
    event = (CELL, "u1", "export", "e1")
    found = records_of(event, *others, event, rows_at_once=50)
    assert {one["account_key"]: one["events"] for one in found} == {"kite": 1, "reed": 200}


def test_five_times_the_accounts_and_users_take_no_more_memory():
    few, many = peak_of(accounts=1_000), peak_of(accounts=5_000)
    assert many < 1.5 * few


def peak_of(accounts):
    """Return the peak of counting three users of each account, in bytes."""
    tracemalloc.start()
    with Tally(is_feature, rows_at_once=800) as tally:
        for number in range(accounts):
            for user in range(3):
                cell = (f"group-{number}", "2026-11-19", "2026-11-19")
                tally.add(seen(tally, cell, f"user {user} of {number}", "export", None))
        assert sum(len(records) for records in tally.pages()) == accounts
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_nothing_counted_is_no_record():
    assert records_of() == []


def test_a_window_that_was_cut_short_is_counted_anew_and_not_twice():
    attempts = []

    def count(tally):
        attempts.append(1)
        tally.add(seen(tally, CELL, "u1", "export", f"e{len(attempts)}"))
        if len(attempts) == 1:
            raise CutShort("cut")
        return [b"junk"]

    pages = list(counted(count, is_feature))
    assert [page.records[0] for page in pages][1] == b"junk"
    assert pages[0].records[0]["events"] == 1
    with pytest.raises(RetryLater, match="cut"):
        list(counted(always_cut, is_feature))


def always_cut(_tally):
    raise CutShort("cut")


def test_ids_are_text_however_they_were_sent():
    assert [text_of(value) for value in ("a", 7, 7.0, " ", None, True, {}, 7.5)] == [
        "a", "7", "7", "", "", "", "", "",
    ]  # fmt: skip
    assert texts_of(["a", "b", "a", "", None, 3]) == ["a", "b", "3"]
    assert texts_of("a") == ["a"]


def test_a_day_ends_by_the_organisations_clock():
    assert end_of_day(date(2026, 3, 29), "Europe/Berlin") == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 28), "Europe/Berlin") == datetime(2026, 3, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize("block", [7, 20, 2**20])
def test_a_record_split_over_two_lines_is_put_together(block):
    split = b'{"name":"a"}\n{"name":"b\nc"}\n\n{"name":"d",\n"n":4}\n{"name":"e"}'
    assert lines_of(split, block=block) == (["a", "bc", "d", "e"], [])


def test_what_is_no_event_is_set_aside_and_the_rest_counts():
    junk = b'{"name":"a"}\nnonsense\n{"name":"b"}\n{"name":7}\n[1]\n{"name":"c"}\n'
    assert lines_of(junk) == (["a", "b", "c"], [b"nonsense", b'{"name":7}', b"[1]"])


def test_half_surrogates_and_broken_text_are_mended():
    found, unreadable = lines_of(b'{"name":"a\\ud83d"}\n{"name":"\xff"}\n')
    assert found == ["a�", "�"]
    assert unreadable == []


@pytest.mark.parametrize("end", [b"terminated early\n", b"terminated early", b'{"name":"b'])
def test_an_export_without_its_end_is_cut_short(end):
    with pytest.raises(CutShort, match="the export"):
        lines_of(b'{"name":"a"}\n' + end)


def test_a_form_that_changed_is_rejected_as_a_whole():
    with pytest.raises(RejectData, match="the vendor changed it"):
        lines_of(b'{"title":"a"}\n' * 10_001)
