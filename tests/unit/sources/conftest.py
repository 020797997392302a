"""A vendor on loopback that answers what a test has written down, and the sandbox's four."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import TypeAdapter

from include import vendor_settings
from include.settings import Credentials, load_settings
from include.sources import open_source
from include.sources.base import Source
from include.sources.http.client import Client
from include.sources.http.session import Bearer, Wire
from sandbox.serve import Sandbox, running
from sandbox.world.model import World
from sandbox.world.simulate import simulate

SECRET = "tok-keep-me-out-of-messages"
QUICK = Wire(pace=0.001)
START, END = date(2026, 8, 10), date(2026, 9, 20)


@dataclass(frozen=True)
class Reply:
    """length: the Content-Length that is promised; None: the body's own."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


class Vendor:
    """Answers with `replies` in turn; the last one stays."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.replies: list[Reply] = []
        self.asked: list[Asked] = []
        self._scheme = "https" if tls else "http"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.handle_error = lambda *_: None  # a client that hangs up is what we test
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def answer(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def client(self, vendor: str = "stripe", wire: Wire = QUICK) -> Client:
        return Client(Credentials(self.url, SECRET), vendor=vendor, auth=Bearer(SECRET), wire=wire)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

            def do_GET(self) -> None:
                vendor.note(self)
                reply = vendor.replies.pop(0) if len(vendor.replies) > 1 else vendor.replies[0]
                length = len(reply.content) if reply.length is None else reply.length
                self.send_response_only(reply.status)
                for name, value in {"Content-Length": str(length), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.content)
                self.close_connection = length != len(reply.content)

            do_POST = do_PATCH = do_GET  # noqa: N815 - http.server's names

        return Handler

    def note(self, request: BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        sent = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        body = json.loads(sent) if sent else None
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = parse_qs(url.query, keep_blank_values=True)
        self.asked.append(Asked(request.command, url.path, query, headers, body))


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    served = Vendor()
    yield served
    served.close()


@pytest.fixture(scope="session")
def world() -> World:
    return simulate(accounts=14, seed=3, start=START, end=END)


@pytest.fixture(scope="session")
def served(world: World) -> Iterator[Sandbox]:
    """The vendors of the world, for tests that only read."""
    with running(world, limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(world: World) -> Iterator[Sandbox]:
    """Vendors for one test, which may write to them, let days pass and order faults."""
    with running(world, limits=False) as sandbox:
        yield sandbox


Open = Callable[..., Source]


@pytest.fixture
def opened(served: Sandbox) -> Open:
    return partial(open_in, served)


@pytest.fixture
def opened_own(sandbox: Sandbox) -> Open:
    return partial(open_in, sandbox)


def open_in(sandbox: Sandbox, vendor: str, **changes: Any) -> Source:
    """Open one of a sandbox's vendors as health.yaml describes it, with changed settings.

    One that is not in health.yaml has the settings that it has where nothing is said.
    """
    plain = {"vendor": vendor, "name": vendor, "connection": "sandbox"}
    known = (one for one in load_settings().sources if one.vendor == vendor)
    settings = next(known, None) or TypeAdapter[Any](vendor_settings.Source).validate_python(plain)
    reach = sandbox.vendors[vendor]
    entered = (reach["token"], reach.get("user", ""), reach.get("extra", {}))
    return open_source(
        settings.model_copy(update=changes), Credentials(reach["base_url"], *entered), wire=QUICK
    )
