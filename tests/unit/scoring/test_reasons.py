import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.reasons import (
    main_driver,
    main_drivers,
    main_reason,
    main_reasons,
    shown,
)
from include.scoring.score import score

NAN = np.nan
LINE = [(0, 0), (100, 100)]


@pytest.fixture(scope="module")
def card(build_card):
    return build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)]), "b": (1.0, [(2.0, LINE)])})


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([50, 50, 50], [50, 17.2, 50], "Label of m1 fell from 50 to 17.2 (-8.2 points)."),
        ([50, 50, 50], [60, 10, 55], "Label of m1 fell from 50 to 10 (-10.0 points)."),
        ([50, 50, 50], [70, 40, 52], "Label of m0 rose from 50 to 70 (+5.0 points)."),
        ([50, 50, 50], [90, 20, 40], "Label of m1 fell from 50 to 20 (-7.5 points)."),
        ([50, 50, 50], [90, 10, 50], "Label of m0 rose from 50 to 90 (+10.0 points)."),
        ([50, 50, NAN], [50, 50, 10], "Label of m2 became known: 10 (-20.0 points)."),
        ([50, 50, 90], [50, 50, NAN], "Label of m2 is no longer known; it was 90 (-20.0 points)."),
        ([50, 50, 50], [50, 50, 50], "No measure moved the score."),
        ([50, 50, 50], [50, 50.1, 50], "No measure moved the score."),
        ([50, 120, 50], [50, 500, 50], "No measure moved the score."),
        ([NAN, NAN, NAN], [50, 50, 50], "No earlier score to compare with."),
        (
            [50, 50, 50],
            [NAN, NAN, NAN],
            "Nothing is known about this account, so it has no score.",
        ),
    ],
)
def test_the_reason_is_the_measure_that_moved_the_score_most(card, before, after, sentence):
    assert main_reason(np.array(before, float), np.array(after, float), card) == sentence


def test_without_an_earlier_day_there_is_no_reason(card):
    assert main_reason(None, np.array([1.0, 2.0, 3.0]), card) == "No earlier score to compare with."


def test_the_reason_reads_like_a_sentence_on_the_default_card(retention):
    before = np.full(14, NAN)
    before[0], before[2] = 0.61, 1.0
    after = before.copy()
    after[0] = 0.34
    assert main_reason(before, after, retention) == (
        "Share of seats active in 28 days fell from 0.61 to 0.34 (-20.0 points)."
    )


readings = st.lists(
    st.lists(st.one_of(st.just(NAN), st.floats(0, 100)), min_size=3, max_size=3),
    min_size=1,
    max_size=5,
).map(np.array)


@given(readings, st.data())
def test_many_rows_have_the_reasons_of_each_alone(card, before, data):
    after = before[data.draw(st.permutations(range(len(before))))]
    together = main_reasons(before, after, card)
    assert together == [main_reason(b, a, card) for b, a in zip(before, after, strict=True)]
    assert main_drivers(after, card) == [main_driver(row, card) for row in after]


@given(readings)
def test_a_reason_never_points_away_from_the_change(card, before):
    after = before[::-1].copy()
    change = score(after, card).score - score(before, card).score
    for sentence, moved in zip(main_reasons(before, after, card), change, strict=True):
        if "points" in sentence and abs(moved) >= 0.05:
            assert ("(+" in sentence) == (moved > 0), sentence


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([50, 20, 80], "Label of m1 is 20 and costs 20.0 points."),
        ([100, 100, 100], "No measure costs this account points."),
        ([NAN, NAN, NAN], "Nothing is known about this account, so it has no score."),
        ([NAN, 20, NAN], "Label of m1 is 20 and costs 80.0 points."),
    ],
)
def test_the_main_driver_is_the_costliest_measure(card, row, sentence):
    assert main_driver(np.array(row, float), card) == sentence


@pytest.mark.parametrize(
    ("reading", "other", "text"),
    [
        (0.614, None, "0.61"),
        (0.614, 0.612, "0.614"),
        (12, None, "12"),
        (1_234.5, None, "1,234.5"),
        (0, None, "0"),
        (100, 1, "100"),
        (0.000000001, 0, "0.000000001"),
    ],
)
def test_a_reading_shows_as_many_decimals_as_it_needs(reading, other, text):
    assert shown(reading, other) == text
