"""The door of the Intercom sandbox: who may enter, at which rate and version, what leaves with it.

10,000 requests a minute, counted in windows of ten seconds that begin at the clock's full tens
(Intercom's rate limiting page, checked Nov 2026). A refused request takes no place.
"""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from sandbox.state import State
from sandbox.vendors.intercom_http import (
    Call,
    Refused,
    Reply,
    no_version,
    not_found,
    too_many,
    unauthorized,
)

LIMIT = 1_666
WINDOW_S = 10
# What the app has in its developer hub: the shapes that a client gets who names no version.
OWN_VERSION = "2.16"
VERSIONS = (
    *(f"1.{minor}" for minor in range(5)),
    *(f"2.{minor}" for minor in range(18)),
)

Handler = Callable[[Call], dict[str, Any] | Reply]


class Windows:
    """At most `limit` requests in each window of `seconds` by the clock's full tens."""

    def __init__(self, limit: int, seconds: int, now: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._window = 0
        self._taken = 0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Whether there was a place, and the headers that tell what is left."""
        with self._lock:
            window = int(self._now()) // self._seconds
            if window != self._window:
                self._window, self._taken = window, 0
            is_allowed = self._taken < self._limit
            self._taken += is_allowed
            return is_allowed, {
                "X-RateLimit-Limit": str(self._limit),
                "X-RateLimit-Remaining": str(self._limit - self._taken),
                "X-RateLimit-Reset": str((window + 1) * self._seconds),
            }


class Door:
    """Lets in who knows the secret, at the rate the app has."""

    def __init__(self, state: State) -> None:
        self._secret = state.doors["intercom"].secret
        self._windows = Windows(LIMIT, WINDOW_S, lambda: state.clock.now().timestamp())
        self._is_limited = state.limits

    def guarded(self, handler: Handler) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            headers = {"X-Request-Id": uuid.uuid4().hex}
            try:
                self._check(request, headers)
                given = await run_in_threadpool(handler, await _call(request, headers))
            except Refused as refused:
                given = refused.reply(headers["X-Request-Id"])
            return _response(given if isinstance(given, Reply) else Reply(200, given), headers)

        return endpoint

    async def no_endpoint(self, request: Request, _error: Exception) -> Response:
        return await self.guarded(_nothing_there)(request)

    def _check(self, request: Request, headers: dict[str, str]) -> None:
        """Fills in the headers that only those see who may enter."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or given.strip() != self._secret:
            raise unauthorized()
        is_allowed, told = self._windows.take()
        headers |= told
        if self._is_limited and not is_allowed:
            raise too_many(LIMIT, WINDOW_S)


def _nothing_there(_call: Call) -> dict[str, Any]:
    raise not_found("The requested resource was not found")


def _response(reply: Reply, headers: dict[str, str]) -> Response:
    content = orjson.dumps(reply.body)
    media_type = "application/json; charset=utf-8"
    return Response(content, reply.status, {**headers, **reply.headers}, media_type)


async def _call(request: Request, headers: dict[str, str]) -> Call:
    """Tells the version in the headers; 400 for one that never was."""
    version = request.headers.get("intercom-version", OWN_VERSION)
    headers["Intercom-Version"] = version
    return Call(
        origin=f"{request.url.scheme}://{request.url.netloc}",
        path=request.url.path,
        version=_parsed(version),
        ids={name: str(value) for name, value in request.path_params.items()},
        query=tuple(request.query_params.multi_items()),
        body=await request.body(),
    )


def _parsed(version: str) -> tuple[int, int]:
    if version.lower() in ("unstable", "preview"):
        return 3, 0
    if version not in VERSIONS:
        raise no_version(f"The Intercom-Version {version} does not exist")
    major, minor = version.split(".")
    return int(major), int(minor)
