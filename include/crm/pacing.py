"""Keep calls within a vendor's rate limit from our side, so that refusals stay rare.

A place in the window is taken when a call starts and given back `window_s` after its *answer*: the
vendor has counted the call by then, so our own calls can never add up to more than its limit,
whatever the network does. The vendor's own headers, where they come, correct the limit and show
what other users of the same key have taken.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

# Pro and Enterprise accounts; the first answer's headers correct it (HubSpot usage guidelines,
# checked Nov 2026: 100 calls in ten seconds for Free and Starter, 190 for Pro and Enterprise).
LIMIT = 190
WINDOW_S = 10.0
LOOK_AGAIN_S = 0.01  # while all places are held by calls on their way


class Pacer:
    """Shared by all threads that call one vendor with one key."""

    def __init__(
        self,
        limit: int = LIMIT,
        window_s: float = WINDOW_S,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limit = limit
        self._window_s = window_s
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._answered: deque[float] = deque()
        self._on_their_way = 0
        self._not_before = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place and hold it while the block makes one call."""
        while wait_s := self._take():
            self._sleep(wait_s)
        try:
            yield
        finally:
            with self._lock:
                self._on_their_way -= 1
                self._answered.append(self._clock())

    def pause(self, seconds: float) -> None:
        """Let nobody start a call for that long."""
        with self._lock:
            self._not_before = max(self._not_before, self._clock() + seconds)

    def heed(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer: the true limit, and calls of others that we did not see."""
        named = {name.lower(): value for name, value in headers.items()}
        most = named.get("x-hubspot-ratelimit-max", "")
        remaining = named.get("x-hubspot-ratelimit-remaining", "")
        interval_ms = named.get("x-hubspot-ratelimit-interval-milliseconds", "")
        with self._lock:
            if most.isdecimal() and int(most):
                self._limit = int(most)
            if interval_ms.isdecimal() and int(interval_ms):
                self._window_s = int(interval_ms) / 1000
            if most.isdecimal() and remaining.isdecimal():
                ours = len(self._answered) + self._on_their_way
                others = int(most) - int(remaining) - ours
                self._answered.extend([self._clock()] * others)

    def _take(self) -> float:
        """Take a place and return 0, or return the seconds after which to look again."""
        with self._lock:
            now = self._clock()
            if now < self._not_before:
                return self._not_before - now
            while self._answered and self._answered[0] <= now - self._window_s:
                self._answered.popleft()
            if len(self._answered) + self._on_their_way < self._limit:
                self._on_their_way += 1
                return 0.0
            if not self._answered:
                return LOOK_AGAIN_S
            return max(self._answered[0] + self._window_s - now, LOOK_AGAIN_S)
