"""Cells of a workbook as XML: texts stay texts, only our own formulas calculate."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from math import isfinite
from typing import Any

from include.export.rows import Value

MOST_LETTERS = 32_767  # of a cell, in Excel (checked Nov 2026)
FINE, DAY, MOMENT, GENERAL = "0.0##", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "General"
# The styles of a workbook, by their number: how numbers are shown, whether bold, whether yellow.
STYLES = (
    (GENERAL, False, False), (GENERAL, True, False), (FINE, False, False), (DAY, False, False),
    (MOMENT, False, False), (GENERAL, False, True),
)  # fmt: skip
BOLD, YELLOW = 1, 5
NUMBER_OF = {form: place for place, (form, bold, yellow) in enumerate(STYLES)
             if not bold and not yellow}  # fmt: skip
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of workbooks
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what a workbook would read as a character
ROW, SLOT = "#", "\0"  # in a template: the number of the row, a value


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours, without its equals sign; no text of others may ever become part of it."""

    text: str
    form: str = GENERAL


@dataclass(frozen=True, slots=True)
class Head:
    """A bold text."""

    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """A number that people may change to see what becomes of the scores: on yellow ground."""

    number: float


Cell = Value | Formula | Head | Input


@cache
def letters(column: int) -> str:
    """Return a column as workbooks name it: 1 is A, 27 is AA."""
    before, place = divmod(column - 1, 26)
    return (letters(before) if before else "") + chr(ord("A") + place)


def row_xml(row: int, cells: Sequence[Cell]) -> str:
    """Write a row. Cells of nothing are left out."""
    made = [_cell(cell, f"{letters(n)}{row}") for n, cell in enumerate(cells, start=1)]
    return f'<row r="{row}">{"".join(made)}</row>'


class RowTemplate:
    """Rows of formulas that differ by the number of their row (#) and by some values."""

    def __init__(self, cells: Sequence[Formula | None]) -> None:
        """cells: None where each row has a value of its own."""
        self._slots = [letters(n) for n, cell in enumerate(cells, start=1) if cell is None]
        made = [SLOT if cell is None else _formula(cell, f"{letters(n)}{ROW}")
                for n, cell in enumerate(cells, start=1)]  # fmt: skip
        self._row = f'<row r="{ROW}">{"".join(made)}</row>'

    def fill(self, row: int, values: Sequence[Cell]) -> str:
        """Write a row; values: one for each cell that has its own, in order."""
        parts = self._row.replace(ROW, str(row)).split(SLOT)
        made = [_cell(value, f"{column}{row}")
                for column, value in zip(self._slots, values, strict=True)]  # fmt: skip
        return "".join(part + cell for part, cell in zip(parts, [*made, ""], strict=True))


def _cell(cell: Cell, at: str) -> str:
    return WRITERS[type(cell)](cell, at)


def _nothing(_: None, at: str) -> str:  # noqa: ARG001 - as the others
    return ""


def _formula(cell: Formula, at: str) -> str:
    return f'<c r="{at}" s="{NUMBER_OF[cell.form]}"><f>{escape(cell.text, quote=False)}</f></c>'


def _text(text: str, at: str, style: int = 0) -> str:
    shown = NOT_XML.sub("\ufffd", text)[:MOST_LETTERS]
    if "_x" in shown:
        shown = LIKE_ESCAPED.sub("_x005F_", shown)
    shown = escape(shown, quote=False).replace("\r", "&#13;")
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _bool(value: bool, at: str) -> str:  # noqa: FBT001 - a cell
    return f'<c r="{at}" t="b"><v>{value:d}</v></c>'


def _number(value: float, at: str, style: int = 0) -> str:
    if not isfinite(value):
        return _text(str(value), at)
    return f'<c r="{at}" s="{style}"><v>{value}</v></c>'


def _date(value: date, at: str) -> str:
    days = value.toordinal() - FIRST_DAY.toordinal()
    return f'<c r="{at}" s="{NUMBER_OF[DAY]}"><v>{days}</v></c>'


def _moment(value: datetime, at: str) -> str:
    """Workbooks know no time zones: moments are in UTC."""
    days = (value - FIRST_DAY).total_seconds() / 86_400
    return f'<c r="{at}" s="{NUMBER_OF[MOMENT]}"><v>{days:.9f}</v></c>'


WRITERS: dict[type, Callable[[Any, str], str]] = {
    type(None): _nothing,
    str: _text,
    bool: _bool,
    int: _number,
    float: _number,
    Decimal: lambda value, at: _number(value, at, NUMBER_OF[FINE]),
    date: _date,
    datetime: _moment,
    Formula: _formula,
    Head: lambda cell, at: _text(cell.text, at, BOLD),
    Input: lambda cell, at: _number(cell.number, at, YELLOW),
}
