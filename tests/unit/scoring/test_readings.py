"""Laws of every reading: it is what a person would count, and the future changes nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.scoring.reading_spec import BY_OP
from include.scoring.readings import Series, read
from tests.unit.scoring.by_hand import by_hand
from tests.unit.scoring.worlds import (
    ACCOUNTS,
    FIRST,
    LAST,
    SPEC,
    by_op,
    rows,
    spec,
    specs,
    worlds,
)

SPAN = (FIRST, FIRST + 5)
starts = st.integers(FIRST - 20, FIRST + 20)
same = np.testing.assert_array_equal


def test_every_operation_has_its_worlds():
    assert set(by_op) == set(BY_OP)


@pytest.mark.parametrize("op", by_op)
def test_readings_are_those_counted_by_hand(op):
    @settings(max_examples=20)
    @given(worlds, st.lists(by_op[op].map(SPEC.validate_python), min_size=4, max_size=4), starts)
    def are_counted_by_hand(world, wanted, first):
        found = world.read(wanted, first, first + 4)
        assert found.shape == (ACCOUNTS, 5, len(wanted))
        for account in range(ACCOUNTS):
            for i in range(5):
                expected = [by_hand(one, world, account, first + i) for one in wanted]
                same(found[account, i], expected)

    are_counted_by_hand()


@settings(max_examples=20)
@given(worlds, specs, st.integers(0, 12))
def test_a_range_of_days_is_each_day_alone(world, wanted, length):
    together = world.read(wanted, FIRST, FIRST + length)
    for i in range(length + 1):
        same(together[:, i], world.read(wanted, FIRST + i, FIRST + i)[:, 0])


@given(worlds, specs, st.integers(FIRST - 20, LAST), rows, st.integers(0, 30))
def test_what_comes_later_changes_nothing(world, wanted, day, other, moved):
    def another_future(found):
        return [row for row in found if row[1] <= day] + [row for row in other if row[1] > day]

    def later_future(found):
        return [(a, at + moved if at > day else at, v) for a, at, v in found]

    known = world.read(wanted, day - 3, day)
    same(known, world.with_rows(another_future).read(wanted, day - 3, day))
    same(known, world.with_rows(later_future).read(wanted, day - 3, day))
    same(known, world.with_rows(another_future).read(wanted, day - 3, day + 9)[:, :4])


@given(worlds, specs, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world, wanted, random):
    shuffled = world.with_rows(lambda found: random.sample(found, len(found)))
    same(world.read(wanted, *SPAN), shuffled.read(wanted, *SPAN))


@given(worlds, specs, st.permutations(range(ACCOUNTS)), st.integers(1, ACCOUNTS - 1))
def test_accounts_are_read_the_same_in_shards_of_any_make(world, wanted, order, size):
    together = world.read(wanted, *SPAN)
    for shard in (order[:size], order[size:]):
        same(together[shard], world.only(shard).read(wanted, *SPAN))


def test_many_blocks_of_accounts_read_like_one():
    accounts = 5_000
    day = np.arange(accounts) % 50 + FIRST
    ready = {
        "events": Series(
            np.arange(accounts, dtype=np.int32),
            day.astype(np.int32),
            np.arange(accounts, dtype=np.float64),
            np.zeros(accounts, np.int32),
        )
    }
    wanted = [spec(op="level", series="events"), spec(op="days_to_first", series="events")]
    starts = np.broadcast_to((day[:, None] - np.int32(3)).astype(np.int32), (accounts, 50))
    found = read(
        wanted,
        ready,
        accounts=accounts,
        first_day=FIRST,
        last_day=FIRST + 49,
        term_start=starts,
    )
    seen = np.arange(FIRST, FIRST + 50) >= day[:, None]
    same(found[:, :, 0], np.where(seen, np.arange(accounts)[:, None], 0))
    same(found[1:, :, 1], np.where(seen, 3.0, np.nan)[1:])
