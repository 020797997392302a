"""Intercom: companies, contacts, conversations, tickets, and which conversations were deleted.

Companies come by a scroll, whole each time. All else is searched for: in windows of creation at
first, later from the newest change that Intercom had when the run before began, some time earlier
because its search lags. Forms: API description 2.16, checked Nov 2026. Fields and limits:
docs/sources.md.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from include.settings import Credentials
from include.sources import intercom_check
from include.sources.base import Gone, Pages, deliver, in_blocks, is_object, rows_of, safe_start
from include.sources.findings import Finding
from include.sources.http.answers import raw_rows
from include.sources.http.client import Client
from include.sources.http.rate import Rate
from include.sources.http.session import Bearer, Wire
from include.sources.http.side_by_side import in_order, side_by_side
from include.sources.intercom_refusals import (
    CALLS,
    SECONDS,
    NotHere,
    learned,
    refusal_in_scroll,
    refusal_of,
)
from include.sources.intercom_scroll import Scroll
from include.sources.intercom_search import (
    DAY_S,
    Search,
    Window,
    id_of,
    next_number,
    question,
    search_after,
    windows_between,
)
from include.vendor_settings import Intercom
from include.vendor_settings.versions import VERSIONS
from include.warehouse.page import Page, State

log = logging.getLogger(__name__)
VERSION = VERSIONS["intercom"].asked
WIDTH = 8  # windows read at the same time
SEARCHES = {
    "contacts": Search("/contacts/search", "data", window_rows=300),
    "conversations": Search("/conversations/search", "conversations"),
    "tickets": Search("/tickets/search", "tickets"),
}
# The change that the next run begins from, and the ends of what was created: for a first run.
EDGES = (("updated_at", "descending"), ("created_at", "ascending"), ("created_at", "descending"))
DELETED = "/conversations/deleted"
DELETED_PAGE = 60
IDS_AT_ONCE = 100
# What moves without meaning anything here; most companies and people are seen every day.
VOLATILE = {
    "companies": ("last_request_at", "session_count", "updated_at"),
    "contacts": (
        "last_seen_at",
        "last_contacted_at",
        "last_email_opened_at",
        "last_email_clicked_at",
        "updated_at",
    ),
}
GONE = Gone("$.deleted == true", {"deleted": True})


class Edge(NamedTuple):
    """The first record of a search: its stamp, epoch seconds, and how many there are."""

    stamp: int
    total: int | None


def open_intercom(
    settings: Intercom, credentials: Credentials, *, wire: Wire | None
) -> "IntercomSource":
    """The region is the connection's host; a token is good in its own region only."""
    auth = Bearer(credentials.secret, {"Intercom-Version": VERSION})
    rate = Rate(CALLS, SECONDS, learn=learned)
    ask = partial(Client, credentials, vendor="intercom", auth=auth, rate=rate)
    client = ask(wire=wire, refuse=refusal_of)
    once = ask(wire=replace(wire or Wire(), tries=1), refuse=refusal_in_scroll)
    return IntercomSource(settings, client, Scroll(client, once, rate))


@dataclass(frozen=True, slots=True)
class IntercomSource:
    settings: Intercom
    client: Client
    scroll: Scroll
    vendor = "intercom"
    streams = ("companies", "contacts", "conversations", "tickets", "deleted_conversations")

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def gone(self) -> Mapping[str, Gone]:
        """Intercom tells of deleted conversations only; the others are missed in a full walk."""
        return dict.fromkeys(("companies", *SEARCHES), GONE)

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._pages(stream, state or {}, as_of), f"{self.name}.{stream}")

    def check(self, now: datetime) -> Iterator[Finding]:
        return intercom_check.findings(self.client, self.settings, VERSION, now)

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:
        for page in self._shown(stream, {}, as_of):
            yield [found for record in page.records if (found := id_of(record))]

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:
        match stream:
            case "companies":
                yield from self._companies_of(ids)
            case "deleted_conversations":
                wanted = set(ids)
                for page in self._deleted({}, as_of):
                    yield Page([row for row in page.records if id_of(row) in wanted])
            case _:
                yield from self._found_by_id(SEARCHES[stream], ids)

    def _pages(self, stream: str, state: State, as_of: date) -> Pages:
        try:
            yield from self._shown(stream, state, as_of)
        except NotHere as error:
            if stream not in ("tickets", "deleted_conversations"):
                raise
            log.warning("%s: no %s are read. %s", self.name, stream, error)

    def _shown(self, stream: str, state: State, as_of: date) -> Pages:
        match stream:
            case "companies":
                for rows in self.scroll.companies():
                    yield Page(rows, volatile=VOLATILE[stream])
            case "deleted_conversations":
                yield from self._deleted(state, as_of)
            case _:
                yield from self._searched(stream, state, as_of)

    def _searched(self, stream: str, state: State, as_of: date) -> Pages:
        """Yield what changed since the state, or everything in windows, several at a time."""
        search, since = SEARCHES[stream], state.get("since")
        asked = EDGES if since is None else EDGES[:1]
        newest, *ends = in_order(partial(self._edge, search), asked, width=len(asked))
        if newest is None:
            return
        if since is None:
            windows = all_windows(search, *ends)
        else:
            windows = [Window("updated_at", since - self._look_back_s(stream))]
        following = {"since": safe_start(newest.stamp, as_of, since)}
        parts = [partial(self._window, search, window) for window in windows]
        for rows in side_by_side(parts, width=min(WIDTH, len(parts))):
            yield Page(rows, following, volatile=VOLATILE.get(stream, ()))

    def _look_back_s(self, stream: str) -> int:
        return DAY_S if stream == "contacts" else self.settings.look_back_minutes * 60

    def _edge(self, search: Search, sort: tuple[str, str]) -> Edge | None:
        """Return the first record by a stamp in an order; None where there are no records.

        One that stands on a later page, as the page before it lost its record, is the first too.
        """
        field, order = sort
        asked = question(Window(field).query(), field, order=order, size=1)
        for body in self.client.pages(search.path, asked, search_after, method="POST"):
            if rows := list(filter(is_object, rows_of(body, search.rows, search.path))):
                return Edge(int(rows[0][field]), body.get("total_count"))
        return None

    def _window(self, search: Search, window: Window) -> Iterator[list[Any]]:
        decode = raw_rows(search.rows, "pages", "total_count")
        asked = question(window.query(), window.field)
        for body in self.client.pages(
            search.path, asked, search_after, method="POST", decode=decode
        ):
            yield [record for record in body[search.rows] if window.holds(record)]

    def _deleted(self, state: State, as_of: date) -> Pages:
        """Yield the newest deletions first, back to a day before the state."""
        since, newest = state.get("since"), None
        asked = {"per_page": DELETED_PAGE, "order": "desc", "page": 1}
        for body in self.client.pages(DELETED, asked, next_number):
            rows = rows_of(body, "conversations", DELETED)
            stamps = [row["deleted_at"] for row in filter(is_object, rows) if row.get("deleted_at")]
            newest = max([*stamps, newest or 0]) or None
            start = safe_start(newest, as_of, since)
            yield Page(rows, None if start is None else {"since": start})
            if since is not None and is_older(stamps, since - DAY_S):
                return

    def _companies_of(self, ids: Iterable[str]) -> Iterator[Page]:
        for company_id in ids:
            answer = self.client.call("GET", f"/companies/{company_id}", accept=(200, 404))
            if answer.status == 200:
                yield Page([answer.body])

    def _found_by_id(self, search: Search, ids: Iterable[str]) -> Iterator[Page]:
        for block in in_blocks(ids, IDS_AT_ONCE):
            asked = question({"field": "id", "operator": "IN", "value": block}, "created_at")
            for body in self.client.pages(search.path, asked, search_after, method="POST"):
                yield Page(rows_of(body, search.rows, search.path))


def all_windows(search: Search, oldest: Edge | None, newest: Edge | None) -> list[Window]:
    if oldest is None or newest is None:
        return [Window("created_at")]
    return windows_between(oldest.stamp, newest.stamp, newest.total, search.window_rows)


def is_older(stamps: Sequence[int], moment: int) -> bool:
    """Return whether a page, newest first, lies before a moment; a page in another order never."""
    return bool(stamps) and stamps[0] >= stamps[-1] and stamps[0] < moment
