from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.crm import values
from include.crm.catalogue import MARK, Vocabulary, catalogue_of
from include.crm.hubspot.definitions import to_definition
from include.crm.values import Sentences, Snapshot
from include.crm_settings import Crm, CrmField
from include.errors import FixConfig
from include.settings import parse_settings

DAY = date(2026, 11, 1)
WORDS = Vocabulary(bands=("red", "yellow", "green"), trends=("declining", "stable"))


def catalogue(outcome=None, words=WORDS, **crm):
    return catalogue_of(Crm(**crm), outcome, words, lambda name: name)


def test_a_snapshot_becomes_text_under_our_prefix():
    shown = Snapshot(72.349, "green", -3.0, "declining", 0.855, 61.8, 76.14)
    assert catalogue().values(shown, DAY, "9100") == {
        "cs_health_score": "72.3",
        "cs_health_band": "green",
        "cs_health_change_30d": "-3",
        "cs_health_trend": "declining",
        "cs_health_coverage": "85.5",
        "cs_health_floor": "61.8",
        "cs_health_ceiling": "76.1",
        "cs_health_as_of": "2026-11-01",
    }


def test_what_is_unknown_is_empty_and_never_zero():
    shown = Snapshot(None, "unknown", float("nan"), "unknown", 0.0)
    texts = catalogue().values(shown, DAY, "9100")
    empty = {name for name, text in texts.items() if text == ""}
    assert empty == {
        "cs_health_score", "cs_health_change_30d", "cs_health_floor", "cs_health_ceiling",
    }  # fmt: skip
    assert texts["cs_health_coverage"] == "0"


def test_an_account_without_a_score_is_emptied():
    ours = catalogue()
    texts = ours.values(None, DAY, "9100")
    assert set(texts.values()) == {""}
    assert set(ours.names) - set(texts) == {"cs_health_reason", "cs_health_next_step"}


@pytest.mark.parametrize(
    "fields",
    [
        {"score": {"name": "cs_health_band"}},
        {"score": {"name": "health"}, "band": {"name": "Health"}},
        {key: {"name": "health", "label": "Health"} for key in ("score", "band")},
    ],
)
def test_two_fields_cannot_have_one_name(fields):
    with pytest.raises(FixConfig, match="would write two fields into"):
        catalogue(fields=fields)


def test_only_the_fields_that_are_asked_for_are_written():
    ours = catalogue(write=["score", "reason"])
    assert ours.names == ("cs_health_score", "cs_health_reason")
    assert ours.values(Snapshot(1.0, "red", None, "stable", 1.0), DAY, "1") == {
        "cs_health_score": "1"
    }
    assert ours.sentences(Sentences("Usage fell.", "Call.")) == {"cs_health_reason": "Usage fell."}
    assert ours.name("band") is None


def test_people_may_name_label_and_describe_a_field():
    said = CrmField(name="Account_Health", label="Health", description="Ask Ann.", dead_band=2.5)
    field = catalogue(fields={"score": said}).fields[0]
    assert (field.name, field.label, field.least) == ("Account_Health", "Health", 2.5)
    assert field.description == f"Ask Ann. {MARK}"


def test_another_outcome_has_names_of_its_own():
    said = CrmField(name="Account_Health")
    ours = catalogue("adoption", fields={"score": said})
    assert ours.name("score") == "cs_adoption_score"
    assert ours.fields[0].label == "Adoption score"
    assert not set(ours.names) & set(catalogue().names)


def test_a_receipt_is_linked_by_record_and_day():
    ours = catalogue(
        write=["score", "receipt"], receipt_url="https://health.kite.example/{record}/{day}"
    )
    texts = ours.values(Snapshot(1.0, "red", None, "stable", 1.0), DAY, "9100")
    assert texts["cs_health_receipt"] == "https://health.kite.example/9100/2026-11-01"


def test_a_receipt_without_an_address_is_a_mistake_in_the_settings():
    text = "scorecards: [a.yaml]\nsources: []\ncrm: {write: [score, receipt]}\n"
    with pytest.raises(FixConfig, match="say receipt_url"):
        parse_settings(text, where="health.yaml")


@pytest.mark.parametrize(
    ("value", "text"),
    [(72.25, "72.2"), (72.75, "72.8"), (100.0, "100"), (-0.04, "0"), (0.05, "0.1"), (69.96, "70")],
)
def test_numbers_are_rounded_to_one_decimal_ties_to_even(value, text):
    assert values.to_number(value) == text


@given(st.floats(0, 100))
def test_a_number_written_is_the_same_number_read(value):
    assert values.is_same(f"{float(values.to_number(value)):.3f}", values.to_number(value))


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
    assert values.is_same(shown, written) is same


@given(st.text())
def test_a_sentence_is_one_line_of_at_most_500_characters(entered):
    sentence = values.to_sentence(entered)
    assert len(sentence) <= 500
    assert len(sentence.splitlines()) <= 1
    assert sentence == sentence.strip()


@pytest.mark.parametrize("sign", ["\x1b[2J", "\u202e", "\u200f", "\x07"])
def test_a_sentence_holds_nothing_that_moves_a_cursor_or_turns_text(sign):
    sentence = values.to_sentence(f"Kite {sign} fell.")
    assert sentence.isprintable()
    assert sentence.startswith("Kite \N{REPLACEMENT CHARACTER}")


def test_a_long_sentence_is_cut_between_words():
    sentence = values.to_sentence("Usage fell, " * 60)
    assert sentence.endswith("Usage fell, Usage…")
    assert 490 < len(sentence) <= 500


def test_definitions_name_type_field_group_and_list_entries():
    """Requirement 002-34."""
    bodies = {
        field.key: to_definition(field, "cs_health", place)
        for place, field in enumerate(catalogue().fields)
    }
    assert {key: (body["type"], body["fieldType"]) for key, body in bodies.items()} == {
        "score": ("number", "number"),
        "band": ("enumeration", "select"),
        "change": ("number", "number"),
        "trend": ("enumeration", "select"),
        "reason": ("string", "textarea"),
        "next_step": ("string", "textarea"),
        "coverage": ("number", "number"),
        "floor": ("number", "number"),
        "ceiling": ("number", "number"),
        "as_of": ("date", "date"),
    }
    band = bodies["band"]
    assert band["name"] == "cs_health_band"
    assert band["groupName"] == "cs_health"
    listed = [option["value"] for option in band["options"]]
    assert listed == ["red", "yellow", "green", "unknown"]
    assert band["options"][0] == {
        "label": "Red",
        "value": "red",
        "displayOrder": 0,
        "hidden": False,
    }
    assert all(body["label"] and body["description"] for body in bodies.values())


@pytest.mark.parametrize("bands", [("red", "unknown"), ("unknown", "red"), ("red",)])
def test_unknown_is_always_the_last_word_of_a_list(bands):
    band = catalogue(words=Vocabulary(bands, ())).fields[1]
    assert band.words == ("red", "unknown")
