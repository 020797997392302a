"""Which card scores which account (001-05, 004-05): first match wins, none falls through."""

from datetime import date

import numpy as np
import pytest

from include.errors import FixConfig
from include.pipeline.spans import Span
from include.scoring.circumstances import Codes
from include.scoring.deck import Deck, applies, bands_of, chosen, label_of
from include.scoring.scorecard import load_scorecard


@pytest.fixture
def make(scorecards):
    """A copy of the released card under another name, for some accounts, of some outcome."""
    retention = load_scorecard(scorecards / "retention.v1.yaml")

    def card(name, applies_to=None, outcome="retention"):
        changed = {"name": name, "applies_to": applies_to or {}, "outcome": outcome}
        return retention.model_copy(update=changed)

    return card


def before(deck, card):
    """The cards that a day's work asks before this one."""
    day = date(2026, 3, 1)
    return Span(card, day, day, "live", kin=deck.beside(card)).asked_before


TIER = Codes(np.array([0, 1, 2, -1]), ("key", "mid", "smb"))
SIZE = Codes(np.array([1, 0, 0, 1]), ("small", "large"))
ROWS = {"tier": TIER, "size": SIZE}


def test_an_account_goes_to_the_first_card_that_applies_and_each_to_exactly_one(make):
    """Requirement 001-05."""
    cards = (
        make("key", {"tier": ("key", "mid"), "size": ("large",)}),
        make("not_small_deals", {"tier": ("mid", "key")}),
        make("everyone"),
    )
    deck = Deck(cards)
    taken = [chosen(card, before(deck, card), ROWS, 4).tolist() for card in cards]
    assert taken == [
        [True, False, False, False],
        [False, True, False, False],
        [False, False, True, True],  # the last: its tier is not known
    ]
    assert np.array(taken).sum(axis=0).tolist() == [1, 1, 1, 1]


def test_an_attribute_that_is_not_known_has_none_of_the_values(make):
    assert applies(make("key", {"tier": ("key", "mid", "smb")}), ROWS, 4).tolist()[-1] is False


def test_several_outcomes_score_the_same_account_side_by_side(make):
    """Requirement 004-05."""
    deck = Deck((make("retention"), make("adoption", outcome="adoption")))
    assert list(deck.outcomes) == ["retention", "adoption"]
    assert [label_of(card) for card in deck.outcomes["adoption"]] == ["adoption.v1"]
    assert all(chosen(card, before(deck, card), ROWS, 4).all() for card in deck.live)


def test_a_shadow_scores_all_that_it_applies_to_beside_the_live_cards(make):
    shadow = make("draft", {"tier": ("smb",)})
    deck = Deck((make("everyone"),), (shadow,))
    assert before(deck, shadow) == ()
    assert deck.beside(shadow) == (shadow,)
    assert chosen(shadow, before(deck, shadow), ROWS, 4).tolist() == [False, False, True, False]


@pytest.mark.parametrize(
    ("cards", "message"),
    [
        ([("key", {"tier": ("key",)})], "the last card of the outcome retention, key.v1, applies"),
        ([("a", {}), ("b", {})], "a.v1 applies to every account, so those of the outcome"),
        ([("a", {}), ("a", {})], "names the scorecard a.v1 twice"),
    ],
)
def test_cards_that_leave_accounts_out_or_are_never_asked_are_refused(make, cards, message):
    with pytest.raises(FixConfig, match=message):
        Deck(tuple(make(*card) for card in cards))


def test_the_cards_asked_for_are_an_outcomes_or_the_one_that_is_named(make):
    key, everyone = make("key", {"tier": ("key",)}), make("everyone")
    adoption, shadow = make("adoption", outcome="adoption"), make("draft")
    deck = Deck((key, adoption, everyone), (shadow,))
    assert deck.asked() == deck.asked("retention") == (key, everyone)
    assert deck.asked("adoption") == (adoption,)
    assert deck.asked(label="key.v1") == (key,)
    assert deck.asked(label="draft.v1") == (shadow,)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"outcome": "churn"},
            (
                "health.yaml has no outcome churn; it has retention. A scorecard is switched on by "
                "naming its file there under `scorecards`."
            ),
        ),
        (
            {"label": "draft.v1"},
            (
                "health.yaml has no scorecard draft.v1; it has everyone.v1. A scorecard is "
                "switched on by naming its file there under `scorecards` or `shadow_scorecards`."
            ),
        ),
        (
            {"outcome": "retention", "label": "everyone.v1"},
            "Name an outcome or a scorecard: a scorecard has one outcome.",
        ),
    ],
)
def test_asking_for_what_there_is_not_says_what_there_is(make, asked, message):
    with pytest.raises(FixConfig) as error:
        Deck((make("everyone"),)).asked(**asked)
    assert str(error.value) == message


def test_the_bands_of_several_cards_are_those_of_all_worst_first(make):
    one, other = make("one"), make("other")
    low, *_, high = one.bands
    between = low.model_copy(update={"name": "orange", "lower": high.lower - 1})
    other = other.model_copy(update={"bands": (low, between, high)})
    names = [band.name for band in bands_of([one, other])]
    assert names == ["red", "yellow", "orange", "green"]
