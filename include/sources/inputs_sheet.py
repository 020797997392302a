"""What a file of manual inputs is once it is read: sheets with a head and lines of cells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches

COLUMNS = ("who", "when", "account", "measure", "value", "comment")
REQUIRED = COLUMNS[:-1]
REASON = "reason"  # what a returned row carries beside its own cells
HEAD_WITHIN = 20  # rows: above the head there may be a title
MOST_COLUMNS = 50
MOST_ROWS = 100_000

Cell = str | int | float | bool | date | datetime | time | None


class Unreadable(ValueError):
    """A file of which no row can be read: says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row, by its number in the file; formulas: places of formulas without a stored value."""

    number: int
    cells: tuple[Cell, ...]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a file. name: of a workbook's sheet; separator: of a CSV file; else ""."""

    name: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    separator: str = ""

    @property
    def has_decimal_commas(self) -> bool:
        """Whether 3,5 is a number here: where cells stand between semicolons."""
        return self.separator == ";"

    @property
    def has_decimal_points(self) -> bool:
        """Whether 1.234 is a fraction here for certain: where cells stand between commas."""
        return self.separator == ","

    def named(self, line: Line) -> dict[str, Cell]:
        """Return the cells of our columns by name; those that the line lacks are None."""
        names = [_name(cell) for cell in self.head]
        return {
            name: line.cells[names.index(name)] if names.index(name) < len(line.cells) else None
            for name in COLUMNS
            if name in names
        }

    def has_formula(self, line: Line) -> bool:
        """Whether one of our columns holds a formula of which no value was stored."""
        return any(_name(self.head[place]) in COLUMNS for place in line.formulas)


def sheet_of(name: str, rows: Iterable[Line], separator: str = "") -> Sheet | None:
    """Find the head among the first rows that are not blank; None where none of them is one.

    Blank rows are left out. Unreadable where there are too many rows.
    """
    filled = (line for line in rows if any(not is_blank(cell) for cell in line.cells))
    for nth, line in enumerate(filled):
        if nth == HEAD_WITHIN:
            return None
        if not missing_in(line):
            head = tuple(str(cell or "").strip() for cell in line.cells)
            return Sheet(name, head, tuple(_at_most(filled)), separator)
    return None


def missing_in(line: Line) -> list[str]:
    """Return the columns that a row does not name, or names twice: none of a head."""
    names = [_name(cell) for cell in line.cells]
    lacking = [name for name in REQUIRED if names.count(name) != 1]
    return lacking + (["comment"] if names.count("comment") > 1 else [])


def no_head(line: Line | None) -> Unreadable:
    """Say what the first row lacks."""
    if line is None:
        return Unreadable("It is empty.")
    missing = missing_in(line)
    seen = [_name(cell) for cell in line.cells if not is_blank(cell)]
    near = [match for name in missing for match in get_close_matches(name, seen, 1)]
    hint = f" Is {', '.join(map(repr, near))} misspelt?" if near else ""
    return Unreadable(
        f"No row among the first {HEAD_WITHIN} names the columns {', '.join(COLUMNS)} once each; "
        f"look at {', '.join(missing)}.{hint}"
    )


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _name(cell: Cell) -> str:
    return str(cell or "").strip().lower()


def _at_most(lines: Iterable[Line]) -> Iterator[Line]:
    for nth, line in enumerate(lines):
        if nth == MOST_ROWS:
            raise Unreadable(f"It has more than {MOST_ROWS:,} rows; split it.")
        yield line
