"""What must hold of every attribution, whatever changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.apportion import apportion_rows
from include.scoring.attribution import BEHAVIOUR, KINDS, attribute
from include.scoring.circumstances import Circumstances
from include.scoring.score import score
from include.scoring.side import Side
from tests.unit.scoring.changes import RISING, card, content, measure, side

BILLION = 1e9
SEEDS = st.integers(0, 10_000)


def another():
    """A card that shares some measures and rules with the usual one, and changes others."""
    categories = content()["categories"]
    categories[1]["measures"] = [
        measure("m2", RISING, 1), categories[1]["measures"][1], measure("m7", RISING, 2),
    ]  # fmt: skip
    rules = [rule for rule in content()["rules"] if rule["name"] not in ("quiet", "look")]
    rules[0] = {**rules[0], "add": 5}
    without = [rule for rule in rules if rule["name"] != "gone"]
    return card(version=2, categories=categories[:2], rules=without)


OWN, OTHER = card(), another()
PAIRS = [(OWN, OWN), (OWN, OTHER), (OTHER, OWN)]
CARDS = st.sampled_from(range(3)).map(PAIRS.__getitem__)


@given(CARDS, SEEDS, SEEDS)
def test_parts_sum_to_the_change_in_whole_billionths(cards, one, other):
    """Requirement 004-02."""
    then, now = side(cards[0], one), side(cards[1], other)
    found = attribute(then, now)
    known = ~np.isnan(found.change)
    change = np.rint(now.score * BILLION) - np.rint(then.score * BILLION)
    assert known.sum() > 20
    assert (found.parts.sum(axis=0)[known] == change[known]).all()
    assert not found.parts[:, ~known].any()


@given(CARDS, SEEDS, SEEDS)
def test_going_back_changes_every_sign(cards, one, other):
    then, now = side(cards[0], one), side(cards[1], other)
    there, back = attribute(then, now), attribute(now, then)
    parts = dict(zip(back.slots, back.parts, strict=True))
    assert there.parts.any() or one == other
    for slot, part in zip(there.slots, there.parts, strict=True):
        assert (parts[slot] == -part).all(), slot


@given(SEEDS, SEEDS)
def test_what_did_not_change_has_no_part(one, other):
    then, now = side(OWN, one), side(OWN, other)
    found = attribute(then, now)
    tiers = [each.at.attributes["tier"].codes for each in (then, now)]
    same_target = (tiers[0] == tiers[1]) & (then.at.month == now.at.month)
    checked = 0
    for slot, part in zip(found.slots, found.parts, strict=True):
        if slot.kind == "reading":
            at = then.column(slot.name)
            pairs = then.readings[:, at], now.readings[:, at]
            same = (pairs[0] == pairs[1]) | (np.isnan(pairs[0]) & np.isnan(pairs[1]))
            same &= same_target if slot.name == "m1" else True
        elif slot.kind == "target":
            same = same_target
        elif slot.kind == "override":
            same = np.array([_override(then, row) == _override(now, row) for row in range(40)])
        else:
            place = [rule.name for rule in OWN.rules].index(slot.name)
            same = ((then.fired ^ now.fired) >> np.uint64(place)) & np.uint64(1) == 0
        assert not part[same].any(), slot
        checked += int(same.sum())
    assert checked > 40


def _override(each, row):
    return str((each.at.override_to[row], each.at.override_factor[row], each.at.may_raise[row]))


@given(SEEDS)
def test_a_day_beside_itself_has_no_parts(seed):
    then, now = side(OWN, seed), side(OWN, seed)
    assert not attribute(then, now).parts.any()


@given(SEEDS, SEEDS)
def test_the_order_of_measures_and_categories_does_not_matter(one, other):
    turned = content()["categories"][::-1]
    for category in turned:
        category["measures"] = category["measures"][::-1]
    own = card(categories=turned)
    order = [OWN.measure_names.index(name) for name in own.measure_names]
    days = side(OWN, one), side(OWN, other)
    again = [
        Side.scored(own, day.readings[:, order], day.at, day.is_carried[:, order]) for day in days
    ]
    found, expected = attribute(*again), attribute(*days)
    assert found.slots == expected.slots
    assert (found.parts == expected.parts).all()
    assert (found.kinds == expected.kinds).all()


@given(SEEDS, SEEDS)
def test_rows_are_taken_apart_alike_alone_and_together(one, other):
    then, now = side(OWN, one), side(OWN, other)
    together = attribute(then, now)
    for row in (0, 17):
        alone = attribute(then.some(slice(row, row + 1)), now.some(slice(row, row + 1)))
        assert (alone.parts[:, 0] == together.parts[:, row]).all()


@given(SEEDS, SEEDS)
def test_each_stretch_of_the_way_is_the_difference_of_two_scores(one, other):
    plain = content()["categories"]
    for category in plain:
        for each in category["measures"]:
            each.pop("target", None)
            each.pop("when_unknown", None)
    own = card(categories=plain, rules=[])
    readings = [side(own, seed).readings for seed in (one, other)]
    nothing = Circumstances.none(40)
    days = [Side.scored(own, each, nothing) for each in readings]
    both = ~np.isnan(readings[0]) & ~np.isnan(readings[1])
    common = [score(np.where(both, each, np.nan), own).score for each in readings]
    found = attribute(*days)
    known = ~np.isnan(found.change) & ~np.isnan(common[0])
    assert known.sum() > 10
    parts, kinds = found.parts[: len(found.kinds)], found.kinds
    ends = {"missing": common[0] - days[0].score, "behaviour": common[1] - common[0],
            "arrived": days[1].score - common[1]}  # fmt: skip
    for kind, expected in ends.items():
        total = np.where(kinds == KINDS.index(kind), parts, 0).sum(axis=0)[known] / BILLION
        assert total == pytest.approx(expected[known], abs=2e-8), kind
    assert (kinds[:, known] == BEHAVIOUR).any()


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8), st.integers(-2, 2))
def test_rounded_rows_sum_to_their_whole_and_negate(parts, more):
    column = np.array(parts)[:, None]
    whole = np.array([np.rint(sum(parts)) + more])
    found, turned = apportion_rows(column, whole), apportion_rows(-column, -whole)
    assert (found == -turned).all()
    assert (found[column == 0] == 0).all()
    assert found.sum() == whole[0] or not column.any()
    assert (np.abs(found - column) <= 1 + abs(more)).all() or not column.any()
