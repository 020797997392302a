"""A workbook that is written row by row into its file; memory does not grow with its rows.

The file is a zip of XML parts (ECMA-376, SpreadsheetML): a sheet each, written one after the other,
and a few parts that say what they are. Cells of formulas hold no values; whoever opens it computes.
"""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from include.errors import FixConfig
from include.export.cells import GENERAL, STYLES, Cell, RowTemplate, row_xml

MOST_ROWS = 1_048_576  # of a sheet, in Excel and LibreOffice (checked Nov 2026)
BLOCK = 64  # rows that are handed to the packing at once
LEVEL = 3  # of packing: higher ones take longer and pack such sheets hardly smaller
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MADE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Sheet:
    """One sheet, while it is written. rows: written so far."""

    def __init__(self, name: str, part: IO[bytes]) -> None:
        self.name, self.rows = name, 0
        self._part, self._waiting = part, list[str]()

    def append(self, cells: Sequence[Cell]) -> int:
        """Write a row and return its number; FixConfig where a sheet has no more rows."""
        self._add(row_xml(self._next(), cells))
        return self.rows

    def fill(self, template: RowTemplate, values: Sequence[Cell]) -> None:
        """Write a row of formulas; FixConfig as above."""
        self._add(template.fill(self._next(), values))

    def flush(self) -> None:
        """Hand over what waits to be packed."""
        self._part.write("".join(self._waiting).encode())
        self._waiting.clear()

    def _next(self) -> int:
        if self.rows == MOST_ROWS:
            raise FixConfig(
                f"A sheet has {MOST_ROWS:,} rows at most, and there are more; take --format "
                "parquet or csv, or fewer days."
            )
        self.rows += 1
        return self.rows

    def _add(self, row: str) -> None:
        self._waiting.append(row)
        if len(self._waiting) == BLOCK:
            self.flush()


class Book:
    """A workbook. Its sheets are written one after the other, and shown in the order of `names`."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._names = names
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)

    @contextmanager
    def sheet(self, name: str, widths: Sequence[float], *, freeze: str = "A2") -> Iterator[Sheet]:
        """Write a sheet, one of `names`. freeze: the first cell that moves."""
        part = f"xl/worksheets/sheet{self._names.index(name) + 1}.xml"
        with self._zip.open(part, "w", force_zip64=True) as file:
            sheet = Sheet(name, file)
            file.write(_head(widths, freeze).encode())
            yield sheet
            sheet.flush()
            file.write(b"</sheetData></worksheet>")

    def close(self) -> None:
        """Write what says which sheets there are: without it, the file is no workbook."""
        for name, content in _parts(self._names).items():
            self._zip.writestr(name, XML + content)
        self._zip.close()

    def discard(self) -> None:
        """Let go of a workbook that will not be complete."""
        self._zip.close()


def _head(widths: Sequence[float], freeze: str) -> str:
    """Return the beginning of a sheet, up to its first row."""
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, start=1)
    )
    return (
        f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{_pane(freeze)}'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def _pane(freeze: str) -> str:
    """freeze: a cell of one letter, as D4: three columns and three rows stay; A1: nothing does."""
    across, down = ord(freeze[0]) - ord("A"), int(freeze[1:]) - 1
    if not across and not down:
        return ""
    place = "bottomRight" if across and down else "topRight" if across else "bottomLeft"
    split = (f'xSplit="{across}" ' if across else "") + (f'ySplit="{down}" ' if down else "")
    return f'<pane {split}topLeftCell="{freeze}" activePane="{place}" state="frozen"/>'


def _parts(names: Sequence[str]) -> dict[str, str]:
    """Return what a workbook of these sheets has beside them. names: ours, without marks of XML."""
    numbered = list(enumerate(names, start=1))
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{MADE}.worksheet+xml"/>'
        for n, _ in numbered
    )
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    linked = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered)
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            f'PartName="/xl/workbook.xml" ContentType="{MADE}.sheet.main+xml"/><Override '
            f'PartName="/xl/styles.xml" ContentType="{MADE}.styles+xml"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f"{relations}{_link(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>"
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/>'
            f"</bookViews><sheets>{sheets}</sheets>"
            '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f"{relations}{linked}{_link(len(names) + 1, 'styles', 'styles.xml')}</Relationships>"
        ),
        "xl/styles.xml": _styles(),
    }


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _styles() -> str:
    known = sorted({form for form, _, _ in STYLES} - {GENERAL})
    forms = {form: 164 + n for n, form in enumerate(known)}  # lower numbers are the programs' own
    numbers = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{form}"/>' for form, number in forms.items()
    )
    looks = "".join(
        f'<xf numFmtId="{forms.get(form, 0)}" fontId="{bold:d}" fillId="{2 * yellow}" '
        'borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
        for form, bold, yellow in STYLES
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(forms)}">{numbers}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts><fills count="3">'
        '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF9C4"/></patternFill>'
        '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
        '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
        f'borderId="0"/></cellStyleXfs><cellXfs count="{len(STYLES)}">{looks}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )
