"""The CSV of bulk results, as records like those that REST sends.

Form: Bulk API 2.0 developer guide, checked Nov 2026.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from include.errors import HealthError, RejectData, RetryLater

Row = dict[str, Any]
Make = Callable[[str], Any]


def records_of(file: BinaryIO, types: Mapping[str, str]) -> Iterator[Row]:
    """Yield the records of a CSV file as REST would send them; memory is bounded by one record.

    An empty cell is null: CSV cannot tell it from "". types: by field; others stay text.
    """
    lines = csv.reader(_lines(file), strict=True)
    try:
        names = next(lines, [])
        makes = [MAKES.get(types.get(name, ""), str) for name in names]
        for cells in lines:
            if len(cells) != len(names):
                raise _misfit(is_cut=len(cells) < len(names) and next(lines, None) is None)
            yield {
                name: make(cell) if cell else None
                for name, make, cell in zip(names, makes, cells, strict=True)
            }
    except csv.Error:
        raise _misfit(is_cut=True) from None


def _misfit(*, is_cut: bool) -> HealthError:
    if is_cut:
        return RetryLater("salesforce: bulk results end in the middle, or are no CSV.")
    return RejectData("salesforce: a bulk result has another width than its head.")


def _lines(file: BinaryIO) -> Iterator[str]:
    """Yield the lines with their ends; some orgs send NUL bytes, which no text may hold."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    for line in text:
        yield line.replace("\0", "")


def _as_number(cell: str) -> float | int | str:
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if abs(number) < 1e300 else cell  # neither NaN nor endless


def _as_int(cell: str) -> int | str:
    try:
        return int(cell)
    except ValueError:
        return cell


def _as_moment(cell: str) -> str:
    """Write a time as REST does: `.000Z` becomes `.000+0000`."""
    return f"{cell[:-1]}+0000" if cell.endswith("Z") else cell


MAKES: dict[str, Make] = {
    "boolean": lambda cell: cell.lower() == "true",
    "int": _as_int,
    "double": _as_number,
    "currency": _as_number,
    "percent": _as_number,
    "datetime": _as_moment,
}
