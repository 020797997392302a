"""The door of the Zendesk sandbox: who may enter, at which rate, and how an answer leaves."""

import math
from collections.abc import Callable
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from sandbox.limits import SlidingWindow
from sandbox.state import State
from sandbox.vendors.zendesk_http import (
    Call,
    Refused,
    Reply,
    invalid_endpoint,
    may_enter,
    not_authenticated,
    too_many,
)

# Requests a minute, all and exports among them: the Enterprise plan, without and with the High
# Volume API add-on (Zendesk's rate limits page, checked Nov 2026).
PLAN, HIGH_VOLUME = (700, 10), (2500, 30)
MINUTE_S = 60.0

Handler = Callable[[Call], dict[str, Any] | Reply]


async def no_endpoint(_request: Request, _error: Exception) -> Response:
    return _response(invalid_endpoint().reply)


def _response(reply: Reply) -> Response:
    content = orjson.dumps(reply.body)
    media_type = "application/json; charset=utf-8"
    return Response(content, reply.status, dict(reply.headers), media_type)


class Door:
    """Lets in who knows the secret, at the rate the plan allows."""

    def __init__(self, state: State) -> None:
        entry = state.doors["zendesk"]
        self._secret = f"{entry.user}/token:{entry.secret}"
        self._limits = HIGH_VOLUME if state.high_volume else PLAN
        account, exports = self._limits
        now = state.clock.now
        self._account = SlidingWindow(account, MINUTE_S, now) if state.limits else None
        self._exports = SlidingWindow(exports, MINUTE_S, now) if state.limits else None

    def guarded(self, handler: Handler, *, is_export: bool = False) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            call = await _call(request)
            headers: dict[str, str] = {}
            try:
                self._check(request, call)
                self._count(headers, is_export=is_export)
                given = await run_in_threadpool(handler, call)
            except Refused as refused:
                given = refused.reply
            reply = given if isinstance(given, Reply) else Reply(200, given)
            return _response(Reply(reply.status, reply.body, {**headers, **reply.headers}))

        return endpoint

    def _check(self, request: Request, call: Call) -> None:
        """/users/me answers visitors too, with a user who is nobody (public issue threads, checked
        Nov 2026): a 200 there proves no credential."""
        authorization = request.headers.get("authorization")
        if may_enter(authorization, self._secret):
            return
        if not authorization and call.path.removesuffix(".json").endswith("/users/me"):
            nobody = {"id": None, "name": "Anonymous user", "email": "invalid@example.com"}
            raise Refused(200, {"user": {**nobody, "role": "end-user", "active": None}})
        raise not_authenticated()

    def _count(self, headers: dict[str, str], *, is_export: bool) -> None:
        """Fills in the rate headers; 429 when the account or the exports had enough this minute."""
        if self._account is None or self._exports is None:
            return
        taken = self._account.take()
        headers |= _rate_headers(self._limits[0], taken.remaining)
        if not taken.allowed:
            said = "Number of allowed API requests per minute exceeded"
            raise too_many(said, math.ceil(taken.wait_s))
        if is_export:
            taken = self._exports.take()
            said = f"total={self._limits[1]}; remaining={taken.remaining}; resets={int(MINUTE_S)}"
            headers["Zendesk-RateLimit-incremental-exports"] = said
            if not taken.allowed:
                said = "Number of allowed incremental export API requests per minute exceeded"
                raise too_many(said, math.ceil(taken.wait_s))


def _rate_headers(limit: int, remaining: int) -> dict[str, str]:
    return {
        "X-Rate-Limit": str(limit),
        "X-Rate-Limit-Remaining": str(remaining),
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": str(remaining),
        "ratelimit-reset": str(int(MINUTE_S)),
    }


async def _call(request: Request) -> Call:
    """Links go to the address that the client knows, also behind something that ends TLS."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    return Call(
        origin=f"{scheme}://{request.url.netloc}",
        path=request.url.path,
        ids={name: str(value) for name, value in request.path_params.items()},
        query=tuple(request.query_params.multi_items()),
        body=await request.body(),
    )
