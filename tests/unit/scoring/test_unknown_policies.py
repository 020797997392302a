"""What other policies for the unknown would have made of the same accounts."""

import numpy as np
from hypothesis import given

from include.scoring.circumstances import Circumstances
from include.scoring.policies import Neutral
from include.scoring.score import score
from include.scoring.scorecard import Scorecard
from include.scoring.unknown_policies import (
    CARRY,
    OWN,
    UNKNOWN,
    ZERO,
    grade,
    outcomes,
    with_policy,
)
from tests.unit.scoring.ruled import worlds

LINE = [(0, 0), (100, 100)]
NAN = np.nan


def by_name(found):
    return {one.policy: one for one in found}


def policies(readings, card, at=None, **known):
    return outcomes(grade(readings, card, at, **known), card)


def counts(one):
    return {band.band: band.accounts for band in one.summary.bands}


def test_policies_are_compared_on_the_same_accounts(build_card):
    """80 known and half unknown: 80, or 80 and 50, or 80 and 0; and with 40 carried forward 60."""
    card = build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)])}, min_coverage=0.5)
    readings = np.array([[80, NAN], [80, 80], [NAN, NAN]])
    carried = np.array([[80, 40], [80, 80], [NAN, 90]])
    found = by_name(policies(readings, card, carried=carried))
    assert list(found) == [OWN, UNKNOWN, CARRY, "neutral 50", ZERO]
    assert {name: one.summary.mean for name, one in found.items()} == {
        OWN: 80, UNKNOWN: 80, CARRY: round((60 + 80 + 90) / 3, 6), "neutral 50": 72.5,
        ZERO: 60,
    }  # fmt: skip
    assert counts(found[OWN]) == {"red": 0, "yellow": 0, "green": 2, "unknown": 1}
    assert counts(found[ZERO]) == {"red": 1, "yellow": 0, "green": 1, "unknown": 1}
    assert [(f.live, f.draft, f.accounts) for f in found[ZERO].flips] == [("green", "red", 1)]
    zero, carry = found[ZERO], found[CARRY]
    assert (zero.raised, zero.lowered, zero.gained, zero.lost) == (0, 1, 0, 0)
    assert (carry.raised, carry.lowered, carry.gained) == (0, 1, 1)
    assert found[OWN].flipped == 0


def test_what_the_card_carried_forward_is_unknown_to_the_other_policies(build_card):
    card = build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)])})
    read, measured = np.array([[80, 40]]), np.array([[80, NAN]])
    found = by_name(policies(read, card, measured=measured))
    assert (found[OWN].summary.mean, found[UNKNOWN].summary.mean) == (60, 80)
    assert CARRY not in found


@given(worlds())
def test_a_cards_own_policy_for_all_measures_changes_nothing(world):
    content = world.card.model_dump(by_alias=True)
    for category in content["categories"]:
        for measure in category["measures"]:
            measure["when_unknown"] = {"neutral": 30.0}
    card = Scorecard.model_validate(content)
    ours = score(world.readings, with_policy(world.card, Neutral(neutral=30.0)), world.at)
    theirs = score(world.readings, card, world.at)
    np.testing.assert_array_equal(ours.score, theirs.score)
    np.testing.assert_array_equal(ours.band, theirs.band)


@given(worlds())
def test_the_unknown_at_zero_is_never_better_than_neutral_where_no_rule_acts(world):
    content = world.card.model_dump(by_alias=True) | {"rules": ()}
    for category in content["categories"]:
        for measure in category["measures"]:
            measure["target"] = None  # a reading that has none stays unknown under either
    card, at = Scorecard.model_validate(content), Circumstances.none(len(world.readings))
    zero = score(world.readings, with_policy(card, "zero"), at).base
    neutral = score(world.readings, with_policy(card, Neutral(neutral=50.0)), at).base
    both = ~np.isnan(zero) & ~np.isnan(neutral)
    assert (zero <= neutral)[both].all()
