"""Servers that stay up between tests, since starting one costs more than most tests, and clocks."""

from contextlib import contextmanager
from datetime import timedelta

from sandbox.ports import Server, listen
from sandbox.state import Clock


class StillClock(Clock):
    """A clock that moves when a test says so, so that no slow machine changes an answer."""

    def __init__(self, end):
        super().__init__(end)
        self._moment = super().now()

    def now(self):
        return self._moment

    def skip(self, seconds):
        self._moment += timedelta(seconds=seconds)


class Stage:
    """A loopback server whose app is exchanged from test to test."""

    def __init__(self):
        self.app = None
        self.server = Server(self, listen(0))
        self.server.wait_until_ready()

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


_free = []


@contextmanager
def staged(app):
    """Serve an app until the block ends; yields its address. Servers end with the process."""
    stage = _free.pop() if _free else Stage()
    stage.app = app
    try:
        yield stage.server.url
    finally:
        stage.app = None
        _free.append(stage)
