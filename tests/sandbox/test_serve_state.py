from datetime import date

import pytest

from sandbox.doors import DOORS
from sandbox.limits import SlidingWindow
from sandbox.state import Clock, Journal
from tests.sandbox.stage import StillClock


def test_a_journal_keeps_the_order_of_each_vendor(tmp_path):
    journal = Journal(tmp_path / "deep" / "journal.jsonl")
    for number in range(3):
        journal.append("hubspot", {"n": number})
    journal.append("stripe", {"n": 9})
    again = Journal(tmp_path / "deep" / "journal.jsonl")
    assert [entry["n"] for entry in again.entries("hubspot")] == [0, 1, 2]
    assert again.entries("stripe") == [{"n": 9}]


def test_the_clock_moves_on_and_can_be_let_skip_time():
    clock = Clock(date(2026, 9, 20))
    before = clock.now()
    assert (before.day, before.hour) == (21, 3)
    clock.skip(90)
    assert 90 <= (clock.now() - before).total_seconds() < 3600


def test_a_journals_entries_are_copies():
    journal = Journal()
    entry = {"list": [1]}
    journal.append("hubspot", entry)
    entry["list"].append(2)
    journal.entries("hubspot")[0]["list"].append(3)
    assert journal.entries("hubspot") == [{"list": [1]}]


@pytest.mark.parametrize("torn", [b'{"vendor":"hub', b'{"vendor":"hubspot","entry":{"n":2}}'])
def test_a_torn_last_line_is_ignored_and_writing_goes_on(tmp_path, torn):
    path = tmp_path / "journal.jsonl"
    Journal(path).append("hubspot", {"n": 1})
    with path.open("ab") as file:
        file.write(torn)
    again = Journal(path)
    assert again.entries("hubspot") == [{"n": 1}]
    again.append("hubspot", {"n": 3})
    assert [entry["n"] for entry in Journal(path).entries("hubspot")] == [1, 3]


def test_a_broken_line_in_the_middle_is_named(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text('{"vendor":"hubspot","entry":{}}\nnonsense\n')
    with pytest.raises(ValueError, match=r"journal\.jsonl, line 2"):
        Journal(path)


def test_a_window_refuses_what_is_over_its_limit_and_says_how_long():
    clock = StillClock(date(2026, 9, 20))
    window = SlidingWindow(2, 10, clock.now)
    taken = [window.take() for _ in range(3)]
    assert [one.allowed for one in taken] == [True, True, False]
    assert [one.remaining for one in taken] == [1, 0, 0]
    assert taken[0].wait_s == 0
    assert taken[2].wait_s == 10
    clock.skip(9.9)
    assert not window.take().allowed
    clock.skip(0.1)
    assert window.take().allowed


def test_secrets_look_like_the_vendors_own():
    shapes = {"hubspot": "pat-na1-", "stripe": "sk_test_", "posthog": "phx_"}
    assert all(DOORS[vendor].secret.startswith(shape) for vendor, shape in shapes.items())
