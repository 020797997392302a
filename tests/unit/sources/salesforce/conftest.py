"""An org on loopback that answers what a test has written down, path by path."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from include.settings import Credentials
from include.sources import open_source
from include.sources.http.session import Wire
from include.vendor_settings import Salesforce
from tests.unit.sources.conftest import Reply

DATA = "/services/data/v66.0"
AS_OF = date(2026, 11, 20)
KEY, SECRET = "3MVG9consumer", "keep-me-out-of-messages"
QUICK = Wire(pace=0.001)
SETTINGS = Salesforce(name="crm", vendor="salesforce", connection="c")
TYPES = {"CreatedDate": "datetime", "LastModifiedDate": "datetime", "SystemModstamp": "datetime",
         "IsDeleted": "boolean", "IsActive": "boolean", "IsClosed": "boolean",
         "IsWon": "boolean", "IsChild": "boolean", "ARR__c": "currency",
         "NumberOfEmployees": "int"}  # fmt: skip


def described(*names: str, formulas: tuple[str, ...] = (), **words: list[str]) -> dict[str, Any]:
    """A describe answer with these fields; words: the entries of picklists, by field."""
    basic = ("Id", "CreatedDate", "LastModifiedDate", "SystemModstamp")
    return {
        "fields": [
            {
                "name": name,
                "type": TYPES.get(name, "string"),
                "calculated": name in formulas,
                "picklistValues": [{"value": word} for word in words.get(name, ())],
            }
            for name in (*basic, *names)
        ]
    }


def found(*records: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    """A page of a query; following: the locator of the next one."""
    typed = [{"attributes": {"type": "X", "url": "/x"}, **record} for record in records]
    page = {"totalSize": len(records), "done": following is None, "records": typed}
    return page | ({"nextRecordsUrl": f"{DATA}/query/{following}"} if following else {})


def refused(code: str, message: str = "", status: int = 400) -> Reply:
    return Reply([{"errorCode": code, "message": message}], status=status)


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: str

    @property
    def soql(self) -> str:
        return self.query.get("q", [""])[0]


Answers = Reply | Callable[[Asked], Reply]


@dataclass
class FakeOrg:
    """answers: by method and path below the version; what is not there is not found."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    instance: str | None = None

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/services/oauth2/token":
            return self.enter(asked)
        if asked.headers.get("authorization") != f"Bearer {self.tokens[-1]}":
            return refused("INVALID_SESSION_ID", "Session expired or invalid", 401)
        told = self.answers.get(f"{asked.method} {asked.path.removeprefix(DATA)}")
        if isinstance(told, list):
            told = told.pop(0) if len(told) > 1 else told[0]
        if callable(told):
            told = told(asked)
        if isinstance(told, dict):
            return Reply(told)
        return told or refused("NOT_FOUND", "The requested resource does not exist", 404)

    def enter(self, asked: Asked) -> Reply:
        if "POST token" in self.answers:
            return self.answers["POST token"]
        self.tokens.append(f"token-{len(self.tokens)}")
        reply = {"access_token": self.tokens[-1], "instance_url": self.instance or self.url}
        return Reply(reply | {"token_type": "Bearer", "issued_at": "1700000000000"})

    def serve(self, entity: str, *names: str, records: Any = (), **more: Any) -> None:
        """Answer describe, and every query of an object: its newest stamp, its count, records."""
        self.answers[f"GET /sobjects/{entity}/describe"] = described(*names, **more)
        self.answers["GET /query"] = self.answers["GET /queryAll"] = lambda asked: page_of(
            asked, records
        )

    def queries(self) -> list[str]:
        return [asked.soql for asked in self.asked if asked.soql]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        org = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, url.path, parse_qs(url.query), headers, sent)
                org.asked.append(asked)
                reply = org.answer(asked)
                self.send_response_only(reply.status)
                for name, value in {
                    "Content-Length": str(len(reply.content)),
                    **reply.headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.content)

            do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server's names

        return Handler


def page_of(asked: Asked, records: Any) -> Reply:
    """Answer a query of any kind from a list of living records."""
    if "COUNT()" in asked.soql:
        return Reply({"totalSize": len(records), "done": True, "records": []})
    if "LIMIT 1" in asked.soql:
        newest = sorted(records, key=lambda one: one.get("SystemModstamp", ""))[-1:]
        return Reply(found(*newest))
    if "IsDeleted = true" in asked.soql:
        return Reply(found())
    return Reply(found(*records))


@pytest.fixture
def org() -> Iterator[FakeOrg]:
    served = FakeOrg()
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def opened(org: FakeOrg) -> Callable[..., Any]:
    """Open the org as health.yaml would, with changed settings or another connection."""

    def open_it(
        credentials: Credentials | None = None, *, wire: Wire = QUICK, **changes: Any
    ) -> Any:
        known = credentials or Credentials(org.url, SECRET, KEY)
        return open_source(SETTINGS.model_copy(update=changes), known, wire=wire)

    return open_it


def read(source: Any, stream: str, state: Any = None, as_of: date = AS_OF) -> tuple[list[Any], Any]:
    """Return a stream's records and the state to go on from."""
    records = []
    for page in source.pages(stream, state=state, as_of=as_of):
        records += page.records
        state = page.state or state
    return records, state


USER = ("Name", "IsActive", "Email", "ManagerId")


def user(record_id: str, stamp: str = "2026-11-01T00:00:00.000+0000", **fields: Any) -> Any:
    return {
        "Id": record_id, "Name": "Ann", "IsActive": True, "CreatedDate": stamp,
        "LastModifiedDate": stamp, "SystemModstamp": stamp, "Email": None, "ManagerId": None,
        **fields,
    }  # fmt: skip


def answering(org: FakeOrg, *replies: Reply) -> None:
    """Let the org answer the listing of users with these in turn, all else as it should."""
    org.serve("User", *USER, records=[user("1")])
    rest = list(replies)

    def answer(asked: Asked) -> Reply:
        if "COUNT()" in asked.soql or "LIMIT" in asked.soql:
            return page_of(asked, [user("1")])
        return rest.pop(0) if len(rest) > 1 else rest[0]

    org.answers["GET /query"] = answer
