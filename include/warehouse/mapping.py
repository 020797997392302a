"""People's mapping file: which source object belongs to which account, by whose word and why.

A CSV file that `identity.mapping_file` names. A bad line is kept with what is wrong with it, and
listed by `health identity`; all others count.
"""

import csv
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from include.errors import FixConfig
from include.settings import ROOT, Settings
from include.warehouse.database import query

MAX_BYTES = 50_000_000
COLUMNS = ("source", "object", "source_key", "account", "valid_from", "valid_to", "who", "why")
OPTIONAL = ("valid_from", "valid_to")
# What can be mapped, by the role of its source.
OBJECTS = {
    "support": ("organization", "requester"),
    "billing": ("customer", "subscription"),
    "usage": ("group",),
}
MAX_CELL = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read. account: None = nobody's. fault: why it cannot be used, or None."""

    line_no: int
    source: str | None = None
    object: str | None = None
    source_key: str | None = None
    account: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    who: str | None = None
    why: str | None = None
    fault: str | None = None


def load_mapping(connection: Connection, settings: Settings, day: date | None) -> int:
    """Bring core.link_mapping in line with the file; return how many lines cannot be used.

    day: which lines are in force; None: only those without days. Nothing is written where nothing
    changed. Raises FixConfig where the file is missing or is no such table.
    """
    file = settings.identity.mapping_file
    lines = read_mapping(ROOT / file, settings) if file else []
    columns = zip(*map(astuple, lines), strict=True) if lines else ([] for _ in fields(Line))
    binds = {item.name: list(values) for item, values in zip(fields(Line), columns, strict=True)}
    connection.execute(query("identity/mapping/write"), binds)
    state = {"day": day, "crm": settings.crm_source.name}
    connection.execute(query("identity/mapping/judge"), state)
    return int(connection.execute(query("identity/mapping/count_refused")).scalar_one())


def read_mapping(path: Path, settings: Settings) -> list[Line]:
    """Read every line, good and bad; a cell cannot go on in the next line.

    The separator may also be a semicolon, as spreadsheets write it.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FixConfig(f"The mapping file {path} is larger than {MAX_BYTES:,} bytes.")
        head, *lines = path.read_text(encoding="utf-8-sig").splitlines() or [""]
    except OSError as error:
        raise FixConfig(f"Cannot read the mapping file {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FixConfig(f"Cannot read the mapping file {path}: it is not UTF-8 text.") from error
    separator = ";" if head.count(";") > head.count(",") else ","
    names = [name.strip().lower() for name in head.split(separator)]
    missing = [name for name in COLUMNS if name not in names and name not in OPTIONAL]
    if missing:
        raise FixConfig(
            f"The mapping file {path} lacks the columns {', '.join(missing)}; its first line must "
            f"be {','.join(COLUMNS)}."
        )
    roles = {source.name: source.role for source in settings.sources}
    return [
        _line(number, names, _cells(line, separator), roles)
        for number, line in enumerate(lines, start=2)
        if line.strip(f"{separator} ")
    ]


def _cells(line: str, separator: str) -> list[str]:
    """Cut one line into cells; none where its quotes do not close."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return []


def _line(number: int, head: list[str], cells: list[str], roles: Mapping[str, str]) -> Line:
    if not cells:
        return Line(number, fault="has a quote that does not close")
    if len(cells) != len(head):
        return Line(number, fault=f"has {len(cells)} cells, the first line has {len(head)}")
    if any("\0" in cell or len(cell) > MAX_CELL for cell in cells):
        return Line(number, fault=f"has a cell with a NUL or of more than {MAX_CELL:,} characters")
    entered = {name: cell.strip() for name, cell in zip(head, cells, strict=True)}
    fault = _fault(entered, roles)
    if fault:
        return Line(number, fault=fault)
    first, last = (_day(entered.get(name, "")) for name in OPTIONAL)
    return Line(
        number, entered["source"], entered["object"], entered["source_key"],
        entered["account"] or None, first, last, entered["who"], entered["why"],
    )  # fmt: skip


def _fault(entered: Mapping[str, str], roles: Mapping[str, str]) -> str | None:
    """Return what is wrong with a line, None where it can be used."""
    role = roles.get(entered["source"])
    if role is None:
        return f"health.yaml has no source {entered['source']!r}"
    if entered["object"] not in OBJECTS.get(role, ()):
        known = " or ".join(OBJECTS.get(role, ("nothing",)))
        return f"of {entered['source']}, {known} can be mapped, not {entered['object']!r}"
    for name in ("source_key", "who", "why"):
        if not entered[name]:
            return f"{name} is empty"
    try:
        first, last = (_day(entered.get(name, "")) for name in OPTIONAL)
    except ValueError:
        return "a day must be written as YYYY-MM-DD"
    if first and last and last < first:
        return f"it ends on {last}, before it begins on {first}"
    return None


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
