import threading

import pytest

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
    assert made.wait(timeout=5)
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
