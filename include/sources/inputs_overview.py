"""What lies in the folder of manual inputs, for people: what waits, and what went back and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from include.sources.inputs_entries import understand
from include.sources.inputs_files import InputFiles, latest_of
from include.sources.inputs_folder import (
    RETURNED,
    Dropped,
    as_dropped,
    look,
    read_bytes,
    read_sheets,
)
from include.sources.inputs_sheet import REASON, Sheet, Unreadable

LONG_AGO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """One file. state: waits, cannot be read, went back.

    entries: rows that will count if their accounts are clear. faults: other rows by their number in
    the file, with the reason; row 0 is the file as a whole.
    """

    file: str
    state: str
    entries: int
    faults: tuple[tuple[int, str], ...] = ()


def overview(source: InputFiles) -> Iterator[Seen]:
    """Yield every file in the folder of people: those that wait first."""
    for file in look(source.folder):
        yield seen(source, file)
    for path in sorted(source.folder.iterdir()):
        back = as_dropped(path) if RETURNED.search(path.name) else None
        if back is not None:
            yield _returned(back)


def seen(source: InputFiles, file: Dropped) -> Seen:
    """Say of one file what a run will make of it; what accounts are meant, only a run can say."""
    try:
        content, _ = read_bytes(file) or (b"", "")
        rules = source.rules(datetime.fromisoformat(latest_of(file, LONG_AGO)))
        good, faults = understand(read_sheets(content, file.path.suffix), rules)
    except Unreadable as fault:
        return Seen(file.name, "cannot be read", 0, ((0, str(fault)),))
    shown = tuple((fault.line.number, fault.reason) for fault in faults)
    return Seen(file.name, "waits", len(good), shown)


def _returned(file: Dropped) -> Seen:
    try:
        content, _ = read_bytes(file) or (b"", "")
        sheets = read_sheets(content, file.path.suffix)
    except Unreadable as fault:
        return Seen(file.name, "went back", 0, ((0, str(fault)),))
    return Seen(file.name, "went back", 0, tuple(_reasons(sheets)))


def _reasons(sheets: list[Sheet]) -> Iterator[tuple[int, str]]:
    for sheet in sheets:
        names = [name.lower() for name in sheet.head]
        place = names.index(REASON) if REASON in names else None
        for line in sheet.lines:
            cell = None if place is None or place >= len(line.cells) else line.cells[place]
            yield line.number, str(cell or "")
