"""The forms that a body comes in, each read as one document, so that every fault acts on all.

JSON is its own document. JSON Lines and the archives of Amplitude (a zip of gzip files of JSON
Lines) are `results`; CSV is `columns` and `results`. What cannot be read is no document: only
faults of the wire act on it then.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

BROKEN = (ValueError, csv.Error, zipfile.BadZipFile, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class Form:
    """Reads a body into a document and writes a document into a body like the one it came from."""

    read: Callable[[bytes], Any]
    write: Callable[[Any, bytes], bytes]


def read_lines(body: bytes) -> dict[str, Any]:
    return {"results": [orjson.loads(line) for line in body.splitlines() if line.strip()]}


def write_lines(document: Any, before: bytes = b"") -> bytes:  # noqa: ANN401, ARG001
    return b"".join(orjson.dumps(row) + b"\n" for row in document["results"])


def read_csv(body: bytes) -> dict[str, Any]:
    columns, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    return {"columns": columns, "results": rows}


def write_csv(document: Any, before: bytes) -> bytes:  # noqa: ANN401
    """Quotes and line ends stay as they were; there is no null, so that it is an empty value."""
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        quoting=csv.QUOTE_ALL if before[:1] == b'"' else csv.QUOTE_MINIMAL,
        lineterminator="\r\n" if b"\r\n" in before else "\n",
    )
    writer.writerow(document["columns"])
    writer.writerows(["" if cell is None else cell for cell in row] for row in document["results"])
    return text.getvalue().encode()


def read_archive(body: bytes) -> dict[str, Any]:
    """Each file's events, in the order of the files."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return read_lines(
            b"".join(gzip.decompress(archive.read(one)) for one in archive.namelist())
        )


def write_archive(document: Any, before: bytes) -> bytes:  # noqa: ANN401
    """All events in one file, that has the first one's name."""
    return packed(write_lines(document), before)


def packed(lines: bytes, before: bytes, *, pack: Callable[[bytes], bytes] = gzip.compress) -> bytes:
    """An archive of one file like the first one of the archive before."""
    with zipfile.ZipFile(io.BytesIO(before)) as archive:
        name = archive.namelist()[0]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, pack(lines))
    return made.getvalue()


JSON = Form(orjson.loads, lambda document, _: orjson.dumps(document))
LINES = Form(read_lines, write_lines)
CSV = Form(read_csv, write_csv)
ARCHIVE = Form(read_archive, write_archive)


def read_form(headers: Mapping[str, str], body: bytes) -> tuple[Form | None, Any]:
    """The body's form and document; neither where it is something else, or broken."""
    form = _form_of(headers.get("content-type", ""), body)
    if form is None:
        return None, None
    try:
        return form, form.read(body)
    except BROKEN:
        return None, None


def _form_of(kind: str, body: bytes) -> Form | None:
    if not body:
        return None
    if kind.startswith("application/json"):
        return JSON
    if kind.startswith("text/plain") and body[:1] == b"{":
        return LINES
    if kind.startswith("text/csv"):
        return CSV
    return ARCHIVE if body[:4] == b"PK\x03\x04" else None
