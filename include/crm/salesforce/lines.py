"""The CSV of a bulk job: what we upload, and what the org says of each line. Pure.

Form: Bulk API 2.0 developer guide, checked Nov 2026: an empty cell leaves a field as it is, `#N/A`
clears it; results repeat the uploaded columns behind their own.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from include.crm.parcels import Row
from include.errors import RetryLater

MEDIA = "text/csv; charset=UTF-8"
CLEARED = "#N/A"


@dataclass(frozen=True, slots=True)
class Results:
    """What an ended job says: ids it wrote, and errors by the ids that it did not.

    A record that is named nowhere was not worked on, or its result is lost.
    """

    written: Collection[str]
    refused: Mapping[str, str]


def to_csv(rows: Sequence[Row]) -> bytes:
    """Return a line a record, with a column for each field that any of them changes."""
    names = sorted({name for row in rows for name in row.change.new})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Id", *names])
    for row in rows:
        new = row.change.new
        cells = [(new[name] or CLEARED) if name in new else "" for name in names]
        writer.writerow([row.change.record_id, *cells])
    return text.getvalue().encode()


def results_in(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield record id and error of each line, the error empty where there is none.

    The id is the one that we sent: of a refused record, the org may leave its own cell empty.
    RetryLater where the file is no such CSV, as when it was cut.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    lines = csv.DictReader((line.replace("\0", "") for line in text), strict=True)
    try:
        for cells in lines:
            yield cells["Id"], cells.get("sf__Error") or ""
    except (csv.Error, KeyError):
        raise RetryLater("The results of a bulk job of Salesforce are broken.") from None
