"""Mixpanel on the wire: who is let in, how often, what a refusal looks like.

Errors are `{"error", "request", "status"}`; wrong credentials of the export are a 400 (MIXPANEL.md
parts 1, 2 and 4; statuses of the other refusals are engineering knowledge).
"""

import base64
import math
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from sandbox.doors import Door
from sandbox.limits import SlidingWindow

# Requests in so many seconds, and how many at a time, by kind (vendor documents, Nov 2026).
LIMITS = {
    "export": (((3, 1.0), (60, 3600.0)), 100),
    "query": (((60, 3600.0),), 5),
}
LIMIT_TEXT = (
    "Query rate limit exceeded. You have exceeded the rate limit of your project; see "
    "https://docs.mixpanel.com/reference/rate-limits"
)


class Refused(Exception):
    """An answer other than 2xx."""

    def __init__(self, status: int, error: str, *, retry_after_s: int = 0) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `fields` are its query, form and JSON fields together, as text where they can.

    is_verbose etc. are left to the handlers. document: the JSON body, None where it is none.
    """

    path: str
    fields: dict[str, Any]
    document: Any = None
    gzips: bool = False
    body: bytes = b""

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name, default)
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise Refused(400, f"Invalid request: {name} is a required parameter")
        return value

    def number(self, name: str, default: int) -> int:
        text = self.text(name, str(default)) or str(default)
        if not text.lstrip("-").isdecimal():
            raise Refused(400, f"Invalid request: {name} must be an integer")
        return int(text)

    def json(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
        """A parameter that is JSON text, or a JSON value of a JSON body."""
        value = self.fields.get(name)
        if value is None or value == "":
            return default
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise Refused(400, f"Invalid request: {name} is not valid JSON") from error

    def day(self, name: str) -> date:
        text = self.needed(name)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Refused(400, f"Invalid request: {name} must be a date, yyyy-mm-dd") from error


Handler = Callable[[Call], Response]


@dataclass(slots=True)
class Kind:
    """How often requests of one kind may come, and how many are under way."""

    windows: tuple[SlidingWindow, ...]
    most_at_once: int
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _under_way: int = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        for window in self.windows:
            taken = window.take()
            if not taken.allowed:
                raise Refused(429, LIMIT_TEXT, retry_after_s=math.ceil(taken.wait_s))
        with self._lock:
            if self._under_way >= self.most_at_once:
                raise Refused(429, "Too many concurrent queries: rate limit exceeded")
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1


class Entrance:
    """Lets in a service account that names the project, or the project by its secret."""

    def __init__(self, door: Door, *, limits: bool, now: Callable[[], datetime]) -> None:
        self._door = door
        self._kinds = {
            kind: Kind(tuple(SlidingWindow(*window, now) for window in windows), most)
            for kind, (windows, most) in LIMITS.items()
            if limits
        }

    def guarded(self, handler: Handler, kind: str = "") -> Callable[[Request], Awaitable[Response]]:
        """`kind` "": writes, which need no credential of this kind and have no limit here."""

        async def endpoint(request: Request) -> Response:
            try:
                call = _call_of(request, await request.body())
                if kind:
                    self.check(request, call)
                if kind not in self._kinds:
                    return await run_in_threadpool(handler, call)
                with self._kinds[kind].place():
                    return await run_in_threadpool(handler, call)
            except Refused as refused:
                return refusal(refused, request.url.path)

        return endpoint

    def check(self, request: Request, call: Call) -> None:
        user, secret = _basic(request.headers.get("authorization", ""))
        if (user, secret) == (self._door.user, self._door.secret):
            project = call.text("project_id")
            if not project:
                raise Refused(400, "Invalid request: project_id is a required parameter")
            if project != self._door.extra["project_id"]:
                raise Refused(403, "User does not have permission to access this project")
        elif (user, secret) != (self._door.secret, ""):
            raise Refused(400, "Unable to authenticate request")


def refusal(refused: Refused, path: str) -> Response:
    body = {"error": refused.error, "request": path, "status": "error"}
    return Response(orjson.dumps(body), refused.status, refused.headers, "application/json")


def answer(document: object) -> Response:
    return Response(orjson.dumps(document), media_type="application/json")


def _basic(header: str) -> tuple[str, str]:
    """User and secret; a project secret also comes without the colon behind it."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        text = base64.b64decode(encoded.strip(), altchars=b"-_").decode()
    except ValueError:
        return "", ""
    user, _, secret = text.partition(":")
    return user, secret


def _call_of(request: Request, body: bytes) -> Call:
    fields: dict[str, Any] = {**request.path_params, **request.query_params}
    document = None
    kind = request.headers.get("content-type", "")
    if "form" in kind:
        fields |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif body and not request.headers.get("content-encoding"):
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            document = None
        fields |= document if isinstance(document, dict) else {}
    gzips = "gzip" in request.headers.get("accept-encoding", "")
    return Call(request.url.path, fields, document, gzips, body)
