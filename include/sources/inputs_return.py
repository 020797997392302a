"""What happens to a file of manual inputs once its rows have landed: bad rows go back, it is done.

Rows that cannot be used come back in a file beside it with the reason in a column of its own; then
the file is moved to `done/`. Killed in between, the next run does it again and changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from include.errors import FixConfig
from include.sources.inputs_csv import write_csv
from include.sources.inputs_entries import Entry, Fault, understand
from include.sources.inputs_files import InputFiles
from include.sources.inputs_folder import (
    DONE,
    NOTE,
    Dropped,
    as_dropped,
    look,
    read_bytes,
    read_sheets,
)
from include.sources.inputs_sheet import Line, Sheet, Unreadable
from include.sources.inputs_xlsx import write_xlsx
from include.warehouse.page import State

Called = Mapping[str, Sequence[tuple[str, str]]]
FindAccounts = Callable[[Iterable[str]], Called]
MOST_NAMED = 5  # accounts in one reason


def hand_back(source: InputFiles, state: State, find_accounts: FindAccounts) -> dict[str, int]:
    """Return the bad rows of every file that has landed, and move it to `done/`.

    state: of the last landing. find_accounts: which accounts of the CRM each call means. Counts
    files that are done, rows that went back and files that cannot be read. FixConfig where the
    folder cannot be written.
    """
    counts = {"files_done": 0, "rows_returned": 0, "files_unreadable": 0}
    try:
        for file in look(source.folder):
            read = _read(file)
            if read is not None and (latest := state.get("landed", {}).get(read[1])):
                faults = faults_of(source, file, read[0], latest, find_accounts)
                write_returned(file.path, faults)
                counts["files_done"] += move_to_done(file, read[1])
                counts["rows_returned"] += len(faults)
        counts["files_unreadable"] = _write_notes(source.folder, state.get("unreadable", {}))
    except OSError as error:
        raise FixConfig(
            f"{source.name}: cannot write in the folder {source.folder}: {error.strerror}."
        ) from None
    return counts


def faults_of(
    source: InputFiles, file: Dropped, content: bytes, latest: str, find_accounts: FindAccounts
) -> list[Fault]:
    """Return the rows of a file that cannot be used, also those of which the account is unclear."""
    sheets = read_sheets(content, file.path.suffix)
    good, faults = understand(sheets, source.rules(datetime.fromisoformat(latest)))
    called = find_accounts(entry.record["account"] for entry in good)
    for entry in good:
        meant = called.get(entry.record["account"], ())
        if len(meant) != 1:
            faults.append(Fault(entry.sheet, entry.line, _why_nobody(entry, meant)))
    return faults


def _why_nobody(entry: Entry, meant: Sequence[tuple[str, str]]) -> str:
    call = entry.record["account"]
    if not meant:
        return f"no account of the CRM has {call!r} as its id, tenant key, domain or whole name"
    shown = ", ".join(f"{crm_id} ({name})" for crm_id, name in meant[:MOST_NAMED])
    more = f" and {len(meant) - MOST_NAMED} more" if len(meant) > MOST_NAMED else ""
    return f"{call!r} may be {shown}{more}; write the id"


def write_returned(path: Path, faults: Sequence[Fault]) -> None:
    """Write the rows that go back beside their file; what went back before stays."""
    if not faults:
        return
    by_sheet: dict[int, tuple[Sheet, list[tuple[Line, str]]]] = {}
    for fault in sorted(faults, key=lambda fault: fault.line.number):
        by_sheet.setdefault(id(fault.sheet), (fault.sheet, []))[1].append(
            (fault.line, fault.reason)
        )
    returned = list(by_sheet.values())
    suffix = path.suffix.lower()
    content = write_csv(*returned[0]) if suffix == ".csv" else write_xlsx(returned)
    write_whole(_free_place(path, suffix, content), content)


def _free_place(path: Path, suffix: str, content: bytes) -> Path:
    """Return where rows may go back: a name that is free, or that holds just these rows."""
    number = 1
    while True:
        mark = ".rejected" if number == 1 else f".rejected-{number}"
        place = path.with_name(f"{path.stem}{mark}{suffix}")
        if not place.exists() or _holds_the_same(place, suffix, content):
            return place
        number += 1


def _holds_the_same(place: Path, suffix: str, content: bytes) -> bool:
    """Whether a file has the same rows; workbooks of the same rows differ in their times."""
    there = place.read_bytes()
    if suffix == ".csv" or there == content:
        return there == content
    try:
        return _rows_of(there, suffix) == _rows_of(content, suffix)
    except Unreadable:
        return False


def _rows_of(content: bytes, suffix: str) -> list[object]:
    return [(sheet.head, [line.cells for line in sheet.lines])
            for sheet in read_sheets(content, suffix)]  # fmt: skip


def move_to_done(file: Dropped, digest: str) -> bool:
    """Move a file away, unless somebody has changed it since; its digest keeps names apart."""
    done = file.path.parent / DONE
    done.mkdir(exist_ok=True)
    place = done / f"{file.path.stem}.{digest[:8]}{file.path.suffix}"
    if as_dropped(file.path) != file:
        return False
    file.path.replace(place)
    return True


def _write_notes(folder: Path, unreadable: Mapping[str, str]) -> int:
    """Say beside each unreadable file what is wrong with it; take off what no longer holds."""
    there = {name: why for name, why in unreadable.items() if (folder / name).is_file()}
    for path in folder.glob(f"*{NOTE}"):
        if path.name.removesuffix(NOTE) not in there:
            path.unlink(missing_ok=True)
    for name, why in there.items():
        write_whole(folder / f"{name}{NOTE}", f"{name}: {why}\n".encode())
    return len(there)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees a part of it."""
    unfinished = path.with_name(f".{path.name}.tmp")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _read(file: Dropped) -> tuple[bytes, str] | None:
    try:
        return read_bytes(file)
    except Unreadable:
        return None
