"""What rules and overrides make of a score: published ones, and the corners of each step."""

from dataclasses import replace

import numpy as np
import pytest

from include.scoring.circumstances import Circumstances, Codes
from include.scoring.flags import flags_raised
from include.scoring.score import score

LINE = [(0, 0), (100, 100)]
NAN = np.nan
NO_REVIEW = {
    "name": "no_review", "kind": "penalty", "factor": 0.8, "why": "Nobody met the sponsor.",
    "when": ({"measure": "m1", "above": 6.0, "by": "tier", "values": {"key": 4.0, "smb": 8.0}},),
}  # fmt: skip


def rule(kind, *when, **said):
    return {"name": f"rule_{kind}", "kind": kind, "why": "So.", "when": when, **said}


@pytest.fixture
def card_with(build_card):
    """m0 is worth its reading and all of the score; m1 and m2 are of weight 0."""

    def build(*rules, **changes):
        measures = [(1.0, LINE), (0.0, LINE), (0.0, LINE)]
        return build_card({"a": (1.0, measures)}, rules=rules, **changes)

    return build


def scored(card, *readings, tiers=None, **changes):
    at = Circumstances.none(len(readings))
    if tiers:
        words = tuple(sorted({tier for tier in tiers if tier}))
        codes = np.array([words.index(tier) if tier else -1 for tier in tiers])
        at = replace(at, attributes={"tier": Codes(codes, words)})
    given = {name: np.array(value) for name, value in changes.items()}
    return score(np.array(readings, np.float64), card, replace(at, **given))


def test_no_executive_review_in_6_months_takes_20_percent_off_the_top(card_with):
    """Requirement 001-14, with 4 months for key accounts and 8 for small ones."""
    months = [6, 7, 7, 5, 5, 8, 9]
    tiers = ["core", "core", "key", "key", "core", "smb", "smb"]
    found = scored(card_with(NO_REVIEW), *([90, m, NAN] for m in months), tiers=tiers)
    assert found.score.tolist() == [90, 72, 72, 72, 90, 90, 72]
    assert found.base.tolist() == [90] * 7


def test_a_threshold_of_a_tier_that_is_not_known_leaves_the_rule_undecided(card_with):
    found = scored(card_with(NO_REVIEW), [90, 9, NAN], [90, NAN, NAN], tiers=[None, "key"])
    assert (found.score.tolist(), found.floor.tolist()) == ([90, 90], [72, 72])
    assert (found.fired.tolist(), found.undecided.tolist()) == ([0, 0], [1, 1])


def test_a_flag_asks_for_a_follow_up_and_leaves_the_number_alone(card_with):
    """Requirements 000-17 and 000-18: not logging in is a red flag, and that means: investigate."""
    flag = rule("flag", {"measure": "m1", "at_most": 0.0}, follow_up="Ask what happened.",
                owner="CSM", within_days=5)  # fmt: skip
    card = card_with(NO_REVIEW, flag)
    found = scored(card, [90, 0, NAN], [90, 3, NAN], [90, NAN, NAN], tiers=["core"] * 3)
    assert found.score.tolist() == [90, 90, 90]
    raised = flags_raised(found.fired, card)
    assert [[one.follow_up for one in row] for row in raised] == [["Ask what happened."], [], []]
    assert [len(row) for row in flags_raised(found.undecided, card)] == [0, 0, 1]


def test_narrow_use_counts_less_against_those_who_are_very_happy(card_with):
    """Requirements 004-07 and 004-09: two signals together mean another thing than each alone."""
    narrow, happy = {"measure": "m1", "at_most": 1.0}, {"measure": "m2", "at_least": 9.0}
    card = card_with(rule("interaction", narrow, happy, add=12.5))
    found = scored(card, [40, 1, 9], [40, 1, 8], [40, 2, 9], [95, 1, 9], [40, NAN, 9], [40, 2, NAN])
    assert found.score.tolist() == [52.5, 40, 40, 100, 40, 40]
    assert found.ceiling.tolist() == [52.5, 40, 40, 100, 52.5, 40]  # one that fails decides it
    assert found.undecided.tolist() == [0, 0, 0, 0, 1, 0]


def test_points_taken_off_by_an_interaction_end_at_0(card_with):
    both = {"measure": "m1", "above": 0.0}, {"measure": "m2", "above": 0.0}
    found = scored(card_with(rule("interaction", *both, add=-30.0)), [20, 1, 1])
    assert (found.score[0], found.base[0]) == (0, 20)


def test_steps_come_in_the_fixed_order_whatever_the_files(card_with):
    """90 + 5 = 95, x 0.5 = 47.5, at least 60, at most 55, hard red at 20."""
    always = {"measure": "m1", "at_least": 0.0}
    steps = [
        rule("interaction", always, {"measure": "m2", "at_least": 0.0}, add=5.0),
        rule("penalty", always, factor=0.5), rule("floor", always, at=60.0),
        rule("cap", always, at=55.0), rule("red", always, to=20.0),
    ]  # fmt: skip
    for count, expected in enumerate([90, 95, 47.5, 60, 55, 20]):
        backwards = card_with(*reversed(steps[:count]))
        assert scored(backwards, [90, 0, 0]).score.tolist() == [expected]


@pytest.mark.parametrize(
    ("points", "factor", "expected"),
    [
        (70.000000001, 0.5, 35.0),  # half a billionth goes to the even one
        (70.000000003, 0.5, 35.000000002),
        (33.333333333, 0.8, 26.666666666),
        (0.00000001, 0.85, 0.000000008),  # 8.5 billionths: to 8
        (100.0, 0.999999, 99.9999),
    ],
)
def test_a_penalty_is_exact_to_the_billionth_and_halves_go_to_the_even_one(
    card_with, points, factor, expected
):
    card = card_with(rule("penalty", {"measure": "m1", "at_least": 0.0}, factor=factor))
    assert scored(card, [points, 0, NAN]).score.tolist() == [expected]


def test_an_undecided_rule_does_not_act_and_bounds_count_with_both(card_with):
    card = card_with(
        rule("cap", {"measure": "m1", "above": 1.0}, at=30.0),
        rule("floor", {"measure": "m2", "above": 1.0}, at=80.0),
    )
    found = scored(card, [50, NAN, NAN], [50, 2, NAN])
    assert found.score.tolist() == [50, 30]
    assert found.floor.tolist() == [30, 30]
    assert found.ceiling.tolist() == [80, 30]
    assert found.coverage.tolist() == [1, 1]


def test_where_an_undecided_rule_could_change_the_band_a_careful_card_says_unknown(card_with):
    cap = rule("cap", {"measure": "m1", "above": 1.0}, at=30.0)
    for careful, band in ((True, -1), (False, 1)):
        found = scored(card_with(cap, unknown_when_straddling=careful), [50, NAN, NAN])
        assert found.band.tolist() == [band]


def test_an_override_lowers_and_raises_only_where_it_may(card_with):
    rows = [[50, 0, 0]] * 6
    found = scored(
        card_with(), *rows,
        override_to=[NAN, 40.0, 60.0, 60.0, NAN, 40.0],
        override_factor=[NAN, NAN, NAN, NAN, 0.85, 0.5],
        may_raise=[False, False, False, True, True, False],
    )  # fmt: skip
    assert found.score.tolist() == [50, 40, 50, 60, 42.5, 20]
    assert found.base.tolist() == [50] * 6
    assert found.floor.tolist() == found.ceiling.tolist() == found.score.tolist()


def test_there_is_nothing_to_override_without_a_score(card_with):
    found = scored(card_with(), [NAN, 0, 0], override_to=[60.0], may_raise=[True])
    assert np.isnan(found.score[0])
    assert found.band.tolist() == [-1]


def test_targets_are_by_attribute_and_month_and_unknown_without_either(build_card):
    """40 of 50 is 0.8 of the target, and 1.6 of the half that is due in the first month."""
    card = build_card({"a": (1.0, [(1.0, [(0, 0), (2, 100)])])})
    content = card.model_dump(by_alias=True)
    content["categories"][0]["measures"][0]["target"] = {
        "default": 50.0, "by": "tier", "values": {"key": 100.0}, "months": ((1, 0.5), (3, 1.0)),
    }  # fmt: skip
    card = type(card).model_validate(content)
    months, tiers = [1, 2, 3, 40, 0, 3, 3], ["core"] * 5 + ["key", None]
    found = scored(card, *[[40]] * 7, month=months, tiers=tiers)
    known = [80, 53.333333333, 40, 40]
    assert found.points[:4, 0].tolist() == known
    assert np.isnan(found.points[[4, 6], 0]).all()
    assert found.points[5, 0] == 20
