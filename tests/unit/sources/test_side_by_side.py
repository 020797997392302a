"""Parts of a stream at the same time: everything once, bounded, and no thread left behind."""

import threading
import time

import pytest

from include.errors import RetryLater
from include.sources.http.side_by_side import side_by_side


def working() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("part-")}


def test_everything_comes_once():
    parts = [lambda first=first: range(first, first + 100) for first in range(0, 1000, 100)]
    assert sorted(side_by_side(parts, width=4)) == list(range(1000))
    assert not working()


def test_no_parts_make_nothing():
    assert list(side_by_side([], width=3)) == []


def test_as_many_parts_as_threads_are_under_way_together():
    together = threading.Barrier(5, timeout=5)

    def part():
        together.wait()
        yield 1

    assert list(side_by_side([part] * 10, width=5)) == [1] * 10


def test_an_error_comes_out_where_the_items_are_used_and_ends_the_others():
    begun = []

    def part(number):
        begun.append(number)
        if number == 3:
            raise RetryLater("the vendor is away")
        yield number

    parts = [lambda number=number: part(number) for number in range(1000)]
    with pytest.raises(RetryLater, match="away"):
        list(side_by_side(parts, width=2))
    assert len(begun) < 100
    assert not working()


def test_the_threads_stay_a_few_items_ahead_and_end_with_the_generator():
    made = []

    def part():
        for item in range(10_000):
            made.append(item)
            yield item

    items = side_by_side([part] * 4, width=2, depth=2)
    next(items)
    time.sleep(0.1)
    assert len(made) <= 1 + 2 * 2 + 2 + 2
    items.close()
    assert not working()
