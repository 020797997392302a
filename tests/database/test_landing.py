"""What becomes of records on their way into raw.record: new versions only, each of them once."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.errors import RetryLater
from include.warehouse.landing import Landed, land, last_state
from include.warehouse.page import Page
from include.warehouse.raw_rows import LONGEST_ID

DAY = date(2026, 11, 1)


def put(store: Engine, *pages: Page | list[Any], stream: str = "tickets") -> Landed:
    return land(
        store,
        run_id="run-1",
        as_of=DAY,
        source="desk",
        vendor="zendesk",
        stream=stream,
        pages=[page if isinstance(page, Page) else Page(page) for page in pages],
    )


def rows(store: Engine, statement: str, **values: Any) -> list[Any]:
    with store.begin() as connection:
        return list(connection.execute(text(statement), values))


def versions(store: Engine, record_id: str) -> list[dict[str, Any]]:
    found = rows(
        store,
        "select payload from raw.record where record_id = :record_id order by batch_id",
        record_id=record_id,
    )
    return [row.payload for row in found]


def waiting(store: Engine) -> dict[str, dict[str, Any]]:
    return {row.record_id: row.payload for row in rows(store, "select * from raw.waiting")}


def test_records_land_as_the_vendor_sent_them(store):
    done = put(
        store, [{"id": 1, "tags": ["a"], "text": 'say "ä\\n"'}], [b'{"id": "x-2", "n": 1.50}']
    )
    assert done == Landed(received=2, duplicates=0, unchanged=0, changed=2, rejected=0)
    assert waiting(store) == {
        "1": {"id": 1, "tags": ["a"], "text": 'say "ä\\n"'},
        "x-2": {"id": "x-2", "n": 1.5},
    }
    (kept,) = rows(store, "select payload::text as payload from raw.record where record_id = 'x-2'")
    assert "1.50" in kept.payload


def test_the_batch_says_what_landed_and_for_which_run(store):
    put(store, Page([{"id": 1}, {"id": 1}, {"n": 1}], state={"cursor": "abc"}))
    (batch,) = rows(store, "select * from raw.batch")
    assert (batch.run_id, batch.as_of) == ("run-1", DAY)
    assert batch.landed_at is not None
    counts = (batch.received, batch.duplicates, batch.unchanged, batch.changed, batch.rejected)
    assert counts == (3, 1, 0, 1, 1)
    assert batch.state == {"cursor": "abc"}


def test_the_same_again_lands_nothing(store):
    page = [{"id": number, "n": number} for number in range(50)]
    put(store, page)
    assert put(store, page) == Landed(50, 0, 50, 0, 0)
    assert len(rows(store, "select 1 from raw.record")) == 50


def test_a_change_is_a_new_version_beside_the_old_one(store):
    put(store, [{"id": 1, "n": 1}, {"id": 2, "n": 1}])
    assert put(store, [{"id": 1, "n": 2}, {"id": 2, "n": 1}]) == Landed(2, 0, 1, 1, 0)
    assert versions(store, "1") == [{"id": 1, "n": 1}, {"id": 1, "n": 2}]
    assert put(store, [{"id": 1, "n": 1}]).changed == 1  # back to what it was is a change too
    assert waiting(store)["1"] == {"id": 1, "n": 1}


def test_the_order_of_keys_and_the_way_of_writing_are_no_change(store):
    put(store, [b'{"id": 1, "a": {"x": 1, "y": [1, 2]}, "b": "\\u00e4"}'])
    assert put(store, [b'{"b":"\xc3\xa4","a":{"y":[1,2],"x":1.0},"id":1}']).unchanged == 1
    assert put(store, [b'{"b":"\xc3\xa4","a":{"y":[2,1],"x":1.0},"id":1}']).changed == 1


def test_a_volatile_field_alone_is_no_change(store):
    volatile = ("seen", "properties.stamp")
    first = {"id": 1, "seen": 1, "properties": {"stamp": 1, "name": "a"}}
    put(store, Page([first], volatile=volatile))
    moved = {"id": 1, "seen": 2, "properties": {"stamp": 2, "name": "a"}}
    assert put(store, Page([moved], volatile=volatile)).unchanged == 1
    renamed = {"id": 1, "seen": 2, "properties": {"stamp": 2, "name": "b"}}
    assert put(store, Page([renamed], volatile=volatile)).changed == 1


@pytest.mark.parametrize("apart", [0, 1, 3])
def test_of_a_record_that_comes_twice_the_last_copy_stays(store, apart):
    first, last = [{"id": 1, "n": "old"}, {"id": 2}], [{"id": 3}, {"id": 1, "n": "new"}]
    between = [[{"id": 100 + number}] for number in range(apart)]
    done = put(store, first, *between, last)
    assert done == Landed(
        received=4 + apart, duplicates=1, unchanged=0, changed=3 + apart, rejected=0
    )
    assert versions(store, "1") == [{"id": 1, "n": "new"}]


def test_a_page_may_hold_a_record_twice(store):
    assert put(store, [{"id": 1, "n": 1}, {"id": 1, "n": 2}]).duplicates == 1
    assert versions(store, "1") == [{"id": 1, "n": 2}]


@pytest.mark.parametrize("apart", [False, True], ids=["on one page", "on two pages"])
def test_the_last_copy_stays_also_where_it_is_the_version_that_we_had(store, apart):
    put(store, [{"id": 1, "n": 1}])
    other, same = [{"id": 1, "n": 0}], [{"id": 1, "n": 1}]
    pages = [other, [{"id": 2}], same] if apart else [[*other, *same]]
    done = put(store, *pages)
    assert (done.duplicates, done.unchanged) == (1, 1)
    assert versions(store, "1") == [{"id": 1, "n": 1}]


def test_a_record_that_comes_twice_may_be_a_change_too(store):
    put(store, [{"id": 1, "n": 0}, {"id": 2, "n": 0}])
    done = put(store, [{"id": 1, "n": 1}], [{"id": 1, "n": 2}, {"id": 2, "n": 0}])
    assert done == Landed(received=3, duplicates=1, unchanged=1, changed=1, rejected=0)
    assert versions(store, "1") == [{"id": 1, "n": 0}, {"id": 1, "n": 2}]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"name": "no id"}, "It has no id."),
        ({"id": None}, "It has no id."),
        ({"id": ""}, "It has no id."),
        ({"id": True}, "It has no id."),
        ({"id": 1.5}, "It has no id."),
        ({"id": {"a": 1}}, "It has no id."),
        (b'{"name": "no id"}', "It has no id."),
        (["id", 1], "It is no JSON object."),
        (b"7", "It is no JSON object."),
        ("text", "It is no JSON object."),
        (b'{"id": 1', "It is no JSON, or nested too deep."),
        ({"id": "x" * (LONGEST_ID + 1)}, "Its id cannot be an id: too long, or U+0000."),
        ({"id": "a\0b"}, "Its id cannot be an id: too long, or U+0000."),
    ],
)
def test_what_is_no_record_is_set_aside_with_the_reason(store, record, reason):
    assert put(store, [{"id": 1}, record, {"id": 2}]) == Landed(3, 0, 0, 2, 1)
    (kept,) = rows(store, "select * from raw.quarantine")
    assert (kept.stage, kept.reason) == ("landing", reason)
    assert kept.payload is not None
    assert set(waiting(store)) == {"1", "2"}


def test_a_key_of_several_fields_is_joined(store):
    page = Page([{"key": "a", "day": "2026-11-01"}, {"key": "a"}], key=("key", "day"))
    assert put(store, page) == Landed(2, 0, 0, 1, 1)
    assert set(waiting(store)) == {"a|2026-11-01"}
    assert rows(store, "select reason from raw.quarantine")[0].reason == "It has no day."


def test_characters_that_postgresql_cannot_store_become_the_sign_for_unreadable(store):
    bad = [
        rb'{"id": 1, "t": "a\u0000b", "k\u0000": "\\u0000"}',
        rb'{"id": 2, "t": "cut \ud83d, whole \ud83d\ude00"}',
        b'{"id": 3, "t": "latin \xe4"}',
    ]
    assert put(store, [*bad, {"id": 4, "t": "fine"}]) == Landed(4, 0, 0, 4, 0)
    assert waiting(store) == {
        "1": {"id": 1, "t": "a�b", "k�": "\\u0000"},
        "2": {"id": 2, "t": "cut �, whole 😀"},
        "3": {"id": 3, "t": "latin �"},
        "4": {"id": 4, "t": "fine"},
    }
    assert put(store, [*bad, {"id": 4, "t": "fine"}]).unchanged == 4


def test_one_record_that_postgresql_refuses_does_not_take_the_others_with_it(store):
    page = [{"id": number} for number in range(40)]
    page[17:17] = [b'{"id": "far", "n": 1e200000}']
    page[31:31] = [b'{"id": "deep", "n": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"]
    assert put(store, page) == Landed(42, 0, 0, 40, 2)
    found = rows(store, "select * from raw.quarantine order by reason")
    assert found[0].reason == "It is no JSON, or nested too deep."
    assert found[1].reason == "PostgreSQL cannot store it: value overflows numeric format."
    assert found[1].payload == '{"id": "far", "n": 1e200000}'


def test_states_are_kept_until_a_page_brings_a_new_one(store):
    assert last_state(store, "desk", "tickets") is None
    put(store, Page([{"id": 1}], state={"cursor": 1}), Page([], state={"cursor": 2}))
    assert last_state(store, "desk", "tickets") == {"cursor": 2}
    put(store, Page([{"id": 2}]))
    assert last_state(store, "desk", "tickets") == {"cursor": 2}
    put(store)
    assert last_state(store, "desk", "tickets") == {"cursor": 2}
    assert last_state(store, "desk", "users") is None


def test_streams_do_not_mix(store):
    put(store, [{"id": 1, "n": 1}], stream="tickets")
    assert put(store, [{"id": 1, "n": 1}], stream="users").changed == 1
    assert len(rows(store, "select 1 from raw.record where record_id = '1'")) == 2


def broken(error: Exception) -> Iterator[Page]:
    yield Page([{"id": number} for number in range(3)], state={"cursor": "half"})
    raise error


def test_a_landing_that_breaks_off_counts_for_nothing_and_can_be_run_again(store):
    put(store, Page([{"id": 1}], state={"cursor": "old"}))
    with pytest.raises(RetryLater, match="gone"):
        land(
            store, run_id="r", as_of=DAY, source="desk", vendor="zendesk", stream="tickets",
            pages=broken(RetryLater("gone")),
        )  # fmt: skip
    assert set(waiting(store)) == {"1"}
    assert last_state(store, "desk", "tickets") == {"cursor": "old"}
    assert put(store, [{"id": number} for number in range(3)]) == Landed(3, 0, 1, 2, 0)
    assert len(rows(store, "select 1 from raw.batch")) == 2


def test_the_pages_are_closed_whatever_happens(store):
    closed = []

    def pages() -> Iterator[Page]:
        try:
            yield Page([{"id": 1}])
            yield Page([{"id": 2}])
        finally:
            closed.append(1)

    given = pages()
    next(given)
    land(
        store, run_id="r", as_of=DAY, source="desk", vendor="zendesk", stream="tickets", pages=given
    )
    assert closed == [1]


def test_two_landings_of_one_stream_do_not_meet(store):
    entered, leave = threading.Event(), threading.Event()

    def slow() -> Iterator[Page]:
        yield Page([{"id": 1}])
        entered.set()
        assert leave.wait(120)
        yield Page([{"id": 2}])

    names = {"run_id": "r", "as_of": DAY, "source": "desk", "vendor": "zendesk"}
    first = threading.Thread(
        target=lambda: land(store, stream="tickets", pages=slow(), **names), daemon=True
    )
    first.start()
    assert entered.wait(120)
    with pytest.raises(RetryLater, match="desk: another landing of tickets is under way"):
        put(store, [{"id": 1}])
    assert put(store, [{"id": 1}], stream="users").changed == 1
    leave.set()
    first.join(120)
    assert set(waiting(store)) == {"1", "2"}


def test_ids_that_share_a_place_in_memory_are_looked_up_and_nothing_is_lost(store):
    """Of 60,000 ids about a hundred collide in what remembers them; none of them is a duplicate."""
    pages = [[{"id": page * 1000 + row} for row in range(1000)] for page in range(60)]
    done = put(store, *pages, [{"id": 59_999, "n": "again"}, {"id": 0, "n": "again"}])
    assert done == Landed(60_002, 2, 0, 60_000, 0)
    assert versions(store, "0") == [{"id": 0, "n": "again"}]


def test_records_were_observed_in_the_order_in_which_they_came(store):
    put(store, [{"id": 1}], [{"id": 2}], [{"id": 3}])
    found = rows(store, "select record_id from raw.record order by observed_at")
    assert [row.record_id for row in found] == ["1", "2", "3"]
