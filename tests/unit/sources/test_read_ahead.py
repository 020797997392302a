import threading
import time
from contextlib import closing

import pytest

from include.sources.http.asked import ON_ASKED
from include.sources.http.read_ahead import read_ahead


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "read-ahead"]


def test_items_come_in_order_and_all_of_them():
    assert list(read_ahead(iter_of(range(50)))) == list(range(50))
    assert threads() == []


def test_the_next_item_is_made_before_it_is_asked_for():
    made = threading.Event()

    def items():
        yield 1
        made.set()
        yield 2

    ahead = read_ahead(items())
    assert next(ahead) == 1
    assert made.wait(timeout=120)
    assert next(ahead) == 2


def test_only_a_few_items_are_made_in_advance():
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield number

    ahead = read_ahead(items(), depth=2)
    next(ahead)
    threading.Event().wait(0.05)
    assert len(made) <= 4
    ahead.close()


def test_an_item_is_held_back_until_the_request_for_the_next_one_has_left():
    asked, answered = threading.Event(), threading.Event()

    def items():
        yield 1
        time.sleep(0.05)  # what it takes to put a request together
        asked.set()
        ON_ASKED.get()()
        assert answered.wait(timeout=120)
        yield 2

    with closing(read_ahead(items(), patience_s=120)) as ahead:
        assert next(ahead) == 1
        was_asked = asked.is_set()
        answered.set()
        assert was_asked
        assert list(ahead) == [2]


def test_items_that_need_no_request_are_not_held_back_for_long():
    going_on = threading.Event()

    def items():
        yield 1
        assert going_on.wait(timeout=120)
        yield 2

    with closing(read_ahead(items(), patience_s=0.01)) as ahead:
        assert next(ahead) == 1
        going_on.set()
        assert list(ahead) == [2]


def test_an_item_that_needed_no_request_sets_the_one_before_free():
    started = time.monotonic()
    assert list(read_ahead(iter_of(range(50)), patience_s=600)) == list(range(50))
    assert time.monotonic() - started < 300


def test_the_last_item_is_not_held_back():
    started = time.monotonic()
    assert list(read_ahead(iter_of([1]), patience_s=600)) == [1]
    assert time.monotonic() - started < 300


def test_an_error_comes_after_the_items_before_it():
    def items():
        yield 1
        raise ValueError("broken")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="broken"):
        next(ahead)
    assert threads() == []


def test_closing_ends_the_thread_and_the_items():
    closed = threading.Event()

    def items():
        try:
            while True:
                yield 0
        finally:
            closed.set()

    ahead = read_ahead(items())
    next(ahead)
    assert threads() == ["read-ahead"]
    ahead.close()
    assert threads() == []
    assert closed.is_set()


def iter_of(numbers):
    yield from numbers
