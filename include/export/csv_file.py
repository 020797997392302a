"""A table as CSV: UTF-8 without a mark, commas, a head, one line end (CR LF, RFC 4180).

Nothing between two commas is unknown, or an empty text. Decimals have no trailing zeros, other
numbers the fewest digits that give them back. A text that a spreadsheet would take for a formula is
written with an apostrophe before it: those that begin with = + - @, tab or line end, and are no
plain number.
"""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from include.export.rows import Table, Value
from include.sources.inputs_csv import guarded


def write_csv(table: Table, path: Path) -> int:
    """Write all rows; return how many there were."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in table.columns])
        for row in table.rows:
            writer.writerow(_cells(row))
            rows += 1
    return rows


def _cells(row: Sequence[Value]) -> list[str]:
    return [guarded(value) if isinstance(value, str) else plain(value) for value in row]


def plain(value: Value) -> str:
    """Write a value so that other programs read the same one; moments in UTC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
