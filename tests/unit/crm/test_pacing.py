from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from include.crm.pacing import Pacer


class Time:
    """A clock that only moves when somebody sleeps on it."""

    def __init__(self):
        self.now = 100.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


def pacer(time, limit=5, window_s=10.0):
    return Pacer(limit, window_s, clock=time.clock, sleep=time.sleep)


def calls(pacer, time, count, took_s=0.0):
    """The moments at which calls started."""
    started = []
    for _ in range(count):
        with pacer.turn():
            started.append(time.now)
            time.now += took_s
    return started


def test_a_small_push_is_not_slowed_down():
    time = Time()
    assert calls(pacer(time), time, 5) == [100.0] * 5


def test_the_next_call_waits_until_a_place_is_free():
    time = Time()
    assert calls(pacer(time), time, 11)[4:] == [100.0, *[110.0] * 5, 120.0]


@given(st.integers(1, 20), st.floats(0, 3))
def test_no_window_ever_holds_more_calls_than_the_limit(limit, took_s):
    time = Time()
    started = calls(pacer(time, limit), time, 60, took_s)
    behind = zip(started[:-limit], started[limit:], strict=True)
    assert all(later - first >= 10.0 - 1e-6 for first, later in behind)


def test_a_pause_holds_everybody():
    time = Time()
    paced = pacer(time)
    paced.pause(2.5)
    assert calls(paced, time, 1) == [102.5]


def test_the_longest_pause_counts():
    time = Time()
    paced = pacer(time)
    paced.pause(10)
    paced.pause(1)
    assert calls(paced, time, 1) == [110.0]


def test_the_vendor_s_headers_correct_the_limit():
    time = Time()
    paced = pacer(time, limit=190)
    calls(paced, time, 1)
    paced.heed({"X-HubSpot-RateLimit-Max": "3", "X-HubSpot-RateLimit-Interval-Milliseconds": "500"})
    assert calls(paced, time, 3) == [100.0, 100.0, 100.5]


def test_places_taken_by_others_are_respected():
    time = Time()
    paced = pacer(time, limit=5)
    calls(paced, time, 1)
    paced.heed({"x-hubspot-ratelimit-max": "5", "x-hubspot-ratelimit-remaining": "1"})
    started = calls(paced, time, 2)
    assert started == [100.0, 110.0]


def test_answers_without_limit_headers_change_nothing():
    time = Time()
    paced = pacer(time, limit=2)
    paced.heed({"Content-Type": "application/json", "X-HubSpot-RateLimit-Max": "soon"})
    started = calls(paced, time, 3)
    assert [later - first for first, later in pairwise(started)] == [0.0, 10.0]
