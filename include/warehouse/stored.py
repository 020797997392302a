"""Stored readings and snapshots with all their columns, a block of accounts of one day at a time.

Rows come as they are, also those that nothing of ours would write: what has another form is marked.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.canonical import canonical
from include.warehouse.columns import coded, numbers
from include.warehouse.copy import Known, copy_out
from include.warehouse.database import query
from include.warehouse.intern import Coded, intern
from include.warehouse.revisions import Ids, digest_content, newest_rows
from include.warehouse.snapshots import NEVER, SnapshotRows, Standing, snapshot_columns

BROKEN, THINNED, WHOLE = 0, 1, 2  # forms of a snapshot
ACCOUNTS = 16_384  # in a block: some 8 MB a matrix of 60 columns
READING: dict[str, Known] = {
    "account_id": "int4", "revision": "int2", "digest": "int8", "is_whole": "int2",
    "carried": "int8", "readings": "float8[]",
}  # fmt: skip
NUMBERS = (
    "score", "base", "raw", "floor", "ceiling", "coverage",
    "change_7d", "change_30d", "change_90d", "slope_30d",
)  # fmt: skip
STANDING: dict[str, Known] = {
    "slope_p": "float8", "streak_days": "int2", "below_since": "int4", "confirmed": "int2",
}  # fmt: skip
ARRAYS = ("categories", "points", "readings", "drivers")
SNAPSHOT: dict[str, Known] = {
    "account_id": "int4", "revision": "int2", "digest": "int8", "form": "int2",
    "band": "int2", "direction": "int2", "context": "int8",
    **dict.fromkeys(("fired", "undecided"), "int8"), **STANDING,
    **dict.fromkeys(NUMBERS, "float8"), **dict.fromkeys(ARRAYS, "float8[]"),
}  # fmt: skip

Rows = dict[str, NDArray[Any]]
Words = Sequence[str]  # what the codes of a column of texts stand for, in the one way to write it


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


def load_stored_readings(
    connection: Connection, kind: Kind, first: int, last: int
) -> tuple[Rows, Words]:
    """Return the newest revision of each account's readings, by rising account_id.

    carried: position in the words beside, -1 for none.
    """
    binds = kind.binds | {"first_account": first, "last_account": last}
    rows = _newest(copy_out(connection, query("verify/readings"), binds, READING))
    return _read_words(connection, rows, "carried", binds)


def load_stored_snapshots(
    connection: Connection, kind: Kind, first: int, last: int
) -> tuple[Rows, Words]:
    """Return the newest revision of each account's snapshot, by rising account_id.

    context: position in the words beside, -1 for none.
    form: BROKEN, THINNED or WHOLE; the arrays of the first two are filled up with unknown.
    band, direction: positions in the words of `kind`, -1 unknown, -2 another word. The columns of
    STANDING as they are written.
    """
    binds = kind.binds | {
        "first_account": first, "last_account": last, "categories": kind.categories,
        "drivers": kind.drivers, "categories_shape": f"[1:{kind.categories}]",
        "drivers_shape": f"[1:{kind.drivers}]", "bands": list(kind.bands),
        "directions": list(kind.directions), "never": NEVER,
    }  # fmt: skip
    rows = _newest(copy_out(connection, query("verify/snapshots"), binds, SNAPSHOT))
    rows |= {name: rows[name].view(np.uint64) for name in ("fired", "undecided")}
    return _read_words(connection, rows, "context", binds)


def _read_words(
    connection: Connection, rows: Rows, name: str, binds: Mapping[str, Any]
) -> tuple[Rows, Words]:
    """Put codes in the place of a column's hashes, and return what they stand for beside."""
    known = intern(connection, rows[name], f"verify/{name}_words", binds)
    return rows | {name: known.codes}, [canonical(json.loads(word)) for word in known.words]


def _newest(found: Rows) -> Rows:
    accounts = found["account_id"]
    _, newest = newest_rows(accounts, np.zeros_like(accounts), found["revision"])
    return {name: column[newest] for name, column in found.items()} if len(newest) else found


def reading_digests(rows: Mapping[str, NDArray[Any]], words: Words) -> NDArray[np.int64]:
    """Return the digests that these readings are stored with."""
    carried = coded(rows["carried"], words, "jsonb")
    return digest_content({"readings": numbers("float8[]", rows["readings"]), "carried": carried})


def snapshot_digests(
    rows: Mapping[str, NDArray[Any]], words: Words, kind: Kind
) -> NDArray[np.int64]:
    """Return the digests that these snapshots are stored with, which cover every column."""
    accounts: Ids = rows["account_id"]
    given = {name: rows[name] for name in (*NUMBERS, "band", "direction", *ARRAYS[:-1])}
    snapshots = SnapshotRows(
        scorecard_id=kind.scorecard_id, basis=kind.basis, run_no=0, account_ids=accounts,
        as_of_days=np.zeros_like(accounts), bands=kind.bands, directions=kind.directions,
        drivers=rows["drivers"].astype(np.int16), fired=rows["fired"],
        undecided=rows["undecided"], context=Coded(rows["context"], words),
        standing=Standing(**{name: rows[name] for name in STANDING}), **given,
    )  # fmt: skip
    return digest_content(snapshot_columns(snapshots))
