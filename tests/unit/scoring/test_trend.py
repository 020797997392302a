from itertools import combinations
from math import erfc, sqrt
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.standing import LOOK_BACK, NO_READING, SINCE_NEVER, UNKNOWN, Banded
from include.scoring.trend import DIRECTIONS, change, trend

NAN = np.nan
N, U = NO_READING, UNKNOWN  # as codes of bands


def one(scores, *, bands=None, confirm=1, **options):
    """Describe the last day of one account; bands: codes of which 2 is the best."""
    banded = None
    if bands is not None:
        banded = Banded(np.array([bands], np.int8), best=2, confirm=confirm)
    found = trend(np.array([scores], np.float64), banded=banded, **options)
    return {name: getattr(found, name)[0, -1] for name in found.__dataclass_fields__}


def state(scores):
    found = one(scores)["direction"]
    return "unknown" if found < 0 else DIRECTIONS[found]


def test_a_change_is_against_exactly_that_many_days_before():
    scores = [*range(91)]
    found = one(scores)
    assert (found["change_7"], found["change_30"], found["change_90"]) == (7, 30, 90)


def test_a_change_may_be_over_any_window():
    """Requirement 002-31."""
    scores = np.array([[50.0, NAN, 61.5, 60.0]])
    np.testing.assert_array_equal(change(scores, 2, days=3), [[NAN, 11.5, NAN]])
    np.testing.assert_array_equal(change(scores, 9, days=2), [[NAN, NAN]])


def test_a_change_is_unknown_where_either_day_is():
    assert np.isnan(one([50, *[60] * 7, NAN])["change_7"])
    assert np.isnan(one([NAN, *[60] * 7])["change_7"])
    assert one([50, *[NAN] * 6, 60])["change_7"] == 10
    assert np.isnan(one([50] * 7)["change_7"])


def test_changes_are_the_decimals_that_the_scores_show():
    assert one([69.9, *[0] * 6, 70.1])["change_7"] == 0.2


def test_the_slope_is_in_points_per_thirty_days():
    assert one([50 + day / 10 for day in range(30)])["slope"] == 3
    assert one([50 - day for day in range(40)])["slope"] == -30


def test_the_slope_looks_at_thirty_days_and_no_further_back():
    assert one([0, 100, 0, *[50] * 30])["slope"] == 0


def test_the_slope_needs_five_known_days():
    assert np.isnan(one([*[NAN] * 20, 1, 2, 3, 4])["slope"])
    assert one([NAN, 1, NAN, 3, 4, NAN, 6, 7])["slope"] == 30


def test_a_third_of_the_days_may_be_wild_and_the_slope_stays():
    scores = [50 + day / 10 for day in range(30)]
    wild = [0 if day % 4 == 1 else score for day, score in enumerate(scores)]
    assert one(wild)["slope"] == pytest.approx(3, abs=0.5)
    assert np.polyfit(range(30), wild, 1)[0] * 30 != pytest.approx(3, abs=1.5)


def test_the_slope_and_its_significance_worked_by_hand():
    # Scores 60, 62, 61, 65, 66 on five days: nine of the ten pairs rise and one falls, S = 8.
    # v = 5 x 4 x 15 / 18 = 16.667, z = 7 / 4.0825 = 1.7146, p = 0.0864. The slopes of the pairs,
    # in order: -1, 0.5, 1, 1.333, 1.5, 1.5, 1.667, 2, 2.5, 4; the middle two are both 1.5 a day.
    found = one([60, 62, 61, 65, 66])
    assert found["slope"] == 45
    assert found["significance"] == pytest.approx(0.0864, abs=5e-5)
    assert DIRECTIONS[found["direction"]] == "stable"


@pytest.mark.parametrize(
    ("daily", "expected"),
    [(0.1, "improving"), (0.098, "stable"), (0, "stable"), (-0.098, "stable"), (-0.1, "declining")],
)
def test_three_points_in_thirty_days_are_a_direction(daily, expected):
    assert state([50 + daily * day for day in range(30)]) == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([50], "too_short"),
        ([*[NAN] * 20, 1, 2, 3, 4], "too_short"),
        ([*range(30, 60), NAN], "unknown"),
        ([60, 61, 62, 63, 64], "improving"),
        ([60, 60.2, 60.4, 60.6, 60.8], "stable"),  # steep, but no three points yet
        ([70] * 25 + [40] * 5, "declining"),  # a step that has lasted
        ([70] * 29 + [40], "stable"),  # one day
        ([40, 70] * 15, "volatile"),
        ([70, 69] * 15, "stable"),
        ([*range(40, 70, 2), *range(70, 40, -2)], "volatile"),  # there and back
        ([90 - day + 8 * (day % 2) for day in range(30)], "declining"),
    ],
)
def test_the_state_is_one_word(scores, expected):
    """Requirement 000-22."""
    assert state(scores) == expected


@pytest.mark.parametrize(
    ("scores", "streak"),
    [
        ([50], 0),
        ([50, 51, 52], 2),
        ([50, 49, 51], 1),
        ([50, 51, 50, 49, 48], -3),
        ([50, 51, 51], 0),
        ([50, 51, NAN], 0),
        ([50, NAN, 51, 52], 1),
        (range(100), LOOK_BACK),
        (range(100, 0, -1), -LOOK_BACK),
    ],
)
def test_a_streak_counts_the_days_in_a_row_one_way(scores, streak):
    assert one([*scores])["streak"] == streak


@pytest.mark.parametrize(
    ("bands", "below"),
    [
        ([2], SINCE_NEVER),
        ([1], 0),
        ([2, 1, 0, 1], 2),
        ([1, 0, 2], SINCE_NEVER),
        ([0, 2, U, N], SINCE_NEVER),
        ([2, U, 1, N, U], 2),  # what is unknown neither begins nor ends it
        ([1] * 200, LOOK_BACK),
        ([1] * 5 + [N] * 10 + [1] * 85, 84),
        ([1] + [U] * LOOK_BACK, LOOK_BACK),
        ([1] + [U] * (LOOK_BACK + 1), SINCE_NEVER),  # too long ago to tell
    ],
)
def test_the_first_day_below_the_best_band_is_so_many_days_ago(bands, below):
    assert one([50] * len(bands), bands=bands)["below"] == below


@pytest.mark.parametrize(
    ("bands", "confirm", "band"),
    [
        ([2], 1, 2),
        ([2, 1], 1, 1),
        ([2, U], 1, U),
        ([2], 2, N),
        ([2, 2], 2, 2),
        ([2, 2, 1], 2, 2),
        ([2, 2, 1, 2, 1, 0, 1], 2, 2),
        ([2, 2, 1, 1], 2, 1),
        ([2, 2, N, 1, N, N, 1], 2, 1),  # days without a reading are passed over
        ([2, 2, 2, U, U], 3, 2),  # missing data does not move it at once,
        ([2, 2, 2, U, U, U], 3, U),  # but it does not stay for ever either
        ([2, 2, *[1, 0] * 60], 2, N),
        ([2] * 3 + [N] * (LOOK_BACK - 2) + [1], 3, N),
    ],
)
def test_a_band_is_confirmed_by_so_many_readings_in_a_row(bands, confirm, band):
    assert one([50] * len(bands), bands=bands, confirm=confirm)["confirmed"] == band


@st.composite
def matrices(draw):
    """Scores of four accounts on sixty days, with as many gaps as the draw says; often equal."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    scores = random.integers(0, draw(st.sampled_from([4, 10_001])), (4, 60)) / 100
    scores[random.random(scores.shape) < draw(st.sampled_from([0, 0.1, 0.5, 0.9, 1]))] = NAN
    return scores


@st.composite
def bands(draw, days=130):
    """Bands of three accounts, which stay for some days each."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    stay = draw(st.sampled_from([0.3, 0.7, 0.97]))
    codes = random.integers(NO_READING, 3, (3, days)).astype(np.int8)
    for day in range(1, days):
        stays = random.random(3) < stay
        codes[stays, day] = codes[stays, day - 1]
    return codes


@given(matrices())
def test_slope_and_significance_are_what_the_books_say(scores):
    found = trend(scores)
    for i, row in enumerate(scores[:, -30:]):
        known = [(day, value) for day, value in enumerate(row) if not np.isnan(value)]
        if len(known) < 5:
            assert np.isnan(found.slope[i, 0])
            assert np.isnan(found.significance[i, 0])
            continue
        pairs = [(b[0] - a[0], b[1] - a[1]) for a, b in combinations(known, 2)]
        slope = median(rise / days for days, rise in pairs) * 30
        assert found.slope[i, 0] == pytest.approx(slope, abs=1e-4)
        s = sum(int(np.sign(rise)) for _, rise in pairs)
        n, (_, sizes) = len(known), np.unique([value for _, value in known], return_counts=True)
        v = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in sizes)) / 18
        p = erfc(max(abs(s) - 1, 0) / sqrt(v) / sqrt(2)) if v else 1
        assert found.significance[i, 0] == pytest.approx(p, abs=1e-6)


@given(matrices(), st.sampled_from([1, 2, 9, 60]))
def test_a_range_of_days_is_each_day_alone_and_each_account_by_itself(scores, described):
    codes = np.where(np.isnan(scores), NO_READING, np.nan_to_num(scores) % 4 - 1).astype(np.int8)
    together = trend(scores, days=described, banded=Banded(codes, best=2, confirm=2))
    for i in range(described):
        account, end = i % len(scores), scores.shape[1] - described + i + 1
        alone = trend(
            scores[account : account + 1, :end],
            banded=Banded(codes[account : account + 1, :end], best=2, confirm=2),
        )
        for name in together.__dataclass_fields__:
            np.testing.assert_array_equal(
                getattr(together, name)[account, i], getattr(alone, name)[0, 0]
            )


@given(matrices())
def test_the_mirror_image_of_a_score_has_the_mirror_image_of_a_trend(scores):
    found, mirrored = trend(scores), trend(100 - scores)
    np.testing.assert_allclose(mirrored.slope, -found.slope)
    np.testing.assert_array_equal(mirrored.significance, found.significance)
    np.testing.assert_array_equal(mirrored.streak, -found.streak)
    swapped = np.array([2, 1, 0, 3, 4, -1], np.int8)
    np.testing.assert_array_equal(mirrored.direction, swapped[found.direction])


@given(matrices(), bands(), st.integers(1, 5))
def test_days_before_the_ninetieth_change_nothing(scores, codes, confirm):
    older = np.hstack([np.full((len(scores), 70), 13.0), scores, scores])[:3, -130:]
    banded = Banded(codes, best=2, confirm=confirm)
    near = Banded(codes[:, -LOOK_BACK - 1 :], best=2, confirm=confirm)
    found, expected = trend(older, banded=banded), trend(older[:, -LOOK_BACK - 1 :], banded=near)
    for name in found.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


@given(bands(days=40), st.integers(1, 5))
def test_standing_is_what_a_look_at_each_day_says(codes, confirm):
    found = trend(np.full(codes.shape, 50.0), banded=Banded(codes, best=2, confirm=confirm))
    for account, row in enumerate(codes):
        read = [code for code in row if code > NO_READING]
        runs = [read[i : i + confirm] for i in range(len(read) - confirm + 1)]
        stood = [run[0] for run in runs if len(set(run)) == 1]
        assert found.confirmed[account, 0] == (stood[-1] if stood else NO_READING)
        known = [(day, code) for day, code in enumerate(row) if code >= 0]
        best = [place for place, (_, code) in enumerate(known) if code == 2]
        after = known[best[-1] + 1 :] if best else known
        expected = len(row) - 1 - after[0][0] if after else SINCE_NEVER
        assert found.below[account, 0] == expected
