"""A holding and its daughters worked by hand: what is known, what is not, and who drags."""

import numpy as np
import pytest

from include.errors import FixConfig
from include.scoring import members as blocks
from include.scoring.family import combine, parts_of
from include.scoring.readings import read
from include.scoring.scorecard import parse_scorecard
from tests.unit.scoring.families import CURVE, MEASURES, NAN, members, with_measures
from tests.unit.scoring.test_bad_scorecards import AT, GOOD
from tests.unit.scoring.worlds import FIRST, series

HOLDING = members([(0, 1, 0, 9), (0, 2, 0, 9)])  # two daughters, counted from the day FIRST


@pytest.fixture(scope="session")
def card_of(build_card):
    def build(family, reading):
        return with_measures(build_card({"a": (1.0, [(1.0, CURVE)])}), [(family, reading)])

    return build


def combined(card, *parts, **known):
    """One day of the holding and its daughters; parts: each part's three readings."""
    if "weights" in known:
        known["weights"] = np.array(known["weights"])[:, None]
    if "customers" in known:
        known["customers"] = np.array(known["customers"])[:, None]
    found = np.array(parts).T[:, None, :]
    return combine(found, card, members=HOLDING, first_day=FIRST, **known)


SUM = {"op": "sum", "series": "events"}
AGE = {"op": "days_since_last", "series": "events"}
SHARE = {"op": "divide", "top": SUM, "bottom": {"op": "level", "series": "seats"}}


def test_a_division_is_summed_above_and_below_the_line(card_of):
    found = combined(card_of("sum", SHARE), [2.0, 10.0, 0.0], [10.0, 10.0, 0.0])
    np.testing.assert_array_equal(found.readings[:, 0, 0], [0.6, 1.0, NAN])


def test_a_sum_with_a_gap_is_unknown_and_not_smaller(card_of):
    found = combined(card_of("sum", SUM), [2.0, NAN, 3.0])
    np.testing.assert_array_equal(found.readings[:, 0, 0], [NAN, NAN, 3.0])


def test_one_that_is_no_customer_is_left_out_and_does_not_make_the_sum_unknown(card_of):
    known = {"customers": [True, False, True]}
    found = combined(card_of("sum", SUM), [2.0, NAN, 3.0], **known)
    np.testing.assert_array_equal(found.readings[:, 0, 0], [5.0, NAN, 3.0])


def test_a_holding_that_is_no_customer_itself_reads_what_its_daughters_do(card_of):
    known = {"customers": [False, True, True]}
    assert combined(card_of("sum", SUM), [NAN, 4.0, 3.0], **known).readings[0, 0, 0] == 7.0


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1.0, 1.0, 2.0], 5.0),  # (1 x 2 + 2 x 6.5) / 3
        ([1.0, 0.0, 0.0], 2.0),
        ([0.0, 9.0, 0.0], NAN),  # all the revenue is where nothing is known
        ([1.0, 3.0, 2.0], 5.0),  # known: 3 of 6, just enough
        ([1.0, 3.1, 2.0], NAN),
        ([NAN, 1.0, 1.0], 6.5),  # revenue unknown: no say
        ([NAN, NAN, NAN], NAN),
        ([-5.0, 0.0, 1.0], 6.5),
    ],
)
def test_a_mean_by_revenue_asks_for_half_of_it_to_be_known(card_of, weights, expected):
    found = combined(card_of("weighted", AGE), [2.0, NAN, 6.5], weights=weights)
    np.testing.assert_array_equal(found.readings[0, 0, 0], expected)


def test_without_revenue_there_is_no_mean_by_revenue(card_of):
    found = combined(card_of("weighted", AGE), [2.0, 1.0, 6.5])
    np.testing.assert_array_equal(found.readings[:, 0, 0], [NAN, 1.0, 6.5])


@pytest.mark.parametrize(
    ("readings", "expected", "whose"),
    [
        ([1.0, 3.0, 2.0], 3.0, 1),  # the most days are the fewest points
        ([5.0, 4.0, 9.0], 4.0, 1),  # all 0 points: the smallest reading
        ([9.0, 4.0, 4.0], 4.0, 1),  # and of equal ones the first
        ([NAN, NAN, 2.0], 2.0, 2),
        ([0.5, NAN, 0.0], 0.5, 0),
        ([NAN, NAN, NAN], NAN, -1),
    ],
)
def test_the_worst_has_the_fewest_points_and_can_be_named(card_of, readings, expected, whose):
    found = combined(card_of("worst", AGE), readings)
    np.testing.assert_array_equal(found.readings[0, 0, 0], expected)
    assert found.worst[0][0, 0] == whose


def test_membership_is_of_the_day(card_of):
    rows = members([(0, 1, 1, 1), (0, 2, 2, 9)])
    parts = np.array([[1.0] * 4, [10.0] * 4, [100.0] * 4])[:, :, None]
    found = combine(parts, card_of("sum", SUM), members=rows, first_day=FIRST)
    assert found.readings[0, :, 0].tolist() == [1.0, 11.0, 101.0, 101.0]


def test_a_middle_account_has_a_family_of_its_own(card_of):
    rows = members([(0, 1, 0, 0), (0, 2, 0, 0), (1, 2, 0, 0)])
    parts = np.array([[1.0], [10.0], [100.0]])[:, :, None]
    found = combine(parts, card_of("sum", SUM), members=rows, first_day=FIRST)
    assert found.readings[:, 0, 0].tolist() == [111.0, 110.0, 100.0]


def test_tenths_of_many_daughters_add_up_exactly(card_of):
    rows = members([(0, child, 0, 0) for child in range(1, 10)])
    parts = np.full((10, 1, 1), 0.1)
    found = combine(parts, card_of("sum", SUM), members=rows, first_day=FIRST)
    assert found.readings[0, 0, 0] == 1.0


@pytest.mark.parametrize("large", [3e12, 1e300])
def test_a_sum_that_is_too_large_to_be_exact_is_unknown(card_of, large):
    rows = members([(0, 1, 0, 0), (2, 3, 0, 0)])
    parts = np.array([[large], [large], [1.0], [2.0]])[:, :, None]
    found = combine(parts, card_of("sum", SUM), members=rows, first_day=FIRST)
    assert found.readings[::2, 0, 0].tolist() == [pytest.approx(NAN, nan_ok=True), 3.0]


def test_families_of_many_blocks_read_like_each_alone(card_of):
    families, days = 300, 400
    parent = np.arange(families) * 3
    rows = [(p, c, 0, 9_999) for p in parent for c in (p + 1, p + 2)]
    assert 3 * families * days > blocks.CELLS, "there is more than one block"
    parts = np.random.default_rng(1).integers(0, 9, (3 * families, days, 1)).astype(float)
    found = combine(parts, card_of("sum", SUM), members=members(rows), first_day=FIRST)
    expected = parts[parent] + parts[parent + 1] + parts[parent + 2]
    np.testing.assert_array_equal(found.readings[parent], expected)


def test_an_account_with_nobody_below_it_reads_as_without_a_family(build_card):
    built = build_card({"a": (1.0, [(1.0, CURVE)] * len(MEASURES))})
    card = with_measures(built, MEASURES)
    own = with_measures(built, [("own", reading) for _, reading in MEASURES])
    values = np.random.default_rng(1).integers(0, 9, (2, 4, 50)) / 10
    rows = {
        name: series(
            [(a, FIRST - 40 + d, value) for (a, d), value in np.ndenumerate(these)],
            [FIRST - 60] * 4,
        )
        for name, these in zip(("events", "seats"), values, strict=True)
    }
    span = {"accounts": 4, "first_day": FIRST, "last_day": FIRST + 4}
    parts = read(parts_of(card), rows, **span)
    found = combine(parts, card, members=members([]), first_day=FIRST)
    plain = read([measure.reading for measure in own.measures], rows, **span)
    assert not np.isnan(plain).all(axis=(0, 1)).any(), "every measure has readings"
    np.testing.assert_array_equal(found.readings, plain)
    np.testing.assert_array_equal(found.worst[5][:, 0], range(4))


@pytest.mark.parametrize(
    ("family", "message"),
    [
        (
            "sum",
            (
                "readings of active_days do not add up over accounts; valid here: own, weighted, "
                "worst."
            ),
        ),
        ("wurst", '"wurst" is not valid; did you mean "worst"?'),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(family, message):
    text = GOOD.replace("        why: Use", f"        family: {family}\n        why: Use")
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(text, "demo.v1.yaml")
    assert str(caught.value) == f"demo.v1.yaml, line 20, {AT}[0].family: {message}"
