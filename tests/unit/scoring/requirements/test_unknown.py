"""Nothing unknown is scored as zero, neutral or perfect, unless the card says so."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from include.scoring.score import score
from include.scoring.scorecard import parse_scorecard
from tests.unit.scoring.test_bad_scorecards import GOOD

WEIGHTS = st.sampled_from([0.5, 0.85, 1.0, 1.25, 3.0])
CATEGORY = st.tuples(WEIGHTS, st.lists(WEIGHTS, min_size=1, max_size=4))
LINE = [(0, 0), (100, 100)]
SAID = "        curve: [[0, 0], [20, 100]]\n"


def without(categories, is_known):
    """The categories with the measures of which something is known, and no others."""
    known = iter(is_known)
    left = [(weight, [own for own in inner if next(known)]) for weight, inner in categories]
    return [(weight, inner) for weight, inner in left if inner]


@given(st.lists(CATEGORY, min_size=1, max_size=4), st.data())
def test_an_account_scores_as_if_nobody_had_asked_what_is_unknown_of_it(
    build_card, categories, data
):
    """Not as if it were 0, neutral or perfect: a card without those measures says the same."""
    count = sum(len(inner) for _, inner in categories)
    gaps = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    assume(any(gaps) and not all(gaps))
    points = data.draw(st.lists(st.integers(0, 100), min_size=count, max_size=count))
    row, gaps = np.array([points], np.float64), np.array(gaps)
    asked = build_card(as_content(categories))
    unasked = build_card(as_content(without(categories, ~gaps)))
    with_gaps = score(np.where(gaps, np.nan, row), asked)
    alone = score(row[:, ~gaps], unasked)
    assert with_gaps.score.tolist() == alone.score.tolist()
    assert with_gaps.coverage[0] < alone.coverage[0] == 1
    assert with_gaps.floor[0] < with_gaps.ceiling[0]
    assert alone.floor.tolist() == alone.ceiling.tolist() == alone.score.tolist()


def as_content(categories):
    return {
        f"c{n}": (weight, [(own, LINE) for own in inner])
        for n, (weight, inner) in enumerate(categories)
    }


@pytest.mark.parametrize("assumed", [0, 10, 20])  # zero, neutral, perfect
def test_an_unknown_reading_is_worth_none_of_what_it_might_be_taken_for(assumed):
    card = parse_scorecard(GOOD, "x")
    unknown, taken = score(np.array([[np.nan, 0.25], [assumed, 0.25]]), card).score
    assert unknown == 30
    assert taken != unknown


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("", 30), ("unknown", 30), ("zero", 7.5), ("{neutral: 50}", 45), ("{neutral: 100}", 82.5)],
)
def test_what_the_unknown_counts_for_is_what_the_card_says_and_else_nothing(policy, expected):
    line = f"        when_unknown: {policy}\n" if policy else ""
    card = parse_scorecard(GOOD.replace(SAID, SAID + line), "x")
    assert score(np.array([[np.nan, 0.25]]), card).score.tolist() == [expected]


@pytest.mark.parametrize("policy", ["unknown", "zero", "{neutral: 50}"])
def test_where_nothing_is_known_no_policy_makes_up_a_score(policy):
    line = f"        when_unknown: {policy}\n"
    card = parse_scorecard(GOOD.replace(SAID, SAID + line) + line, "x")
    found = score(np.full((1, 2), np.nan), card)
    assert np.isnan(found.score[0])
    assert found.band.tolist() == [-1]


def test_a_gap_in_any_measure_of_the_card_we_ship_shows_in_coverage_and_bounds(retention):
    count = len(retention.measures)
    rows = np.full((count, count), 5.0)
    rows[np.diag_indices(count)] = np.nan
    found = score(rows, retention)
    assert (found.coverage < 1).all()
    assert (found.ceiling - found.floor).tolist() == pytest.approx(
        (100 * retention.effective_weights).tolist()
    )
