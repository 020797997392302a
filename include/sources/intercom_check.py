"""What `health sources check` finds out about an Intercom workspace; a request for each finding."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from include.sources.base import rows_of
from include.sources.findings import Finding, clock, named, tried
from include.sources.http.answers import Answer
from include.sources.http.client import Client
from include.sources.intercom_search import Window, question
from include.vendor_settings import Intercom

ATTRIBUTES = "/data_attributes"
# How each stream is asked for one record: companies without opening the scroll.
LISTS: Mapping[str, tuple[str, str]] = {
    "companies": ("POST", "/companies/list"),
    "contacts": ("POST", "/contacts/search"),
    "conversations": ("POST", "/conversations/search"),
    "tickets": ("POST", "/tickets/search"),
    "deleted_conversations": ("GET", "/conversations/deleted"),
}


def findings(client: Client, settings: Intercom, version: str, now: datetime) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused."""
    answers: list[Answer] = []

    def enter() -> str:
        answers.append(client.call("GET", "/me"))
        return f"the token is good for a workspace in region {_region(answers[0])}"

    entered = tried("credential", enter)
    yield entered
    if not entered.works:
        return
    headers = answers[0].headers
    yield _version(headers, version)
    yield clock(headers, now)
    calls, left = (headers.get(f"X-RateLimit-{name}", "?") for name in ("Limit", "Remaining"))
    yield Finding("limit requests", f"{left} of {calls} are left of these ten seconds")
    for stream in LISTS:
        yield tried(f"stream {stream}", partial(_look, client, stream))
    if settings.account_key != "company_id":
        yield from _account_key(client, settings.account_key)


def _region(answer: Answer) -> str:
    app = answer.body.get("app") if isinstance(answer.body, dict) else None
    return str(app.get("region", "unknown")) if isinstance(app, dict) else "unknown"


def _version(headers: Mapping[str, str], version: str) -> Finding:
    told = headers.get("Intercom-Version", version)
    words = f"{version} is asked for, {told} answers"
    return Finding("version", words, works=told == version)


def _look(client: Client, stream: str) -> str:
    method, path = LISTS[stream]
    asked = question(Window("updated_at").query(), "updated_at", size=1)
    body = client.call(
        method,
        path,
        params={} if path.endswith("search") else {"per_page": 1},
        json=asked if path.endswith("search") else None,
        retry=True,
    ).body
    total = body.get("total_count") if isinstance(body, dict) else None
    return "can be read" if total is None else f"can be read: {total:,} records"


def _account_key(client: Client, name: str) -> Iterator[Finding]:
    known: list[str] = []

    def look() -> str:
        body = client.get(ATTRIBUTES, {"model": "company"})
        known.extend(row["name"] for row in rows_of(body, "data", ATTRIBUTES) if row.get("custom"))
        return "the attributes of companies can be read"

    read = tried("field account_key", look)
    yield named("field account_key", name, known) if read.works else read
