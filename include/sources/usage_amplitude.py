"""Amplitude: the export of a day of uploads, counted as it is unpacked.

The export goes by the hour of upload, so a late event comes in a new hour and changes a day of the
past: a part (usage_days.py) is a day of uploads, and the parts of a usage day add up. Hours are
exported two to three hours late, so the last days are asked for again.
Forms: Amplitude export documentation, checked Nov 2026. Fields and limits: docs/sources.md.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from requests.auth import HTTPBasicAuth

from include.errors import FixConfig
from include.settings import Credentials
from include.sources import amplitude_check
from include.sources.amplitude_archive import MOST_BYTES, Unpacked
from include.sources.amplitude_refusals import TooMuch, refusal_of
from include.sources.base import Gone, Pages, deliver
from include.sources.event_lines import EventLines
from include.sources.findings import Finding
from include.sources.http.answers import Download
from include.sources.http.client import Client
from include.sources.http.refusals import date_of
from include.sources.http.session import Wire
from include.sources.usage_days import Groups, Seen, Tally, text_of, texts_of
from include.sources.usage_windows import (
    counted,
    end_of_day,
    gone_after,
    ids_of,
    read_windows,
    records_with,
)
from include.vendor_settings import Amplitude
from include.vendor_settings.versions import VERSIONS
from include.warehouse.page import Page, State

PATH = f"/api/{VERSIONS['amplitude'].asked}/export"
HOURS = 24
WIDTH = 4  # days at a time; five requests of a project may be under way
OWN_NAMES = ("$", "[Amplitude] ")  # of events that the library makes by itself: no features


class Event(msgspec.Struct, gc=False):
    """The fields that are counted. event_time is UTC without a zone."""

    event_type: str
    event_time: str
    user_id: object = None
    amplitude_id: object = None
    device_id: object = None
    uuid: object = None
    insert_id: object = msgspec.field(default=None, name="$insert_id")
    groups: object = None


def open_amplitude(
    settings: Amplitude, credentials: Credentials, *, wire: Wire | None, time_zone: str
) -> "AmplitudeSource":
    """The credentials' user is the project's API key, the secret its secret key."""
    if not credentials.user:
        raise FixConfig(
            f"Connection {settings.connection}: its login must be the API key of the Amplitude "
            "project, its password the secret key."
        )
    auth = HTTPBasicAuth(credentials.user, credentials.secret)
    client = Client(credentials, vendor="amplitude", auth=auth, wire=wire, refuse=refusal_of)
    return AmplitudeSource(settings, client, time_zone)


@dataclass(frozen=True, slots=True)
class AmplitudeSource:
    """time_zone: in which a day is a day. most_bytes: that one export may unpack to."""

    settings: Amplitude
    client: Client
    time_zone: str
    most_bytes: int = MOST_BYTES
    vendor = "amplitude"
    streams = ("usage_day",)

    @property
    def name(self) -> str:
        return self.settings.name

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._usage(state or {}, as_of), f"{self.name}.{stream}")

    def check(self, now: datetime) -> Iterator[Finding]:
        return amplitude_check.findings(self._export, self.settings, now)

    @property
    def gone(self) -> Mapping[str, Gone]:
        return gone_after(self.settings.history_days)

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:  # noqa: ARG002 - has one
        """Walk the uploads up to the vendor's own present: what came late is of earlier days."""
        through = self._vendors_hour(as_of)
        first = as_of - timedelta(days=self.settings.history_days)
        pages = read_windows(
            self._parts(first, through, through), width=WIDTH, state={}, following={}
        )
        return ids_of(pages, as_of, self.settings.history_days)

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:  # noqa: ARG002
        through = self._vendors_hour(as_of)
        return records_with(ids, lambda part: self._day(part, through))

    def _vendors_hour(self, as_of: date) -> datetime:
        """Return the hour in which the vendor is, by its Date; as_of's last where it tells none."""
        last = end_of_day(as_of, self.time_zone).replace(minute=0)
        with self._export(last, last) as download:
            now = date_of(download.headers)
        return max(last, (now or last).replace(minute=0, second=0, microsecond=0))

    def _usage(self, state: State, as_of: date) -> Pages:
        """Yield what was uploaded up to an hour after as_of; the state is the last hour asked for.

        A day of uploads is asked for as far as it ever was, so that running an old day again makes
        no part smaller.
        """
        last = end_of_day(as_of, self.time_zone).replace(minute=0)
        before = datetime.fromisoformat(state["through"]) if "through" in state else None
        through = max(last, before or last)
        first = self._first_day(state, before, last)
        following = {"through": through.isoformat()}
        parts = self._parts(first, last, through)
        return read_windows(parts, width=WIDTH, state=state, following=following)

    def _parts(
        self, first: date, last: datetime, through: datetime
    ) -> list[tuple[date, Callable[[], Iterator[Page]]]]:
        days = [first + timedelta(days=n) for n in range((last.date() - first).days + 1)]
        return [(day, partial(self._day, day, through)) for day in days]

    def _first_day(self, state: State, before: datetime | None, last: datetime) -> date:
        if "resume" in state:
            return date.fromisoformat(state["resume"])
        if before is None:
            return last.date() - timedelta(days=self.settings.history_days)
        return min(before, last).date() - timedelta(days=self.settings.late_days - 1)

    def _day(self, day: date, through: datetime) -> Iterator[Page]:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        hours = min(HOURS - 1, int((through - start).total_seconds()) // 3600)
        return counted(partial(self._count, start, start + timedelta(hours=hours)), is_feature)

    def _count(self, first: datetime, last: datetime, tally: Tally) -> list[bytes]:
        """Count the hours from first to last, both included; in halves where they are too many.

        Returns the lines that are no events.
        """
        try:
            return self._count_export(first, last, tally)
        except TooMuch:
            hours = int((last - first).total_seconds()) // 3600
            if not hours:
                raise FixConfig(
                    f"{self.name}: Amplitude cannot export the hour {first:%Y-%m-%d %H}:00 UTC, "
                    "which is too large; such projects need its export to a bucket."
                ) from None
        middle = first + timedelta(hours=hours // 2)
        early = self._count(first, middle, tally)
        return early + self._count(middle + timedelta(hours=1), last, tally)

    def _count_export(self, first: datetime, last: datetime, tally: Tally) -> list[bytes]:
        place = f"{self.name}: the export"
        lines = EventLines(place, msgspec.json.Decoder(Event))
        days = Days(tally, first.date().isoformat(), self.time_zone)
        kind, ignored = self.settings.group_type, frozenset(self.settings.ignored_events)
        with self._export(first, last) as download:
            if download.status == 404:  # nothing was uploaded in these hours, or not yet exported
                return []
            for file in Unpacked(place, self.most_bytes).files(download.file):
                for events in lines.read(file):
                    tally.add(seen_in(events, kind, days, ignored, lines.set_aside))
        return lines.unreadable

    def _export(self, first: datetime, last: datetime) -> Download:
        asked = {"start": f"{first:%Y%m%dT%H}", "end": f"{last:%Y%m%dT%H}"}
        headers = {"Accept": "application/zip"}
        return self.client.download(PATH, asked, headers=headers, accept=(200, 404))


class Days(dict[str, Groups | None]):
    """By the minute of an event's time as text, in UTC: the groups of its day; None: no time."""

    def __init__(self, tally: Tally, part: str, zone: str) -> None:
        self._tally = tally
        self._part = part
        self._zone = ZoneInfo(zone)

    def __missing__(self, minute: str) -> Groups | None:
        try:
            moment = datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(self._zone)
        except (ValueError, OverflowError):
            return None
        found = self[minute] = self._tally.groups(moment.date().isoformat(), self._part)
        return found


def seen_in(
    events: list[Event],
    group_type: str,
    days: Days,
    ignored: Collection[str],
    set_aside: Callable[[bytes], None],
) -> Seen:
    """Return what is counted of decoded events; one of several accounts counts for each.

    A user is the product's own id, else Amplitude's, else the device. Copies of an event have its
    uuid; where none was sent, its device and insert id. set_aside: takes an event without a day, as
    JSON.
    """
    seen = Seen()
    cells, users, names, marks = seen.cells, seen.users, seen.names, seen.marks
    for event in events:
        sent, name = event.groups, event.event_type
        if not sent or name in ignored or not isinstance(sent, dict):
            continue
        accounts = texts_of(sent.get(group_type))
        if not accounts:
            continue
        groups = days[event.event_time[:16]]
        if groups is None:
            set_aside(msgspec.json.encode(event))
            continue
        user = event.user_id or event.amplitude_id or event.device_id
        if type(user) is not str:
            user = text_of(user)
        identity = event.uuid or (event.insert_id and (event.device_id, event.insert_id))
        mark = hash(str(identity)) if identity else None
        for account in accounts:
            cells.append(groups[account])
            users.append(user)
            names.append(name)
            marks.append(mark)
    return seen


def is_feature(event: str) -> bool:
    """Return whether the product sent an event of this name, not the library by itself."""
    return not event.startswith(OWN_NAMES)
