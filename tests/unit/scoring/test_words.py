"""What people type into fields of the CRM, read as an override or refused with a sentence."""

from datetime import date

import pytest

from include.errors import FixConfig
from include.scoring.overruling import last_day_of
from include.scoring.scorecard import parse_scorecard
from include.scoring.words import NO_EVIDENCE, NOBODY, Word, wish_of
from include.settings import ROOT

TODAY = date(2026, 11, 1)
CARD = parse_scorecard((ROOT / "scorecards/retention.v1.yaml").read_text(), where="retention.v1")


def wish(value="40", reason="acquired: Bought by a rival.", until="2026-11-30", author="7"):
    return wish_of(Word(value, reason, until, author), [CARD], TODAY)


def test_a_number_a_reason_and_a_day_are_an_override_from_the_day_they_are_seen():
    found = wish()
    assert (found.to, found.reason, found.evidence) == (40, "acquired", "Bought by a rival.")
    assert (found.author, found.may_raise, found.first_day) == ("7", False, TODAY)
    assert last_day_of(found, [CARD]) == date(2026, 11, 30)


def test_reasons_may_be_written_as_a_list_shows_them():
    found = wish(reason="Sponsor left", author=None)
    assert (found.reason, found.evidence, found.author) == ("sponsor_left", NO_EVIDENCE, NOBODY)


def test_a_band_means_at_most_its_highest_score():
    lowest, above, *_ = CARD.bands
    assert wish(value=lowest.name.upper()).to == pytest.approx(above.lower - 0.1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": None}, "score or band is missing"),
        ({"reason": None}, "reason is missing"),
        ({"until": None}, "last day is missing"),
        ({"until": "soon"}, "soon is no day"),
        ({"value": "101"}, "out of range"),
        ({"value": "-1"}, "out of range"),
        ({"value": "nan"}, "out of range"),
        ({"value": "blue"}, "neither a number of points nor a band"),
        ({"value": CARD.bands[-1].name}, "only lowers"),
    ],
)
def test_what_lacks_or_is_out_of_range_is_said(typed, words):
    with pytest.raises(FixConfig, match=words):
        wish(**typed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "mood"}, 'no reason "mood"'),
        ({"until": "2026-10-31"}, "1 to 366 days, not 0"),
        ({"until": "2028-10-31"}, "1 to 366 days"),
    ],
)
def test_the_scorecards_limits_hold_for_fields_too(typed, words):
    with pytest.raises(FixConfig, match=words):
        last_day_of(wish(**typed), [CARD])
