import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.trend import DIRECTIONS, trend

NAN = np.nan


def one(scores, **options):
    found = trend(np.array([scores], np.float64), **options)
    return {name: getattr(found, name)[0, -1] for name in found.__dataclass_fields__}


def test_a_change_is_against_exactly_that_many_days_before():
    scores = [*range(91)]
    found = one(scores)
    assert (found["change_7"], found["change_30"], found["change_90"]) == (7, 30, 90)


def test_a_change_is_unknown_where_either_day_is():
    assert np.isnan(one([50, *[60] * 7, NAN])["change_7"])
    assert np.isnan(one([NAN, *[60] * 7])["change_7"])
    assert one([50, *[NAN] * 6, 60])["change_7"] == 10
    assert np.isnan(one([50] * 7)["change_7"])


def test_changes_are_the_decimals_that_the_scores_show():
    assert one([69.9, *[0] * 6, 70.1])["change_7"] == 0.2


def test_the_slope_is_in_points_per_thirty_days():
    assert one([50 + day / 10 for day in range(30)])["slope"] == pytest.approx(3, abs=1e-12)
    assert one([50 - day for day in range(40)])["slope"] == -30


def test_the_slope_looks_at_thirty_days_and_no_further_back():
    assert one([0, 100, 0, *[50] * 30])["slope"] == 0


def test_the_slope_needs_five_known_days():
    assert np.isnan(one([*[NAN] * 20, 1, 2, 3, 4])["slope"])
    assert one([NAN, 1, NAN, 3, 4, NAN, 6, 7])["slope"] == 30


@pytest.mark.parametrize(
    ("daily", "direction"),
    [(0.1, "improving"), (0.099, "stable"), (0, "stable"), (-0.099, "stable"), (-0.1, "declining")],
)
def test_three_points_in_thirty_days_are_a_direction(daily, direction):
    found = one([50 + daily * day for day in range(30)])
    assert DIRECTIONS[found["direction"]] == direction


def test_without_a_slope_the_direction_is_unknown():
    assert one([50])["direction"] == -1


@st.composite
def matrices(draw):
    """Scores of four accounts on sixty days, with as many gaps as the draw says."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    scores = random.integers(0, 10_001, (4, 60)) / 100
    scores[random.random(scores.shape) < draw(st.sampled_from([0, 0.1, 0.5, 0.9, 1]))] = NAN
    return scores


@given(matrices())
def test_the_slope_is_that_of_a_least_squares_fit(scores):
    found = trend(scores).slope[:, 0]
    for i, row in enumerate(scores[:, -30:]):
        known = np.flatnonzero(~np.isnan(row))
        if len(known) < 5:
            assert np.isnan(found[i])
        else:
            fitted = np.polyfit(known, row[known], 1)[0] * 30
            assert found[i] == pytest.approx(fitted, abs=1e-8)


@given(matrices(), st.sampled_from([1, 2, 9, 60]))
def test_a_range_of_days_is_each_day_alone_and_each_account_by_itself(scores, described):
    together = trend(scores, days=described)
    for i in range(described):
        account = i % len(scores)
        alone = trend(scores[account : account + 1, : scores.shape[1] - described + i + 1])
        for name in together.__dataclass_fields__:
            np.testing.assert_array_equal(
                getattr(together, name)[account, i], getattr(alone, name)[0, 0]
            )


@given(matrices())
def test_days_before_the_ninetieth_change_nothing(scores):
    older = np.hstack([np.full((len(scores), 70), 13.0), scores, scores])
    found, expected = trend(older), trend(older[:, -91:])
    for name in found.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
