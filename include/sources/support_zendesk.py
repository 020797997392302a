"""Zendesk Support: organizations, users, tickets with their metrics, satisfaction ratings.

Incremental exports throughout, one after the other, because their budget may be shared. Where a run
goes on is Zendesk's own cursor or end time. Forms: Zendesk incremental exports guide and ticketing
reference, checked Nov 2026. Fields and limits: docs/sources.md.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from requests.auth import HTTPBasicAuth

from include.settings import Credentials
from include.sources.base import (
    Gone,
    NotShown,
    Pages,
    deliver,
    is_object,
    only,
    rows_of,
    safe_start,
)
from include.sources.findings import Finding
from include.sources.http import told
from include.sources.http.answers import raw_rows
from include.sources.http.client import Client, NextPage, Params
from include.sources.http.pagination import zendesk_cursor, zendesk_end_time, zendesk_has_more
from include.sources.http.rate import UNTOLD, Rate, Window
from include.sources.http.session import Bearer, Wire
from include.sources.zendesk_check import findings
from include.vendor_settings import Zendesk
from include.vendor_settings.versions import VERSIONS
from include.warehouse.page import Page, State

log = logging.getLogger(__name__)
EXPORT_PAGE = 1000
LIST_PAGE = 100
ROOT = f"/api/{VERSIONS['zendesk'].asked}"
RATINGS = f"{ROOT}/satisfaction_ratings"
# 1 January 2000, epoch seconds: before anything in Zendesk changed.
BEGINNING = 946_684_800
# An offered rating may be answered this much later; ratings have no export of their changes.
RATING_DAYS = 60
# The answers tell how many requests a minute the plan allows, and how many exports among them.
MINUTE = (UNTOLD, 60.0)
EXPORTS_A_MINUTE = Window(UNTOLD, 60.0, "exports", where="/incremental/")
LINKS = ("url", "metric_set.url")  # say only where a record was read: a new host is no news


@dataclass(frozen=True, slots=True)
class Export:
    """One incremental export: its first question, its paging, and the mark it goes on from."""

    path: str
    next_page: NextPage
    mark: str  # the page's field that is saved
    start: str  # the parameter that the saved mark becomes
    include: str = ""
    volatile: tuple[str, ...] = ()


EXPORTS = {
    "organizations": Export(
        f"{ROOT}/incremental/organizations", zendesk_end_time, "end_time", "start_time"
    ),
    "users": Export(
        f"{ROOT}/incremental/users/cursor", zendesk_cursor, "after_cursor", "cursor",
        volatile=("last_login_at", "updated_at"),
    ),
    "tickets": Export(
        f"{ROOT}/incremental/tickets/cursor", zendesk_cursor, "after_cursor", "cursor",
        include="metric_sets", volatile=("generated_timestamp",),
    ),
}  # fmt: skip


GONE = {
    "organizations": Gone("$.deleted_at != null", {}, at="deleted_at"),
    "users": Gone("$.active == false", {"active": False}),
    "tickets": Gone('$.status == "deleted"', {"status": "deleted"}),
}
LIVING: Mapping[str, Callable[[dict[str, Any]], bool]] = {
    "organizations": lambda row: row.get("deleted_at") is None,
    "users": lambda row: row.get("active") is not False,
    "tickets": lambda row: row.get("status") != "deleted",
}


def open_zendesk(
    settings: Zendesk, credentials: Credentials, *, wire: Wire | None
) -> "ZendeskSource":
    """With a user the secret is an API token, without one an OAuth access token."""
    user = credentials.user.removesuffix("/token")
    auth = (
        HTTPBasicAuth(f"{user}/token", credentials.secret) if user else Bearer(credentials.secret)
    )
    rate = Rate(*MINUTE, EXPORTS_A_MINUTE, learn=told.zendesk)
    client = Client(credentials, vendor="zendesk", auth=auth, wire=wire, rate=rate)
    return ZendeskSource(settings, client)


@dataclass(frozen=True, slots=True)
class ZendeskSource:
    settings: Zendesk
    client: Client
    vendor = "zendesk"
    streams = ("organizations", "users", "tickets", "satisfaction_ratings")

    @property
    def name(self) -> str:
        return self.settings.name

    def check(self, now: datetime) -> Iterator[Finding]:
        start: Params = {"start_time": BEGINNING, "per_page": 1}
        looks = {stream: (export.path, start) for stream, export in EXPORTS.items()}
        return findings(
            self.client, {**looks, "satisfaction_ratings": (RATINGS, {"page[size]": 1})}, now
        )

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        place = f"{self.name}.{stream}"
        if stream == "satisfaction_ratings":
            return deliver(self._ratings(state or {}, as_of), place)
        return deliver(self._export(stream, EXPORTS[stream], state or {}), place)

    @property
    def gone(self) -> Mapping[str, Gone]:
        return GONE

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:
        """Yield the ids of an export from its beginning: only exports have what is archived."""
        if stream == "satisfaction_ratings" and not self._has_ratings():
            raise NotShown(f"{self.name}.{stream}: this plan shows none.")
        is_living = LIVING.get(stream, bool)
        for page in self.pages(stream, state=None, as_of=as_of):
            rows = [decoded(record) for record in page.records]
            yield [
                str(row["id"])
                for row in filter(is_object, rows)
                if row.get("id") and is_living(row)
            ]

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:
        return only(self.pages(stream, state=None, as_of=as_of), ids)

    def _export(self, stream: str, export: Export, state: State) -> Pages:
        """Yield pages as they came, undecoded; an empty page in the middle is no end."""
        params: dict[str, Any] = {"per_page": EXPORT_PAGE}
        if export.include:
            params["include"] = export.include
        mark = state.get(export.mark)
        params |= {"start_time": BEGINNING} if mark is None else {export.start: mark}
        decode = raw_rows(stream, export.mark, "end_of_stream")
        for body in self.client.pages(export.path, params, export.next_page, decode=decode):
            reached = body[export.mark]
            following = None if reached is None else {export.mark: reached}
            volatile = (*LINKS, *export.volatile)
            yield Page(body[stream], following, volatile=volatile, resume=following)

    def _ratings(self, state: State, as_of: date) -> Pages:
        """Yield the ratings that changed from 60 days before the last run's newest one on."""
        if not self._has_ratings():
            log.warning("%s: no satisfaction ratings in this plan; none are read", self.name)
            return
        since, newest = state.get("since"), None
        params: dict[str, Any] = {"page[size]": LIST_PAGE}
        if since is not None:
            params["start_time"] = since - RATING_DAYS * 86_400
        for body in self.client.pages(RATINGS, params, zendesk_has_more):
            rows = rows_of(body, "satisfaction_ratings", RATINGS)
            seconds = [second for row in rows if (second := changed_at(row)) is not None]
            newest = max([*seconds, newest or 0]) or None
            start = safe_start(newest, as_of, since)
            following = None if start is None else {"since": start}
            yield Page(rows, following, volatile=LINKS)

    def _has_ratings(self) -> bool:
        """A 403 here means that the plan has none, so it must not stop the rest."""
        params = {"page[size]": 1}
        answer = self.client.call("GET", RATINGS, params=params, accept=(200, 403), decode=bytes)
        return answer.status == 200


def decoded(record: Any) -> Any:  # noqa: ANN401 - a record, or its JSON bytes
    return record if isinstance(record, dict) else orjson.loads(bytes(record))


def changed_at(row: Any) -> int | None:  # noqa: ANN401 - any JSON value
    """Return a record's updated_at in epoch seconds; None where it has none that can be read."""
    try:
        return int(datetime.fromisoformat(row["updated_at"]).timestamp())
    except (KeyError, TypeError, ValueError):
        return None
