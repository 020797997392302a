"""What all streamed vendors share: a request as they see it, and the server in front of them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Protocol
from urllib.parse import parse_qsl

import orjson

from bench.streamed.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; the path has no slash at its end."""

    method: str
    origin: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


class Vendor(Protocol):
    """sent: records given to the job, by its stream."""

    world: World
    sent: Counter[str]

    def answer(self, asked: Asked) -> tuple[int, Any]: ...


class Door:
    """One vendor as an ASGI application: lets in who knows the secret, and counts the calls."""

    def __init__(self, vendor: Vendor, entry: str, headers: dict[str, str]) -> None:
        """entry: the Authorization header that is expected; headers: of every answer."""
        self.vendor = vendor
        self.calls: Counter[int] = Counter()
        self.entry = entry
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if headers.get(b"authorization", b"").decode() == self.entry:
            status, body = self.vendor.answer(await _asked(scope, headers, receive))
        else:
            status, body = 401, {"error": "the credential is not known"}
        self.calls[status] += 1
        date = formatdate(self.vendor.world.now, usegmt=True).encode()
        whole = body if isinstance(body, bytes) else orjson.dumps(body)
        await respond(send, status, whole, [*self._headers, (b"Date", date)])


class Control:
    """The port that bench/load.py steers by: `told` answers (what, given) with any JSON."""

    def __init__(self, told: Callable[[str, Any], Any]) -> None:
        self._told = told

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        asked = await _asked(scope, {}, receive)
        given = orjson.loads(asked.body) if asked.body else None
        await respond(send, 200, orjson.dumps(self._told(asked.path[1:], given)), [])


async def respond(send: Any, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    whole = [
        *headers,
        (b"Content-Type", b"application/json"),
        (b"Content-Length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": whole})
    await send({"type": "http.response.body", "body": body})


async def _asked(scope: Any, headers: dict[bytes, bytes], receive: Any) -> Asked:
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body", False)
    return Asked(
        method=scope["method"],
        origin="http://" + headers.get(b"host", b"").decode(),
        path=scope["path"].rstrip("/"),
        query=tuple(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
        body=body,
    )
