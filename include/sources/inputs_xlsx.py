"""XLSX files of manual inputs: visible sheets, values only; and back to people with reasons.

A merged cell counts for every row that it spans, as people read it, and what lies hidden under it
does not. A formula counts by the value that was stored with it; one without is told. Sheets are
read row by row, so that memory does not grow with what a file claims: see inputs_unpacked.py.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from include.sources.inputs_sheet import (
    MOST_COLUMNS,
    MOST_ROWS,
    REASON,
    Cell,
    Line,
    Sheet,
    Unreadable,
    no_head,
    sheet_of,
)
from include.sources.inputs_unpacked import DAMAGED, Merged, look_into

MOST_SHEETS = 100  # visible ones
WIDTH = 18  # of a template's columns


class _Area(NamedTuple):
    """Merged cells below their first row, by numbers from 1."""

    left: int
    right: int
    bottom: int


def read_xlsx(content: bytes) -> list[Sheet]:
    """Read every visible sheet that has our columns; Unreadable where none has."""
    merged = look_into(content)
    try:
        return _read(content, merged)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever it trips over
        raise Unreadable(DAMAGED) from None


def _read(content: bytes, merged: Merged) -> list[Sheet]:
    found: dict[int, Sheet] = {}
    first: Line | None = None
    for place, sheet in enumerate(_visible(content, data_only=True)):
        lines = _lines(sheet, merged)
        top = next(lines, None)
        first = first or top
        if ours := sheet_of(sheet.title, chain([top] if top else [], lines)):
            found[place] = ours
        if sum(len(one.lines) for one in found.values()) > MOST_ROWS:
            raise Unreadable(f"It has more than {MOST_ROWS:,} rows; split it.")
    if not found:
        raise no_head(first)
    if any(_lacks(line, sheet) for sheet in found.values() for line in sheet.lines):
        formulas = _visible(content, data_only=False)
        return [_with_formulas(ours, formulas[place], merged) for place, ours in found.items()]
    return list(found.values())


def _visible(content: bytes, *, data_only: bool) -> list[Any]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(visible) > MOST_SHEETS:
        raise Unreadable(f"It has more than {MOST_SHEETS} sheets; split it.")
    return visible


def _lines(sheet: Any, merged: Merged) -> Iterator[Line]:  # noqa: ANN401 - openpyxl has no types
    """Return the rows in which something stands, without the empty cells at their end."""
    for number, cells in _as_seen(sheet, merged, "value"):
        if number > MOST_ROWS + 100:
            raise Unreadable(
                f"Its sheet {sheet.title!r} has more than {MOST_ROWS:,} rows, perhaps only "
                "coloured ones; delete those below the last, or split it."
            )
        width = max((place for place, cell in enumerate(cells, 1) if cell is not None), default=0)
        if width:
            yield Line(number, tuple(cells[:width]))


def _as_seen(sheet: Any, merged: Merged, what: str) -> Iterator[tuple[int, list[Any]]]:  # noqa: ANN401
    """Return rows by number, one thing of each cell; of merged cells only the first is seen."""
    areas = _areas(merged.get(sheet._worksheet_path, ()))  # noqa: SLF001 - nothing else names it
    spanned: dict[int, tuple[int, Any]] = {}  # by column: its last row, and what is seen in it
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        cells = [getattr(cell, what) for cell in row]
        for area in areas.get(number, ()):
            for column in range(area.left, min(area.right, len(cells)) + 1):
                seen = cells[column - 1] if column == area.left else None
                spanned[column] = (area.bottom, seen)
        for column, (bottom, seen) in list(spanned.items()):
            if number > bottom:
                del spanned[column]
            else:
                cells[column - 1] = seen
        yield number, cells


def _areas(ranges: Iterable[str]) -> Mapping[int, list[_Area]]:
    """Return merged cells by their first row."""
    from openpyxl.utils import range_boundaries

    areas = defaultdict(list)
    for said in ranges:
        left, top, right, bottom = range_boundaries(said)
        areas[top].append(_Area(left, right, bottom))
    return areas


def _lacks(line: Line, sheet: Sheet) -> bool:
    return len(line.cells) < len(sheet.head) or None in line.cells


def _with_formulas(sheet: Sheet, raw: Any, merged: Merged) -> Sheet:  # noqa: ANN401
    """Mark the cells that hold a formula but no value."""
    lacking = {line.number: line.cells for line in sheet.lines if _lacks(line, sheet)}
    found = {
        number: frozenset(
            place for place, kind in enumerate(kinds[: len(sheet.head)])
            if kind == "f" and lacking[number][place : place + 1] in ((), (None,))
        )
        for number, kinds in _as_seen(raw, merged, "data_type") if number in lacking
    }  # fmt: skip
    lines = (Line(one.number, one.cells, found.get(one.number, frozenset())) for one in sheet.lines)
    return Sheet(sheet.name, sheet.head, tuple(lines))


def write_xlsx(returned: Iterable[tuple[Sheet, Sequence[tuple[Line, str]]]]) -> bytes:
    """Write rows with their reasons beside them, sheet by sheet; no cell is a formula."""
    return xlsx_of(
        (
            sheet.name,
            [
                [*_kept(sheet, sheet.head), REASON],
                *([*_kept(sheet, line.cells), reason] for line, reason in lines),
            ],
        )
        for sheet, lines in returned
    )


def _kept(sheet: Sheet, cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells under the head, but for a reason from an earlier return."""
    return [
        cells[place] if place < len(cells) else None
        for place, name in enumerate(sheet.head)
        if name.lower() != REASON
    ]


def xlsx_of(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> bytes:
    """Write a workbook of sheets by name; every text stays text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for column in range(1, MOST_COLUMNS + 1):
            sheet.column_dimensions[get_column_letter(column)].width = WIDTH
        for row in rows:
            cells = []
            for value in row:
                text = (
                    ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) if isinstance(value, str) else value
                )
                cell = WriteOnlyCell(sheet, value=text)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with = would become a formula
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
