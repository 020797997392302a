"""Scores of accounts that can be worked by hand."""

import numpy as np
import pytest

from include.scoring.score import score

LINE = [(0, 0), (100, 100)]  # the reading is its own points
NAN = np.nan


def rows(*readings):
    return np.array(readings, np.float64)


def test_the_published_example_is_seven_and_a_half_raw_points(build_card):
    """(10 + 5 + 5 + 10) / 4, which was printed without its brackets (003-07)."""
    card = build_card({"a": (1.0, [(1.0, LINE)] * 4)})
    assert score(rows([10, 5, 5, 10]), card).raw.tolist() == [7.5]


def test_raw_is_the_plain_mean_whatever_the_weights(build_card):
    """Requirement 003-09."""
    card = build_card({"a": (9.0, [(5.0, LINE), (1.0, LINE)]), "b": (1.0, [(1.0, LINE)])})
    scores = score(rows([10, 20, 90], [10, NAN, 90]), card)
    assert scores.raw.tolist() == [40, 50]


def test_categories_are_weighted_means_and_the_score_their_weighted_mean(build_card):
    card = build_card({"a": (3.0, [(1.0, LINE), (3.0, LINE)]), "b": (1.0, [(2.0, LINE)])})
    scores = score(rows([20, 60, 90]), card)
    assert scores.categories.tolist() == [[50, 90]]
    assert scores.score.tolist() == [60]
    assert scores.floor.tolist() == scores.ceiling.tolist() == [60]
    assert scores.coverage.tolist() == [1]


def test_an_unknown_measure_leaves_its_weight_to_its_category(build_card):
    card = build_card({"a": (3.0, [(1.0, LINE), (3.0, LINE)]), "b": (1.0, [(2.0, LINE)])})
    scores = score(rows([20, NAN, 90]), card)
    assert scores.categories.tolist() == [[20, 90]]
    assert scores.score.tolist() == [(3 * 20 + 90) / 4]
    assert scores.coverage.tolist() == [(3 / 4) * (1 / 4) + 1 / 4]
    assert scores.floor.tolist() == [(3 * (20 / 4) + 90) / 4]
    assert scores.ceiling.tolist() == [(3 * ((20 + 300) / 4) + 90) / 4]


def test_an_unknown_category_leaves_its_weight_to_the_others(build_card):
    card = build_card({"a": (3.0, [(1.0, LINE)]), "b": (1.0, [(2.0, LINE)])})
    scores = score(rows([NAN, 80]), card)
    assert np.isnan(scores.categories[0, 0])
    assert scores.score.tolist() == [80]
    assert scores.coverage.tolist() == [0.25]
    assert (scores.floor.tolist(), scores.ceiling.tolist()) == ([20], [95])


def test_an_account_of_which_nothing_is_known_has_no_score(build_card):
    card = build_card({"a": (3.0, [(1.0, LINE), (3.0, LINE)])})
    scores = score(rows([NAN, NAN]), card)
    assert np.isnan([scores.score[0], scores.raw[0], *scores.categories[0]]).all()
    assert (scores.floor[0], scores.ceiling[0], scores.coverage[0]) == (0, 100, 0)
    assert scores.band.tolist() == [-1]
    assert scores.drivers.tolist() == [[-1, -1, -1]]
    assert scores.costs.tolist() == [[0, 0, 0]]


def test_measures_of_weight_zero_show_their_points_and_count_for_nothing(build_card):
    card = build_card({"a": (1.0, [(0.0, LINE), (1.0, LINE)]), "b": (0.0, [(1.0, LINE)])})
    scores = score(rows([10, 60, 30], [10, NAN, 30]), card)
    assert scores.points.tolist()[0] == [10, 60, 30]
    assert scores.score[0] == 60
    assert np.isnan(scores.score[1])
    assert scores.coverage.tolist() == [1, 0]
    assert scores.raw[0] == 60
    assert np.isnan(scores.raw[1])


def test_a_curve_is_level_outside_its_corners_and_linear_between_them(build_card):
    card = build_card({"a": (1.0, [(1.0, [(1, 80), (2, 100), (6, 0)])])})
    readings = rows([-np.inf], [0], [1], [1.5], [2], [3], [6], [7], [np.inf], [NAN])
    assert score(readings, card).points[:, 0].tolist()[:-1] == [
        80, 80, 80, 90, 100, 75, 0, 0, 0,
    ]  # fmt: skip
    assert np.isnan(score(readings, card).points[-1, 0])


def test_points_have_nine_decimals(build_card):
    card = build_card({"a": (1.0, [(1.0, [(0, 0), (3, 100)])])})
    assert score(rows([1], [2]), card).points.tolist() == [[33.333333333], [66.666666667]]


def test_a_curve_agrees_with_plain_interpolation_at_random_readings(retention):
    random = np.random.default_rng(7)
    readings = random.uniform(-5, 400, (3_000, len(retention.measures)))
    points = score(readings, retention).points
    for j, measure in enumerate(retention.measures):
        x, y = zip(*measure.curve, strict=True)
        np.testing.assert_allclose(points[:, j], np.interp(readings[:, j], x, y), atol=1e-9)


def test_the_lower_end_of_a_band_belongs_to_it(build_card):
    card = build_card({"a": (1.0, [(1.0, LINE)])})
    readings = rows([0], [44.999999999], [45], [69.999999999], [70], [100])
    assert score(readings, card).band.tolist() == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0), (0.1, 0.2, 0.7), (3.0, 7.0, 11.0)])
def test_equal_points_give_exactly_that_score_so_rounding_decides_no_band(build_card, weights):
    card = build_card({"a": (0.3, [(w, LINE) for w in weights]), "b": (0.1, [(1.0, LINE)])})
    scores = score(rows([70] * 4, [70, NAN, 70, NAN], [45, 45, NAN, 45]), card)
    assert scores.score.tolist() == [70, 70, 45]
    assert score(rows([70] * 4), card).band.tolist() == [2]


def test_the_band_is_unknown_below_the_least_coverage_and_known_at_it(build_card):
    card = build_card({"a": (1.0, [(1.0, LINE)] * 3), "b": (1.0, [(1.0, LINE)] * 3)})
    half, less = [50, 50, NAN, 50, NAN, NAN], [50, NAN, NAN, 50, NAN, NAN]
    scores = score(rows(half, less), card)
    assert scores.coverage.tolist() == [0.5, 0.333333333]
    assert scores.band.tolist() == [1, -1]
    assert scores.score.tolist() == [50, 50]


def test_the_band_is_unknown_when_the_unknown_could_change_it_and_the_card_says_so(build_card):
    categories = {"a": (1.0, [(1.0, LINE)] * 4)}
    doubtful, safe = [50, 50, 50, NAN], [10, 10, 10, NAN]
    careful = build_card(categories, unknown_when_straddling=True)
    assert score(rows(doubtful, safe), careful).band.tolist() == [-1, 0]
    assert score(rows(doubtful, safe), build_card(categories)).band.tolist() == [1, 0]


def test_drivers_are_the_costliest_measures_and_ties_go_by_file_order(build_card):
    card = build_card({"a": (2.0, [(1.0, LINE), (3.0, LINE)]), "b": (2.0, [(1.0, LINE)] * 2)})
    scores = score(rows([60, 90, 80, 80], [100, 100, 100, 50], [100] * 4), card)
    assert scores.drivers.tolist() == [[0, 2, 3], [3, -1, -1], [-1, -1, -1]]
    assert scores.costs.tolist() == [[5, 5, 5], [12.5, 0, 0], [0, 0, 0]]


def test_an_unknown_measure_is_no_driver_and_the_known_ones_carry_its_weight(build_card):
    card = build_card({"a": (1.0, [(1.0, LINE), (3.0, LINE)])})
    scores = score(rows([50, NAN]), card)
    assert scores.drivers.tolist() == [[0, -1, -1]]
    assert scores.costs.tolist() == [[50, 0, 0]]


def test_no_accounts_give_no_scores(retention):
    scores = score(np.empty((0, len(retention.measures))), retention)
    assert scores.score.shape == (0,)
    assert scores.drivers.shape == (0, 3)


def test_readings_of_another_card_are_refused(retention):
    with pytest.raises(AssertionError, match="retention has 14 measures"):
        score(np.zeros((1, 3)), retention)
