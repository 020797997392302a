"""A server that plays back what the sandbox's vendors answered, and does nothing else.

Run as a program, with the number of accounts and perhaps of rows in a page of Salesforce's, it
prints one JSON line: how each vendor is reached through it. What is asked first
goes on to the sandbox, and is kept; after `/~replay` the same requests get the kept bytes, in the
order in which they were given, whatever the headers ask. `/~replay?delay=0.05&limit=20` waits
before each answer, and refuses more than so many in any second.
"""

import http.client
import json
import socket
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sandbox.limits import SlidingWindow
from sandbox.serve import running
from sandbox.vendors import salesforce
from sandbox.world.simulate import simulate

END = date(2026, 11, 1)
DAYS = 120
REFUSAL = b"HTTP/1.1 429 X\r\nContent-Length: 0\r\n\r\n"
DROPPED = ("transfer-encoding", "connection", "content-length", "keep-alive")
Asked = tuple[str, str, bytes]


@dataclass
class Tape:
    """What one vendor answered. asked: the requests in their order, with the headers they had."""

    base: str
    answers: dict[Asked, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    given: dict[Asked, int] = field(default_factory=lambda: defaultdict(int))
    asked: list[dict[str, Any]] = field(default_factory=list)
    replays: bool = False
    delay_s: float = 0.0
    window: SlidingWindow | None = None
    counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked, headers: dict[str, str]) -> bytes:
        if asked[1].startswith("/~"):
            return self.told(asked[1])
        if self.window is not None and not self.window.take().allowed:
            self.counted["refused"] += 1
            return REFUSAL
        self.counted["calls"] += 1
        time.sleep(self.delay_s)
        with self.lock:
            kept = self.answers.get(asked, [])
            if self.replays and kept:
                self.given[asked] += 1
                return kept[(self.given[asked] - 1) % len(kept)]
        self.counted["new"] += 1
        whole = forwarded(self.base, asked, headers)
        with self.lock:
            self.answers[asked].append(whole)
            self.asked.append({"method": asked[0], "path": asked[1], "body": asked[2].decode(),
                               "type": headers.get("content-type", "")})  # fmt: skip
        return whole

    def told(self, path: str) -> bytes:
        query = parse_qs(urlsplit(path).query)
        if path.startswith("/~replay"):
            self.replays, self.delay_s = True, float(query.get("delay", ["0"])[0])
            limit = int(query.get("limit", ["0"])[0])
            self.window = SlidingWindow(limit, 1.0, partial(datetime.now, UTC)) if limit else None
            self.given.clear()
            self.counted.clear()
        shown = self.asked if path == "/~asked" else self.counted
        return response(200, {"Content-Type": "application/json"}, json.dumps(shown).encode())


def forwarded(base: str, asked: Asked, headers: dict[str, str]) -> bytes:
    method, path, body = asked
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
    sent = {name: value for name, value in headers.items() if name not in DROPPED}
    connection.request(method, path, body or None, sent)
    came = connection.getresponse()
    kept = {name: value for name, value in came.getheaders() if name.lower() not in DROPPED}
    whole = response(came.status, kept, came.read())
    connection.close()
    return whole


def response(status: int, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
    lines.append(f"Content-Length: {len(body)}" if status != 204 else "")
    head = "\r\n".join(line for line in lines if line)
    return head.encode("latin-1") + b"\r\n\r\n" + body


def listen(tape: Tape) -> int:
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def talk(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        file = connection.makefile("rb")
        while (asked := read_request(file)) is not None:
            connection.sendall(tape.answer(*asked))

    def accept() -> None:
        while True:
            threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])


def read_request(file: Any) -> tuple[Asked, dict[str, str]] | None:
    line = file.readline()
    if not line:
        return None
    headers = {}
    while (one := file.readline().strip()) != b"":
        name, _, value = one.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    method, path, _ = line.decode("latin-1").split(" ", 2)
    return (method, path, file.read(int(headers.get("content-length", 0)))), headers


def main() -> None:
    if len(sys.argv) > 2:
        salesforce.Settings = partial(salesforce.Settings, batch=int(sys.argv[2]))  # type: ignore[misc,assignment]
    world = simulate(accounts=int(sys.argv[1]), start=END - timedelta(days=DAYS), end=END)
    with running(world, limits=False) as sandbox:
        reached = {}
        for name, reach in sandbox.vendors.items():
            port = listen(Tape(reach["base_url"]))
            reached[name] = reach | {"base_url": f"http://127.0.0.1:{port}"}
        print(json.dumps(reached), flush=True)
        sys.stdin.read()  # until whoever started this is done


if __name__ == "__main__":
    main()
