"""What readings need of the past: whatever else is left out of a series, no reading changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.scoring.looks import Look, looks_of
from tests.unit.scoring.worlds import FIRST, SPEC, by_op, made_up, seeds, spec, specs

starts = st.integers(FIRST - 20, FIRST + 20)


def shortened(world, wanted, first):
    """The same world with only what readings from a first day on ask for."""
    looks = looks_of(wanted, world.blocked_by)
    rows = {name: part_of(found, looks[name], first) for name, found in world.rows.items()
            if name in looks}  # fmt: skip
    return replace(world, rows=rows)


def part_of(rows, look, first):
    if look.before == "all":
        return rows
    cut = first - look.reach
    past = [row for row in rows if row[1] <= cut]
    return [*summed_up(past, look.before, cut), *(row for row in rows if row[1] > cut)]


def summed_up(past, before, cut):
    accounts = {account for account, _, _ in past}
    if before == "level":
        return [(one, cut, round(sum(v for a, _, v in past if a == one), 6)) for one in accounts]
    happened = {account: (account, day, value) for account, day, value in past if value != 0}
    return list(happened.values()) if before == "last" else []


@pytest.mark.parametrize("op", by_op)
def test_no_operation_sees_what_it_did_not_ask_for(op):
    @settings(max_examples=20)
    @given(seeds, st.lists(by_op[op].map(SPEC.validate_python), min_size=1, max_size=3), starts)
    def sees_the_same(seed, wanted, first):
        world = made_up(seed)
        found = shortened(world, wanted, first).read(wanted, first, first + 4)
        np.testing.assert_array_equal(found, world.read(wanted, first, first + 4))

    sees_the_same()


@given(seeds, specs, starts)
def test_nor_do_many_readings_of_the_same_series(seed, wanted, first):
    world = made_up(seed)
    found = shortened(world, wanted, first).read(wanted, first, first + 9)
    np.testing.assert_array_equal(found, world.read(wanted, first, first + 9))


def test_a_window_asks_for_its_days_and_a_level_for_one_sum():
    events = [
        spec(op="sum", series="events", window=28, lag=2),
        spec(op="active_days", series="events"),
    ]
    assert looks_of(events) == {"events": Look(frozenset({0, 2, 28, 30}), 30, "nothing")}
    users = [spec(op="active_users", window=7, lag=3)]
    assert looks_of(users) == {"active_users_7d": Look(frozenset({3}), 3, "level")}
    assert looks_of([spec(op="latest", series="pulse", max_age=9)])["pulse"].reach == 10


def test_a_sum_and_a_last_row_of_one_series_cannot_both_stand_for_it():
    both = [spec(op="level", series="seats"), spec(op="days_since_last", series="seats")]
    assert looks_of(both)["seats"].before == "all"


def test_what_blocks_a_series_is_asked_for_as_the_series_is():
    paid = [spec(op="sum", series="amount_paid", window=7), spec(op="latest", series="amount_due")]
    found = looks_of(paid, {"amount_paid": "paid_unvalued", "amount_due": "due_unvalued"})
    assert found["paid_unvalued"] == found["amount_paid"]
    assert found["due_unvalued"] == Look(before="level")
