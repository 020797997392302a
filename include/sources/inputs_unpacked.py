"""What an XLSX file unpacks to, looked at part by part before any of it is built up in memory.

A few kilobytes may unpack to millions of cells, or say that one merged cell spans a whole sheet.
Readers of XML keep an element until its parent ends: a row or a shared text until it ends, all
others for good. Both are counted, with their attributes, while nothing is kept.
"""

import io
import zipfile
from typing import IO, NoReturn
from xml.parsers import expat

from include.sources.inputs_sheet import Unreadable

MOST_UNPACKED = 100_000_000  # bytes
MOST_KEPT = 300_000  # elements and attributes outside of rows and texts: formats, merged cells
MOST_PASSING = 1_000_000  # rows and shared texts
MOST_AT_ONCE = 200_000  # elements and attributes in one of them: 16,384 cells with all they hold
MOST_OF_A_TAG = 1_000_000  # bytes
CHUNK = 65_536
OLE = b"\xd0\xcf\x11\xe0"  # the form of .xls, and of workbooks with a password
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
ROW, TEXT, MERGED = MAIN + "row", MAIN + "si", MAIN + "mergeCell"
DAMAGED = "It is a damaged workbook; open it and save it again."

Merged = dict[str, list[str]]


def look_into(content: bytes) -> Merged:
    """Return the ranges of merged cells by part; Unreadable where it holds more than we take.

    Rows in a wrong order are told too: a reader that goes from row to row would lose them.
    """
    if content.startswith(OLE):
        raise Unreadable("It has a password or is an old .xls; save it as .xlsx without one.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _merged_in(archive)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - of a zip file that is no whole one, anything may be raised
        raise Unreadable("It is no workbook (.xlsx), or was cut while it was copied.") from None


def _merged_in(archive: zipfile.ZipFile) -> Merged:
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(f"Unpacked it is larger than {MOST_UNPACKED:,} bytes; split it.")
    scan = _Scan()
    for part in parts:
        with archive.open(part) as opened:
            scan.read(part.filename, opened)
    return scan.merged


class _Scan:
    """Counts over all parts of a workbook."""

    def __init__(self) -> None:
        self.merged: Merged = {}
        self._part = ""
        self._kept = self._passing = self._at_once = self._row = 0
        self._inside = ""  # the row or the text that is open

    def read(self, part: str, source: IO[bytes]) -> None:
        """Count what a part holds, as far as it is XML: pictures are not."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._part, self._row, self._inside = part, 0, ""
        fed = 0
        try:
            while chunk := source.read(CHUNK):
                parser.Parse(chunk)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MOST_OF_A_TAG:
                    _refuse("tags of many megabytes")
        except expat.ExpatError:
            return

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        weight = 1 + len(attributes)
        if self._inside:
            self._at_once += weight
            if self._at_once > MOST_AT_ONCE:
                _refuse("a row or a text of many thousand parts")
        elif name in (ROW, TEXT):
            self._inside, self._at_once = name, weight
            self._passing += 1
            if self._passing > MOST_PASSING:
                _refuse(f"more than {MOST_PASSING:,} rows and texts")
            if name == ROW:
                self._next_row(attributes.get("r"))
        else:
            self._kept += weight
            if self._kept > MOST_KEPT:
                _refuse("hundreds of thousands of formats, links or merged cells")
            if name == MERGED:
                self.merged.setdefault(self._part, []).append(attributes.get("ref", ""))

    def _end(self, name: str) -> None:
        if name == self._inside:
            self._inside = ""

    def _next_row(self, said: str | None) -> None:
        try:
            row = self._row + 1 if said is None else int(said)
        except ValueError:
            raise Unreadable(DAMAGED) from None
        if row <= self._row:
            raise Unreadable(DAMAGED)
        self._row = row


def _refuse(what: str) -> NoReturn:
    raise Unreadable(f"It holds {what}; copy the values alone into a new file.")


def _refuse_document_type(*_: object) -> None:
    """Keep out what entities are declared in."""
    raise Unreadable(DAMAGED)
