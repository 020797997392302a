"""Staying below a vendor's rate limit, because refused calls count against an account too."""

import threading
import time
from collections import deque
from collections.abc import Mapping


class Rate:
    """At most `calls` in any `seconds`; whoever comes too early waits."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._calls = calls
        self._seconds = seconds
        self._taken: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            while len(self._taken) >= self._calls:
                oldest = self._taken.popleft()
                time.sleep(max(0.0, oldest + self._seconds - time.monotonic()))
            self._taken.append(time.monotonic())

    def heed(self, headers: Mapping[str, str]) -> None:
        """Take over the limit that HubSpot names in its answers, less a twentieth for others."""
        most = headers.get("X-HubSpot-RateLimit-Max", "")
        if most.isdecimal():
            self._calls = max(1, int(most) * 19 // 20)
