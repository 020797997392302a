"""The line to one org: every call counted."""

import threading
from typing import Any

from include.crm.desk import Answer, Client, Download


class Line:
    """Shared by all threads. writes, reads: calls made so far, answered or not."""

    def __init__(self, calls: Client) -> None:
        self._calls = calls
        self._lock = threading.Lock()
        self.writes = 0
        self.reads = 0

    def write(self, method: str, path: str, **how: Any) -> Answer:  # noqa: ANN401
        self._count(writes=1)
        return self._calls.call(method, path, **how)

    def read(self, method: str, path: str, **how: Any) -> Answer:  # noqa: ANN401
        self._count(reads=1)
        return self._calls.call(method, path, retry=True, **how)

    def download(self, path: str, **how: Any) -> Download:  # noqa: ANN401
        self._count(reads=1)
        return self._calls.download(path, **how)

    def pause(self, seconds: float) -> None:
        """Let this thread alone wait for something that the org is at work on."""
        self._calls.pause(seconds)

    def hold(self, seconds: float) -> None:
        """Let no thread send for that long."""
        self._calls.hold(seconds)

    def _count(self, *, writes: int = 0, reads: int = 0) -> None:
        with self._lock:
            self.writes += writes
            self.reads += reads
