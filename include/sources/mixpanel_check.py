"""What `health sources check` finds out about a Mixpanel project: by exports of few events."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from include.sources.event_lines import EventLines
from include.sources.findings import Finding, answered, clock, share_of, tried
from include.sources.http.answers import Download
from include.sources.http.client import Client
from include.sources.http.refusals import date_of
from include.vendor_settings import Mixpanel
from include.vendor_settings.versions import VERSIONS

PATH = f"/api/{VERSIONS['mixpanel'].asked}/export"
EVENTS = 1000
LONG_AGO = date(2015, 1, 1)  # a day of no events, whose answer tells the vendor's clock
DAYS_AGO = 2  # of which the project's day has ended, whatever its time zone


class Event(msgspec.Struct):
    event: str
    properties: dict[str, Any]


def findings(
    client: Client,
    asked: Callable[[date, date], dict[str, str]],
    settings: Mixpanel,
    now: datetime,
) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused.

    asked: the parameters of an export from one day to another. now: our clock, aware.
    """

    def export(day: date) -> Download:
        return client.download(PATH, asked(day, day) | {"limit": str(EVENTS)})

    entered, answer = answered("credential", lambda: export(LONG_AGO), "the project lets us in")
    yield entered
    if answer is None:
        return
    with answer:
        headers = answer.headers
    day = (date_of(headers) or now).date() - timedelta(days=DAYS_AGO)
    yield Finding("version", "raw export 2.0")
    yield clock(headers, now)
    yield Finding("limit", "60 exports an hour; the vendor's answers do not tell what is left")
    events: list[Event] = []

    def look() -> str:
        with export(day) as download:
            lines = EventLines("mixpanel: the export", msgspec.json.Decoder(Event))
            for block in lines.read(download.file):
                events.extend(block)
        return f"{len(events):,} events of {day} came, of {EVENTS:,} asked for"

    yield tried("stream usage_day", look)
    having = sum(1 for event in events if event.properties.get(settings.group_key))
    yield share_of("field group_key", settings.group_key, having, len(events))
