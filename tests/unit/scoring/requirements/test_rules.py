"""What rules and people do to a score, on the example card. Each by its requirement."""

import pytest

from include.scoring.context import Context, Override
from include.scoring.explain import take_apart
from include.scoring.flags import flags_raised
from include.scoring.path import find_path
from tests.unit.scoring.requirements.conftest import at_its, in_order, stood


def factor(found):
    return float(found.score[0]) / float(found.base[0])


def test_001_14_without_a_review_for_six_months_a_fifth_is_taken_off_the_top(example, scored):
    other = Context(attributes={"segment": "mid_market"}, month=12)
    assert factor(scored(example, other, days_since_review=182.0)) == 1
    assert factor(scored(example, other, days_since_review=183.0)) == pytest.approx(0.8, abs=1e-10)


@pytest.mark.parametrize(("name", "days"), [("enterprise", 121), ("smb", 243), ("other", 182)])
def test_001_15_key_accounts_are_reviewed_within_four_months_and_small_ones_within_eight(
    example, scored, segment, name, days
):
    assert factor(scored(example, segment(name), days_since_review=float(days))) == 1
    late = scored(example, segment(name), days_since_review=days + 1.0)
    assert factor(late) == pytest.approx(0.8, abs=1e-10)


def test_000_17_not_logging_in_is_a_red_flag(example, scored, segment):
    """And it is apart from the number, with somebody who has to look: 000-18, 001-03."""
    names = {}
    for days in (13.0, 14.0):
        found = scored(example, segment("smb"), days_since_use=days)
        names[days] = [flag.name for flag in flags_raised(found.fired, example)[0]]
        assert found.score.tolist() == [100]
    assert names == {13.0: [], 14.0: ["not_logging_in"]}
    row = in_order(at_its(example, best=True) | {"days_since_use": 20.0}, example)[0]
    [flag] = take_apart(row, example, context=segment("smb")).flags
    assert (flag.owner, flag.within_days) == ("customer success manager", 3)


def test_002_02_a_flag_may_point_at_an_account_that_does_well(build_card, scored):
    rule = {
        "name": "full_house", "kind": "flag", "why": "They got what they came for.",
        "follow_up": "Ask them for a reference.", "owner": "CSM", "within_days": 14,
        "when": ({"measure": "m0", "at_least": 0.95},),
    }  # fmt: skip
    card = build_card({"a": (1.0, [(1.0, [(0, 0), (1, 100)])])}, rules=(rule,))
    raised = [flags_raised(scored(card, m0=use).fired, card)[0] for use in (0.94, 0.95)]
    assert [[flag.follow_up for flag in flags] for flags in raised] == [
        [], ["Ask them for a reference."],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("use_and_rating", "more"), [((2, 0.95), 6), ((3, 0.95), 0), ((2, 0.94), 0), ((0, 1.0), 6)]
)
def test_004_09_narrow_use_counts_less_where_the_customer_says_they_are_very_happy(
    example, scored, segment, use_and_rating, more
):
    features, rating = use_and_rating
    found = scored(
        example, segment("smb"), features_used_28d=float(features), csat_90d=rating, csm_pulse=4.0
    )
    assert float(found.score[0] - found.base[0]) == pytest.approx(more, abs=1e-9)


def test_002_17_who_does_not_pay_is_held_at_the_cap_however_well_all_else_is(
    example, scored, segment
):
    assert scored(example, segment("smb"), overdue_days=60.0).score[0] > 80
    held = scored(example, segment("smb"), overdue_days=61.0)
    assert held.score.tolist() == [39]
    assert example.bands[held.band[0]].name == "red"


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (Override(id=1, factor=0.8), 80),
        (Override(id=1, to=40), 40),
        (Override(id=1, to=100), 90),
        (Override(id=1, to=95, may_raise=True), 95),
    ],
)
def test_001_16_people_lower_a_score_and_raise_it_only_where_they_may(
    build_card, scored, override, expected
):
    """A company that was acquired drops by 20% right away; reasons are asked for at entry."""
    card = build_card({"a": (1.0, [(1.0, [(0, 0), (100, 100)])])})
    reading = 100.0 if override.factor else 90.0
    assert scored(card, Context(override=override), m0=reading).score.tolist() == [expected]


def test_002_14_both_silence_and_a_flood_of_tickets_score_less_than_some(retention, scored):
    at = retention.measure_names.index("tickets_opened_30d")
    points = [
        float(scored(retention, tickets_opened_30d=float(count)).points[0, at])
        for count in (0, 1, 4, 15, 30)
    ]
    assert points == [70, 100, 100, 30, 0]


def test_003_02_a_score_names_what_costs_most_what_to_do_and_what_would_help(example, segment):
    low = {"csm_pulse": 2.0, "usage_change_28d": 0.0, "features_used_28d": 1.0}
    row = in_order(at_its(example, best=True) | low, example)[0]
    found = take_apart(row, example, context=segment("smb"))
    lost = {part.name: part.lost for category in found.categories for part in category.measures}
    assert sorted(lost, key=lambda name: -lost[name])[0] == "usage_change_28d"
    assert found.action == example.bands[2].action
    path = find_path(row, example, stood(segment("smb")))
    assert [step.name for step in path.steps] == ["usage_change_28d"]
    assert (path.band, path.band_after) == ("yellow", "green")


def test_003_01_a_fall_in_use_is_the_costliest_of_an_account_that_is_well_otherwise(
    retention, scored
):
    found = scored(retention, usage_change_28d=0.5)
    assert retention.measure_names[found.drivers[0, 0]] == "usage_change_28d"
    assert found.score.tolist() == [pytest.approx(100 - 0.08 * 80)]
