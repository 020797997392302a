"""A tiny app with one list in each vendor's envelope, behind real faults on a real socket."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Annotated

import pytest
from fastapi import Body, FastAPI

from sandbox.faults import Faults, FaultyApp
from sandbox.ports import Gate, Server, listen

RECORDS = [{"id": str(n), "properties": {"name": f"n{n}", "arr": str(n * 10)}} for n in range(5)]
WORLD_TIME = 1_790_000_000.0


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def ids(self):
        rows = next(self.json[k] for k in ("results", "data", "tickets") if k in self.json)
        return [row["id"] for row in rows]


class Vendor:
    """A client of the tiny app; `faults` is the list in force, `written` what reached the app."""

    def __init__(self, port, faults, written, clock):
        self.port = port
        self.written = written
        self._faults = faults
        self._clock = clock

    def order(self, *rules):
        self._faults.replace([{"vendor": "hubspot", "path": "/", **rule} for rule in rules])

    @property
    def fired(self):
        return [row["fired"] for row in self._faults.report()]

    def let_days_pass(self, days):
        self._clock[0] += days * 86_400

    def get(self, path, *, timeout=120, token=""):
        return self.ask("GET", path, timeout=timeout, token=token)

    def ask(self, method, path, body=None, *, timeout=120, token=""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()


def tiny_app(written):
    app = FastAPI()

    @app.get("/list")
    def hubspot_list(after: int = 0, limit: int = 2):
        page = {"results": RECORDS[after : after + limit]}
        if after + limit < len(RECORDS):
            page["paging"] = {"next": {"after": str(after + limit), "link": "http://x/list"}}
        return page

    @app.post("/search")
    def hubspot_search(asked: Annotated[dict, Body()]):
        page = hubspot_list(int(asked["after"]), asked.get("limit", 2))
        return {"total": len(RECORDS), **page}

    @app.get("/export")
    def zendesk_export(cursor: int = 0):
        rows = RECORDS[cursor : cursor + 2]
        is_last = cursor + 2 >= len(RECORDS)
        return {"tickets": rows, "after_cursor": str(cursor + 2), "end_of_stream": is_last}

    @app.get("/stripe")
    def stripe_list():
        return {"object": "list", "data": RECORDS[:2], "has_more": False}

    @app.post("/query")
    def posthog_query():
        rows = [["a", "2026-01-01", 3], ["b", "2026-01-02", 4]]
        types = [["key", "String"], ["day", "Date"], ["events", "UInt64"]]
        return {"columns": ["key", "day", "events"], "types": types, "results": rows}

    @app.post("/write")
    def write(body: Annotated[dict, Body()]):
        written.append(body)
        return {"id": "1"}

    return app


@pytest.fixture(scope="session")
def gate():
    return Gate(lambda: WORLD_TIME)


@pytest.fixture(scope="session")
def port(gate):
    server = Server(gate, listen(0))
    server.wait_until_ready()
    yield int(server.url.rsplit(":", 1)[1])
    server.stop()


@pytest.fixture
def vendor(gate, port):
    """A fresh app on the one server, with no fault in force."""
    faults, written, clock = Faults(), [], [WORLD_TIME]
    app = tiny_app(written)
    gate.lead_to(FaultyApp(app, "hubspot", faults, now=lambda: clock[0]), app)
    gate.open()
    return Vendor(port, faults, written, clock)


@pytest.fixture
def clock():
    """Seconds that a call took."""

    def took(call):
        begun = time.monotonic()
        call()
        return time.monotonic() - begun

    return took
