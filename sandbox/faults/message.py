"""One HTTP request and reply in memory, so that faults can look at and change whole bodies."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from sandbox.faults.forms import JSON, Form, read_form

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(slots=True)
class Reply:
    """`document` is the body as data, by its `form`; None when the body is something else.

    Names of headers are in lower case; `names` has them as the vendor writes them.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    document: Any = None
    pause_s: float = 0.0
    pieces: int = 1
    is_cut: bool = False
    form: Form | None = None
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, status: int, document: object, headers: dict[str, str]) -> "Reply":
        kind = {"content-type": "application/json"}
        return cls(status, kind | headers, orjson.dumps(document), document, form=JSON)

    @property
    def is_whole(self) -> bool:
        """Whether a client can read it as what it asked for."""
        return self.status < 300 and self.document is not None and not self.is_cut

    def render(self) -> None:
        """Write the changed document into the body."""
        assert self.form is not None
        self.body = self.form.write(self.document, self.body)


async def read_body(receive: Receive) -> bytes:
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if event["type"] == "http.disconnect" or not event.get("more_body", False):
            return body


async def ask(app: App, scope: Scope, body: bytes) -> Reply:
    """The app's whole answer, never compressed."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    events: list[Event] = []
    sent = False

    async def receive() -> Event:
        nonlocal sent
        if sent:  # nobody hangs up before a streamed answer has ended
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Event) -> None:
        events.append(event)

    scope["headers"] = headers
    await app(scope, receive, send)
    return _reply_from(events)


def _reply_from(events: list[Event]) -> Reply:
    start = events[0]
    body = b"".join(event.get("body", b"") for event in events[1:])
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    names = {name.decode().lower(): name.decode() for name, _ in start["headers"]}
    form, document = read_form(headers, body)
    return Reply(start["status"], headers, body, document, form=form, names=names)
