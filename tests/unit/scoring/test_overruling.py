from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import FixConfig
from include.scoring.overruling import Judged, Wish, last_day_of, tally, wilson
from include.scoring.policies import Overrides

TODAY = date(2026, 3, 1)
WISH = Wish(
    to=40.0, less=None, may_raise=False, reason="acquired", evidence="Bought by a rival.",
    author="Jo", second=None, first_day=TODAY, days=None,
)  # fmt: skip
RAISE = replace(WISH, to=80.0, may_raise=True, second="Kim")


@dataclass(frozen=True)
class Card:
    name: str
    overrides: Overrides


PLAIN = Card("retention", Overrides())
RAISING = Card("retention", Overrides(allow_raising=True))
ALONE = Card("retention", Overrides(allow_raising=True, raise_needs_second=False))


def days(wish, *cards):
    return (last_day_of(wish, cards or [PLAIN]) - wish.first_day + timedelta(days=1)).days


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 90),
        ({"to": 20.0}, 90),
        ({"to": 19.9}, 30),
        ({"to": 95.0}, 90),  # at most 95: nothing extreme about it
        ({"to": None, "less": 0.2}, 90),
        ({"to": None, "less": 0.8}, 90),
        ({"to": None, "less": 0.81}, 30),
        ({"to": 0.0, "days": 200}, 200),
        ({"days": 1}, 1),
    ],
)
def test_an_override_ends_after_90_days_and_an_extreme_one_after_30(changed, expected):
    assert days(replace(WISH, **changed)) == expected


def test_a_raise_to_more_than_90_points_is_extreme():
    assert days(replace(RAISE, to=90.0), RAISING) == 90
    assert days(replace(RAISE, to=90.1), RAISING) == 30


def test_of_several_scorecards_the_shortest_expiry_counts():
    short = Card("adoption", Overrides(expires_after_days=14))
    assert days(WISH, PLAIN, short) == 14


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": "acqired"}, 'has no reason "acqired" for overrides; did you mean "acquired"?'),
        ({"reason": "zzz"}, "valid here: acquired, sponsor_left, budget_cut, competitor, outage"),
        ({"evidence": "  "}, "names its evidence"),
        ({"evidence": "x" * 2001}, "longer than 2,000 characters"),
        ({"author": ""}, "its author"),
        ({"to": None}, "either --to POINTS or --less PERCENT"),
        ({"less": 0.2}, "either --to POINTS or --less PERCENT"),
        ({"to": 101.0}, "0 to 100 points"),
        ({"to": None, "less": 0.0}, "more than 0%"),
        ({"days": 367}, "for 1 to 366 days, not 367"),
        ({"days": 0}, "for 1 to 366 days, not 0"),
        ({"first_day": date(9999, 12, 31)}, "begins on 2999-12-31 at the latest"),
        ({"days": -1}, "for 1 to 366 days, not -1"),
        ({"may_raise": True}, "lets people only lower a score"),
        ({"may_raise": True, "to": None, "less": 0.2}, "--raise goes with --to"),
    ],
)
def test_a_wish_that_no_card_allows_says_what_to_do(changed, said):
    """Requirement 001-16."""
    with pytest.raises(FixConfig) as error:
        last_day_of(replace(WISH, **changed), [PLAIN])
    assert said in str(error.value)


@pytest.mark.parametrize("second", [None, " ", "Jo", " jo "])
def test_a_raise_needs_a_second_person_who_is_another_one(second):
    with pytest.raises(FixConfig, match="second person"):
        last_day_of(replace(RAISE, second=second), [RAISING])
    assert days(replace(RAISE, second=second), ALONE) == 90
    assert days(RAISE, RAISING) == 90


def test_lowering_is_right_where_it_went_badly_and_raising_where_it_did_not():
    def verdict(**of):
        return Judged(author="Jo", reason="other", **of).is_right

    assert verdict(is_raise=False, went_badly=True, is_over=True) is True
    assert verdict(is_raise=False, went_badly=False, is_over=True) is False
    assert verdict(is_raise=True, went_badly=False, is_over=True) is True
    assert verdict(is_raise=True, went_badly=True, is_over=True) is False


@pytest.mark.parametrize("went_badly", [True, False])
@pytest.mark.parametrize("is_raise", [True, False])
def test_an_override_is_open_until_its_horizon_is_over_however_it_goes(is_raise, went_badly):
    young = Judged("Jo", "other", is_raise=is_raise, went_badly=went_badly, is_over=False)
    assert young.is_right is None
    [everyone, *_] = tally([young, replace(young, is_over=True)])
    assert (everyone.overrides, everyone.open, everyone.right + everyone.wrong) == (2, 1, 1)


def test_the_scoreboard_counts_by_author_and_by_reason_and_says_where_counts_are_small():
    def one(author, reason, went_badly, *, is_over=True):
        return Judged(author, reason, is_raise=False, went_badly=went_badly, is_over=is_over)

    found = tally(
        [one("Jo", "acquired", True), one("Jo", "acquired", True), one("Jo", "other", False),
         one("Kim", "other", False, is_over=False)]
    )  # fmt: skip
    assert [(t.by, t.who, t.overrides, t.open, t.right, t.wrong) for t in found] == [
        ("all", "all", 4, 1, 2, 1), ("author", "Jo", 3, 0, 2, 1), ("author", "Kim", 1, 1, 0, 0),
        ("reason", "acquired", 2, 0, 2, 0), ("reason", "other", 2, 1, 0, 1),
    ]  # fmt: skip
    assert found[0].share == pytest.approx(2 / 3)
    assert found[0].note == "only 3 decided: says little"
    assert (found[2].share, found[2].low, found[2].note) == (None, None, "nothing decided yet")
    assert tally([one("Jo", "other", True)] * 20)[0].note == ""


def test_the_interval_is_wilsons():
    # Worked by hand: n = 10, p = 0.8, z = 1.96 gives 0.490 to 0.943.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=5e-5)
    assert wilson(0, 5) == pytest.approx((0, 0.4345), abs=5e-5)
    assert wilson(5, 5) == pytest.approx((0.5655, 1), abs=5e-5)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_lies_within_0_and_1(decided, data):
    right = data.draw(st.integers(0, decided))
    low, high = wilson(right, decided)
    assert 0 <= low <= right / decided <= high <= 1
