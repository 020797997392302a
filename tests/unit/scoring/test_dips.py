import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scoring.dips import BACK, NEVER, Dips, find_dips, recoveries

NAN = np.nan


def dips_of(scores, touched=()):
    """The dips of one account as (begun, lowest, lowest day, answered, recovered)."""
    touches = np.zeros((1, len(scores)), np.bool_)
    touches[0, list(touched)] = True
    found = find_dips(np.array([scores], np.float64), touches)
    names = ("begun", "lowest", "lowest_day", "answered", "recovered")
    order = np.argsort(found.begun)
    rows = zip(*(getattr(found, name)[order].tolist() for name in names), strict=True)
    return [tuple(row) for row in rows]


def test_001_24_a_dip_its_answer_and_its_recovery_worked_by_hand():
    # Thirty days at 70; day 30 at 58 is 12 below; lowest on day 32; a meeting on day 33; on day 36
    # it is at 67, three points below the level, which is back.
    """Requirement 001-24."""
    scores = [70] * 30 + [58, 55, 50, 52, 60, 66.9, 67, 70]
    assert dips_of(scores, touched=(29, 33, 35)) == [(30, 50, 32, 33, 36)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([70] * 30 + [60.1] * 9, []),  # not deep enough
        ([70] * 30 + [60] * 9, [(30, 60, 30, NEVER, NEVER)]),  # just deep enough, and still open
        ([70] * 30 + [40, 40, 70, 70], []),  # over before the third day
        ([70] * 30 + [40, 40, 40, 70], [(30, 40, 30, NEVER, 33)]),
        ([70] * 2 + [40] * 9, []),  # nobody knows its level yet
        ([70] * 5 + [40] * 9, [(5, 40, 5, NEVER, NEVER)]),
        ([70] * 30 + [NAN, 40, NAN, 35, NAN, 70], [(31, 35, 33, NEVER, 35)]),
        ([70] * 30 + [50] * 250, [(30, 50, 30, NEVER, NEVER)]),  # given up, and no dip any more
        ([70] * 30 + [50] * 10 + [70] * 30 + [50] * 5,
         [(30, 50, 30, NEVER, 40), (70, 50, 70, NEVER, NEVER)]),
        ([NAN] * 40, []),
    ],
)  # fmt: skip
def test_what_is_a_dip_and_when_it_is_over(scores, expected):
    assert dips_of(scores) == expected


def test_a_touch_before_the_dip_or_after_it_answers_nothing():
    scores = [70] * 30 + [50] * 5 + [70] * 5
    assert dips_of(scores, touched=(29, 36))[0][3] == NEVER
    assert dips_of(scores, touched=(30,))[0][3] == 30


@given(st.integers(0, 10_000))
def test_every_account_has_the_dips_it_has_alone(seed):
    random = np.random.default_rng(seed)
    scores = 60 + 20 * np.sign(random.normal(size=(5, 80))).cumsum(axis=1) % 60
    scores[random.random(scores.shape) < 0.2] = NAN
    touches = random.random(scores.shape) < 0.1
    together = find_dips(scores, touches)
    for line in range(5):
        alone = find_dips(scores[line : line + 1], touches[line : line + 1])
        ours = together.account == line
        for name in ("begun", "level", "lowest", "lowest_day", "answered", "recovered", "seen"):
            assert sorted(getattr(together, name)[ours]) == sorted(getattr(alone, name))
    is_back = together.recovered != NEVER
    assert (together.recovered[is_back] - together.begun[is_back] >= 3).all()


def made(rows, last=120):
    """Dips that all began on day 0, as rows of (answered, recovered, seen), of scores to `last`."""
    answered, recovered, seen = np.array(rows, np.int64).T
    zero = np.zeros(len(rows), np.int64)
    return Dips(zero, zero, zero + 70.0, zero + 50.0, zero, answered, recovered, seen, zero + last)


def test_recoveries_compare_only_dips_that_lasted_until_somebody_could_answer():
    found = recoveries(
        made(
            [
                (2, 20, 20), (7, 40, 40), (3, NEVER, 120),  # answered at once
                (8, 50, 50), (NEVER, NEVER, 120), (NEVER, 100, 100),  # later, never, too late
                (NEVER, 5, 5), (2, 7, 7),  # over before it could be answered
            ]
        )
    )  # fmt: skip
    at_once, others = found
    assert (at_once.dips, at_once.too_young, at_once.decided, at_once.back) == (3, 0, 3, 2)
    assert at_once.share == pytest.approx(2 / 3)
    assert at_once.median_days == 30
    assert at_once.note == "only 3 decided: says little"
    assert (others.dips, others.decided, others.back, others.median_days) == (3, 3, 1, 50)


def test_a_dip_is_decided_after_90_days_whether_it_came_back_or_not():
    rows = [(NEVER, 20, 20), (NEVER, NEVER, BACK - 1), (2, 30, 30), (2, NEVER, BACK - 1)]
    for one in recoveries(made(rows, last=BACK - 1)):
        assert (one.dips, one.too_young, one.decided, one.share) == (2, 2, 0, None)
        assert one.note == "none decided yet"
    for one in recoveries(made(rows, last=BACK)):
        assert (one.dips, one.too_young, one.decided, one.share) == (2, 0, 2, 0.5)
    assert [one.dips for one in recoveries(made([(NEVER, NEVER, 6)], last=6))] == [0, 0]


@given(st.integers(0, 10_000), st.integers(95, 200))
def test_what_later_days_bring_changes_no_verdict(seed, days):
    random = np.random.default_rng(seed)
    turns = random.random((8, 200)) < 0.05
    scores = np.where(turns.cumsum(axis=1) % 2, 40.0, 70.0)
    touches = random.random(scores.shape) < 0.1
    whole, then = find_dips(scores, touches), find_dips(scores[:, :days], touches[:, :days])
    old = whole.begun < days - BACK
    whole = Dips(*(getattr(whole, name)[old] for name in Dips.__dataclass_fields__))
    for now, before in zip(recoveries(whole), recoveries(then), strict=True):
        assert (now.decided, now.back, now.median_days) == (
            before.decided, before.back, before.median_days,
        )  # fmt: skip


def test_without_dips_there_is_nothing_to_say_and_that_is_said():
    found = recoveries(find_dips(np.full((3, 50), 70.0)))
    assert [(one.dips, one.share, one.median_days) for one in found] == [(0, None, None)] * 2
