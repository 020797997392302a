"""Amplitude on the wire: who is let in, what a query costs, what a refusal looks like.

Wrong keys are a 403, like keys of another region (AMPLITUDE.md parts 1 and 4; the refusals' texts
are engineering knowledge).
"""

import base64
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from sandbox.doors import Door
from sandbox.limits import SlidingWindow

# Vendor documents, Nov 2026: requests at a time, and the cost of queries in so many seconds.
MOST_AT_ONCE = 5
COSTS = ((1000, 300.0), (108_000, 3600.0))
USERS_AT_ONCE, USERS_AN_HOUR = 10, 360


class Refused(Exception):
    """An answer other than 2xx. error: its text, or a document."""

    def __init__(self, status: int, error: object) -> None:
        super().__init__(str(error))
        self.status = status
        self.error = error


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its query and form fields, and its JSON body if it has one."""

    fields: dict[str, str]
    document: Any = None
    path: str = ""

    def needed(self, name: str) -> str:
        value = self.fields.get(name, "")
        if not value:
            raise bad(f"Missing required parameter: {name}")
        return value

    def number(self, name: str, default: int) -> int:
        text = self.fields.get(name) or str(default)
        if not text.isdecimal():
            raise bad(f"Invalid value for parameter {name}")
        return int(text)

    def day(self, name: str) -> date:
        text = self.needed(name)
        try:
            return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day
        except ValueError as error:
            raise bad(f"Invalid value for parameter {name}: expected YYYYMMDD") from error

    def json(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
        text = self.fields.get(name)
        try:
            return orjson.loads(text) if text else default
        except orjson.JSONDecodeError as error:
            raise bad(f"Invalid JSON in parameter {name}") from error


Handler = Callable[[Call], Response]
Cost = Callable[[Call], int]


def bad(message: str) -> Refused:
    error = {"http_code": 400, "type": "invalid_argument", "message": message, "metadata": {}}
    return Refused(400, {"error": error})


class Budget:
    """At most so much cost in any so many seconds; a query that costs too much is not counted."""

    def __init__(self, most: int, seconds: float, now: Callable[[], datetime]) -> None:
        self._most = most
        self._length = timedelta(seconds=seconds)
        self._now = now
        self._spent: deque[tuple[datetime, int]] = deque()
        self._lock = threading.Lock()

    def spend(self, cost: int) -> bool:
        with self._lock:
            now = self._now()
            while self._spent and self._spent[0][0] <= now - self._length:
                self._spent.popleft()
            if sum(one for _, one in self._spent) + cost > self._most:
                return False
            self._spent.append((now, cost))
            return True


class Entrance:
    """Lets in who knows the project's two keys, at the documented rates."""

    def __init__(self, door: Door, *, limits: bool, now: Callable[[], datetime]) -> None:
        self._door = door
        self._limits = limits
        self._budgets = [Budget(*cost, now) for cost in COSTS]
        self._hour = SlidingWindow(USERS_AN_HOUR, 3600.0, now)
        self._lock = threading.Lock()
        self._under_way = {"rest": 0, "users": 0}

    def guarded(
        self, handler: Handler, cost: Cost | None = None, kind: str = "rest"
    ) -> Callable[[Request], Awaitable[Response]]:
        """kind: rest, users (search and activity) or "" for what takes the key in its body."""

        async def endpoint(request: Request) -> Response:
            try:
                call = _call_of(request, await request.body())
                if not kind:
                    return await run_in_threadpool(handler, call)
                self._check(request)
                with self._place(kind):
                    self._spend(cost(call) if cost else 0)
                    return await run_in_threadpool(handler, call)
            except Refused as refused:
                return refusal(refused)

        return endpoint

    def knows(self, api_key: object) -> bool:
        return api_key == self._door.user

    def _check(self, request: Request) -> None:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            raise Refused(401, "Unauthorized")
        try:
            user, _, secret = base64.b64decode(encoded.strip()).decode().partition(":")
        except ValueError:
            user, secret = "", ""
        if (user, secret) != (self._door.user, self._door.secret):
            raise Refused(403, "Forbidden: invalid API key or secret key")

    @contextmanager
    def _place(self, kind: str) -> Iterator[None]:
        most = USERS_AT_ONCE if kind == "users" else MOST_AT_ONCE
        if self._limits and kind == "users" and not self._hour.take().allowed:
            raise too_many("Exceeded the hourly number of user requests")
        with self._lock:
            if self._limits and self._under_way[kind] >= most:
                raise too_many("Exceeded the number of concurrent requests")
            self._under_way[kind] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[kind] -= 1

    def _spend(self, cost: int) -> None:
        if self._limits and cost and not all(one.spend(cost) for one in self._budgets):
            raise too_many("Exceeded rate limit with query cost")


def too_many(message: str) -> Refused:
    error = {"http_code": 429, "type": "too_many_requests", "message": message, "metadata": {}}
    return Refused(429, {"error": error})


def refusal(refused: Refused) -> Response:
    if isinstance(refused.error, str):
        return Response(refused.error, refused.status, media_type="text/plain")
    return Response(orjson.dumps(refused.error), refused.status, media_type="application/json")


def answer(document: object, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, media_type="application/json")


def _call_of(request: Request, body: bytes) -> Call:
    fields = dict(request.query_params)
    document = None
    if "form" in request.headers.get("content-type", ""):
        fields |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif body:
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            document = None
    path = request.path_params.get("id", "")
    return Call(fields, document, path)
