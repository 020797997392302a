"""Chargebee: customers, subscriptions, invoices and transactions.

Lists are read by updated_at, the oldest change first, so that what changes meanwhile moves to the
end and nothing is missed; deleted records come with them. The first run, and one every
full_walk_days, walks by the time of making instead, since records untouched since 2016 bear no
updated_at; spans of that walk are read side by side where the plan allows it. Product catalogs 1
and 2 differ within records only. Forms: Chargebee API v2, checked Nov 2026. Fields and limits:
docs/sources.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import orjson
from requests.auth import HTTPBasicAuth

from include.errors import RetryLater
from include.settings import Credentials
from include.sources.base import Gone, Pages, deliver, end_of, id_of, safe_start
from include.sources.chargebee_lists import Rows, next_offset, refuse, rows_decoder, spans
from include.sources.findings import Finding, clock, keyed, tried
from include.sources.http.client import Client, Params
from include.sources.http.rate import Rate
from include.sources.http.session import Wire
from include.sources.http.side_by_side import side_by_side
from include.vendor_settings import Chargebee
from include.vendor_settings.versions import VERSIONS
from include.warehouse.page import Page, State

BASE = f"/api/{VERSIONS['chargebee'].asked}"
PAGE = 100
LINES = 300
# `after` leaves its second out, stamps collide, and changes may be committed late.
OVERLAP_S = 120
# With so many requests a minute and thread, a thread alone would fall behind the plan's limit.
A_THREAD = 300
MOST_THREADS = 12
SPANS_A_THREAD = 8
CUT = b'"line_items_next_offset"'
# Some records, and the time up to which all were read; None: that cannot be said.
Reached = tuple[Sequence[Any], int | None]


@dataclass(frozen=True, slots=True)
class Stream:
    """resource: as each row names it. made: the field of when a record was made."""

    resource: str
    made: str


STREAMS = {
    "customers": Stream("customer", "created_at"),
    "subscriptions": Stream("subscription", "created_at"),
    "invoices": Stream("invoice", "date"),
    "transactions": Stream("transaction", "date"),
}


def open_chargebee(
    settings: Chargebee, credentials: Credentials, *, wire: Wire | None
) -> "ChargebeeSource":
    """The API key is the user of Basic, without a password."""
    client = Client(
        credentials,
        vendor="chargebee",
        auth=HTTPBasicAuth(credentials.secret, ""),
        wire=wire,
        rate=Rate(settings.requests_per_minute, 60.0),
        refuse=refuse,
    )
    return ChargebeeSource(settings, client)


@dataclass(frozen=True, slots=True)
class ChargebeeSource:
    """page: rows of a list at a time, at most 100."""

    settings: Chargebee
    client: Client
    page: int = PAGE
    vendor = "chargebee"
    streams = tuple(STREAMS)

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def gone(self) -> Mapping[str, Gone]:
        return dict.fromkeys(STREAMS, Gone("$.deleted == true", {"deleted": True}))

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._read(stream, state or {}, as_of), f"{self.name}.{stream}")

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:  # noqa: ARG002 - no days
        for rows in self._rows(stream, {"limit": self.page, "sort_by[asc]": STREAMS[stream].made}):
            yield [found for row in rows if (found := id_of(row, ("id",)))]

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:  # noqa: ARG002
        resource = STREAMS[stream].resource
        for record_id in ids:
            path = f"{BASE}/{stream}/{record_id}"
            answer = self.client.call("GET", path, accept=(200, 404))
            if answer.status == 200:
                record = orjson.dumps(answer.body[resource])
                yield Page(list(self._whole(stream, [record])))

    def check(self, now: datetime) -> Iterator[Finding]:
        """Yield what the key may read, and how far apart the clocks are."""
        first = tried("credential", partial(self._look, "customers"))
        yield first
        if not first.works:
            return
        for stream in STREAMS:
            yield tried(f"stream {stream}", partial(self._look, stream))
        answer = self.client.call("GET", f"{BASE}/customers", params={"limit": self.page})
        yield Finding("version", "API v2")
        yield clock(answer.headers, now)
        limit = self.settings.requests_per_minute
        yield Finding("limit", f"{limit} requests a minute are ours; the answers do not tell it")
        rows = [row["customer"] for row in answer.body["list"]]
        kept = [row | (row.get("meta_data") or {}) for row in rows]
        yield from keyed(self.settings.account_keys, kept)

    def _look(self, stream: str) -> str:
        self.client.get(f"{BASE}/{stream}", {"limit": 1})
        return "it can be read"

    def _read(self, stream: str, state: State, as_of: date) -> Pages:
        """Yield an empty page first: it saves where the next run starts, changes found or not."""
        since, begun = state.get("since"), state.get("from")
        newest = self._edge(stream, "updated_at", "desc", deleted_too=True)
        if begun is not None:  # a walk ended early: since is of before it, so nothing is missed
            following = {"since": since, "walked": as_of.isoformat()}
        elif self._walk_is_due(state, newest, as_of):
            following = {"since": safe_start(newest, as_of, None), "walked": as_of.isoformat()}
        else:
            walked = state["walked"]
            yield Page([], {"since": safe_start(newest, as_of, since), "walked": walked})
            for rows, last in self._changed(stream, int(state["since"])):
                reached = min(last, end_of(as_of)) if last else None
                yield Page(rows, resume={"since": reached, "walked": walked} if last else None)
            return
        yield Page([], following)
        for rows, last in self._walked(stream, begun):
            yield Page(rows, resume={**following, "from": last} if last else None)

    def _walk_is_due(self, state: State, newest: int | None, as_of: date) -> bool:
        """A test site whose clock went back may change records at times that were read already."""
        since = state.get("since")
        if since is None or newest is None or newest < since:
            return True
        days = (as_of - date.fromisoformat(state["walked"])).days
        return days >= self.settings.full_walk_days

    def _changed(self, stream: str, since: int) -> Iterator[Reached]:
        asked = {"updated_at[after]": since - OVERLAP_S, "sort_by[asc]": "updated_at"}
        return self._records(stream, asked, "updated_at")

    def _walked(self, stream: str, begun: int | None) -> Iterator[Reached]:
        """Yield all records, from a time of making on or, in spans side by side, all of them."""
        made = STREAMS[stream].made
        asked = {"sort_by[asc]": made}
        if begun is not None:
            yield from self._records(stream, {**asked, f"{made}[after]": begun - 1}, made)
            return
        width = min(self.settings.requests_per_minute // A_THREAD, MOST_THREADS)
        first = self._edge(stream, made, "asc") if width > 1 else None
        last = self._edge(stream, made, "desc") if width > 1 else None
        if first is None or last is None:
            yield from self._records(stream, asked, made)
            return
        cut = spans(made, first, last, width * SPANS_A_THREAD)
        parts = (partial(self._records, stream, {**asked, **span}, made) for span in cut)
        for rows, _ in side_by_side(parts, width=width):
            yield rows, None

    def _records(self, stream: str, asked: Params, field: str) -> Iterator[Reached]:
        every = {"limit": self.page, "include_deleted": "true"}
        for rows in self._rows(stream, {**every, **asked}):
            yield list(self._whole(stream, rows)), _time_of(rows[-1], field) if rows else None

    def _edge(
        self, stream: str, field: str, order: str, *, deleted_too: bool = False
    ) -> int | None:
        """Return the first value of a field in an order; None: there is none, or it is no time."""
        asked = {"limit": 1, f"sort_by[{order}]": field}
        asked |= {"include_deleted": "true"} if deleted_too else {}
        rows = next(self._rows(stream, asked))
        return _time_of(rows[0], field) if rows else None

    def _rows(self, stream: str, asked: Params) -> Iterator[Rows]:
        decode = rows_decoder(STREAMS[stream].resource)
        for page in self.client.pages(f"{BASE}/{stream}", asked, next_offset, decode=decode):
            yield page["rows"]

    def _whole(self, stream: str, rows: Iterable[Any]) -> Iterator[Any]:
        """Yield records as they came, but long invoices with all their lines."""
        for row in rows:
            if stream == "invoices" and CUT in bytes(row):
                yield self._with_lines(orjson.loads(bytes(row)))
            else:
                yield row

    def _with_lines(self, invoice: dict[str, Any]) -> dict[str, Any]:
        """Return an invoice with the lines that its list left out, asked for behind each part."""
        path = f"{BASE}/invoices/{invoice['id']}"
        seen: set[str] = set()
        while offset := invoice.pop("line_items_next_offset", None):
            if offset in seen:
                raise RetryLater(
                    f"{self.name}.invoices: an invoice's lines led back to earlier ones."
                )
            seen.add(offset)
            asked = {"line_items_limit": LINES, "line_items_offset": offset}
            part = self.client.get(path, asked)["invoice"]
            invoice["line_items"] = [*invoice["line_items"], *part["line_items"]]
            if "line_items_next_offset" in part:
                invoice["line_items_next_offset"] = part["line_items_next_offset"]
        return invoice


def _time_of(row: Any, field: str) -> int | None:  # noqa: ANN401 - a record's bytes
    record = orjson.loads(bytes(row))
    value = record.get(field) if isinstance(record, dict) else None
    return value if isinstance(value, int) else None
