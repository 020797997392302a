"""Keeping to a vendor's rate limits from our side, because refused calls count as well.

A call holds a place in every window that it counts in until the window's length after its *answer*:
the vendor had counted it by then, so our calls never add up to more than the limit, whatever the
network does. Answers that tell what is left show what others take of the same limit.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from include.errors import NotSent

# An answer that takes long would hold its place too long: a call counts as counted after this share
# of the window, and no sooner than a slow way to the vendor may take.
SLACK, LEAST_SLACK_S = 0.05, 0.25
# The calls of a window whose size only the answers tell.
UNTOLD = 10**9


@dataclass(frozen=True, slots=True)
class Window:
    """At most `calls` in any `seconds`, of the calls whose method and path contain `where`."""

    calls: int
    seconds: float
    name: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer says of the window of that name; a name that is new makes a new window.

    calls, seconds: its size, as far as told. left: calls that may still be made. resets_s: seconds
    until others' calls are forgotten; None: not told, so the window's length.
    """

    name: str = ""
    calls: int | None = None
    seconds: float | None = None
    left: int | None = None
    resets_s: float | None = None


Learn = Callable[[Mapping[str, str]], Iterable[Told]]


def nothing(_headers: Mapping[str, str]) -> Iterable[Told]:
    """Return what is learned from the answers of a vendor that tells nothing of its limits."""
    return ()


@dataclass(slots=True)
class Call:
    """One call, by its number from 1. Times are monotonic seconds; answered inf: not yet."""

    number: int
    sent_s: float
    answered_s: float = math.inf


class Taken:
    """The places of one window that are taken, by our calls and by others; asks no clock."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._ours: deque[Call] = deque()
        self._others = 0
        self._until_s = 0.0

    def free_at(self, now_s: float) -> float:
        """Return when the next call may be sent; a time that is over: now."""
        while self._ours and self._frees(self._ours[0]) <= now_s:
            self._ours.popleft()
        if self._until_s <= now_s:
            self._others = 0
        if len(self._ours) + self._others < self.window.calls:
            return now_s
        ends = [self._until_s] if self._others else []
        if self._ours:
            ends.append(self._frees(self._ours[0]))
        return min(ends)

    def take(self, call: Call) -> None:
        self._ours.append(call)

    def learn(self, told: Told, call: Call, now_s: float) -> None:
        """Take over what the answer to a call told; the vendor had not counted those sent later."""
        size = self.window
        self.window = replace(
            size, calls=max(1, told.calls or size.calls), seconds=told.seconds or size.seconds
        )
        if told.left is not None:
            ours = sum(one.number <= call.number for one in self._ours)
            self._others = max(0, self.window.calls - told.left - ours)
            reset_s = self.window.seconds if told.resets_s is None else told.resets_s
            self._until_s = now_s + reset_s

    def _frees(self, call: Call) -> float:
        seconds = self.window.seconds
        counted_s = min(call.answered_s, call.sent_s + max(SLACK * seconds, LEAST_SLACK_S))
        return counted_s + seconds


class Rate:
    """The windows of one vendor and run, shared by all threads that call it.

    calls, seconds: the window that all calls count in; others may follow. learn: what the vendor's
    answers tell of them. pace: stretches every wait; below 1 for vendors that are not real.
    """

    def __init__(self, calls: int, seconds: float, *others: Window, learn: Learn = nothing) -> None:
        windows = (Window(calls, seconds), *others)
        self._windows = {window.name: Taken(window) for window in windows}
        self._learn = learn
        self._lock = threading.Lock()
        self._count = 0
        self._not_before_s = 0.0
        self.pace = 1.0

    def wait(self, place: str = "", *, longest_s: float = math.inf) -> Call:
        """Wait until a call may be sent and count it; give it to `heed` with its answer.

        place: method and path. NotSent where that would take longer than longest_s.
        """
        while True:
            with self._lock:
                now_s = self._now_s()
                counted = [one for one in self._windows.values() if one.window.where in place]
                free_s, full = max(
                    ((one.free_at(now_s), one.window) for one in counted), key=lambda one: one[0]
                )
                free_s = max(free_s, self._not_before_s)
                if free_s <= now_s:
                    return self._take(counted, now_s)
            if free_s - now_s > longest_s:
                raise _used_up(place, full, free_s - now_s)
            time.sleep((free_s - now_s) * self.pace)

    def heed(self, headers: Mapping[str, str], call: Call) -> None:
        """Note that the call was answered, and what the answer tells of the limits."""
        with self._lock:
            now_s = call.answered_s = self._now_s()
            for told in self._learn(headers):
                taken = self._windows.get(told.name)
                if taken is None and told.calls and told.seconds:
                    taken = Taken(Window(told.calls, told.seconds, told.name))
                    taken.take(call)
                    self._windows[told.name] = taken
                if taken is not None:
                    taken.learn(told, call, now_s)

    def pause(self, seconds: float) -> None:
        """Let nobody send for that long: the vendor has asked one of us to wait."""
        with self._lock:
            self._not_before_s = max(self._not_before_s, self._now_s() + seconds)

    def _now_s(self) -> float:
        return time.monotonic() / self.pace

    def _take(self, windows: Iterable[Taken], now_s: float) -> Call:
        self._count += 1
        call = Call(self._count, now_s)
        for taken in windows:
            taken.take(call)
        return call


def _used_up(place: str, window: Window, wait_s: float) -> NotSent:
    return NotSent(
        f"{place}: the limit of {window.calls:,} requests in {window.seconds:,.0f} s is used up.",
        wait_s=wait_s,
    )
