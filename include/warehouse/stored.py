"""Stored readings and snapshots with all their columns, a block of accounts of one day at a time.

Rows come as they are, also those that nothing of ours would write: what has another form is marked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.warehouse.columns import numbers
from include.warehouse.copy import Known, copy_out
from include.warehouse.database import query
from include.warehouse.digest import digest_rows
from include.warehouse.revisions import Ids, newest_rows
from include.warehouse.snapshots import Floats, SnapshotRows, snapshot_columns

BROKEN, THINNED, WHOLE = 0, 1, 2  # forms of a snapshot
ACCOUNTS = 16_384  # in a block: some 8 MB a matrix of 60 columns
READING: dict[str, Known] = {
    "account_id": "int4", "revision": "int2", "digest": "int8", "is_whole": "int2",
    "readings": "float8[]",
}  # fmt: skip
NUMBERS = (
    "score", "raw", "floor", "ceiling", "coverage",
    "change_7d", "change_30d", "change_90d", "slope_30d",
)  # fmt: skip
ARRAYS = ("categories", "points", "readings", "drivers")
SNAPSHOT: dict[str, Known] = {
    "account_id": "int4", "revision": "int2", "digest": "int8", "form": "int2",
    "band": "int2", "direction": "int2",
    **dict.fromkeys(NUMBERS, "float8"), **dict.fromkeys(ARRAYS, "float8[]"),
}  # fmt: skip

Rows = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """Which rows are meant, and what they should look like."""

    scorecard_id: int
    basis: str
    as_of: date
    measures: int
    categories: int
    drivers: int
    bands: Sequence[str]
    directions: Sequence[str]

    @property
    def binds(self) -> dict[str, Any]:
        return {
            "scorecard_id": self.scorecard_id, "basis": self.basis, "as_of": self.as_of,
            "measures": self.measures, "shape": f"[1:{self.measures}]",
        }  # fmt: skip


def account_blocks(
    connection: Connection, kind: Kind, size: int = ACCOUNTS
) -> Iterator[tuple[int, int]]:
    """Yield ranges of account ids, both ends included, that hold every row of a kind."""
    limits = {"scorecard_id": kind.scorecard_id, "basis": kind.basis, "as_of": kind.as_of}
    first, last = connection.execute(query("verify/bounds"), limits).one()
    if first is not None:
        for start in range(first, last + 1, size):
            yield start, min(start + size - 1, last)


def load_stored_readings(connection: Connection, kind: Kind, first: int, last: int) -> Rows:
    """Return the newest revision of each account's readings, by rising account_id."""
    binds = kind.binds | {"first_account": first, "last_account": last}
    return _newest(copy_out(connection, query("verify/readings"), binds, READING))


def load_stored_snapshots(connection: Connection, kind: Kind, first: int, last: int) -> Rows:
    """Return the newest revision of each account's snapshot, by rising account_id.

    form: BROKEN, THINNED or WHOLE; the arrays of the first two are filled up with unknown.
    band, direction: positions in the words of `kind`, -1 unknown, -2 another word.
    """
    binds = kind.binds | {
        "first_account": first, "last_account": last, "categories": kind.categories,
        "drivers": kind.drivers, "categories_shape": f"[1:{kind.categories}]",
        "drivers_shape": f"[1:{kind.drivers}]", "bands": list(kind.bands),
        "directions": list(kind.directions),
    }  # fmt: skip
    return _newest(copy_out(connection, query("verify/snapshots"), binds, SNAPSHOT))


def _newest(found: Rows) -> Rows:
    accounts = found["account_id"]
    _, newest = newest_rows(accounts, np.zeros_like(accounts), found["revision"])
    return {name: column[newest] for name, column in found.items()} if len(newest) else found


def reading_digests(readings: Floats) -> NDArray[np.int64]:
    """Return the digests that these readings are stored with."""
    return digest_rows([numbers("float8[]", readings)])


def snapshot_digests(rows: Mapping[str, NDArray[Any]], kind: Kind) -> NDArray[np.int64]:
    """Return the digests that these snapshots are stored with, which cover every column."""
    accounts: Ids = rows["account_id"]
    given = {name: rows[name] for name in (*NUMBERS, "band", "direction", *ARRAYS[:-1])}
    snapshots = SnapshotRows(
        scorecard_id=kind.scorecard_id, basis=kind.basis, run_no=0, account_ids=accounts,
        as_of_days=np.zeros_like(accounts), bands=kind.bands, directions=kind.directions,
        drivers=rows["drivers"].astype(np.int16), **given,
    )  # fmt: skip
    return digest_rows(list(snapshot_columns(snapshots).values()))
