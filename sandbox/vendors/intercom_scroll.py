"""The scroll over all companies: one at a time, gone after a minute without a question.

Each question brings the next hundred, whoever got the one before (API description 2.16, checked
Nov 2026). The page after the last one is empty and still names the scroll, which is over with it.
"""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.vendors.intercom_http import Refused, not_found

PAGE = 100
IDLE_S = 60.0


@dataclass(slots=True)
class _Open:
    param: str
    rows: Sequence[Any]
    place: int
    asked_at: float


class Scroll:
    def __init__(self, rows: Callable[[], Sequence[Any]], now: Callable[[], float]) -> None:
        """`rows`: what a new scroll goes over. `now`: in seconds."""
        self._rows = rows
        self._now = now
        self._open: _Open | None = None
        self._lock = threading.Lock()

    def page(self, param: str | None) -> tuple[list[Any], str]:
        """The next rows, none behind the end, and the parameter to go on with.

        400 for a new scroll while one is open, 404 for one that is over.
        """
        with self._lock:
            scroll = self._goes_on(param) if param else self._begins()
            shown = list(scroll.rows[scroll.place : scroll.place + PAGE])
            scroll.place += len(shown)
            scroll.asked_at = self._now()
            if not shown:
                self._open = None
            return shown, scroll.param

    def _begins(self) -> _Open:
        if self._current() is not None:
            raise Refused(400, "scroll_exists", "scroll already exists for this workspace")
        self._open = _Open(str(uuid.uuid4()), self._rows(), 0, self._now())
        return self._open

    def _goes_on(self, param: str) -> _Open:
        scroll = self._current()
        if scroll is None or scroll.param != param:
            raise not_found("scroll parameter not found")
        return scroll

    def _current(self) -> _Open | None:
        if self._open is not None and self._now() - self._open.asked_at > IDLE_S:
            self._open = None
        return self._open
