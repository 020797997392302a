"""The cheapest path to the next band crosses it, nothing smaller does, and none is said so."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from include.scoring.choice import Gain, choose
from include.scoring.circumstances import Circumstances, Codes
from include.scoring.path import find_path
from include.scoring.score import score
from include.scoring.scorecard import Scorecard
from tests.unit.scoring.ruled import worlds

NAN = np.nan
LINE = [(0, 0), (100, 100)]
BANDS = (
    {"name": "red", "from": 0.0, "colour": "red", "action": "Call."},
    {"name": "yellow", "from": 45.0, "colour": "yellow", "action": "Ask."},
    {"name": "green", "from": 70.0, "colour": "green", "action": "Enjoy."},
)


@st.composite
def cards_and_readings(draw):
    """Cards of two levels with curves up, down and of two sides, and one row of readings."""
    curve = st.sampled_from(
        [LINE, [(0, 100), (30, 0)], [(0, 40), (5, 90), (9, 10)], [(1, 20), (2, 30), (7, 81.7)]]
    )
    weight = st.integers(0, 300).map(lambda n: n / 100)
    categories = {
        f"c{c}": (
            draw(weight),
            draw(st.lists(st.tuples(weight, curve), min_size=1, max_size=3)),
        )
        for c in range(draw(st.integers(1, 3)))
    }
    assume(any(weight for weight, _ in categories.values()))
    assume(all(any(weight for weight, _ in own) for _, own in categories.values()))
    measures = sum(len(own) for _, own in categories.values())
    reading = st.one_of(st.just(NAN), st.floats(-1, 12), st.floats(0, 100))
    return categories, np.array(draw(st.lists(reading, min_size=measures, max_size=measures)))


def at_best(card, readings, measures):
    """The score with these measures at the best corner of their curves, by score.py."""
    row = readings.copy()
    for j in measures:
        row[j] = max(card.measures[j].curve, key=lambda corner: corner[1])[0]
    return score(np.array([row]), card).score[0]


def applied(card, readings, path):
    row = readings.copy()
    for step in path.steps:
        row[card.measure_names.index(step.name)] = step.to
    return score(np.array([row]), card)


@given(cards_and_readings())
def test_a_path_crosses_the_band_and_no_smaller_set_does(build_card, made):
    categories, readings = made
    card = build_card(categories, bands=BANDS, min_coverage=0.0)
    path = find_path(readings, card)
    known = [j for j, value in enumerate(readings) if not np.isnan(value)]
    if path.begins is None:
        assert path.steps == ()
        assert path.score is None or path.score >= 70
        return
    smaller = len(path.steps) - 1 if path.steps else len(known)
    for measures in combinations(known, smaller):
        assert path.score is None or at_best(card, readings, measures) < path.begins
    if path.steps:
        after = applied(card, readings, path)
        assert after.score[0] == path.score_after >= path.begins
        assert path.band_after == path.next_band
        assert sum(round(step.gains * 1e9) for step in path.steps) == round(
            (path.score_after - path.score) * 1e9
        )
        assert all(step.points < step.points_to <= 100 for step in path.steps)
        assert {step.name for step in path.steps} <= {card.measure_names[j] for j in known}


def cheapest_by_force(gains, need):
    """The fewest, then the least units: fill each set from the measure that adds most a unit."""
    for count in range(1, len(gains) + 1):
        costs = []
        for chosen in combinations(gains, count):
            left, cost = need, 0
            for gain in sorted(chosen, key=lambda gain: -gain.each):
                used = min(gain.room, -(-max(left, 0) // gain.each))
                left, cost = left - used * gain.each, cost + used
            costs += [cost] * (left <= 0)
        if costs:
            return count, min(costs)
    return 0, 0


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 9)), min_size=1, max_size=7),
    st.integers(1, 900),
)
def test_of_equally_few_measures_those_with_least_to_gain_are_chosen(pairs, need):
    gains = [Gain(n, room, each) for n, (room, each) in enumerate(pairs)]
    chosen = choose(gains, need)
    assert (len(chosen), sum(chosen.values())) == cheapest_by_force(gains, need)
    by_measure = {gain.measure: gain for gain in gains}
    assert all(units <= by_measure[measure].room for measure, units in chosen.items())
    added = sum(units * by_measure[measure].each for measure, units in chosen.items())
    assert added >= need or not chosen


def test_the_largest_card_is_chosen_from_at_once():
    numbers = np.random.default_rng(3).integers(1, 10**9, (625, 2)).tolist()
    gains = [Gain(n, room, each) for n, (room, each) in enumerate(numbers)]
    chosen = choose(gains, sum(gain.most for gain in gains) // 2)
    assert 0 < len(chosen) < 313


def test_the_account_worked_by_hand_needs_two_measures_for_green(retention):
    readings = np.array([0.35, 10, 0.9, 3, 1, 4, 1, NAN, 36, 30, 0.25, 120, 2, 2])
    path = find_path(readings, retention)
    assert (path.score, path.band, path.next_band, path.begins) == (62.975, "yellow", "green", 75)
    seats, pulse = path.steps
    assert (seats.name, seats.to, seats.points_to, seats.gains) == (
        "active_seat_share_28d", 0.8, 100, 6.9,
    )  # fmt: skip
    assert (pulse.name, pulse.to, pulse.points_to, pulse.gains) == (
        "csm_pulse", pytest.approx(3.65), 76.25, 5.125,
    )  # fmt: skip
    assert path.score_after == 75
    assert path.band_after == "green"


CARD = {"a": (1, [(1, LINE), (1, [(0, 100), (10, 0)])])}


@pytest.mark.parametrize(
    ("readings", "changes", "sentence"),
    [
        ([NAN, NAN], {}, "Nothing that weighs is known, so there is no score to raise."),
        ([90, 1], {}, '"green" is the highest band there is.'),
        (
            [50, NAN], {"min_coverage": 0.8},
            (
                "Only 50.0% of the weight is known and the scorecard asks for 80.0%: more must "
                "become known before there is a band."
            ),
        ),
    ],
)  # fmt: skip
def test_where_there_is_no_path_a_sentence_says_why(build_card, readings, changes, sentence):
    path = find_path(np.array(readings, float), build_card(CARD, **changes))
    assert (path.steps, path.sentence) == ((), sentence)


def test_a_band_beyond_the_best_of_all_that_is_known_cannot_be_reached(build_card):
    card = build_card({"a": (1, [(1, [(0, 0), (10, 60)]), (1, [(0, 0), (10, 50)])])})
    path = find_path(np.array([9.0, 9.0]), card)
    assert path.steps == ()
    assert path.sentence == (
        'With all that is known at its best the score would be 55.0; "green" begins at 70.'
    )


def test_a_measure_where_less_is_better_moves_down_only_as_far_as_the_band_asks(build_card):
    path = find_path(np.array([85.0, 8.0]), build_card(CARD, min_coverage=0.0))
    (step,) = path.steps
    assert (step.name, step.reading, step.to) == ("m1", 8, 4.5)
    assert (step.points, step.points_to, step.gains) == (20, 55, 17.5)
    assert (path.score_after, path.band_after) == (70, "green")


def test_what_measures_have_to_gain_is_said_in_one_sentence(build_card):
    card = build_card({"a": (1, [(1, LINE)] * 4)})
    two = find_path(np.array([55.0] * 4), card)
    assert two.sentence == (
        "2 measures would have to gain 60.0 points between them to lift the score to 70.0; "
        '"green" begins at 70.'
    )
    one = find_path(np.array([85.0, 8.0]), build_card(CARD))
    assert one.sentence == (
        '1 measure would have to gain 35.0 points to lift the score to 70.0; "green" begins at 70.'
    )


def test_where_no_table_stands_beside_the_measures_are_named(build_card):
    step = find_path(np.array([85.0, 8.0]), build_card(CARD))
    assert step.named == (
        f"{step.steps[0].label} from 8 to 4.5 {step.steps[0].unit}: that lifts the score to 70.0;"
        ' "green" begins at 70.'
    )
    assert find_path(np.array([85.0, 0.0]), build_card(CARD)).named == ""


@pytest.mark.parametrize(("score_of_two", "to", "is_last"), [(60, 2, False), (5, 3, True)])
def test_the_last_level_that_people_can_set_is_said_to_be_the_last(
    build_card, score_of_two, to, is_last
):
    """On the way to yellow, 45, from level 1."""
    card = build_card({"a": (1.0, [(1.0, LINE)])})
    content = card.model_dump(by_alias=True)
    [measure] = content["categories"][0]["measures"]
    del measure["curve"]
    measure["reading"] = {"op": "latest", "series": "pulse"}
    measure["levels"] = {"bad": 0.0, "fair": float(score_of_two), "fine": 100.0}
    [step] = find_path(np.array([1.0]), Scorecard.model_validate(content)).steps
    assert (step.to, step.is_last) == (to, is_last)


def test_a_band_that_what_is_unknown_leaves_open_is_said_to_be_open(build_card):
    card = build_card({"a": (1, [(1, LINE), (1, LINE)])}, unknown_when_straddling=True)
    path = find_path(np.array([60.0, NAN]), card)
    assert (path.score_after, path.band_after) == (70, None)
    assert path.sentence.endswith("What is unknown would still leave the band open.")


@given(worlds(at_most=1))
def test_a_path_is_true_with_rules_targets_levels_and_overrides(world):
    """What it names can be moved, and moving it brings the account into the next band."""
    card, row = world.card, world.readings[0]
    path = find_path(row, card, world.at)
    after = row.copy()
    for step in path.steps:
        j = card.measure_names.index(step.name)
        assert card.measures[j].actionable
        assert step.reading == row[j]
        assert card.measures[j].levels is None or step.to in (1, 2, 3)
        after[j] = step.to
    found = score(after[None, :], card, world.at).score[0]
    if not path.steps:
        assert path.sentence
        return
    assert found == path.score_after >= path.begins > path.score
    assert sum(step.gains for step in path.steps) == pytest.approx(found - path.score, abs=1e-9)


def ruled(build_card, rule):
    return build_card({"a": (1.0, [(3.0, LINE), (1.0, LINE)])}, rules=(rule,))


def test_a_penalty_that_acts_makes_the_path_longer(build_card):
    """60 x 0.8 = 48, and 70 takes a base of 87.5: 27.5 points, 36.666666667 of the first."""
    left = {"name": "left", "kind": "penalty", "factor": 0.8, "why": "So.",
            "when": ({"attribute": "sponsor", "is": ("left",)},)}  # fmt: skip
    card = ruled(build_card, left)
    at = replace(
        Circumstances.none(1), attributes={"sponsor": Codes(np.zeros(1, np.intp), ("left",))}
    )
    path = find_path(np.array([60.0, 60.0]), card, at)
    assert (path.score, path.begins, path.score_after) == (48, 70, 70)
    assert [(step.points, step.points_to) for step in path.steps] == [(60, 96.666666667)]
    assert path.steps[0].gains == 22


def test_a_cap_below_the_next_band_is_named(build_card):
    hold = {"name": "hold", "kind": "cap", "at": 59.0, "why": "So.",
            "when": ({"measure": "m1", "above": 10.0},)}  # fmt: skip
    card = ruled(build_card, hold)
    path = find_path(np.array([60.0, 60.0]), card)
    assert path.steps == ()
    assert path.sentence == (
        "With all that is known at its best the score would be 59.0 (held by hold); "
        '"green" begins at 70.'
    )


def test_an_improvement_that_sets_off_a_rule_is_not_advised(build_card):
    odd = {"name": "odd", "kind": "cap", "at": 50.0, "why": "So.",
           "when": ({"measure": "m0", "above": 65.0},)}  # fmt: skip
    card = ruled(build_card, odd)
    path = find_path(np.array([60.0, 60.0]), card)
    assert path.steps == ()
    assert path.sentence == (
        "The cheapest improvements would set off other rules (odd) and not be enough."
    )


def test_a_target_is_in_the_reading_that_a_path_names(build_card):
    card = build_card({"a": (1.0, [(1.0, [(0, 0), (1, 100)])])})
    content = card.model_dump(by_alias=True)
    content["categories"][0]["measures"][0]["target"] = {"default": 40.0}
    path = find_path(np.array([20.0]), Scorecard.model_validate(content))
    assert [(step.reading, step.to) for step in path.steps] == [(20, 28)]


def test_what_nobody_can_move_is_on_no_path(build_card):
    card = build_card({"a": (1.0, [(1.0, LINE), (1.0, LINE)])})
    content = card.model_dump(by_alias=True)
    content["categories"][0]["measures"][0]["actionable"] = False
    path = find_path(np.array([50.0, 60.0]), Scorecard.model_validate(content))
    assert [(step.name, step.to) for step in path.steps] == [("m1", 90)]
