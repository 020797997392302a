"""Never more than a vendor allows, and hardly less."""

import heapq
import random
import threading

import pytest

from include.errors import RetryLater
from include.settings import Credentials
from include.sources.http import told
from include.sources.http.client import Client
from include.sources.http.rate import LEAST_SLACK_S, SLACK, Call, Rate, Taken, Told, Window
from include.sources.http.session import Bearer, Wire
from tests.unit.sources.conftest import SECRET, Reply


def counted_by_the_vendor(window, calls, width, delay):
    """Return when the vendor counted each call of `width` threads; delay gives each way's seconds.

    The vendor counts a call when it arrives, and the answer takes as long to come back.
    """
    taken, counted, number = Taken(window), [], 0
    happens = [(0.0, place, None) for place in range(width)]  # a thread may send; a call's answer
    while number < calls:
        now, place, answered = heapq.heappop(happens)
        if answered is not None:
            answered.answered_s = now
        at = taken.free_at(now)
        if at > now:
            heapq.heappush(happens, (at, place, None))
            continue
        number += 1
        call, way = Call(number, now), delay()
        taken.take(call)
        counted.append(now + way)
        heapq.heappush(happens, (now + 2 * way, place, call))
    return sorted(counted)


def most_within(times, seconds):
    """Return the largest number of times in any half-open window of that length."""
    first, most = 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize(("calls", "seconds"), [(5, 1.0), (25, 1.0), (100, 10.0), (10, 60.0)])
@pytest.mark.parametrize("seed", range(5))
def test_the_vendor_never_counts_more_than_it_allows(calls, seconds, seed):
    rng = random.Random(seed)
    longest = (
        max(SLACK * seconds, LEAST_SLACK_S) / 2
    )  # of one way: the answer is there before the slack is over
    counted = counted_by_the_vendor(
        Window(calls, seconds), 12 * calls, 8, lambda: rng.uniform(0.001, longest)
    )
    assert most_within(counted, seconds) <= calls


@pytest.mark.parametrize(("calls", "seconds"), [(5, 1.0), (25, 1.0), (190, 10.0), (10, 60.0)])
def test_what_is_allowed_is_used_to_a_tenth(calls, seconds):
    counted = counted_by_the_vendor(Window(calls, seconds), 20 * calls, 8, lambda: 0.025)
    floor = 19 * seconds  # the first window's calls may come at once
    assert counted[-1] <= 1.1 * (floor + seconds / 20)


@pytest.mark.parametrize("calls", [200, 400, 1000])
def test_writing_in_batches_takes_at_most_a_fiftieth_longer_than_the_limit_allows(calls):
    answer_s = 0.05
    counted = counted_by_the_vendor(Window(190, 10.0), calls, 8, lambda: answer_s / 2)
    floor = (calls - 1) // 190 * 10.0 + answer_s  # its last call starts, and is answered
    assert counted[-1] + answer_s / 2 <= 1.02 * floor


def test_what_others_take_is_left_to_them_until_it_is_forgotten():
    taken, call = Taken(Window(10, 60.0)), Call(1, 0.0, 0.1)
    taken.take(call)
    taken.learn(Told(left=2, resets_s=30.0), call, 0.1)
    for number in (2, 3):
        assert taken.free_at(0.2) <= 0.2
        taken.take(Call(number, 0.2))
    assert taken.free_at(0.3) == pytest.approx(30.1)
    assert taken.free_at(31.0) <= 31.0


def test_calls_that_left_after_the_one_that_was_answered_are_not_taken_for_others():
    taken, calls = Taken(Window(10, 60.0)), [Call(number, 0.0) for number in range(1, 6)]
    for call in calls:
        taken.take(call)
    taken.learn(Told(left=9), calls[0], 0.1)  # the vendor had only seen the first one
    for number in range(6, 11):
        assert taken.free_at(0.2) <= 0.2
        taken.take(Call(number, 0.2))
    assert taken.free_at(0.3) > 0.3


def test_all_windows_of_a_path_hold_at_once():
    rate = Rate(1000, 60.0, Window(2, 0.2, "exports", where="/incremental/"))
    calls = [rate.wait("GET /api/v2/users") for _ in range(100)]
    assert calls[-1].sent_s - calls[0].sent_s < 5, "two in 0.2 s would take ten"
    calls = [rate.wait("GET /api/v2/incremental/users") for _ in range(5)]
    assert calls[-1].sent_s - calls[0].sent_s >= 0.4


def test_threads_share_a_rate():
    rate, sent = Rate(10, 0.3), []

    def work():
        sent.extend(rate.wait().sent_s for _ in range(8))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 32
    assert most_within(sorted(sent), 0.29) <= 10


def test_a_limit_that_is_used_up_for_long_is_not_waited_for():
    rate = Rate(1000, 60.0, Window(3, 3600.0, "hour"))
    for _ in range(3):
        rate.wait("mixpanel: GET /export", longest_s=90.0)
    with pytest.raises(
        RetryLater, match=r"mixpanel: GET /export: .* 3 requests in 3,600 s"
    ) as told:
        rate.wait("mixpanel: GET /export", longest_s=90.0)
    assert 3500 < told.value.wait_s < 4000


def test_a_day_that_others_have_used_up_stops_us_before_the_vendor_has_to(vendor):
    told_by_all = {
        "X-HubSpot-RateLimit-Daily": "250000", "Date": "Sun, 22 Nov 2026 18:00:00 GMT",
    }  # fmt: skip
    vendor.answer(
        *(
            Reply({}, headers={**told_by_all, "X-HubSpot-RateLimit-Daily-Remaining": left})
            for left in ("1", "0")
        )
    )
    client = Client(
        Credentials(vendor.url, SECRET), vendor="hubspot", auth=Bearer(SECRET), wire=Wire(),
        rate=Rate(100, 10.0, learn=told.hubspot),
    )  # fmt: skip
    client.get("/x")
    client.get("/x")
    with pytest.raises(RetryLater, match="250,000 requests in 86,400 s") as used_up:
        client.get("/x")
    assert used_up.value.wait_s == pytest.approx(6 * 3600, abs=60)
    assert len(vendor.asked) == 2


@pytest.mark.parametrize(
    ("learn", "headers", "expected"),
    [
        (told.hubspot,
         {"X-HubSpot-RateLimit-Max": "190", "X-HubSpot-RateLimit-Remaining": "7",
          "X-HubSpot-RateLimit-Interval-Milliseconds": "10000"},
         Told("", 190, 10.0, 7)),
        (told.zendesk,
         {"Zendesk-RateLimit-incremental-exports": "total=10; remaining=9; resets=51"},
         Told("exports", 10, None, 9, 51)),
        (told.zendesk,
         {"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699"}, Told("", 700, None, 699)),
        (told.zendesk,
         {"ratelimit-limit": "700", "ratelimit-remaining": "1", "ratelimit-reset": "12"},
         Told("", 700, None, 1, 12)),
        (told.intercom,
         {"X-RateLimit-Limit": "166", "X-RateLimit-Remaining": "3",
          "X-RateLimit-Reset": "1795370410", "Date": "Sun, 22 Nov 2026 18:00:00 GMT"},
         Told("", 166, None, 3, 10.0)),
        (told.salesforce(0.8), {"Sforce-Limit-Info": "api-usage=18042/100000"},
         Told("day", 80_000, 86_400.0, 61_958)),
        (told.salesforce(0.8),
         {"Sforce-Limit-Info": "per-app-api-usage=17/250(appName=x); api-usage=99000/100000"},
         Told("day", 80_000, 86_400.0, 0)),
    ],
)  # fmt: skip
def test_the_headers_of_each_vendor_are_understood(learn, headers, expected):
    assert expected in list(learn(headers))


@pytest.mark.parametrize("learn", [told.hubspot, told.zendesk, told.intercom, told.salesforce(1)])
@pytest.mark.parametrize("value", ["", "many", "-1", "1.5"])
def test_headers_that_make_no_sense_tell_nothing(learn, value):
    names = (
        "X-HubSpot-RateLimit-Max", "X-HubSpot-RateLimit-Daily", "X-Rate-Limit", "X-RateLimit-Limit",
        "X-RateLimit-Reset", "Zendesk-RateLimit-incremental-exports", "Sforce-Limit-Info", "Date",
    )  # fmt: skip
    for one in learn(dict.fromkeys(names, value)):
        assert (one.calls, one.left) == (None, None)
