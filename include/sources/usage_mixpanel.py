"""Mixpanel: the raw export of a window of days, counted as it is read.

Events come late, so the last days are read again in every run. Sixty exports an hour are allowed,
so a first run asks for long windows. Days are the project's; a part (usage_days.py) is one of them.
Forms: Mixpanel raw export documentation, checked Nov 2026. Fields and limits: docs/sources.md.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from requests.auth import HTTPBasicAuth

from include.errors import FixConfig
from include.settings import Credentials
from include.sources import mixpanel_check
from include.sources.base import Gone, Pages, deliver
from include.sources.event_lines import EventLines
from include.sources.findings import Finding
from include.sources.http.client import Client
from include.sources.http.rate import Rate
from include.sources.http.rate import Window as Limit
from include.sources.http.session import Wire
from include.sources.mixpanel_refusals import LaterThanToday, refusal_of
from include.sources.usage_days import Groups, Seen, Tally, text_of, texts_of
from include.sources.usage_windows import (
    counted,
    end_of_day,
    gone_after,
    ids_of,
    read_windows,
    records_with,
)
from include.vendor_settings import Mixpanel
from include.vendor_settings.versions import VERSIONS
from include.warehouse.page import Page, State

PATH = f"/api/{VERSIONS['mixpanel'].asked}/export"
SECOND, HOUR = (3, 1.0), Limit(60, 3600.0, "hour")  # exports of a project
MOST_WINDOWS = 40  # of one run: some of the hour's sixty may have to be repeated
WIDTH = 3  # windows at a time; the vendor allows a hundred, here each takes memory
QUARTER_S = 900  # a zone's clock is ahead of UTC by whole quarters of an hour
NO_ID = (None, "")
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - by the project's clock


class Window(NamedTuple):
    """Days of the project, both included."""

    first: date
    last: date


def open_mixpanel(
    settings: Mixpanel, credentials: Credentials, *, wire: Wire | None, time_zone: str
) -> "MixpanelSource":
    """A service account needs the project's id beside it; without a user it is a project secret."""
    user, secret = credentials.user, credentials.secret
    project_id = credentials.extra.get("project_id", "") if user else ""
    if user and not project_id.isdecimal():
        raise FixConfig(
            f"Connection {settings.connection}: a service account needs project_id, the number in "
            "Mixpanel's project settings, among the connection's extra fields."
        )
    auth = HTTPBasicAuth(user, secret) if user else HTTPBasicAuth(secret, "")
    rate = Rate(*SECOND, HOUR)
    client = Client(
        credentials, vendor="mixpanel", auth=auth, wire=wire, rate=rate, refuse=refusal_of
    )
    return MixpanelSource(settings, client, project_id, time_zone)


@dataclass(frozen=True, slots=True)
class MixpanelSource:
    """project_id: "" where the secret is the project's. time_zone: in which a day is a day."""

    settings: Mixpanel
    client: Client
    project_id: str
    time_zone: str
    vendor = "mixpanel"
    streams = ("usage_day",)

    @property
    def name(self) -> str:
        return self.settings.name

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._usage(state or {}, as_of), f"{self.name}.{stream}")

    def check(self, now: datetime) -> Iterator[Finding]:
        return mixpanel_check.findings(self.client, self._asked, self.settings, now)

    @property
    def gone(self) -> Mapping[str, Gone]:
        return gone_after(self.settings.history_days)

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:
        pages = self.pages(stream, state=None, as_of=as_of)
        return ids_of(pages, as_of, self.settings.history_days)

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:  # noqa: ARG002
        return records_with(ids, lambda part: self._window(Window(part, part)))

    def _usage(self, state: State, as_of: date) -> Pages:
        """Yield what happened up to the end of as_of; the state is the last project day read."""
        end = end_of_day(as_of, self.time_zone) - timedelta(seconds=1)
        last = end.astimezone(ZoneInfo(self.settings.project_time_zone)).date()
        windows = windows_between(self._first_day(state, last), last, self.settings.window_days)
        parts = [(window.first, partial(self._window, window)) for window in windows]
        following = {"through": max(last.isoformat(), state.get("through", ""))}
        return read_windows(parts, width=WIDTH, state=state, following=following)

    def _first_day(self, state: State, last: date) -> date:
        if "resume" in state:
            return date.fromisoformat(state["resume"])
        if "through" not in state:
            return last - timedelta(days=self.settings.history_days)
        read = min(date.fromisoformat(state["through"]), last)
        return read - timedelta(days=self.settings.late_days - 1)

    def _window(self, window: Window) -> Iterator[Page]:
        """Yield a window's records; a last day that has not begun at Mixpanel is left for later."""
        try:
            yield from counted(partial(self._count, window), is_feature)
        except LaterThanToday:
            before = window._replace(last=window.last - timedelta(days=1))
            if before.first <= before.last:
                yield from counted(partial(self._count, before), is_feature)

    def _count(self, window: Window, tally: Tally) -> list[bytes]:
        """Count one export; return the lines that are no events."""
        days = Days(tally, window, self.settings.project_time_zone, self.time_zone)
        ignored = frozenset(self.settings.ignored_events)
        lines = EventLines(f"{self.name}: the export", decoder_for(self.settings.group_key))
        with self.client.download(
            PATH, self._asked(*window), headers={"Accept": "text/plain"}
        ) as download:
            for events in lines.read(download.file):
                tally.add(seen_in(events, days, ignored, lines.set_aside))
        return lines.unreadable

    def _asked(self, first: date, last: date) -> dict[str, str]:
        days = {"from_date": first.isoformat(), "to_date": last.isoformat()}
        return days | ({"project_id": self.project_id} if self.project_id else {})


def windows_between(first: date, last: date, days: int) -> list[Window]:
    """Cut days into windows of so many, or of more where there would be too many windows."""
    count = (last - first).days + 1
    days = max(days, -(-count // MOST_WINDOWS))
    starts = range(0, count, days)
    return [
        Window(first + timedelta(start), min(first + timedelta(start + days - 1), last))
        for start in starts
    ]


class Days(dict[float, Groups | None]):
    """By the quarter hour of an event's time: the groups of its day and part.

    None: the time is beyond all calendars. Older projects store what their clocks showed, as if
    that were UTC. An hour that their clocks showed twice is taken for the first of both.
    """

    def __init__(self, tally: Tally, window: Window, project_zone: str, zone: str) -> None:
        self._tally = tally
        self._window = window
        self._project_zone, self._zone = ZoneInfo(project_zone), ZoneInfo(zone)

    def __missing__(self, quarter: float) -> Groups | None:
        try:
            shown = EPOCH + timedelta(seconds=quarter * QUARTER_S)
            day = shown.replace(tzinfo=self._project_zone).astimezone(self._zone).date()
        except OverflowError:
            return None
        part = min(max(shown.date(), self._window.first), self._window.last)
        found = self[quarter] = self._tally.groups(day.isoformat(), part.isoformat())
        return found


def decoder_for(group_key: str) -> "msgspec.json.Decoder[Any]":
    """Return a decoder of the fields that are counted; time must be a number, the rest is free."""
    properties = msgspec.defstruct(
        "Properties",
        [
            ("time", int | float),
            ("user", Any, None),
            ("insert_id", Any, None),
            ("account", Any, None),
        ],
        rename={"user": "distinct_id", "insert_id": "$insert_id", "account": group_key},
        gc=False,
    )
    event = msgspec.defstruct("Event", [("event", str), ("properties", properties)], gc=False)
    return msgspec.json.Decoder(event)


def seen_in(
    events: list[Any], days: Days, ignored: Collection[str], set_aside: Callable[[bytes], None]
) -> Seen:
    """Return what is counted of decoded events; one of several accounts counts for each.

    Copies of an event have its name, time, user and insert id; without insert id it has none.
    set_aside: takes an event without a day, as JSON.
    """
    seen = Seen()
    cells, users, names, marks = seen.cells, seen.users, seen.names, seen.marks
    for event in events:
        properties, name = event.properties, event.event
        account, user, time = properties.account, properties.user, properties.time
        if account is None or name in ignored:
            continue
        groups = days[time // QUARTER_S]
        if groups is None:
            set_aside(msgspec.json.encode(event))
            continue
        if type(user) is not str:
            user = text_of(user)
        insert_id = properties.insert_id
        mark = None if insert_id in NO_ID else hash((name, user, time, str(insert_id)))
        for one in texts_of(account):
            cells.append(groups[one])
            users.append(user)
            names.append(name)
            marks.append(mark)
    return seen


def is_feature(event: str) -> bool:
    """Names that begin with $ are Mixpanel's own."""
    return not event.startswith("$")
