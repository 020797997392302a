"""Counting requests in a window that moves with the clock, as vendors do for their rate limits."""

import threading
import time
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to one request; wait_s: seconds until a place frees, 0 when allowed."""

    allowed: bool
    remaining: int
    wait_s: float


class SlidingWindow:
    """At most `limit` requests in any `seconds` seconds; refused requests do not count."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._taken: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self) -> Taken:
        with self._lock:
            now = time.monotonic()
            while self._taken and self._taken[0] <= now - self.seconds:
                self._taken.popleft()
            if len(self._taken) >= self.limit:
                return Taken(allowed=False, remaining=0, wait_s=self._taken[0] + self.seconds - now)
            self._taken.append(now)
            return Taken(allowed=True, remaining=self.limit - len(self._taken), wait_s=0.0)
