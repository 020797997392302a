"""XLSX files of manual inputs: visible sheets, values only; and back to people with reasons.

A merged cell counts for every row that it spans, as people read it. A formula counts by the value
that was stored with it; one without is told.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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

MOST_UNPACKED = 100_000_000  # bytes
OLE = b"\xd0\xcf\x11\xe0"  # the form of .xls, and of workbooks with a password
WIDTH = 18  # of a template's columns


def read_xlsx(content: bytes) -> list[Sheet]:
    """Read every visible sheet that has our columns; Unreadable where none has."""
    _refuse_what_is_no_workbook(content)
    values = _open(content, data_only=True)
    visible = [sheet.title for sheet in values.worksheets if sheet.sheet_state == "visible"]
    read = {title: list(_lines(values[title])) for title in visible}
    found = [sheet for title in visible if (sheet := sheet_of(title, read[title]))]
    if not found:
        lines = [line for title in visible for line in read[title] if any(line.cells)]
        raise no_head(lines[0] if lines else None)
    if any(None in line.cells for sheet in found for line in sheet.lines):
        formulas = _open(content, data_only=False)
        return [_with_formulas(sheet, formulas[sheet.name]) for sheet in found]
    return found


def _refuse_what_is_no_workbook(content: bytes) -> None:
    if content.startswith(OLE):
        raise Unreadable("It has a password or is an old .xls; save it as .xlsx without one.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise Unreadable("It is no workbook (.xlsx), or was cut while it was copied.") from None
    if unpacked > MOST_UNPACKED:
        raise Unreadable(f"Unpacked it is larger than {MOST_UNPACKED:,} bytes; split it.")


def _open(content: bytes, *, data_only: bool) -> Any:  # noqa: ANN401 - openpyxl has no types
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(content), data_only=data_only, keep_links=False)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever it trips over
        raise Unreadable("It is a damaged workbook; open it and save it again.") from None


def _lines(sheet: Any) -> Iterator[Line]:  # noqa: ANN401
    if sheet.max_row > MOST_ROWS + 100:
        raise Unreadable(
            f"Its sheet {sheet.title!r} has more than {MOST_ROWS:,} rows, perhaps only coloured "
            "ones; delete those below the last, or split it."
        )
    width = min(sheet.max_column, MOST_COLUMNS)
    spanned = {
        (row, area.min_col): sheet.cell(area.min_row, area.min_col).value
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row + 1, min(area.max_row, MOST_ROWS) + 1)
    }
    rows = sheet.iter_rows(max_col=width, values_only=True)
    for number, cells in enumerate(rows, start=1):
        yield Line(
            number,
            tuple(
                spanned.get((number, column)) if cell is None else cell
                for column, cell in enumerate(cells, start=1)
            ),
        )


def _with_formulas(sheet: Sheet, raw: Any) -> Sheet:  # noqa: ANN401
    """Mark the cells that hold a formula but no value."""
    lines = tuple(
        Line(line.number, line.cells, frozenset(_formulas(line, raw))) if None in line.cells
        else line
        for line in sheet.lines
    )  # fmt: skip
    return Sheet(sheet.name, sheet.head, lines)


def _formulas(line: Line, raw: Any) -> Iterator[int]:  # noqa: ANN401
    for place, cell in enumerate(line.cells[: len(line.cells)]):
        if cell is None and raw.cell(line.number, place + 1).data_type == "f":
            yield place


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
