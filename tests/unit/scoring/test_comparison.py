"""Two cards beside each other: counts that add up, whatever the scores are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.comparison import Graded, compare, summarize
from include.scoring.score import score

NAN = np.nan
RISING = [(0, 0), (10, 100)]
FALLING = [(0, 100), (10, 0)]


@pytest.fixture(scope="session")
def cards(build_card):
    live = build_card({"a": (1, [(1, RISING), (3, RISING)]), "b": (2, [(1, FALLING)])})
    draft = build_card(
        {"a": (2, [(1, RISING), (1, RISING)]), "b": (1, [(1, RISING)])},
        min_coverage=0.9,
        bands=(
            {"name": "red", "from": 0.0, "colour": "red", "action": "Call."},
            {"name": "green", "from": 60.0, "colour": "green", "action": "Enjoy."},
        ),
    )
    return live, draft


@st.composite
def readings(draw):
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    found = random.integers(0, 11, (draw(st.integers(0, 40)), 3)).astype(float)
    found[random.random(found.shape) < draw(st.sampled_from([0, 0.2, 0.7, 1]))] = NAN
    return found


def both(found, cards):
    return tuple(Graded.of(score(found, card)) for card in cards)


def compared(found, cards, arr=None):
    arr = np.arange(len(found), dtype=float) if arr is None else arr
    return compare(*both(found, cards), cards, arr)


@given(found=readings())
def test_flips_sum_to_the_accounts_and_to_the_bands_of_either_card(cards, found):
    result = compared(found, cards)
    assert len(result.flips) == 4 * 3
    assert sum(flip.accounts for flip in result.flips) == len(found)
    for side in ("live", "draft"):
        for band in getattr(result, side).bands:
            flips = [flip.accounts for flip in result.flips if getattr(flip, side) == band.band]
            assert sum(flips) == band.accounts
    stays = sum(flip.accounts for flip in result.flips if flip.live == flip.draft)
    assert result.flipped == len(found) - stays


@given(found=readings())
def test_a_card_beside_itself_flips_nothing(cards, found):
    result = compared(found, (cards[0], cards[0]))
    assert result.live == result.draft
    assert result.flipped == 0
    assert result.correlation in (None, 1)
    assert result.rank_correlation in (None, 1)


@given(found=readings())
def test_the_order_of_accounts_changes_nothing(cards, found):
    order = np.random.default_rng(3).permutation(len(found))
    arr = np.arange(len(found), dtype=float)
    assert compared(found[order], cards, arr[order]) == compared(found, cards, arr)


@given(found=readings(), cut=st.integers(0, 40))
def test_parts_put_together_are_the_whole(cards, found, cut):
    whole = both(found, cards)
    parts = zip(both(found[:cut], cards), both(found[cut:], cards), strict=True)
    joined = tuple(Graded.joined(one) for one in parts)
    arr = np.ones(len(found))
    assert compare(*joined, cards, arr) == compare(*whole, cards, arr)


@given(found=readings())
def test_what_is_counted_of_one_card_adds_up(cards, found):
    [graded] = both(found, cards[:1])
    result = summarize(graded, cards[0], np.ones(len(found)))
    assert sum(band.accounts for band in result.bands) == result.accounts == len(found)
    assert sum(result.histogram) == result.scored == np.sum(~np.isnan(graded.score))
    assert sum(band.arr for band in result.bands) == len(found)
    assert result.unknown == np.sum(graded.band == -1)


def graded(*scores):
    values = np.array(scores, float)
    band = np.where(np.isnan(values), -1, np.digitize(values, [45, 70])).astype(np.int8)
    return Graded(values, np.where(np.isnan(values), 0.0, 1.0), band)


def test_a_small_world_by_hand(cards):
    card = cards[0]
    live, draft = graded(20, 50, 80, 100, NAN), graded(50, 50, 60, 100, 40)
    result = compare(live, draft, (card, card), np.array([1, NAN, 10, 100, 1000]))
    assert [(band.band, band.accounts, band.arr) for band in result.live.bands] == [
        ("red", 1, 1), ("yellow", 1, 0), ("green", 2, 110), ("unknown", 1, 1000),
    ]  # fmt: skip
    moved = {(flip.live, flip.draft): flip.accounts for flip in result.flips if flip.accounts}
    assert moved == {
        ("red", "yellow"): 1, ("yellow", "yellow"): 1, ("green", "yellow"): 1,
        ("green", "green"): 1, ("unknown", "red"): 1,
    }  # fmt: skip
    assert result.flipped == 3
    assert (result.live.mean, result.live.quantiles["p50"], result.live.scored) == (62.5, 65, 4)
    assert (result.live.coverage, result.live.best_share, result.live.best_band) == (
        0.8, 0.4, "green",
    )  # fmt: skip
    assert result.live.histogram[-1] == 1
    assert result.scored_by_both == 4
    assert result.rank_correlation == pytest.approx(0.948683, abs=1e-6)


def test_without_accounts_there_is_no_share_and_no_mean(cards):
    result = compared(np.empty((0, 3)), cards)
    assert (result.live.accounts, result.live.mean, result.live.best_share) == (0, None, None)
    assert (result.live.coverage, result.correlation, result.flipped) == (None, None, 0)
