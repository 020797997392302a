"""CSV as the Bulk API writes and reads it.

Results have every value in quotes, no value for null, `.000Z` where REST writes `.000+0000`; in an
upload an empty cell leaves the field as it is and `#N/A` clears it (Bulk API 2.0 guide, checked Nov
2026).
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from sandbox.vendors.salesforce_columns import Value
from sandbox.vendors.salesforce_http import Refused

DELIMITERS = {
    "COMMA": ",",
    "SEMICOLON": ";",
    "TAB": "\t",
    "PIPE": "|",
    "CARET": "^",
    "BACKQUOTE": "`",
}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")
CLEARED = "#N/A"


def to_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text.removesuffix("+0000") + "Z" if STAMP.fullmatch(text) else text


def to_line(cells: Iterable[str], delimiter: str, ending: str) -> str:
    return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells) + ending


def read_rows(body: bytes, delimiter: str) -> list[dict[str, str]]:
    """The cells of each line by the names of the first; 400 where a line has other ones."""
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(400, "INVALIDJOB", "InvalidBatch : the upload is no CSV in UTF-8") from error
    names, rows = (lines[0], lines[1:]) if lines else ([], [])
    return [dict(zip(names, line, strict=False)) for line in rows if line]


def to_values(cells: Mapping[str, str]) -> dict[str, object]:
    """What an upload's line sets: nothing where a cell is empty."""
    return {name: None if cell == CLEARED else cell for name, cell in cells.items() if cell}


def to_text(lines: Sequence[Sequence[str]], delimiter: str, ending: str) -> bytes:
    return "".join(to_line(line, delimiter, ending) for line in lines).encode()
