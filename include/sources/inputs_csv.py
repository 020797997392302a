"""CSV files of manual inputs, as spreadsheets write them, and back to people with reasons."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from include.sources.inputs_sheet import (
    REASON,
    REQUIRED,
    Cell,
    Line,
    Sheet,
    Unreadable,
    missing_in,
    no_head,
    sheet_of,
)

SEPARATORS = (";", "\t", ",")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS = 'save it as "CSV UTF-8"'
# Cells that begin so are formulas to a spreadsheet, whoever wrote them.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def read_csv(content: bytes) -> Sheet:
    """Read a file: UTF-8 with or without a mark; commas, semicolons or tabs between cells."""
    rest = _text(content)
    separator, first = "", 1
    told = re.match(r"sep=(.)\r?\n", rest)  # as Excel writes it
    if told:
        separator, rest, first = told[1], rest[told.end() :], 2
    separator = separator or _separator(rest)
    lines = list(_lines(rest, separator, first))
    sheet = sheet_of("", lines, separator)
    if sheet is None:
        raise no_head(next((line for line in lines if any(line.cells)), None))
    return sheet


def _text(content: bytes) -> str:
    if content.startswith(UTF_16):
        raise Unreadable(f'It is UTF-16 ("Unicode text"); {SAVE_AS}.')
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"It is not UTF-8 text, as line {line} shows; {SAVE_AS}.") from None


def _separator(text: str) -> str:
    """The one that makes a head of a line; without a head, that most often in the first line."""
    lines = text.splitlines()
    for line in lines:
        for separator in SEPARATORS:
            if _is_head(line, separator):
                return separator
    for line in lines:
        found = max(SEPARATORS, key=line.count)
        if found in line:
            return found
    return ","


def _is_head(line: str, separator: str) -> bool:
    if not all(name in line.lower() for name in REQUIRED):
        return False
    with suppress(Unreadable):
        return not missing_in(next(_lines(line, separator, 1)))
    return False


def _lines(text: str, separator: str, first: int) -> Iterator[Line]:
    """Yield every row with the number of its first line; a quoted cell may go on in the next."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = first
    try:
        for cells in reader:
            yield Line(number, tuple(map(unguarded, cells)))
            number = reader.line_num + first
    except csv.Error as error:
        raise Unreadable(f"From line {number} on it is not CSV ({error}).") from None


def write_csv(sheet: Sheet, returned: Iterable[tuple[Line, str]]) -> bytes:
    """Write rows with their reasons beside them, in the form that they came in."""
    head = [name for name in sheet.head if name.lower() != REASON]
    kept = [place for place, name in enumerate(sheet.head) if name.lower() != REASON]
    rows = [
        [*(line.cells[place] if place < len(line.cells) else "" for place in kept), reason]
        for line, reason in returned
    ]
    return csv_of([[*head, REASON], *rows], sheet.separator)


def csv_of(rows: Iterable[Sequence[Cell]], separator: str = ",") -> bytes:
    """Write rows as UTF-8 with a mark, by which Excel knows it; no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def guarded(cell: Cell) -> str:
    """Write a cell so that no spreadsheet takes it for a formula."""
    text = "" if cell is None else str(cell)
    if text.startswith(FORMULA_SIGNS) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """Take off what `guarded` put on."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text
