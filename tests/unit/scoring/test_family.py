"""Families of accounts against a reference that adds up members one by one, and by hand."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.family import combine
from tests.unit.scoring.families import (
    ACCOUNTS,
    CURVE,
    DAYS,
    MEASURES,
    NAN,
    below,
    members,
    with_measures,
)
from tests.unit.scoring.worlds import FIRST


@pytest.fixture(scope="session")
def card(build_card):
    built = build_card({"a": (1.0, [(1.0, CURVE)] * len(MEASURES))})
    return with_measures(built, MEASURES)


# The reference.


def by_hand(family, reading, values, weights, counts):
    """values, weights: of the members that there are, the account itself first."""
    there = [i for i in range(len(counts)) if counts[i]]
    if family == "own" or there in ([], [0]):
        return finish(reading, values[0])
    known = [i for i in there if not math.isnan(sum(values[i]))]
    if family == "sum":
        if len(known) < len(there):
            return NAN
        totals = [sum(Fraction(str(values[i][k])) for i in there) for k in range(len(values[0]))]
        return finish(reading, [float(total) for total in totals])
    if family == "worst":
        points = {i: np.interp(values[i][0], *zip(*CURVE, strict=True)) for i in known}
        lowest = min(points.values(), default=NAN)
        return min((values[i][0] for i in known if points[i] == lowest), default=NAN)
    heavy = {i: weights[i] for i in there if weights[i] > 0}
    said = {i: weight for i, weight in heavy.items() if i in known}
    if not said or sum(said.values()) < sum(heavy.values()) / 2:
        return NAN
    return sum(weight * values[i][0] for i, weight in said.items()) / sum(said.values())


def finish(reading, parts):
    if reading["op"] == "mean_per_day":
        return parts[0] / 7
    if reading["op"] == "divide":
        return NAN if parts[1] == 0 else parts[0] / parts[1] * 2
    return parts[0]


numbers = st.one_of(st.just(NAN), st.sampled_from([0.0, 0.1, 1.0, 2.0, 3.0, 4.0, 5.0, 7.25]))
forests = st.tuples(
    st.none(), *(st.one_of(st.none(), st.integers(0, i - 1)) for i in range(1, ACCOUNTS))
)


def arrays(elements, *shape):
    size = math.prod(shape)
    return st.lists(elements, min_size=size, max_size=size).map(
        lambda found: np.array(found).reshape(shape)
    )


# Known in four of five cases, else hardly any family would be known.
parts = arrays(st.one_of(*[st.sampled_from([0.0, 0.1, 1.0, 2.5, 4.0, 7.25])] * 4, st.just(NAN)),
               ACCOUNTS, DAYS, 7)  # fmt: skip
weights = arrays(st.one_of(numbers, st.integers(-1, 9).map(float)), ACCOUNTS, DAYS)
customers = arrays(st.sampled_from([True, True, True, False]), ACCOUNTS, DAYS)
spans = st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 4)), min_size=15, max_size=15)
COLUMNS = ((0,), (1,), (2,), (3, 4), (5,), (6,))


@given(parts, st.tuples(forests, spans), weights, customers)
def test_families_read_what_is_added_up_by_hand(card, read_parts, kin, weight, counts):
    rows = [(*pair, *span) for pair, span in zip(below(kin[0]), kin[1], strict=False)]
    found = combine(
        read_parts, card, members=members(rows), first_day=FIRST, weights=weight, customers=counts
    )
    for account in range(ACCOUNTS):
        for day in range(DAYS):
            family = [account, *(c for p, c, a, b in rows if p == account and a <= day <= b)]
            for j, (choice, reading) in enumerate(MEASURES):
                values = [[float(read_parts[i, day, k]) for k in COLUMNS[j]] for i in family]
                expected = by_hand(
                    choice, reading, values, weight[family, day], counts[family, day]
                )
                close = 1e-12 if choice == "weighted" else 0
                np.testing.assert_allclose(found.readings[account, day, j], expected, rtol=close)


@given(parts, forests, weights, st.randoms(use_true_random=False))
def test_rows_in_any_order_cut_and_doubled_change_nothing(card, read_parts, forest, weight, random):
    whole = [(*pair, 0, DAYS - 1) for pair in below(forest)]
    pieces = [(p, c, *span) for p, c, *_ in whole for span in [(0, 0), (0, 1), (1, 2), (2, 9)]]
    mixed = random.sample(pieces, len(pieces)) + whole
    once, again = (
        combine(read_parts, card, members=members(rows), first_day=FIRST, weights=weight)
        for rows in (whole, mixed)
    )
    np.testing.assert_array_equal(once.readings, again.readings)
    np.testing.assert_array_equal(once.worst[5], again.worst[5])


@given(parts, forests, weights, st.permutations(range(ACCOUNTS)))
def test_it_does_not_matter_how_accounts_are_numbered(card, read_parts, forest, weight, order):
    rows = [(*pair, 0, 9) for pair in below(forest)]
    moved = [(order.index(p), order.index(c), a, b) for p, c, a, b in rows]
    once = combine(read_parts, card, members=members(rows), first_day=FIRST, weights=weight)
    again = combine(
        read_parts[order], card, members=members(moved), first_day=FIRST, weights=weight[order]
    )
    np.testing.assert_array_equal(once.readings[order][:, :, [0, 1, 2, 3, 5]],
                                  again.readings[:, :, [0, 1, 2, 3, 5]])  # fmt: skip
    np.testing.assert_allclose(once.readings[order], again.readings, rtol=1e-12)


@given(parts, forests)
def test_a_chain_of_any_depth_counts_each_account_once(card, read_parts, forest):
    rows = [(*pair, 0, 9) for pair in below(forest)]
    ones = np.ones_like(read_parts)
    found = combine(ones, card, members=members(rows), first_day=FIRST)
    size = np.bincount([p for p, *_ in rows], minlength=ACCOUNTS) + 1
    np.testing.assert_array_equal(found.readings[:, 0, 1], size)
    np.testing.assert_array_equal(found.readings[:, 0, 3], np.full(ACCOUNTS, 2.0))


@given(parts, forests, weights)
def test_own_is_no_family_at_all(card, read_parts, forest, weight):
    own = with_measures(card, [("own", reading) for _, reading in MEASURES])
    rows = members([(*pair, 0, 9) for pair in below(forest)])
    found = combine(read_parts[:, :, :6], own, members=rows, first_day=FIRST, weights=weight)
    np.testing.assert_array_equal(found.readings, read_parts[:, :, :6])
    assert found.worst == {}
