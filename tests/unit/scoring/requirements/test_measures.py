"""The signs that the card we ship reads, from what happened to their points. By requirement."""

import math

import pytest

from include.scoring.readings import read
from include.scoring.score import score
from tests.unit.scoring.worlds import series

DAY, KNOWN = 20_500, 20_000


@pytest.fixture(scope="module")
def points(retention):
    """The points of every measure by what happened: the days before DAY, and values, by series."""

    def points(**happened):
        own = {
            name: series([(0, DAY - days, value) for days, value in sorted(rows, reverse=True)],
                         [KNOWN])
            for name, rows in happened.items()
        }  # fmt: skip
        specs = [measure.reading for measure in retention.measures]
        readings = read(specs, own, accounts=1, first_day=DAY, last_day=DAY)[0]
        found = score(readings, retention)
        worth = dict(zip(retention.measure_names, found.points[0].tolist(), strict=True))
        return {name: value for name, value in worth.items() if not math.isnan(value)}

    return points


def test_000_13_who_uses_it_daily_has_more_points_than_who_does_so_weekly(points):
    """How often it is used, 002-08, told from how much: the events are as many."""
    daily = points(events=[(days, 1) for days in range(28) if days % 7 < 5])
    weekly = points(events=[(days, 5) for days in (2, 9, 16, 23)])
    assert (daily["active_days_28d"], weekly["active_days_28d"]) == (100, 40)


def test_002_09_every_further_feature_in_use_is_worth_more(points):
    """Narrow use is a sign of its own: 004-07."""
    found = [points(active_features_28d=[(60, n)])["features_used_28d"] for n in (1, 3, 6)]
    assert found == [30, 70, 100]


def test_004_07_a_lack_of_use_shows_in_days(points):
    found = [points(events=[(days, 9)])["days_since_use"] for days in (3, 14, 30)]
    assert found == [100, 40, 0]


@pytest.mark.parametrize(("days", "worth"), [(90, 100), (180, 60), (365, 0)])
def test_002_18_a_sponsor_who_was_not_met_for_long_costs_points(points, days, worth):
    assert points(reviews_held=[(days, 1)])["days_since_review"] == worth


def test_002_19_meetings_with_the_people_of_the_day_to_day_count(points):
    found = [points(meetings_held=[(days, 1) for days in held]) for held in ((5, 40, 80), (5,))]
    assert [one["meetings_90d"] for one in found] == [100, 60]
    assert points(meetings_held=[(200, 1)])["meetings_90d"] == 20


def test_002_07_a_relationship_is_judged_by_reviews_meetings_and_the_managers_word(
    points, retention
):
    assert set(points(reviews_held=[(9, 1)], meetings_held=[(9, 1)], pulse=[(9, 4)])) == {
        measure.name for measure in retention.categories[-1].measures
    }


def test_001_12_what_a_manager_enters_counts_until_it_is_too_old(points):
    """Every quarter is often enough: after 120 days nothing is known, which is not a bad pulse."""
    assert points(pulse=[(100, 2), (30, 4)]) == {"csm_pulse": 85}
    assert points(pulse=[(120, 2)]) == {"csm_pulse": 25}
    assert points(pulse=[(121, 2)]) == {}


def test_001_08_answers_after_support_cases_are_judged_by_the_share_of_good_ones(points):
    found = points(ratings_answered=[(5, 10), (95, 40)], ratings_good=[(5, 8), (95, 40)])
    assert found == {"csat_90d": 60}


def test_urgent_problems_that_stay_open_cost_more_than_tickets_as_such(points):
    found = points(tickets_opened=[(9, 3)], tickets_urgent_open=[(9, 3)])
    assert found == {"tickets_opened_30d": 100, "urgent_tickets_open": 10}
