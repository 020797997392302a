"""What a score makes of an account's course through its term. Each by its requirement."""

import numpy as np
import pytest

from include.pipeline.circumstances import months_of
from include.scoring.context import Context, circumstances_of
from include.scoring.readings import read
from include.scoring.score import score
from include.scoring.scorecard import Scorecard
from tests.unit.scoring.worlds import series

START = 20_454  # 2026-01-01
YEAR = 365
SEATS = 10


def account(active_from, until=YEAR):
    """A term of ten seats; from some day of it all of them are in use on every day, daily."""
    days = range(START + active_from, START + until)
    return {
        "seats": [(0, START, SEATS)],
        "events": [(0, day, 50) for day in days],
        "active_users_28d": [(0, days[0], SEATS)],
        "active_features_28d": [(0, days[0], 6)],
    }


def scored_on(day, card, rows):
    """The scores of one account on a day of its term, 0 the first, by what the series hold."""
    readings = read(
        [measure.reading for measure in card.measures],
        {name: series(own, [START]) for name, own in rows.items()},
        accounts=1, first_day=START + day, last_day=START + day,
        term_start=np.array([[START]], np.int32),
    )[0]  # fmt: skip
    month = int(months_of(np.array([START], np.int32), np.array([START + day], np.int32))[0])
    context = Context(month=month, attributes={"segment": "smb"})
    return readings, score(readings, card, circumstances_of(np.zeros(1, np.intp), [context]))


def test_001_17_eleven_unused_months_and_full_use_in_the_twelfth_do_not_look_healthy(adoption):
    silent, steady = account(active_from=334), account(active_from=0)
    _, late = scored_on(YEAR - 1, adoption, silent)
    _, sustained = scored_on(YEAR - 1, adoption, steady)
    bands = [adoption.bands[found.band[0]].name for found in (late, sustained)]
    assert bands == ["growing", "adopted"]
    assert late.score[0] < sustained.score[0] - 12


def test_001_09_a_milestone_that_was_missed_stays_missed(build_card):
    seats_used = {
        "op": "divide", "top": {"op": "level", "series": "active_users_28d"},
        "bottom": {"op": "level", "series": "seats"},
    }  # fmt: skip
    by_month_6 = {"op": "milestone", "of": seats_used, "month": 6, "target": 0.8}
    content = build_card({"a": (1.0, [(1.0, [(0, 0), (1, 100)])])}).model_dump(by_alias=True)
    content["categories"][0]["measures"][0]["reading"] = by_month_6
    card = Scorecard.model_validate(content)
    found = [scored_on(YEAR - 1, card, account(active_from=day))[1] for day in (0, 170, 334)]
    assert [one.score[0] for one in found] == [100, 100, 0]


def test_001_10_the_time_to_the_first_value_counts_for_the_whole_term(adoption):
    at = adoption.measure_names.index("days_to_first_use")
    found = {day: scored_on(YEAR - 1, adoption, account(day)) for day in (14, 30, 90)}
    assert {day: readings[0, at] for day, (readings, _) in found.items()} == {
        14: 14, 30: 30, 90: 90,
    }  # fmt: skip
    assert [float(scores.points[0, at]) for _, scores in found.values()] == [100, 70, 10]


def test_001_18_the_same_use_is_worth_less_as_the_term_goes_on(example):
    """Two of ten seats: on target in the first month, half of it in the third, a quarter later."""
    rows = account(active_from=0) | {"active_users_28d": [(0, START, 2)]}
    at = example.measure_names.index("active_seat_share_28d")
    points = [float(scored_on(day, example, rows)[1].points[0, at]) for day in (28, 80, 160, 300)]
    assert points == [
        pytest.approx(90), pytest.approx(0.2 / (0.8 * 0.6) * 80),
        pytest.approx(0.25 * 80), pytest.approx(0.25 * 80),
    ]  # fmt: skip
