import numpy as np
import pytest
import yaml

from include.errors import FixConfig
from include.scoring.reading_parts import series_of
from include.scoring.scorecard import load_scorecard, parse_scorecard
from include.scoring.series import SERIES


def test_the_default_card_reads_in_file_order(retention):
    assert [category.name for category in retention.categories] == [
        "adoption",
        "support",
        "billing",
        "relationship",
    ]
    assert retention.measure_names[:2] == ("active_seat_share_28d", "active_days_28d")
    assert len(retention.measures) == 14
    assert retention.category_of.tolist() == [0] * 5 + [1] * 4 + [2] * 2 + [3] * 3
    assert [(band.name, band.lower) for band in retention.bands] == [
        ("red", 0),
        ("yellow", 60),
        ("green", 75),
    ]


def test_effective_weights_are_the_product_of_both_shares_and_sum_to_one(retention):
    weights = dict(zip(retention.measure_names, retention.effective_weights, strict=True))
    assert weights["active_seat_share_28d"] == 0.12
    assert weights["csat_90d"] == 1 / 15
    assert retention.effective_weights.sum() == pytest.approx(1, abs=1e-15)


def test_multipliers_and_shares_are_weights_alike(build_card):
    line = [(0, 0), (1, 100)]
    card = build_card({"a": (1.25, [(1.0, line)]), "b": (0.85, [(2.0, line), (0.0, line)])})
    assert card.effective_weights.tolist() == [125 / 210, 85 / 210, 0.0]


def test_every_released_scorecard_still_has_its_digest(scorecards):
    released = yaml.safe_load((scorecards / "released.yaml").read_text())
    assert "retention.v1" in released
    for name, digest in released.items():
        assert load_scorecard(scorecards / f"{name}.yaml").digest == digest, name


def test_every_scorecard_file_loads_and_states_known_series(scorecards):
    files = sorted(scorecards.glob("*.v*.yaml"))
    assert files
    for file in files:
        assert load_scorecard(file).measures


def test_the_default_card_reads_sixteen_of_the_series(retention):
    read = series_of([measure.reading for measure in retention.measures])
    assert len(read) == 16
    assert set(read) <= set(SERIES)


def test_comments_layout_and_spelt_out_defaults_do_not_change_the_digest(scorecards, retention):
    text = (scorecards / "retention.v1.yaml").read_text()
    again = text.replace(
        "{ op: level, series: seats }", "{series: seats, op: level, lag: 0}  # same"
    )
    assert again != text
    assert parse_scorecard(again, "again").digest == retention.digest


def test_a_changed_weight_changes_the_digest(scorecards, retention):
    text = (scorecards / "retention.v1.yaml").read_text()
    changed = parse_scorecard(text.replace("weight: 40", "weight: 41"), "changed")
    assert changed.digest != retention.digest


def test_a_card_cannot_be_changed_after_it_was_read(retention):
    with pytest.raises(ValueError, match="frozen"):
        retention.version = 2
    with pytest.raises(ValueError, match="read-only"):
        retention.effective_weights[0] = 1.0
    assert np.isclose(retention.effective_weights[0], 0.12)


def test_the_file_name_carries_name_and_version(tmp_path, scorecards):
    file = tmp_path / "retention.v2.yaml"
    file.write_text((scorecards / "retention.v1.yaml").read_text())
    with pytest.raises(FixConfig) as caught:
        load_scorecard(file)
    assert str(caught.value) == (
        f'{file}, line 5, version: the file says name "retention" and version 1, so it must be '
        "named retention.v1.yaml; rename it or correct the file."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: \xff\n", ", line 1: this is not UTF-8 text; save it as UTF-8."),
        (b"#" * 262_145, ": a scorecard has at most 256 KB; this is larger."),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path, content, message):
    file = tmp_path / "card.v1.yaml"
    file.write_bytes(content)
    with pytest.raises(FixConfig) as caught:
        load_scorecard(file)
    assert str(caught.value) == f"{file}{message}"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(
        FixConfig, match=r"none\.v1\.yaml: cannot read this scorecard: No such file"
    ):
        load_scorecard(tmp_path / "none.v1.yaml")


def test_a_byte_order_mark_does_no_harm(tmp_path, scorecards, retention):
    file = tmp_path / "retention.v1.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + (scorecards / "retention.v1.yaml").read_bytes())
    assert load_scorecard(file).digest == retention.digest
