"""What holds for every scorecard and every account."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from include.scoring import score as module
from include.scoring.score import Scores, score

POINTS = st.integers(0, 10_000).map(lambda n: n / 100)
WEIGHTS = st.integers(0, 500).map(lambda n: n / 100)
READING = st.one_of(st.just(np.nan), st.floats(-2, 12), st.integers(0, 10).map(float))


@st.composite
def curves(draw):
    xs = draw(st.lists(st.integers(0, 40), min_size=2, max_size=5, unique=True))
    return [(x / 4, draw(POINTS)) for x in sorted(xs)]


@st.composite
def cards(draw):
    categories = {
        f"c{c}": (
            draw(WEIGHTS),
            draw(st.lists(st.tuples(WEIGHTS, curves()), min_size=1, max_size=4)),
        )
        for c in range(draw(st.integers(1, 4)))
    }
    assume(any(weight for weight, _ in categories.values()))
    assume(all(any(weight for weight, _ in measures) for _, measures in categories.values()))
    return categories


@st.composite
def accounts(draw, at_most=6):
    categories = draw(cards())
    measures = sum(len(own) for _, own in categories.values())
    row = st.lists(READING, min_size=measures, max_size=measures)
    return categories, np.array(draw(st.lists(row, min_size=1, max_size=at_most)))


def assert_same(one: Scores, other: Scores, rows=slice(None)):
    for field in Scores.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, field)[rows], getattr(other, field), field)


def by_hand(categories, readings):
    """Exact score, floor, ceiling and coverage of one row, from its rounded points."""
    sums = {"score": [], "floor": [], "ceiling": [], "coverage": []}
    points = iter(readings)
    for weight, measures in categories.values():
        own = [(Fraction(str(w)), next(points)) for w, _ in measures]
        full = sum(w for w, _ in own)
        known = [(w, Fraction(str(p))) for w, p in own if not np.isnan(p)]
        some = sum(w for w, _ in known)
        lowest = sum(w * p for w, p in known)
        outer = Fraction(str(weight))
        if some:
            sums["score"].append((outer, lowest / some))
        sums["floor"].append((outer, lowest / full))
        sums["ceiling"].append((outer, (lowest + 100 * (full - some)) / full))
        sums["coverage"].append((outer, some / full))
    return {
        name: float(sum(w * v for w, v in parts) / sum(w for w, _ in parts))
        if any(w for w, _ in parts)
        else np.nan
        for name, parts in sums.items()
    }


@given(accounts(at_most=3))
def test_scores_are_those_worked_by_hand(build_card, world):
    categories, readings = world
    scores = score(readings, build_card(categories))
    for i in range(len(readings)):
        for name, expected in by_hand(categories, scores.points[i]).items():
            assert getattr(scores, name)[i] == pytest.approx(expected, abs=6e-10, nan_ok=True)


@given(accounts())
def test_all_is_within_its_bounds(build_card, world):
    """Requirement 000-21."""
    categories, readings = world
    scores = score(readings, build_card(categories))
    for name in ("score", "raw", "floor", "ceiling", "categories", "points"):
        values = getattr(scores, name)
        assert ((values >= 0) & (values <= 100) | np.isnan(values)).all(), name
    assert ((scores.coverage >= 0) & (scores.coverage <= 1)).all()


@given(accounts())
def test_the_score_lies_between_floor_and_ceiling_and_meets_them_at_full_coverage(
    build_card, world
):
    """It always does: leaving weight to the known is the same as giving the unknown the mean of
    the known around it, which is neither below 0 nor above 100."""
    categories, readings = world
    scores = score(readings, build_card(categories))
    known = ~np.isnan(scores.score)
    assert (scores.floor[known] <= scores.score[known]).all()
    assert (scores.score[known] <= scores.ceiling[known]).all()
    full = scores.coverage == 1
    np.testing.assert_array_equal(scores.floor[full], scores.score[full])
    np.testing.assert_array_equal(scores.ceiling[full], scores.score[full])


@given(accounts())
def test_floor_and_ceiling_are_as_far_apart_as_weight_is_unknown(build_card, world):
    categories, readings = world
    scores = score(readings, build_card(categories))
    np.testing.assert_allclose(
        scores.ceiling - scores.floor, 100 * (1 - scores.coverage), atol=1e-7
    )


@given(accounts(at_most=2), st.data())
def test_whatever_the_unknown_turns_out_to_be_the_score_was_between_the_bounds(
    build_card, world, data
):
    categories, readings = world
    card = build_card(categories)
    before = score(readings, card)
    gaps = np.isnan(readings)
    count = int(gaps.sum())
    found = data.draw(st.lists(st.floats(-2, 12), min_size=count, max_size=count))
    filled = readings.copy()
    filled[gaps] = found
    after = score(filled, card).score
    assert (before.floor <= after + 2e-9).all()
    assert (after <= before.ceiling + 2e-9).all()


@given(accounts(at_most=1), st.data())
def test_a_better_reading_of_a_rising_curve_never_lowers_the_score(build_card, world, data):
    categories, readings = world
    rising = {
        name: (
            weight,
            [
                (w, list(zip([x for x, _ in c], sorted(p for _, p in c), strict=True)))
                for w, c in own
            ],
        )
        for name, (weight, own) in categories.items()
    }
    j = data.draw(st.integers(0, readings.shape[1] - 1))
    low, high = sorted(data.draw(st.tuples(st.floats(-2, 12), st.floats(-2, 12))))
    pair = np.repeat(readings, 2, axis=0)
    pair[:, j] = low, high
    scores = score(pair, build_card(rising))
    for name in ("score", "floor", "ceiling", "raw"):
        worse, better = getattr(scores, name)
        assert worse <= better or (np.isnan(worse) and np.isnan(better)), name
    assert scores.points[0, j] <= scores.points[1, j]


@given(accounts(), st.sampled_from([2, 3, 7, 10]), st.sampled_from([2, 5, 9]))
def test_scaling_all_weights_changes_nothing(build_card, world, outer, inner):
    categories, readings = world
    scaled = {
        name: (round(weight * outer, 2), [(round(w * inner, 2), curve) for w, curve in own])
        for name, (weight, own) in categories.items()
    }
    assert_same(score(readings, build_card(categories)), score(readings, build_card(scaled)))


@given(accounts(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(build_card, world, random):
    categories, readings = world
    card = build_card(categories)
    order = random.sample(range(len(readings)), len(readings))
    assert_same(score(readings, card), score(readings[order], card), order)


@given(accounts())
def test_an_account_scores_the_same_without_the_others(build_card, world):
    categories, readings = world
    card = build_card(categories)
    together = score(readings, card)
    for i in range(len(readings)):
        assert_same(together, score(readings[i : i + 1], card), slice(i, i + 1))


@given(accounts())
def test_the_layout_of_the_readings_in_memory_changes_nothing(build_card, world):
    categories, readings = world
    card = build_card(categories)
    assert_same(score(readings, card), score(np.asfortranarray(readings), card))


def test_one_row_scores_as_in_a_great_many_to_the_last_bit(retention):
    random = np.random.default_rng(3)
    many = random.uniform(0, 40, (3 * module.ROWS + 17, len(retention.measures)))
    many[random.random(many.shape) < 0.2] = np.nan
    together = score(many, retention)
    for i in [0, 1, module.ROWS - 1, module.ROWS, 2 * module.ROWS + 5, len(many) - 1]:
        assert_same(together, score(many[i : i + 1], retention), slice(i, i + 1))


@given(accounts())
def test_what_the_drivers_cost_is_missing_from_a_hundred(build_card, world):
    """Where at most three measures are known, their costs are all there is."""
    categories, readings = world
    scores = score(readings, build_card(categories))
    few = (~np.isnan(readings)).sum(axis=1) <= 3
    known = few & ~np.isnan(scores.score)
    np.testing.assert_allclose(
        scores.costs[known].sum(axis=1), 100 - scores.score[known], atol=1e-8
    )
