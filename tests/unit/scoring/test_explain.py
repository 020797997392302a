"""The account of docs/scoring.md, and what holds for every account taken apart."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.apportion import apportion
from include.scoring.explain import take_apart
from include.scoring.score import score
from include.scoring.scorecard import load_scorecard

NAN = np.nan
LINE = [(0, 0), (100, 100)]

# docs/scoring.md, "One account by hand": reading, points, contributed, lost.
BY_HAND = {
    "active_seat_share_28d": (0.35, 42.5, 5.1, 6.9),
    "active_days_28d": (10, 70, 5.6, 2.4),
    "usage_change_28d": (0.9, 72.5, 5.8, 2.2),
    "features_used_28d": (3, 70, 5.6, 2.4),
    "days_since_use": (1, 100, 4, 0),
    "tickets_opened_30d": (4, 100, 5, 0),
    "urgent_tickets_open": (1, 60, 6, 4),
    "csat_90d": (None, None, 0, 0),
    "solve_hours_90d": (36, 72.5, 3.625, 1.375),
    "overdue_days": (30, 40, 4, 6),
    "late_invoice_share_180d": (0.25, 61.666666667, 3.083333333, 1.916666667),
    "days_since_review": (120, 86.666666667, 8.666666667, 1.333333333),
    "meetings_90d": (2, 80, 4, 1),
    "csm_pulse": (2, 25, 2.5, 7.5),
}
CATEGORIES = {
    "adoption": 65.25,
    "support": 73.125,
    "billing": 47.222222222,
    "relationship": 60.666666667,
}


@pytest.fixture(scope="module")
def readings():
    return np.array([NAN if row[0] is None else row[0] for row in BY_HAND.values()], np.float64)


def test_the_account_worked_by_hand_scores_as_printed(retention, readings):
    found = take_apart(readings, retention)
    assert retention.measure_names == tuple(BY_HAND)
    assert (found.score, found.raw) == (62.975, 67.756410256)
    assert (found.floor, found.ceiling, found.coverage) == (58.1, 64.766666667, 0.933333333)
    assert (found.band, found.band_because) == ("yellow", 'The band "yellow" begins at 60.')
    assert {category.name: category.score for category in found.categories} == CATEGORIES
    for category in found.categories:
        for part in category.measures:
            reading, points, contributed, lost = BY_HAND[part.name]
            assert (part.reading, part.points) == (reading, points)
            assert part.contributed == pytest.approx(contributed, abs=1.1e-9), part.name
            assert part.lost == pytest.approx(lost, abs=1.1e-9), part.name


def test_the_drivers_of_that_account_are_the_three_costliest(retention, readings):
    scores = score(readings[None, :], retention)
    names = [retention.measure_names[j] for j in scores.drivers[0]]
    assert names == ["csm_pulse", "active_seat_share_28d", "overdue_days"]
    assert scores.costs.tolist() == [[7.5, 6.9, 6]]


def test_every_number_of_that_account_stands_in_the_documentation(scorecards, retention, readings):
    """Requirement 001-26."""
    text = (scorecards.parent / "docs" / "scoring.md").read_text()
    found = take_apart(readings, retention)
    rows = [part for category in found.categories for part in category.measures]
    assert len(rows) == 14
    for part in rows:
        weight = "" if part.reading is None else f"{part.weight:.4f}".rstrip("0").rstrip(".")
        cells = [part.reading, part.points, weight, part.contributed, part.lost]
        line = next(line for line in text.splitlines() if line.startswith(f"| `{part.name}` "))
        assert [cell.strip() for cell in line.split("|")[2:-1]] == [
            "unknown" if cell is None else printed(cell) for cell in cells
        ]
    for number in (found.score, found.raw, found.floor, found.ceiling, found.coverage):
        assert f" {printed(number)}\n" in text, number
    for category in found.categories:
        assert f"= {printed(category.score)}\n" in text, category.name


def printed(cell):
    return cell if isinstance(cell, str) else f"{cell:.9f}".rstrip("0").rstrip(".")


def test_what_is_good_and_why_something_is_unknown_stand_beside_the_reading(retention, readings):
    """Requirements 000-20, 004-02."""
    found = take_apart(readings, retention)
    support = found.categories[1].measures
    assert support[1].good == "none"
    assert support[1].unknown_because is None
    assert support[2].unknown_because == (
        "ratings_good is not known for this account yet, or ratings_answered is not known for this "
        "account yet, or ratings_answered is 0"
    )


@pytest.mark.parametrize(
    ("known", "because"),
    [
        ([], "Nothing that weighs is known, so there is no score."),
        ([13], "Only 10.0% of the weight is known; the scorecard asks for 50.0%."),
    ],
)
def test_an_account_without_a_band_is_told_why(retention, readings, known, because):
    few = np.full_like(readings, NAN)
    few[known] = readings[known]
    found = take_apart(few, retention)
    assert (found.band, found.action, found.band_because) == (None, None, because)


def test_a_doubtful_band_shows_the_range(build_card):
    card = build_card({"a": (1.0, [(1.0, LINE)] * 4)}, unknown_when_straddling=True)
    found = take_apart(np.array([50, 50, 50, NAN]), card)
    assert found.band_because == ("What is unknown could put the score anywhere from 37.5 to 62.5.")


def exact(values):
    return sum(Decimal(str(value)) for value in values)


@given(
    st.lists(st.one_of(st.just(NAN), st.floats(-1, 400)), min_size=14, max_size=14),
    st.integers(0, 9),
)
def test_the_parts_sum_to_the_score_as_decimals_at_any_rounding(retention, row, places):
    found = take_apart(np.array(row), retention, places=places)
    parts = [part for category in found.categories for part in category.measures]
    if found.score is None:
        assert all(part.weight == part.contributed == part.lost == 0 for part in parts)
        return
    assert exact(part.contributed for part in parts) == Decimal(str(found.score))
    assert exact(part.lost for part in parts) == 100 - Decimal(str(found.score))
    assert exact(part.weight for part in parts) == 100
    for part in (*parts, *found.categories):
        assert part.contributed >= 0
        assert part.lost >= 0
        assert exact([part.contributed, part.lost]) == Decimal(str(part.weight))
    for category in found.categories:
        assert exact(p.contributed for p in category.measures) == Decimal(str(category.contributed))
    for part in parts:
        if part.points in (None, 0):
            assert part.contributed == 0
        if part.points in (None, 100):
            assert part.lost == 0


@given(st.lists(st.fractions(0, 50, max_denominator=97), min_size=1, max_size=12), st.booleans())
def test_apportioned_parts_sum_to_the_whole_and_stay_within_one(parts, up):
    total = sum(parts)
    whole = -(-total // 1) if up else total // 1
    rounded = apportion(parts, int(whole))
    assert sum(rounded) == whole
    assert all(abs(r - part) < 1 for r, part in zip(rounded, parts, strict=True))


def test_what_is_left_over_goes_to_the_largest_remainder_the_first_among_equals():
    third = Fraction(100, 3)
    assert apportion([third, third, third], 100) == [34, 33, 33]
    assert apportion([Fraction(1, 4), Fraction(3, 4), Fraction(1)], 2) == [0, 1, 1]


def test_a_tie_is_rounded_as_decimals_are_for_the_score_as_for_its_parts(retention):
    row = [400.0, NAN, NAN, NAN, NAN, 0.0, 0.0, 1.0, 1.0, NAN, NAN, 0.8875840304419146, 1.0]
    found = take_apart(np.array([*row, 12.12562468149777]), retention, places=8)
    parts = [part.contributed for one in found.categories for part in one.measures]
    assert exact(parts) == Decimal(str(found.base))


@pytest.mark.parametrize(
    ("reading", "level"),
    [
        (1, "leaving"),
        (5, "advocate"),
        (0, None),
        (6, None),
        (2.5, None),
        (np.inf, None),
        (NAN, None),
    ],
)
def test_a_pulse_has_the_level_that_a_person_set_or_none(scorecards, reading, level):
    card = load_scorecard(scorecards / "examples/retention_by_segment.v1.yaml")
    [place] = [j for j, measure in enumerate(card.measures) if measure.levels]
    readings = np.full(len(card.measures), NAN)
    readings[place] = reading
    parts = [
        part for category in take_apart(readings, card).categories for part in category.measures
    ]
    assert parts[place].level == level
