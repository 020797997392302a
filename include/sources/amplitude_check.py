"""What `health sources check` finds out about an Amplitude project: by exports of single hours."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from include.sources.amplitude_archive import MOST_BYTES, Unpacked
from include.sources.event_lines import EventLines
from include.sources.findings import Finding, answered, clock, share_of, tried
from include.sources.http.answers import Download
from include.sources.http.refusals import date_of
from include.vendor_settings import Amplitude

PLACE = "amplitude: the export"
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)  # an hour without events: it tells the vendor's clock
# Newer hours may not be exported yet; of a quiet one an hour at another time of day is asked for.
HOURS_AGO = range(26, 26 + 7 * 24, 7)
Export = Callable[[datetime, datetime], Download]


class Event(msgspec.Struct):
    groups: dict[str, Any] | None = None


def findings(export: Export, settings: Amplitude, now: datetime) -> Iterator[Finding]:
    """Yield the credential first, and no more if it is refused.

    export: of the hours from one to another. now: our clock, aware.
    """
    entered, answer = answered(
        "credential", lambda: export(LONG_AGO, LONG_AGO), "the project lets us in"
    )
    yield entered
    if answer is None:
        return
    with answer:
        headers = answer.headers
    yield Finding("version", "export API 2")
    yield clock(headers, now)
    yield Finding("limit", "the vendor's answers do not tell it")
    there = (date_of(headers) or now).astimezone(UTC)
    kind, counts = settings.group_type, [0, 0]

    def look() -> str:
        for hours in HOURS_AGO:
            hour = there - timedelta(hours=hours)
            for block in _events(export, hour):
                counts[0] += sum(1 for event in block if (event.groups or {}).get(kind))
                counts[1] += len(block)
            if counts[1]:
                return f"{counts[1]:,} events of the hour {hour:%Y-%m-%d %H}:00 UTC came"
        return "it can be read; no events came of some hours of last week"

    yield tried("stream usage_day", look)
    yield share_of("field group_type", kind, *counts)


def _events(export: Export, hour: datetime) -> Iterator[list[Event]]:
    with export(hour, hour) as download:
        if download.status == 200:
            for file in Unpacked(PLACE, MOST_BYTES).files(download.file):
                yield from EventLines(PLACE, msgspec.json.Decoder(Event)).read(file)
