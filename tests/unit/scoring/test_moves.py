"""What a draft moves an account by: parts that sum to the move."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.moves import biggest_moves, effects, known_shares, through_rules
from include.scoring.score import score
from tests.unit.scoring.changes import card as full_card
from tests.unit.scoring.changes import content, side

NAN = np.nan
RISING = [(0, 0), (10, 100)]
FALLING = [(0, 100), (10, 0)]


@pytest.fixture(scope="session")
def cards(build_card):
    live = build_card({"a": (1, [(1, RISING), (3, RISING)]), "b": (2, [(1, FALLING)])})
    draft = build_card(
        {"a": (2, [(1, RISING), (0, RISING)]), "c": (5, [(1, RISING), (2, FALLING)])}
    )
    return live, draft


readings = st.integers(0, 10_000).map(
    lambda seed: np.where(
        np.random.default_rng(seed).random((12, 4)) < 0.3,
        NAN,
        np.random.default_rng(seed + 1).integers(0, 11, (12, 4)),
    )
)


def scored(found, cards):
    live, draft = cards
    return score(found[:, : len(live.measures)], live), score(found, draft)


@given(found=readings)
def test_what_measures_add_sums_to_the_change(cards, found):
    live, draft = scored(found, cards)
    checked = 0
    for row in range(len(found)):
        if np.isnan(live.score[row]) or np.isnan(draft.score[row]):
            continue
        parts = effects((live.points[row], live.score[row]), draft.points[row], cards)
        assert set(parts) == {"m0", "m1", "m2", "m3"}
        assert sum(parts.values()) == pytest.approx(draft.score[row] - live.score[row], abs=1e-8)
        checked += 1
    assert checked


@given(found=readings)
def test_shares_make_the_score_of_the_points(cards, found):
    live, _ = scored(found, cards)
    for points, expected in zip(live.points, live.score, strict=True):
        shares = known_shares(points, cards[0])
        if np.isnan(expected):
            assert not shares.any()
        else:
            assert shares.sum() == pytest.approx(1)
            assert np.nan_to_num(points) @ shares == pytest.approx(expected, abs=1e-8)


@given(found=readings, count=st.integers(0, 12))
def test_moves_come_largest_first_and_only_of_accounts_that_move(cards, found, count):
    live, draft = scored(found, cards)
    change = draft.score - live.score
    moves = biggest_moves(live, draft, cards, count=count)
    assert len(moves) == min(count, np.sum(np.nan_to_num(change) != 0))
    sizes = [abs(move.change) for _, move in moves]
    assert sizes == sorted(sizes, reverse=True)
    for row, move in moves:
        assert (move.live, move.draft) == (live.score[row], draft.score[row])
        assert move.change == pytest.approx(change[row], abs=1e-8)
        assert move.effect * move.change > 0


def test_a_card_beside_itself_moves_nobody(cards):
    found = np.array([[1.0, 5, 3], [NAN, 2, 9]])
    live = score(found, cards[0])
    assert biggest_moves(live, live, (cards[0], cards[0]), count=9) == []


def test_a_heavier_measure_moves_as_far_as_it_stands_off_the_score(build_card):
    def card(weight):
        return build_card({"a": (1, [(1, RISING), (1, RISING), (weight, RISING)])})

    cards = card(1), card(2)
    found = np.array([[9.0, 1, 5], [9, 3, 0]])
    live, draft = (score(found, one) for one in cards)
    [(row, move)] = biggest_moves(live, draft, cards, count=5)
    assert row == 1  # the other one's third measure is worth just its score: more of it is the same
    assert (move.live, move.draft, move.measure) == (40, 30, "m2")
    assert move.live_part.points == move.draft_part.points == 0
    assert (move.live_part.weight, move.draft_part.weight) == (pytest.approx(33.333333), 50)
    assert move.effect == pytest.approx((0.5 - 1 / 3) * -40)


def test_a_measure_that_one_card_lacks_has_no_part_in_it(cards):
    live, draft = scored(np.array([[5.0, 5, 5, 0]]), cards)
    [(_, move)] = biggest_moves(live, draft, cards, count=1)
    assert (move.measure, move.live_part, move.draft_part.points) == ("m3", None, 100)


@given(seed=st.integers(0, 10_000))
def test_rules_and_overrides_have_their_parts_of_a_move(seed):
    own = full_card()
    fewer = full_card(version=2, rules=content()["rules"][2:5])
    day = side(own, seed)
    live, draft = (score(day.readings, one, day.at) for one in (own, fewer))
    checked = 0
    for row in np.flatnonzero(~np.isnan(live.score)):
        parts = through_rules(row, live, draft, (own, fewer))
        change = draft.score[row] - live.score[row]
        assert sum(parts.values()) == pytest.approx(change, abs=1e-5)
        checked += 1
    for _, move in biggest_moves(live, draft, (own, fewer), count=3):
        assert move.kind in ("rule", "override")  # nothing else differs
        assert (move.live_part, move.draft_part) == (None, None)
        assert move.label.endswith(".") or move.kind == "override"
    assert checked
