"""Where a value stands among its peers: by hand, and the laws that hold for any values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.percentile import percentiles, standing

NAN = np.nan


def one_group(*values, at_least=1):
    groups = np.zeros(len(values), np.intp)
    return percentiles(np.array(values, float), groups, at_least=at_least).tolist()


def test_it_is_the_share_that_is_lower_and_half_of_the_equal_ones():
    assert one_group(10, 20, 20, 30) == [12.5, 50, 50, 87.5]
    assert one_group(7, 7, 7) == [50, 50, 50]
    assert one_group(3) == [50]


def test_unknown_values_have_no_percentile_and_count_for_nobody():
    found = one_group(10, NAN, 20, 20, NAN, 30)
    np.testing.assert_array_equal(found, [12.5, NAN, 50, 50, NAN, 87.5])


def test_too_few_known_values_are_no_number():
    """Requirements 001-28, 003-10."""
    assert np.isnan(one_group(1, 2, 3, 4, NAN, at_least=5)).all()
    assert one_group(1, 2, 3, 4, 5, at_least=5) == [10, 30, 50, 70, 90]


@st.composite
def worlds(draw):
    """Values with ties and gaps, in a few groups of any size."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    size = draw(st.integers(0, 60))
    values = random.integers(0, draw(st.sampled_from([2, 10, 1000])), size).astype(float)
    values[random.random(size) < draw(st.sampled_from([0, 0.3, 1]))] = NAN
    return values, random.integers(0, draw(st.integers(1, 6)), size), random.permutation(size)


@given(worlds(), st.integers(1, 8))
def test_the_order_of_rows_changes_nothing(world, at_least):
    values, groups, order = world
    found = percentiles(values, groups, at_least=at_least)
    shuffled = percentiles(values[order], groups[order], at_least=at_least)
    np.testing.assert_array_equal(shuffled, found[order])


@given(worlds())
def test_only_the_order_of_values_counts(world):
    values, groups, _ = world
    found = percentiles(values, groups)
    for change in (lambda x: 3 * x - 7, lambda x: x**3, np.arctan, lambda x: np.exp(x / 100)):
        np.testing.assert_array_equal(percentiles(change(values), groups), found)
    np.testing.assert_allclose(percentiles(-values, groups), 100 - found)


@given(worlds())
def test_each_group_is_for_itself_and_has_a_mean_of_fifty(world):
    values, groups, _ = world
    found = percentiles(values, groups, at_least=1)
    for group in np.unique(groups):
        own = values[groups == group]
        np.testing.assert_array_equal(found[groups == group], one_group(*own))
        if not np.isnan(own).all():
            assert np.nanmean(found[groups == group]) == pytest.approx(50)


@given(worlds())
def test_every_percentile_is_what_counting_says(world):
    values, groups, _ = world
    found = percentiles(values, groups, at_least=1)
    for at, value in enumerate(values):
        own = values[(groups == groups[at]) & ~np.isnan(values)]
        if np.isnan(value):
            assert np.isnan(found[at])
        else:
            counted = 100 * ((own < value).sum() + (own == value).sum() / 2) / len(own)
            assert found[at] == pytest.approx(counted, abs=1e-12)


def test_a_standing_has_the_quartiles_of_what_is_known():
    found = standing(np.array([50.0, NAN, 10, 20, 30, 40]), 0)
    assert (found.value, found.size, found.percentile) == (50, 5, 90)
    assert (found.lower_quartile, found.median, found.upper_quartile) == (20, 30, 40)
    assert not found.is_too_few


def test_a_standing_among_too_few_tells_nothing_of_the_others():
    found = standing(np.array([50.0, NAN, 10, 20, 30]), 0)
    assert (found.value, found.size, found.is_too_few) == (50, 4, True)
    assert (found.percentile, found.lower_quartile, found.median, found.upper_quartile) == (
        (None,) * 4
    )


def test_an_unknown_value_has_no_place_but_sees_its_peers():
    found = standing(np.array([NAN, 10, 20, 30, 40, 50]), 0)
    assert (found.value, found.percentile, found.median, found.size) == (None, None, 30, 5)
