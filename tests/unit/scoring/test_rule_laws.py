"""What holds for every scorecard with rules, targets, policies for the unknown and overrides."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.circumstances import Circumstances
from include.scoring.rules import Comparison
from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard
from include.scoring.unknown_policies import with_policy
from tests.unit.scoring.ruled import World, worlds

NOTHING = 2e-9  # two billionths of a point: a mean of many decimals may be rounded either way
HONEST = ("unknown", "neutral")  # policies by which the unknown stays unknown


def scored(world: World) -> Scores:
    return score(world.readings, world.card, world.at)


def assert_same(one: Scores, other: Scores, rows=slice(None)):
    for field in Scores.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, field)[rows], getattr(other, field), field)


@given(worlds())
def test_all_is_from_0_to_100(world):
    """Requirement 000-21."""
    scores = scored(world)
    for name in ("score", "raw", "floor", "ceiling", "base", "categories", "points"):
        values = getattr(scores, name)
        assert ((values >= 0) & (values <= 100) | np.isnan(values)).all(), name


@given(worlds())
def test_the_score_is_between_floor_and_ceiling_and_all_are_equal_where_nothing_is_unknown(world):
    scores = scored(world)
    known = ~np.isnan(scores.score)
    assert (scores.floor <= scores.ceiling).all()
    assert (scores.floor[known] <= scores.score[known]).all()
    assert (scores.score[known] <= scores.ceiling[known]).all()
    full = (scores.coverage == 1) & (scores.undecided == 0)
    np.testing.assert_array_equal(scores.floor[full], scores.score[full])
    np.testing.assert_array_equal(scores.ceiling[full], scores.score[full])


@given(worlds())
def test_the_score_is_the_base_taken_through_the_rules_in_exact_fractions(world):
    scores = scored(world)
    for i in range(len(world.readings)):
        expected = by_hand(world, i, scores.base[i])
        assert scores.score[i] == expected or (np.isnan(scores.score[i]) and expected is None)


def by_hand(world, row, base):
    """One account's score after rules and override, with no arrays and no floats in between."""
    if np.isnan(base):
        return None
    value, order = billionths(base), ["interaction", "penalty", "floor", "cap", "red"]
    for kind in order:
        for rule in world.card.rules:
            if rule.kind == kind and all(holds(one, world, row) for one in rule.when):
                value = applied(rule, value)
    to, factor = world.at.override_to[row], world.at.override_factor[row]
    if not np.isnan(to):
        value = billionths(to) if world.at.may_raise[row] else min(value, billionths(to))
    if not np.isnan(factor):
        value = round(value * Fraction(str(factor)))
    return value / 10**9


def billionths(points):
    return round(Fraction(str(points)) * 10**9)


def applied(rule, value):
    match rule.kind:
        case "interaction":
            return min(max(value + billionths(rule.add), 0), 100 * 10**9)
        case "penalty":
            return round(value * Fraction(str(rule.factor)))
        case "floor":
            return max(value, billionths(rule.at))
        case "cap":
            return min(value, billionths(rule.at))
    return min(value, billionths(rule.to))


def holds(condition, world, row):
    """True, False; also False where it cannot be decided."""

    def word(name):
        known = world.at.attributes[name]
        return None if known.codes[row] < 0 else known.words[known.codes[row]]

    if not isinstance(condition, Comparison):
        return word(condition.attribute) in condition.among
    if condition.by and word(condition.by) is None:
        return False
    number = condition.values.get(word(condition.by) if condition.by else "", condition.number)
    reading = world.readings[row, world.card.measure_names.index(condition.measure)]
    return {
        "above": reading > number, "at_least": reading >= number,
        "below": reading < number, "at_most": reading <= number,
    }[condition.sign]  # fmt: skip


@given(worlds(rising=True), st.data())
def test_a_better_reading_that_no_rule_looks_at_never_lowers_a_score(world, data):
    read = {one.measure for rule in world.card.rules for one in rule.when
            if isinstance(one, Comparison)}  # fmt: skip
    free = [j for j, name in enumerate(world.card.measure_names) if name not in read]
    if not free:
        return
    j = data.draw(st.sampled_from(free))
    low, high = sorted(data.draw(st.tuples(st.floats(-2, 12), st.floats(-2, 12))))
    pair = world.rows(np.zeros(2, np.intp))
    pair.readings[:, j] = low, high
    scores = scored(pair)
    for name in ("score", "base", "floor", "ceiling", "raw"):
        worse, better = getattr(scores, name)
        assert worse <= better or (np.isnan(worse) and np.isnan(better)), name


@given(worlds(), st.sampled_from([2.0, 3.0, 7.0, 10.0]))
def test_scaling_all_weights_changes_nothing(world, scale):
    content = world.card.model_dump(by_alias=True)
    for category in content["categories"]:
        category["weight"] *= scale
        for measure in category["measures"]:
            measure["weight"] *= scale
    scaled = Scorecard.model_validate(content)
    assert_same(scored(world), score(world.readings, scaled, world.at))


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_accounts_changes_nothing(world, random):
    order = np.array(random.sample(range(len(world.readings)), len(world.readings)))
    assert_same(scored(world), scored(world.rows(order)), order)


@given(worlds())
def test_an_account_has_the_same_score_without_the_others(world):
    together = scored(world)
    for i in range(len(world.readings)):
        assert_same(together, scored(world.rows(slice(i, i + 1))), slice(i, i + 1))


@st.composite
def worlds_and_what_is_learnt(draw):
    """A world, and the same one after some of what was unknown became known."""
    world = draw(worlds(policies=HONEST))
    readings, tier = world.readings.copy(), world.at.attributes["tier"]
    for at in np.argwhere(np.isnan(readings)):
        if draw(st.booleans()):
            readings[tuple(at)] = draw(st.floats(-2, 12))
    codes, month = tier.codes.copy(), world.at.month.copy()
    for row in range(len(readings)):
        if codes[row] < 0 and draw(st.booleans()):
            codes[row] = draw(st.integers(0, 2))
        if month[row] == 0 and draw(st.booleans()):
            month[row] = draw(st.integers(1, 14))
    at = replace(world.at, month=month, attributes={"tier": replace(tier, codes=codes)})
    return world, World(world.card, readings, at)


@given(worlds_and_what_is_learnt())
def test_learning_what_was_unknown_never_leaves_the_old_floor_and_ceiling(worlds):
    before, after = map(scored, worlds)
    assert (after.floor >= before.floor - NOTHING).all()
    assert (after.ceiling <= before.ceiling + NOTHING).all()
    known = ~np.isnan(after.score)
    assert (after.score >= before.floor - NOTHING)[known].all()
    assert (after.score <= before.ceiling + NOTHING)[known].all()


@given(worlds_and_what_is_learnt())
def test_a_gap_never_raises_a_score_above_the_ceiling_that_the_gap_itself_shows(worlds):
    """The score with gaps is within its own bounds, and they hold the measured twin's bounds."""
    gaps, measured = map(scored, worlds)
    known = ~np.isnan(gaps.score)
    assert (gaps.score <= gaps.ceiling)[known].all()
    assert (measured.floor <= gaps.ceiling + NOTHING).all()


@given(worlds_and_what_is_learnt())
def test_a_band_never_moves_for_missing_data_without_less_coverage_or_an_undecided_rule(worlds):
    gaps, measured = map(scored, worlds)
    moved = gaps.band != measured.band
    assert ((gaps.coverage < 1) | (gaps.undecided > 0))[moved].all()


@given(worlds(policies=("zero",)))
def test_what_is_declared_worth_0_points_is_known_once_anything_is_measured(world):
    scores, gaps = scored(world), np.isnan(world.readings)
    measured = ~np.isnan(scores.score)
    assert (scores.points[measured][gaps[measured]] == 0).all()
    without = [one.target is None for one in world.card.measures]
    assert all(without) <= (scores.coverage[measured] == 1).all()


@given(worlds())
def test_an_account_of_which_nothing_that_weighs_was_measured_has_no_score(world):
    """Whatever the policies: neutral points and declared zeros alone make none."""
    scores = scored(world)
    honest = scored(replace(world, card=with_policy(world.card, "unknown")))
    np.testing.assert_array_equal(np.isnan(scores.score), np.isnan(honest.score))
    nothing = np.isnan(honest.points[:, world.card.effective_weights > 0]).all(axis=1)
    np.testing.assert_array_equal(np.isnan(scores.score), nothing)
    assert (scores.coverage[nothing] == 0).all()


@given(worlds(policies=("neutral",)))
def test_neutral_points_are_in_the_score_but_not_in_what_is_known(world):
    """The same card without them has the same coverage and bounds, and maybe another score."""
    content = world.card.model_dump(by_alias=True)
    for category in content["categories"]:
        for measure in category["measures"]:
            measure["when_unknown"] = "unknown"
    world.at.override_to[:] = np.nan
    world.at.override_factor[:] = np.nan
    bare = replace(world, card=Scorecard.model_validate(content | {"rules": ()}))
    ours = scored(replace(world, card=Scorecard.model_validate(
        world.card.model_dump(by_alias=True) | {"rules": ()})))  # fmt: skip
    theirs = scored(bare)
    np.testing.assert_array_equal(ours.coverage, theirs.coverage)
    np.testing.assert_array_equal(np.isnan(ours.score), np.isnan(theirs.score))
    np.testing.assert_allclose(ours.floor, theirs.floor, atol=NOTHING)
    np.testing.assert_allclose(ours.ceiling, theirs.ceiling, atol=NOTHING)


@given(worlds())
def test_without_circumstances_nothing_of_them_is_known(world):
    none = Circumstances.none(len(world.readings))
    assert_same(score(world.readings, world.card), score(world.readings, world.card, none))
