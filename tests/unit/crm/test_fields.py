from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.crm import fields
from include.crm.fields import Snapshot, Vocabulary

WORDS = Vocabulary(bands=("red", "yellow", "green"), trends=("declining", "stable"))


def test_a_snapshot_becomes_text_under_our_prefix():
    shown = Snapshot(72.349, "green", -3.0, "declining", 0.855)
    assert fields.to_values("cs_", shown, date(2026, 11, 1)) == {
        "cs_health_score": "72.3",
        "cs_health_band": "green",
        "cs_health_change_30d": "-3",
        "cs_health_trend": "declining",
        "cs_health_coverage": "85.5",
        "cs_health_as_of": "2026-11-01",
    }


def test_what_is_unknown_is_empty_and_never_zero():
    shown = Snapshot(None, "unknown", float("nan"), "unknown", 0.0)
    values = fields.to_values("cs_", shown, date(2026, 11, 1))
    assert values["cs_health_score"] == values["cs_health_change_30d"] == ""
    assert values["cs_health_coverage"] == "0"


def test_an_account_without_a_score_is_emptied():
    values = fields.to_values("cs_", None, date(2026, 11, 1))
    assert set(values.values()) == {""}
    assert len(values) == len(fields.FIELDS) - 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(72.25, "72.2"), (72.75, "72.8"), (100.0, "100"), (-0.04, "0"), (0.05, "0.1"), (69.96, "70")],
)
def test_numbers_are_rounded_to_one_decimal_ties_to_even(value, text):
    assert fields.to_number(value) == text


@given(st.floats(0, 100))
def test_a_number_written_is_the_same_number_read(value):
    assert fields.is_same(f"{float(fields.to_number(value)):.3f}", fields.to_number(value))


@pytest.mark.parametrize(
    ("shown", "written", "same"),
    [
        (None, "", True),
        ("72.0", "72", True),
        ("72.1", "72", False),
        ("0", "", False),
        ("green", "green", True),
        ("green", "red", False),
        ("Usage fell. ", "Usage fell.", True),
    ],
)
def test_what_the_crm_shows_is_compared_by_meaning(shown, written, same):
    assert fields.is_same(shown, written) is same


@given(st.text())
def test_a_reason_is_one_line_of_at_most_500_characters(sentence):
    reason = fields.to_reason(sentence)
    assert len(reason) <= 500
    assert len(reason.splitlines()) <= 1
    assert reason == reason.strip()


def test_a_long_reason_is_cut_between_words():
    reason = fields.to_reason("Usage fell, " * 60)
    assert reason.endswith("Usage fell, Usage…")
    assert 490 < len(reason) <= 500


def test_definitions_name_type_field_group_and_list_entries():
    """Requirement 002-34."""
    by_name = {
        field.name: fields.to_definition(field, "cs_", "cs_health", WORDS)
        for field in fields.FIELDS
    }
    assert {name: (body["type"], body["fieldType"]) for name, body in by_name.items()} == {
        "health_score": ("number", "number"),
        "health_band": ("enumeration", "select"),
        "health_change_30d": ("number", "number"),
        "health_trend": ("enumeration", "select"),
        "health_reason": ("string", "textarea"),
        "health_coverage": ("number", "number"),
        "health_as_of": ("date", "date"),
    }
    band = by_name["health_band"]
    assert band["name"] == "cs_health_band"
    assert band["groupName"] == "cs_health"
    values = [option["value"] for option in band["options"]]
    assert values == ["red", "yellow", "green", "unknown"]
    assert band["options"][0] == {
        "label": "Red",
        "value": "red",
        "displayOrder": 0,
        "hidden": False,
    }
    assert all(body["label"] and body["description"] for body in by_name.values())


@pytest.mark.parametrize("words", [("red", "unknown"), ("unknown", "red"), ("red",)])
def test_unknown_is_always_the_last_word_of_a_list(words):
    assert [option["value"] for option in fields.to_options(words)] == ["red", "unknown"]
