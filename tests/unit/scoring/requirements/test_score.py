"""What the number is: its scale, its colours and what goes into it. Each by its requirement."""

import numpy as np
import pytest

from include.errors import FixConfig
from include.scoring.advice import effective_shares
from include.scoring.explain import take_apart
from include.scoring.score import score
from include.scoring.scorecard import parse_scorecard
from include.series import all_files
from tests.unit.scoring.requirements.conftest import at_its, in_order
from tests.unit.scoring.test_bad_scorecards import GOOD

LINE = [(0, 0), (100, 100)]


def series_of(reading):
    """The names of all series that a reading is made of."""
    parts = [getattr(reading, name, None) for name in ("top", "bottom", "of")]
    inner = {name for part in parts if part is not None for name in series_of(part)}
    return inner | ({reading.series} if hasattr(reading, "series") else set())


def roles_of(card):
    """The kinds of source that a card's measures read, windows left out of the names."""
    roles = {one.name.replace("{n}", "28"): one.role for file in all_files() for one in file.series}
    return {roles[name] for measure in card.measures for name in series_of(measure.reading)}


def test_000_21_the_scale_is_from_0_to_100_and_every_band_has_a_colour():
    card = parse_scorecard(GOOD, "x")
    found = score(np.array([[0, 0], [10, 0.5], [20, 1], [99, 9]]), card)
    assert found.score.tolist() == [0, 52.5, 100, 100]
    assert [card.bands[band].colour for band in found.band] == ["red", "red", "#00ff00", "#00ff00"]


def test_004_10_bands_may_be_called_unhealthy_neutral_and_healthy(build_card):
    names = {"unhealthy": 0.0, "neutral": 40.0, "healthy": 70.0}
    bands = [
        {"name": name, "from": lower, "colour": "red", "action": "Act."}
        for name, lower in names.items()
    ]
    card = build_card({"a": (1.0, [(1.0, LINE)])}, bands=tuple(bands))
    found = score(np.array([[0.0], [39.9], [40], [69.9], [70], [100]]), card).band
    assert [card.bands[band].name for band in found] == [
        name for name in names for _ in range(2)
    ]  # fmt: skip


def test_000_02_how_a_score_is_made_is_the_cards_to_say():
    readings = np.array([[20.0, 0.5]])
    turned = GOOD.replace("[[0, 0], [20, 100]]", "[[0, 100], [20, 0]]")
    heavier = GOOD.replace("weight: 3", "weight: 9")
    found = [
        float(score(readings, parse_scorecard(text, "x")).score[0])
        for text in (GOOD, turned, heavier)
    ]
    assert found == [90, 15, 96]


def test_000_06_the_card_we_ship_answers_for_adoption_and_renewal(retention):
    assert retention.charter == ("adopt", "renew")


def test_000_07_usage_contracts_payments_support_and_people_are_read_beside_each_other(retention):
    assert roles_of(retention) == {"usage", "billing", "support", "crm"}
    contracts = {name for measure in retention.measures for name in series_of(measure.reading)}
    assert {"seats", "invoices_due"} <= contracts


def test_000_10_what_is_counted_and_what_people_say_are_both_in_the_card(retention):
    """Also that neither is left out: 001-13."""
    said = {"pulse", "ratings_good"}
    weights = {True: 0.0, False: 0.0}
    for measure, weight in zip(retention.measures, retention.effective_weights, strict=True):
        weights[bool(said & series_of(measure.reading))] += float(weight)
    assert weights[True] == pytest.approx(0.10 + 0.20 * 2 / 6)
    assert weights[False] == pytest.approx(1 - weights[True])


def test_001_04_no_survey_alone_moves_an_account_from_green_to_red(retention):
    row = at_its(retention, best=True) | {"csat_90d": 0.0}
    found = score(in_order(row, retention), retention)
    assert found.score.tolist() == [pytest.approx(100 - 20 * 2 / 6)]
    assert retention.bands[found.band[0]].name == "green"


def test_001_19_the_review_with_the_sponsor_and_the_first_use_weigh_more_than_surveys(
    retention, adoption
):
    shares = {one.measure: one.percent for one in effective_shares(retention)}
    assert shares["days_since_review"] > shares["csat_90d"] > 0
    first = {one.measure: one.percent for one in effective_shares(adoption)}
    assert first["days_to_first_use"] > 20 > shares["csat_90d"]


def test_001_20_the_measure_of_most_weight_moves_the_score_most(retention):
    """Which sign is the strongest is for the proof to say; its weight is for the card."""
    best = at_its(retention, best=True)
    worst = at_its(retention, best=False)
    heaviest = int(np.argmax(retention.effective_weights))
    name = retention.measure_names[heaviest]
    found = {
        one: 100 - float(score(in_order(best | {one: worst[one]}, retention), retention).score[0])
        for one in retention.measure_names
    }
    assert name == "active_seat_share_28d"
    assert found[name] == max(found.values()) == 12


def test_002_03_small_metrics_add_up_by_their_weights():
    assert score(np.array([[10.0, 0.25]]), parse_scorecard(GOOD, "x")).score.tolist() == [
        (3 * 50 + 1 * 30) / 4
    ]


def test_002_04_every_measure_says_why_it_matters(retention, adoption):
    assert all(len(one.why) > 20 for one in (*retention.measures, *adoption.measures))
    with pytest.raises(FixConfig, match=r"why: this key is missing"):
        parse_scorecard(GOOD.replace("        why: Use shows worth.\n", ""), "x")


def test_002_05_signs_of_success_raise_the_score_and_signs_of_risk_lower_it(retention):
    def points(name, *readings):
        at = retention.measure_names.index(name)
        rows = np.full((len(readings), len(retention.measures)), np.nan)
        rows[:, at] = readings
        return score(rows, retention).points[:, at].tolist()

    assert points("features_used_28d", 1, 3, 6) == [30, 70, 100]
    assert points("overdue_days", 0, 30, 60) == [100, 40, 0]


def test_002_29_what_is_acceptable_is_where_a_band_begins(retention):
    assert [(band.name, band.lower) for band in retention.bands] == [
        ("red", 0), ("yellow", 60), ("green", 75),
    ]  # fmt: skip


def test_003_09_the_raw_mean_stands_beside_the_weighted_score():
    found = take_apart(np.array([10.0, 0.25]), parse_scorecard(GOOD, "x"))
    assert (found.raw, found.score) == (40, 45)


def test_003_12_use_alone_does_not_hide_a_relationship_that_is_gone(example, scored, segment):
    found = scored(example, segment("smb"), days_since_review=365.0, csm_pulse=2.0)
    worst = [category.name for category in example.categories].index("relationship")
    assert found.categories[0].tolist()[worst] < 15
    assert example.bands[found.band[0]].name == "yellow"
    gone = scored(example, segment("smb"), csm_pulse=1.0)
    assert gone.score.tolist() == [10]


def test_004_01_a_card_says_which_outcome_its_process_serves(retention, adoption):
    assert {card.outcome: card.charter for card in (retention, adoption)} == {
        "retention": ("adopt", "renew"),
        "adoption": ("land", "adopt"),
    }
