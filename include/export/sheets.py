"""Sheets of a workbook, written row by row: texts stay texts, only our own formulas calculate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from include.errors import FixConfig
from include.export.rows import Value

MOST_ROWS = 1_048_576  # of a sheet, in Excel and LibreOffice (checked Nov 2026)
MOST_LETTERS = 32_767  # of a cell
FINE, DAY, MOMENT = "0.0##", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def letters(column: int) -> str:
    """Return a column as workbooks name it: 1 is A."""
    from openpyxl.utils import get_column_letter

    name: str = get_column_letter(column)
    return name


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours, without its equals sign; no text of others may ever become part of it."""

    text: str
    form: str = "General"


@dataclass(frozen=True, slots=True)
class Head:
    """A bold text."""

    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """A number that people may change to see what becomes of the scores: on yellow ground."""

    number: float


Cell = Value | Formula | Head | Input


@dataclass
class Book:
    """A workbook that is written in one go; memory does not grow with its rows."""

    sheets: list["Sheet"] = field(default_factory=list)
    _book: Any = None

    def __post_init__(self) -> None:
        from openpyxl import Workbook

        self._book = Workbook(write_only=True)
        self._book.calculation.fullCalcOnLoad = True  # cells hold formulas, not yet their values

    def sheet(self, name: str, widths: Sequence[float], *, freeze: str = "A2") -> "Sheet":
        """Add a sheet. freeze: the first cell that moves."""
        inner = self._book.create_sheet(name)
        inner.freeze_panes = freeze
        for place, width in enumerate(widths, start=1):
            inner.column_dimensions[letters(place)].width = width
        self.sheets.append(Sheet(name, inner))
        return self.sheets[-1]

    def save(self, path: Path) -> None:
        self._book.save(path)

    def discard(self) -> None:
        """Let go of the sheets of a workbook that will not be saved."""
        for sheet in self.sheets:
            sheet.close()


@dataclass
class Sheet:
    """One sheet. rows: written so far."""

    name: str
    _inner: Any
    rows: int = 0

    def append(self, cells: Iterable[Cell]) -> int:
        """Write a row and return its number; FixConfig where a sheet has no more rows."""
        if self.rows == MOST_ROWS:
            raise FixConfig(
                f"A sheet has {MOST_ROWS:,} rows at most, and there are more; take --format "
                "parquet or csv, or fewer days."
            )
        self.rows += 1
        self._inner.append([self._cell(cell) for cell in cells])
        return self.rows

    def close(self) -> None:
        """No row follows."""
        self._inner.close()

    def _cell(self, cell: Cell) -> Any:  # noqa: ANN401 - openpyxl has no types
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        match cell:
            case None | bool() | int() | float():
                return cell
            case Formula(text=text, form=form):
                made = WriteOnlyCell(self._inner, value=f"={text}")
                made.number_format = form
            case Head(text=text):
                made = self._text(text)
                made.font = Font(bold=True)
            case Input(number=number):
                made = WriteOnlyCell(self._inner, value=number)
                made.fill = _yellow()
            case str():
                made = self._text(cell)
            case _:
                made = WriteOnlyCell(self._inner, value=_naive(cell))
                made.number_format = _form_of(cell)
        return made

    def _text(self, text: str) -> Any:  # noqa: ANN401
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        shown = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:MOST_LETTERS]
        made = WriteOnlyCell(self._inner, value=shown)
        made.data_type = "s"  # one that begins with = would become a formula
        return made


def _yellow() -> Any:  # noqa: ANN401
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor="FFF9C4")


def _naive(value: Value) -> Value:
    """Workbooks know no time zones: moments are in UTC."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _form_of(value: Value) -> str:
    match value:
        case datetime():
            return MOMENT
        case Decimal():
            return FINE
    return DAY
