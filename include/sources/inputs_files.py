"""Manual inputs: what people enter in CSV and XLSX files becomes records, one an entry.

A record's id is made of account, measure, moment and person, so it does not matter in which file
an entry stands: the same again is unchanged, an edited one a new version, and the file dropped last
counts.
Files are moved away only after their rows have landed: inputs_return.py. Form: docs/inputs.md.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from include.errors import FixConfig
from include.sources.base import Pages, deliver, end_of, in_blocks
from include.sources.findings import Finding, tried
from include.sources.inputs_entries import KEY, Record, Rules, understand
from include.sources.inputs_folder import Dropped, look, look_for_whole, read_bytes, read_sheets
from include.sources.inputs_sheet import Unreadable
from include.vendor_settings import Inputs
from include.warehouse.page import Page, State

ENTRIES_A_PAGE = 1000


def open_inputs(settings: Inputs, *, root: Path, time_zone: str) -> "InputFiles":
    """root: from where a relative folder is taken."""
    return InputFiles(settings, root / settings.folder, ZoneInfo(time_zone))


@dataclass(frozen=True, slots=True)
class InputFiles:
    """time_zone: the organisation's: of days, and of times that name none."""

    settings: Inputs
    folder: Path
    time_zone: ZoneInfo
    vendor = "inputs"
    streams = ("rows",)

    @property
    def name(self) -> str:
        return self.settings.name

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._entries(state or {}, as_of), f"{self.name}.{stream}")

    def check(self, now: datetime) -> Iterator[Finding]:  # noqa: ARG002 - no clock is asked
        """Yield whether the folder can be read and written, and what waits in it."""
        entered = tried("credential", self._enter)
        yield entered
        if entered.works:
            yield tried("stream rows", self._waiting)

    def _enter(self) -> str:
        look(self.folder)
        if not os.access(self.folder, os.W_OK):
            raise FixConfig(
                f"The folder of manual inputs {self.folder} cannot be written: rows that cannot be "
                "used would have nowhere to go back to."
            )
        return "the folder can be read and written"

    def _waiting(self) -> str:
        count = len(look(self.folder))
        return f"{count} {'file waits' if count == 1 else 'files wait'}; `health inputs list` shows"

    def rules(self, latest: datetime) -> Rules:
        return Rules(self.time_zone, latest, self.settings.measures)

    def _entries(self, state: State, as_of: date) -> Pages:
        """Yield what was dropped since, and for inputs_return.py what becomes of each file.

        landed: files by their digests, each with the latest moment that an entry of it may be
        about; unreadable: files by their names, with the reason.
        """
        before = state.get("landed", {})
        following: State = {"landed": {}, "unreadable": {}}
        whole, _ = look_for_whole(self.folder, self.settings.quiet_s)
        for file in whole:
            try:
                read = read_bytes(file)
                if read is None:
                    continue
                content, digest = read
                latest = before.get(digest) or latest_of(file, as_of)
                if digest not in before:
                    yield from self._pages_of(content, file, datetime.fromisoformat(latest))
                following["landed"][digest] = latest
            except Unreadable as fault:
                following["unreadable"][file.name] = str(fault)
        yield Page([], following, key=KEY)

    def _pages_of(self, content: bytes, file: Dropped, latest: datetime) -> Iterator[Page]:
        good, _ = understand(read_sheets(content, file.path.suffix), self.rules(latest))
        records: list[Record] = [entry.record for entry in good]
        for block in in_blocks(records, ENTRIES_A_PAGE):
            yield Page(block, key=KEY)


def latest_of(file: Dropped, as_of: date) -> str:
    """Return the moment after which an entry lies in the future, in ISO 8601.

    A day after the file was changed, or after the end of as_of, whichever comes last.
    """
    ends = (file.changed_ns // 1_000_000_000, end_of(as_of))
    return (datetime.fromtimestamp(max(ends), UTC) + timedelta(days=1)).isoformat()
