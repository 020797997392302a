"""Counting requests in a window that moves with world time, as vendors do for their limits."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to one request; wait_s: seconds until a place frees, 0 when allowed."""

    allowed: bool
    remaining: int
    wait_s: float


class SlidingWindow:
    """At most `limit` requests in any `seconds` seconds; refused requests do not count."""

    def __init__(self, limit: int, seconds: float, now: Callable[[], datetime]) -> None:
        self.limit = limit
        self._length = timedelta(seconds=seconds)
        self._now = now
        self._taken: deque[datetime] = deque()
        self._lock = threading.Lock()

    def take(self) -> Taken:
        with self._lock:
            now = self._now()
            while self._taken and self._taken[0] <= now - self._length:
                self._taken.popleft()
            if len(self._taken) >= self.limit:
                frees_in = self._taken[0] + self._length - now
                return Taken(allowed=False, remaining=0, wait_s=frees_in.total_seconds())
            self._taken.append(now)
            return Taken(allowed=True, remaining=self.limit - len(self._taken), wait_s=0.0)
