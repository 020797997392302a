"""What a scorecard file must be able to say, each by the id of the requirement it answers."""

import numpy as np
import pytest

from include.errors import FixConfig
from include.scoring.rules import Comparison, Flag, Interaction, Penalty
from include.scoring.score import score
from include.scoring.scorecard import Scorecard, load_scorecard, parse_scorecard
from tests.unit.scoring.test_bad_rules import RICH
from tests.unit.scoring.test_bad_scorecards import GOOD

LINE = [(0, 0), (1, 100)]


@pytest.fixture(scope="module")
def example(scorecards):
    return load_scorecard(scorecards / "examples" / "retention_by_segment.v1.yaml")


@pytest.fixture(scope="module")
def adoption(scorecards):
    return load_scorecard(scorecards / "adoption.v1.yaml")


def rule_of(card, name):
    return next(rule for rule in card.rules if rule.name == name)


def test_000_04_a_card_is_written_in_three_steps_categorize_weigh_measure(example):
    for category in example.categories:
        assert category.name
        assert category.weight > 0
        assert all(measure.reading and measure.curve for measure in category.measures)


def test_000_05_a_card_states_its_charter_in_the_steps_of_laer(retention, adoption):
    """Requirement 000-06."""
    assert retention.charter == ("adopt", "renew")
    assert adoption.charter == ("land", "adopt")
    with pytest.raises(FixConfig, match=r"charter: this key is missing"):
        parse_scorecard(GOOD.replace("charter: [adopt, renew]\n", ""), "x")


def test_000_11_approvers_may_be_named_function_by_function(example, retention):
    assert example.approvers["Finance"] == "Daniel Okafor"
    assert retention.approvers == ("Customer Success", "Product", "Support", "Finance")


def test_000_15_twenty_five_categories_are_scored_and_one_more_is_refused(build_card):
    content = {f"c{i}": (1.0, [(1.0, LINE)]) for i in range(25)}
    card = build_card(content)
    assert score(np.full((1, 25), 0.5), card).score.tolist() == [50]
    with pytest.raises(ValueError, match="at most 25 items"):
        build_card({**content, "c25": (1.0, [(1.0, LINE)])})


def test_000_16_weights_have_two_levels(example):
    weights = dict(zip(example.measure_names, example.effective_weights.tolist(), strict=True))
    assert weights["usage_change_28d"] == pytest.approx(0.45 * 0.35, abs=1e-15)
    assert weights["days_since_review"] == pytest.approx(0.25 * 1.25 / 2.25, abs=1e-15)


def test_000_18_a_red_flag_asks_for_a_look_and_leaves_the_number_alone(example):
    flag = rule_of(example, "not_logging_in")
    assert isinstance(flag, Flag)
    assert (flag.owner, flag.within_days) == ("customer success manager", 3)
    assert flag.follow_up.startswith("Ask the day-to-day contact")


def test_000_20_every_measure_says_what_good_is_and_may_have_a_target(example):
    assert all(measure.good for measure in example.measures)
    assert example.measures[0].target.default == 0.8
    with pytest.raises(FixConfig, match=r"good: this key is missing"):
        parse_scorecard(GOOD.replace("        good: twenty\n", ""), "x")


def test_001_09_a_target_by_month_six_asks_for_part_of_it_before(adoption):
    """Requirement 001-03."""
    target = adoption.measures[0].target
    months = [target.of(None, month) for month in (1, 2, 3, 6, 12)]
    assert months == pytest.approx([0.16, 0.288, 0.416, 0.8, 0.8])


def test_001_11_the_second_card_has_the_three_to_five_measures_to_begin_with(adoption):
    assert 3 <= len(adoption.measures) <= 5


def test_001_14_a_missed_review_takes_a_fifth_off_the_top(example):
    rule = rule_of(example, "no_review")
    assert isinstance(rule, Penalty)
    assert rule.factor == 0.8


def test_001_15_the_time_to_the_next_review_differs_by_segment(example):
    [condition] = rule_of(example, "no_review").when
    assert isinstance(condition, Comparison)
    assert (condition.measure, condition.sign, condition.by) == (
        "days_since_review", "above", "segment",
    )  # fmt: skip
    assert condition.number == 182  # six months
    assert condition.values == {"enterprise": 121, "smb": 243}  # four, eight


def test_001_18_a_target_is_by_segment_and_month_of_term(example):
    target = example.measures[0].target
    assert target.of("enterprise", 1) == 0.7 * 0.25
    assert target.of("smb", 1) == 0.8 * 0.25
    assert target.of("smb", 2) == pytest.approx(0.8 * 0.425)
    assert target.of("enterprise", 6) == target.of("enterprise", 60) == 0.7
    assert np.isnan([target.of(None, 6), target.of("smb", 0)]).all()


def test_001_22_a_card_has_an_owner(retention):
    assert retention.owner == "Customer Success Operations"
    with pytest.raises(FixConfig, match=r"owner: this key is missing"):
        parse_scorecard(GOOD.replace("owner: Ops\n", ""), "x")


def test_002_21_the_second_card_starts_small_with_at_most_six_measures(adoption):
    assert len(adoption.measures) <= 6


def test_002_27_points_from_1_to_10_score_as_ten_times_as_many_of_100():
    written = GOOD.replace("[[0, 0], [20, 100]]", "[[0, 1], [20, 10]]")
    ten = written.replace("[[0, 0], [0.5, 60], [1, 100]]", "[[0, 1], [0.5, 5.5], [1, 10]]")
    hundred = GOOD.replace("[[0, 0], [20, 100]]", "[[0, 10], [20, 100]]")
    hundred = hundred.replace("[[0, 0], [0.5, 60], [1, 100]]", "[[0, 10], [0.5, 55], [1, 100]]")
    one, other = parse_scorecard(ten + "points: 10\n", "x"), parse_scorecard(hundred, "x")
    readings = np.array([[0, 0], [7, 0.3], [20, np.nan], [30, 2]])
    assert score(readings, one).score.tobytes() == score(readings, other).score.tobytes()
    assert one.digest == other.digest


def test_002_28_multipliers_are_weights(adoption):
    assert [category.weight for category in adoption.categories] == [1.25, 1, 0.85]
    found = adoption.effective_weights.tolist()
    assert found == pytest.approx([1.25 / 6.2] * 2 + [0.5 / 3.1] * 2 + [0.85 / 3.1])


def test_003_07_ten_five_five_ten_make_seven_and_a_half():
    """(10 + 5 + 5 + 10) / 4 = 7.5, which is 75 of 100; without brackets it would be 22.5."""
    measure = GOOD[GOOD.index("      - name: days") : GOOD.index("      - name: seats")]
    measure = measure.replace("[[0, 0], [20, 100]]", "[[1, 1], [10, 10]]")
    four = "".join(measure.replace("name: days", f"name: m{i}") for i in range(4))
    text = GOOD[: GOOD.index("      - name: days")] + four + "points: 10\n"
    assert score(np.array([[10.0, 5, 5, 10]]), parse_scorecard(text, "x")).raw.tolist() == [75]


def test_003_11_what_few_answer_carries_how_many_and_how_long_ago(example):
    csat = next(measure for measure in example.measures if measure.name == "csat_90d")
    assert csat.beside == ("ratings_answered_90d", "days_since_rating")
    weights = {measure.name: measure.weight for measure in example.measures}
    assert [weights[name] for name in csat.beside] == [0, 0]


def test_004_03_the_outcome_is_chosen_first_out_of_three(retention, adoption):
    """Requirements 003-04, 004-01."""
    assert (retention.outcome, adoption.outcome) == ("retention", "adoption")
    with pytest.raises(FixConfig, match="valid here: retention, adoption, expansion"):
        parse_scorecard(GOOD.replace("outcome: retention", "outcome: joy"), "x")


def test_004_09_narrow_use_by_a_happy_customer_is_a_rule_of_two_measures(example):
    rule = rule_of(example, "narrow_but_happy")
    assert isinstance(rule, Interaction)
    assert [(one.measure, one.sign) for one in rule.when] == [
        ("features_used_28d", "at_most"),
        ("csat_90d", "at_least"),
    ]


def test_004_11_every_band_has_a_colour_and_the_action_it_stands_for(example):
    assert [band.name for band in example.bands] == ["red", "orange", "yellow", "green"]
    assert all(band.colour.startswith("#") and len(band.action) > 20 for band in example.bands)


@pytest.mark.parametrize(("bands", "good"), [(1, False), (2, True), (12, True), (13, False)])
def test_004_12_a_card_has_two_to_twelve_bands(bands, good):
    lines = [f"  - {{name: b{i}, from: {i * 7}, colour: red, action: Act.}}" for i in range(bands)]
    begin, end = GOOD.index("  - {name: red"), GOOD.index("categories:")
    text = GOOD[:begin] + "\n".join(lines) + "\n" + GOOD[end:]
    if good:
        assert len(parse_scorecard(text, "x").bands) == bands
    else:
        with pytest.raises(FixConfig, match="bands: must be a list of at"):
            parse_scorecard(text, "x")


def test_levels_are_worth_their_points_in_the_order_of_the_file():
    card = parse_scorecard(RICH, "rich")
    assert list(card.measures[2].levels.items()) == [("bad", 0), ("fair", 50), ("good", 100)]
    assert card.measures[2].curve == ((1, 0), (2, 50), (3, 100))


def test_the_order_of_levels_is_part_of_what_a_card_says():
    turned = RICH.replace("{bad: 0, fair: 50, good: 100}", "{good: 100, fair: 50, bad: 0}")
    assert parse_scorecard(turned, "rich").digest != parse_scorecard(RICH, "rich").digest


def test_a_card_knows_which_attributes_it_asks_for(retention, example):
    rich = parse_scorecard(RICH.replace("attribute: segment", "attribute: tier"), "rich")
    assert rich.attributes == ("segment", "tier")
    assert (retention.attributes, retention.uses_months) == ((), False)
    assert (example.attributes, example.uses_months) == (("segment",), True)


@pytest.mark.parametrize("text", [RICH, GOOD])
def test_a_card_stored_as_json_is_the_same_card(text):
    card = parse_scorecard(text, "card")
    again = Scorecard.model_validate_json(card.model_dump_json(by_alias=True))
    assert again == card
    assert again.digest == card.digest
    assert list(again.measures[-1].levels or ()) == list(card.measures[-1].levels or ())


def test_a_card_in_points_of_10_is_stored_in_points_of_100(adoption):
    again = Scorecard.model_validate_json(adoption.model_dump_json(by_alias=True))
    assert again.digest == adoption.digest
    assert again.measures == adoption.measures
    assert adoption.measures[0].curve == ((0, 10), (0.5, 40), (1, 80), (1.2, 100))


def test_percentages_say_the_same_as_the_numbers():
    plain = RICH.replace("weight: 70%", "weight: 70").replace("weight: 30%", "weight: 30")
    assert parse_scorecard(plain, "rich").digest == parse_scorecard(RICH, "rich").digest
