"""Amplitude's export: the hours of upload as a zip of gzip files (AMPLITUDE.md part 2).

An hour can be exported two hours after it is over. Times are UTC and say so nowhere.
"""

import gzip
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import UUID

import numpy as np
import orjson
from fastapi import Response
from fastapi.responses import StreamingResponse

from sandbox.vendors.amplitude_http import Call, Refused, bad
from sandbox.vendors.product_events import HOUR_MS, NOBODY, Events

LAG = timedelta(hours=2)
LONGEST_DAYS = 365
FILE_EVENTS = 400  # of an hour in one file
CHUNK = 2**18
FIRST_ID = 90_000_000_000  # Amplitude's own number of a user
PLATFORMS = ("Web", "iOS", "Android", "Web")


@dataclass(frozen=True, slots=True)
class Project:
    """What differs from one Amplitude project to the next.

    most_bytes: of one export. late_days: in so many of the world's first days events came late.
    copies: one event in so many is there twice; 0: none. plain_groups: groups as text, as in old
    data, not as lists.
    """

    id: int = 123456
    group_type: str = "account"
    most_bytes: int = 4 * 10**9
    late_days: int = 30
    copies: int = 0
    plain_groups: bool = False


class Export:
    """`uploaded` gives all of the world's events in the order of their upload."""

    def __init__(
        self,
        project: Project,
        uploaded: Callable[[], Events],
        written: Callable[[], list[dict[str, Any]]],
        now: Callable[[], datetime],
    ) -> None:
        self._project = project
        self._uploaded = uploaded
        self._written = written
        self._now = now

    def answer(self, call: Call) -> Response:
        first, last = hour_of(call.needed("start")), hour_of(call.needed("end"))
        if first > last:
            raise bad("start must be before end")
        if last - first > timedelta(days=LONGEST_DAYS):
            raise bad("The date range cannot be longer than 365 days")
        archive = TemporaryFile()  # noqa: SIM115 - closed when it was sent
        size = self._fill(archive, first, last)
        if not size:
            raise Refused(404, "Raw data files were not found.")
        name = f'attachment; filename="{self._project.id}.zip"'
        headers = {"Content-Length": str(size), "Content-Disposition": name}
        return StreamingResponse(_sent(archive), 200, headers, "application/zip")

    def _fill(self, archive: BinaryIO, first: datetime, last: datetime) -> int:
        """Write the hours that can be exported; returns the bytes, 0 where nothing happened."""
        newest = min(last, (self._now() - LAG).replace(minute=0, second=0) - timedelta(hours=1))
        count = 0
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened:
            hour = first
            while hour <= newest:
                for name, content in self._files(hour):
                    opened.writestr(name, content)
                    count += 1
                    if archive.tell() > self._project.most_bytes:
                        raise Refused(400, "The export is larger than 4GB; use a shorter range")
                hour += timedelta(hours=1)
        size = archive.tell() if count else 0
        archive.seek(0)
        return size

    def _files(self, hour: datetime) -> Iterator[tuple[str, bytes]]:
        """An hour's files, several where there is much: their names and contents."""
        start = int(hour.timestamp()) * 1000
        events = self._uploaded()
        places = np.searchsorted(events.arrived, (start, start + HOUR_MS)).tolist()
        lines = list(rendered(events.take(slice(*places)), self._project))
        lines += [
            orjson.dumps(one) + b"\n"
            for one in self._written()
            if hour
            <= datetime.fromisoformat(one["server_upload_time"]).replace(tzinfo=UTC)
            < hour + timedelta(hours=1)
        ]
        place = self._project.id
        for number, at in enumerate(range(0, len(lines), FILE_EVENTS)):
            name = f"{place}/{place}_{hour:%Y-%m-%d}_{hour.hour}#{number}.json.gz"
            yield name, gzip.compress(b"".join(lines[at : at + FILE_EVENTS]), 6, mtime=0)


def rendered(events: Events, project: Project) -> Iterator[bytes]:
    """Each event as its line."""
    names = [orjson.dumps(name).decode() for name in events.names]
    groups = [orjson.dumps(groups_of(name, project)).decode() for name in events.groups]
    columns = (events.at, events.arrived, events.row_no, events.draw, events.event, events.person)
    for at, arrived, row_no, draw, event, person, group in zip(
        *(column.tolist() for column in (*columns, events.group)), strict=True
    ):
        happened = text_of(at * 1000 + draw % 1000)
        user = "null" if person == NOBODY else f'"user_{person}"'
        number = FIRST_ID + (draw % 997 if person == NOBODY else person)
        line = (
            f'{{"$insert_id":"e-{row_no}-{draw % 9973}","amplitude_id":{number},'
            f'"app":{project.id},"city":"Berlin","client_event_time":"{happened}",'
            f'"client_upload_time":"{text_of(arrived - 400)}","country":"Germany","data":{{}},'
            f'"device_id":"device-{draw % 997}","event_id":{row_no},"event_properties":{{}},'
            f'"event_time":"{happened}","event_type":{names[event]},"group_properties":{{}},'
            f'"groups":{groups[group]},"ip_address":null,"language":"English",'
            f'"library":"amplitude-ts/2.11.1","os_name":"Chrome",'
            f'"platform":"{PLATFORMS[draw % 4]}","processed_time":"{text_of(arrived + 2000)}",'
            f'"server_received_time":"{text_of(arrived - 100)}",'
            f'"server_upload_time":"{text_of(arrived)}","session_id":{at * 1000 - draw % 900_000},'
            f'"user_id":{user},"user_properties":{{}},"uuid":"{uuid_of(draw, row_no)}",'
            f'"version_name":null}}\n'
        ).encode()
        yield line
        if project.copies and draw % project.copies == 0:
            yield line


def groups_of(name: str, project: Project) -> dict[str, Any]:
    if not name:
        return {}
    return {project.group_type: name if project.plain_groups else [name]}


def text_of(moment_ms: int) -> str:
    """Epoch milliseconds as Amplitude writes them: a blank in the middle and no zone."""
    moment = datetime.fromtimestamp(moment_ms // 1000, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment_ms % 1000:03d}000"


def uuid_of(draw: int, row_no: int) -> str:
    return str(UUID(int=draw << 64 | row_no, version=4))


def hour_of(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H").replace(tzinfo=UTC)
    except ValueError as error:
        raise bad("start and end must be hours, YYYYMMDDTHH") from error


def _sent(archive: BinaryIO) -> Iterator[bytes]:
    with archive:
        while piece := archive.read(CHUNK):
            yield piece
