"""Mixpanel's raw export: the events of some days as JSON Lines, as they were imported or happened.

A project's days and times are UTC, or in an old project what its clocks showed (MIXPANEL.md 2).
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import orjson
from fastapi.responses import StreamingResponse

from sandbox.vendors.mixpanel_http import Call, Refused
from sandbox.vendors.mixpanel_where import Value, compiled, holds
from sandbox.vendors.product_events import DAY_S, NOBODY, Events, Whole

MOST_EVENTS = 100_000  # that `limit` may say
LINES = 2000  # of one piece of the answer
QUARTER_S = 900
BROWSERS = ("Chrome", "Safari", "Firefox", "Microsoft Edge")
PLACES = (("Berlin", "DE"), ("Boston", "US"), ("Leeds", "GB"), ("Lyon", "FR"))


@dataclass(frozen=True, slots=True)
class Project:
    """What differs from one Mixpanel project to the next.

    time_zone: not UTC only in projects made before 2023. group_key: the property that names the
    account. late_days: in so many of the world's first days events came late.
    """

    id: int = 1
    time_zone: str = "UTC"
    group_key: str = "account_id"
    group_id: str = "4561230984571230984"  # of company profiles, as clients know it
    late_days: int = 30
    copies: int = 0  # one event in so many is in the export twice; 0: none

    def shown(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.time_zone))


Imported = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export is asked for; names None: all events."""

    first: date
    last: date
    names: list[str] | None
    where: Value | None
    scale: int
    limit: int


class Export:
    """`events` gives all of the world's, `imported` what clients wrote."""

    def __init__(
        self,
        project: Project,
        events: Callable[[], Events],
        imported: Imported,
        now: Callable[[], datetime],
    ) -> None:
        self._project = project
        self._events = events
        self._imported = imported
        self._now = now

    def answer(self, call: Call) -> StreamingResponse:
        asked = asked_of(call, self._project.shown(self._now()).date())
        pieces, headers = _pieces(self._chosen(asked), asked.limit), {}
        if call.gzips:
            pieces, headers = _gzipped(pieces), {"Content-Encoding": "gzip"}
        return StreamingResponse(pieces, 200, headers, "text/plain; charset=utf-8")

    def _chosen(self, asked: Asked) -> Iterator[bytes]:
        for line in self._lines(asked):
            if asked.where is None or holds(asked.where, orjson.loads(line)["properties"]):
                yield line

    def _lines(self, asked: Asked) -> Iterator[bytes]:
        zone, now = self._project.time_zone, self._now()
        events, shown = days_of(self._events(), asked.first, asked.last, zone, now)
        if asked.names is not None:
            known = [n for n, name in enumerate(events.names) if name in asked.names]
            is_asked = np.isin(events.event, known)
            events, shown = events.take(is_asked), shown[is_asked]
        yield from rendered(events, shown, self._project, asked.scale)
        start, end = _epoch(asked.first), _epoch(asked.last) + DAY_S
        for document in self._imported():
            properties = document["properties"]
            is_asked_for = asked.names is None or document["event"] in asked.names
            if is_asked_for and start <= properties["time"] < end:
                scaled = {**properties, "time": properties["time"] * asked.scale}
                yield orjson.dumps({**document, "properties": scaled}) + b"\n"


def asked_of(call: Call, today: date) -> Asked:
    """Read an export's parameters; 400 for impossible ones."""
    first, last = call.day("from_date"), call.day("to_date")
    if last > today:
        raise Refused(400, "to_date cannot be later than today")
    if first > last:
        raise Refused(400, "from_date cannot be later than to_date")
    limit = call.number("limit", 0)
    if not 0 <= limit <= MOST_EVENTS:
        raise Refused(400, f"limit must be between 1 and {MOST_EVENTS}")
    names = call.json("event")
    if names is not None and not isinstance(names, list):
        raise Refused(400, "event must be a JSON array of names")
    where = compiled(call.text("where")) if call.text("where") else None
    scale = 1000 if call.text("time_in_ms").lower() == "true" else 1
    return Asked(first, last, names, where, scale, limit)


def days_of(
    events: Events, first: date, last: date, zone: str, now: datetime
) -> tuple[Events, Whole]:
    """What arrived by now of some days by a zone's clocks; and what these showed, as if UTC."""
    start, end = _epoch(first), _epoch(last) + DAY_S
    near = events.between(start - DAY_S, end + DAY_S).heard(now)
    shown = near.at + _ahead(near.at, zone)
    is_in = (shown >= start) & (shown < end)
    return near.take(is_in), shown[is_in]


def rendered(events: Events, shown: Whole, project: Project, scale: int = 1) -> Iterator[bytes]:
    """Each event as its line."""
    names = [orjson.dumps(name).decode() for name in events.names]
    key = orjson.dumps(project.group_key).decode()
    groups = [f",{key}:{orjson.dumps(name).decode()}" if name else "" for name in events.groups]
    columns = (shown, events.arrived, events.draw, events.event, events.person, events.group)
    for time, arrived, draw, event, person, group in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        user = "" if person == NOBODY else f',"$user_id":"user_{person}"'
        city, country = PLACES[draw % 4]
        line = (
            f'{{"event":{names[event]},"properties":{{"time":{time * scale},'
            f'"distinct_id":"{user_of(person, draw)}","$browser":"{BROWSERS[draw % 4]}",'
            f'"$city":"{city}","$device_id":"device-{draw % 997}","$insert_id":"{draw:016x}",'
            f'"$lib_version":"2.55.1","$mp_api_endpoint":"api-js.mixpanel.com","$os":"Mac OS X"'
            f'{user}{groups[group]},"mp_country_code":"{country}","mp_lib":"web",'
            f'"mp_processing_time_ms":{arrived},"mp_sent_by_lib_version":"2.55.1"}}}}\n'
        ).encode()
        yield line
        if project.copies and draw % project.copies == 0:
            yield line


def user_of(person: int, draw: int) -> str:
    """A person's distinct id; of an event without one, its device's."""
    return f"$device:device-{draw % 997}" if person == NOBODY else f"user_{person}"


def _ahead(at: Whole, zone: str) -> Whole:
    """By how many seconds a zone's clocks are ahead of UTC at these moments."""
    quarters, place = np.unique(at // QUARTER_S, return_inverse=True)
    ahead = [_offset_s(int(quarter) * QUARTER_S, zone) for quarter in quarters]
    return np.array(ahead, np.int64)[place] if len(at) else at


def _offset_s(moment: int, zone: str) -> int:
    offset = datetime.fromtimestamp(moment, ZoneInfo(zone)).utcoffset() or timedelta()
    return int(offset.total_seconds())


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _pieces(lines: Iterator[bytes], limit: int) -> Iterator[bytes]:
    gathered: list[bytes] = []
    for number, line in enumerate(lines, start=1):
        gathered.append(line)
        if len(gathered) == LINES:
            yield b"".join(gathered)
            gathered = []
        if number == limit:
            break
    yield b"".join(gathered)


def _gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()
