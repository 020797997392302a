"""Telling when a request has left: that is when the other threads of a landing should work.

Python runs one thread at a time, and one that computes lets another in only after 5 ms
(sys.getswitchinterval). A thread about to ask for the next page gives way at its first call of the
system, so it would lose the time that the loading of this page takes, on every page.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse


def _nobody_listens() -> None:
    pass


# Called by the thread that sends a request, as soon as it has left; every thread sets its own.
ON_ASKED: ContextVar[Callable[[], None]] = ContextVar("on_asked", default=_nobody_listens)


class _Plain(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as in urllib3
        ON_ASKED.get()()
        return super().getresponse()


class _Secure(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as in urllib3
        ON_ASKED.get()()
        return super().getresponse()


class TellingAdapter(HTTPAdapter):
    """The adapter of requests with connections, direct or by proxy, that call ON_ASKED."""

    def get_connection_with_tls_context(
        self,
        *args: Any,  # noqa: ANN401 - passed on
        **named: Any,  # noqa: ANN401 - passed on
    ) -> ConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **named)
        if isinstance(pool, HTTPSConnectionPool):
            pool.ConnectionCls = _Secure
        elif isinstance(pool, HTTPConnectionPool):
            pool.ConnectionCls = _Plain
        return pool
