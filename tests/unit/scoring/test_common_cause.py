"""A measure that moves for most accounts at once, in a made-up year of usage."""

import numpy as np
import pytest

from include.scoring.common_cause import Move, judge, moves_of
from include.settings import CommonCause

LIMITS = CommonCause()
DAYS, ACCOUNTS = 120, 300
MONDAY = 98  # day 0 is a Monday
MEASURES = ("sum_28d", "sum_7d", "sum_30d", "days_since_use", "active_days_28d", "rare")


def usage(seed=1):
    """Events by account and day: much on weekdays, little on weekends; sizes to 100."""
    draw = np.random.default_rng(seed)
    size = 10 ** draw.uniform(0, 2, (ACCOUNTS, 1))
    weekday = np.where(np.arange(DAYS) % 7 < 5, 1.0, 0.15)
    return draw.poisson(size * weekday).astype(np.float64)


def readings(events):
    """(day, account, measure) for days from 40 on."""
    total = np.cumsum(np.pad(events, ((0, 0), (1, 0))), axis=1)
    active = np.cumsum(np.pad(events > 0, ((0, 0), (1, 0))), axis=1)
    rare = np.random.default_rng(7).random((ACCOUNTS, DAYS)) < 0.02
    found = []
    for day in range(40, DAYS):
        last = day - np.argmax(events[:, day::-1] > 0, axis=1)
        found.append(
            np.stack(
                [
                    *(total[:, day + 1] - total[:, day + 1 - window] for window in (28, 7, 30)),
                    day - last,
                    active[:, day + 1] - active[:, day - 27],
                    rare[:, : day + 1].sum(axis=1),
                ],
                axis=1,
            )
        )
    return np.array(found, np.float64)


def judged_on(day, world, limits=LIMITS):
    at = day - 40
    past = [moves_of(world[i - 1], world[i]) for i in range(at - limits.look_back_days, at)]
    today = moves_of(world[at - 1], world[at])
    return {
        name: judge(today[j], [moves[j] for moves in past], limits)
        for j, name in enumerate(MEASURES)
    }


def test_a_source_that_doubles_its_numbers_is_found_on_that_day():
    events = usage()
    events[:, MONDAY + 1 :] *= 2
    found = judged_on(MONDAY + 1, readings(events))
    assert {name for name, one in found.items() if one.is_common} >= {"sum_28d", "sum_7d"}
    judged = found["sum_28d"]
    assert judged.direction == 1
    assert judged.share > 0.8
    assert judged.share - judged.usual_share > LIMITS.min_rise
    assert judged.move.shift > judged.usual_shift


def test_a_source_that_loses_a_days_numbers_is_found():
    events = usage()
    events[:, MONDAY + 2] = 0
    found = judged_on(MONDAY + 2, readings(events))
    assert found["sum_28d"].is_common
    assert found["sum_28d"].direction == -1
    assert not found["rare"].is_common


@pytest.mark.parametrize("day", range(MONDAY, MONDAY + 14))
def test_the_rhythm_of_a_week_is_no_common_cause(day):
    found = judged_on(day, readings(usage()))
    assert not any(one.is_common for one in found.values())
    assert found["days_since_use"].share > 0  # it does move on Mondays, and each weekend


def test_a_movement_of_a_few_accounts_is_theirs():
    events = usage()
    events[: ACCOUNTS // 4, MONDAY + 1 :] *= 10
    assert not any(one.is_common for one in judged_on(MONDAY + 1, readings(events)).values())


def test_nothing_is_said_of_few_accounts_or_few_days():
    events = usage()
    events[:, MONDAY + 1 :] *= 2
    world = readings(events)
    few = judged_on(MONDAY + 1, world[:, :20])
    assert few["sum_28d"].usual_share is None
    short = judged_on(MONDAY + 1, world, LIMITS.model_copy(update={"look_back_days": 13}))
    assert not any(one.is_common for one in short.values())


def test_an_account_that_is_not_known_on_both_days_does_not_count():
    before = np.array([[1.0], [2.0], [np.nan], [4.0]])
    now = np.array([[2.0], [1.0], [3.0], [np.nan]])
    assert moves_of(before, now) == [Move(2, 0.5, 0.5, 0.0)]
    assert moves_of(before[:0], now[:0]) == [Move(0, 0.0, 0.0, 0.0)]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (Move(100, 0.92, 0.02, 3.0), True),
        (Move(100, 0.59, 0.02, 3.0), False),  # not most accounts
        (Move(100, 0.64, 0.02, 3.0), False),  # hardly more than usual
        (Move(100, 0.92, 0.02, 1.5), False),  # as far as usual
        (Move(100, 0.02, 0.92, -3.0), True),  # nothing ever went down so far
        (Move(29, 0.92, 0.02, 3.0), False),
    ],
)
def test_the_limits_by_hand(today, expected):
    past = [Move(100, 0.3, 0.2, 0.0)] * 20 + [Move(100, 0.5, 0.4, 1.0)]
    assert judge(today, past, LIMITS).is_common is expected
