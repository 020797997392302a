"""One HTTP server on one loopback port in a thread of its own, and the gate in front of its app."""

import asyncio
import contextlib
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.routing import Match

from sandbox.faults.message import App, Event, Receive, Scope, Send

LOOPBACK = "127.0.0.1"
START_TIMEOUT_S = 20.0
# What the server says of answers that a fault cut on purpose, or that a stop cut short.
EXPECTED_ERRORS = (
    "ASGI callable returned without completing response.",
    "Cancel %s running task(s), timeout graceful shutdown exceeded",
)
logging.getLogger("uvicorn.error").addFilter(lambda record: record.msg not in EXPECTED_ERRORS)


def listen(port: int, host: str = LOOPBACK) -> socket.socket:
    """Take a port, on loopback by default; 0 takes a free one. ValueError when somebody has it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ValueError(f"port {port} on {host} cannot be used: {error}") from error
    return listener


class Server:
    """Serves from construction until `stop`. `name`: the host by which clients know it."""

    def __init__(self, app: App, listener: socket.socket, *, name: str = LOOPBACK) -> None:
        self._listener = listener
        self._name = name
        config = uvicorn.Config(
            app,
            http="h11",  # keeps the names of headers as a vendor writes them
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{self._name}:{self._port}"

    @property
    def _port(self) -> int:
        return int(self._listener.getsockname()[1])

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError(f"the server on {self.url} did not start")
            time.sleep(0.005)

    def ask_to_stop(self) -> None:
        self._server.should_exit = True

    def stop(self) -> None:
        """Wait until it has stopped; answers under way have a second."""
        self.ask_to_stop()
        self._thread.join()
        self._listener.close()


def stop_all(servers: Iterable[Server]) -> None:
    """All at once, because each takes a moment to notice."""
    for server in servers:
        server.ask_to_stop()
    for server in servers:
        server.stop()


class Gate:
    """Counts what passes, dates the answers, and holds requests back while the app is exchanged."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now`: the epoch second that answers are dated with."""
        self._now = now
        self.app: App | None = None
        self.routes: list[Any] = []
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._lock = threading.Lock()
        self._is_open = False
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while not self._enter():
            await asyncio.sleep(0.005)
        try:
            # A stop may come in the middle of an answer: then there is nothing left to say.
            with contextlib.suppress(asyncio.CancelledError):
                await self._pass(scope, receive, send)
        finally:
            with self._lock:
                self._inside -= 1

    def close(self) -> None:
        """Let no new request in and wait until those inside have left."""
        with self._lock:
            self._is_open = False
        while self._inside:
            time.sleep(0.005)

    def open(self) -> None:
        self._is_open = True

    def lead_to(self, app: App, vendor: FastAPI) -> None:
        """Send what comes through to that app; the vendor's routes name the requests."""
        self.app = app
        self.routes = list(vendor.router.routes)

    def requests(self) -> list[dict[str, Any]]:
        with self._lock:
            counted = sorted(self._requests.items())
        names = ("method", "path", "status")
        return [dict(zip(names, key, strict=True)) | {"count": count} for key, count in counted]

    def reset_requests(self) -> None:
        with self._lock:
            self._requests.clear()

    def _enter(self) -> bool:
        with self._lock:
            self._inside += self._is_open
            return self._is_open

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        # Decided before the app runs: what the app does to the scope must not change the count.
        template = self._template(scope)

        async def counted(event: Event) -> None:
            if event["type"] == "http.response.start":
                key = (scope["method"], template, event["status"])
                with self._lock:
                    self._requests[key] += 1
                event = {**event, "headers": self._dated(event["headers"])}
            await send(event)

        await self.app(scope, receive, counted)

    def _template(self, scope: Scope) -> str:
        """The route's pattern; the bare path where the vendor has no route for it."""
        for route in self.routes:
            if route.matches(scope)[0] is Match.FULL:
                return str(route.path)
        return str(scope["path"])

    def _dated(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        if any(name.lower() == b"date" for name, _ in headers):
            return list(headers)
        return [*headers, (b"date", formatdate(self._now(), usegmt=True).encode())]
