"""Parts of a stream at the same time: everything once, bounded, and no thread left behind."""

import threading
import time
from functools import partial

import pytest

from include.errors import RetryLater
from include.sources.http.side_by_side import Done, Growing, in_order, side_by_side


def working() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("part-")}


def test_everything_comes_once():
    parts = [lambda first=first: range(first, first + 100) for first in range(0, 1000, 100)]
    assert sorted(side_by_side(parts, width=4)) == list(range(1000))
    assert not working()


def test_no_parts_make_nothing():
    assert list(side_by_side([], width=3)) == []


def test_as_many_parts_as_threads_are_under_way_together():
    together = threading.Barrier(5, timeout=120)

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


def test_parts_may_add_parts_while_they_are_worked_on():
    def part(first, last):
        while first < last:
            yield first
            first += 1
            if parts.are_short and last - first > 1:
                middle = (first + last) // 2
                parts.add(partial(part, middle, last))
                last = middle

    parts = Growing([partial(part, 0, 500)])
    assert sorted(side_by_side(parts, width=4)) == list(range(500))
    assert not working()


def test_an_error_in_a_growing_part_wakes_the_threads_that_wait_for_more():
    def part():
        time.sleep(0.05)  # the others have nothing to do by now
        raise RetryLater("the vendor is away")
        yield

    with pytest.raises(RetryLater):
        list(side_by_side(Growing([part]), width=4))
    assert not working()


def test_what_is_made_side_by_side_can_keep_its_order():
    def slow(number):
        time.sleep(0.02 if number % 3 == 0 else 0)
        return number

    assert list(in_order(slow, range(30), width=4)) == list(range(30))
    assert list(in_order(slow, [], width=4)) == []
    assert not working()


def test_an_error_keeps_its_place_in_the_order():
    def one(number):
        if number == 5:
            raise RetryLater("the vendor is away")
        return number

    made = in_order(one, range(100), width=3)
    assert [next(made) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(RetryLater):
        next(made)
    assert not working()


def test_parts_are_done_up_to_the_first_gap():
    done = Done()
    found = []
    for place in (1, 0, 3, 2, 4):
        done.add(place)
        found.append(done.all_before)
    assert found == [0, 2, 2, 4, 5]
