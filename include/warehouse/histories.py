"""What was stored, read back in bulk: series, readings, scores of past days.

Days are numbers: days since 1970-01-01. Ranges of accounts and days include both ends.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.warehouse.copy import copy_out, driver
from include.warehouse.database import query
from include.warehouse.intern import Coded, intern
from include.warehouse.revisions import EPOCH, Days, Ids, newest_rows, row_keys

Floats = NDArray[np.float64]
SeriesRows = tuple[Ids, Days, Floats]
PACKED = (">i4", ">i4", ">i4", ">f8")  # accounts, how many rows of each, days, values
NO_SNAPSHOT = -2  # as a band


@dataclass(frozen=True, slots=True)
class History:
    """Scores as they were stored: a line an account (ids, rising), a column a day.

    scores: NaN unknown, or no snapshot. bands: positions in the words asked for, -1 unknown,
    NO_SNAPSHOT.
    """

    account_ids: Ids
    days: Days
    scores: Floats
    bands: NDArray[np.int8]


class Accounts(TypedDict):
    first_account: int
    last_account: int


class Limits(Accounts):
    scorecard_id: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Part:
    """What is wanted of a series: its rows of days after `cut`; None: all.

    before: what of the days up to the cut comes beside them, where it is not 0: nothing, their sum
    on the cut's day (level), or their last row, if no other follows up to `seen_from`, the first
    day on which somebody looks.
    """

    cut: date | None = None
    before: Literal["nothing", "level", "last"] = "nothing"
    seen_from: date | None = None


WHOLE = Part()


def load_series(
    connection: Connection,
    parts: Mapping[str, Part],
    account_ids: Ids,
    *,
    last_day: date,
) -> dict[str, SeriesRows]:
    """Return (account_id, day, value) of some accounts up to a day, in no order, by series.

    parts: what is wanted of each series. account_ids: rising. A series that has no row, or that
    nobody ever wrote, is three empty arrays.
    """
    chosen = _range_or_list(account_ids)
    found = {}
    for name, part in parts.items():
        rows = _rows(connection, part, {**chosen, "name": name, "last_day": last_day})
        if part.before == "level" and np.isnan(rows[2]).any():
            rows = _rows(connection, WHOLE, {**chosen, "name": name, "last_day": last_day})
        ours = np.isin(rows[0], account_ids)
        found[name] = rows if ours.all() else (rows[0][ours], rows[1][ours], rows[2][ours])
    return found


def _rows(connection: Connection, part: Part, binds: Mapping[str, Any]) -> SeriesRows:
    bound = query("snapshots/read_series").compile(dialect=connection.dialect)
    limits = {
        **binds, "cut": part.cut or "-infinity", "before": part.before,
        "seen_from": part.seen_from or "-infinity",
    }  # fmt: skip
    statement = f"copy ({bound.string}) to stdout (format binary)"
    with driver(connection).cursor() as cursor, cursor.copy(statement, limits) as copy:
        copy.set_types(["bytea"] * len(PACKED))
        packed = list(copy.rows())
    accounts, rows, days, values = (
        np.frombuffer(b"".join(row[column] for row in packed), kind)
        for column, kind in enumerate(PACKED)
    )
    return (
        np.repeat(accounts.astype(np.int32), rows),
        days.astype(np.int32),
        values.astype(np.float64),
    )


def _range_or_list(account_ids: Ids) -> dict[str, Any]:
    """Ask for a range of accounts where most of it is wanted: its rows stand side by side."""
    if not len(account_ids):
        return {"first_account": 1, "last_account": 0, "accounts": None}
    first, last = int(account_ids[0]), int(account_ids[-1])
    is_range = len(account_ids) * 4 > last - first
    accounts = None if is_range else account_ids.tolist()
    return {"first_account": first, "last_account": last, "accounts": accounts}


def load_known_from(
    connection: Connection, **accounts: Unpack[Accounts]
) -> dict[str, tuple[Ids, Days]]:
    """Return for each role of a source (account_id, day): from that day no row means zero.

    An account that is not there is not known to sources of that role, on no day.
    """
    found = {}
    for role in connection.scalars(query("snapshots/list_roles"), {**accounts}).all():
        rows = copy_out(
            connection,
            query("snapshots/read_known_from"),
            {**accounts, "role": role},
            {"account_id": "int4", "day": "date"},
        )
        found[str(role)] = (rows["account_id"], rows["day"])
    return found


def load_readings(
    connection: Connection, *, basis: str, measures: int, **limits: Unpack[Limits]
) -> tuple[Ids, Days, Floats]:
    """Return (account_id, day, readings) of the newest revisions, by day, then by account.

    Raises ValueError where rows of this scorecard do not have that many measures.
    """
    found = copy_out(
        connection,
        query("snapshots/read_readings"),
        {**limits, "basis": basis},
        {"account_id": "int4", "as_of": "date", "revision": "int2", "readings": "float8[]"},
    )
    _, newest = newest_rows(found["account_id"], found["as_of"], found["revision"])
    readings = found["readings"] if len(newest) else np.empty((0, measures))
    if readings.shape[1] != measures:
        raise ValueError(f"stored readings have {readings.shape[1]} measures, not {measures}")
    return found["account_id"][newest], found["as_of"][newest], readings[newest]


def load_carried(
    connection: Connection, accounts: Ids, days: Days, *, basis: str, **limits: Unpack[Limits]
) -> Coded:
    """Return for each account and day which of its readings are how many days old, as JSON text.

    Of the newest revisions; none where no reading of the row was carried forward.
    """
    binds = {**limits, "basis": basis}
    found = copy_out(
        connection,
        query("snapshots/read_carried"),
        binds,
        {"account_id": "int4", "as_of": "date", "hash": "int8"},
    )
    if not len(found["hash"]) or not len(accounts):
        return Coded.none(len(accounts))
    known, newest = newest_rows(found["account_id"], found["as_of"], found["hash"])
    keys = row_keys(accounts, days)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    hashes = np.where(known[place] == keys, found["hash"][newest][place], 0)
    return intern(connection, hashes, "snapshots/carried_words", binds)


def load_live_days(connection: Connection, **limits: Unpack[Limits]) -> tuple[Ids, Days]:
    """Return (account_id, day) of the live readings there are, as often as they have revisions."""
    found = copy_out(
        connection,
        query("snapshots/read_reading_digests"),
        {**limits, "basis": "live"},
        {"account_id": "int4", "as_of": "date"},
    )
    return found["account_id"], found["as_of"]


def load_past(
    connection: Connection,
    *,
    bases: Collection[str],
    bands: Sequence[str] = (),
    **limits: Unpack[Limits],
) -> History:
    """Return the scores of accounts with any snapshot on days of which every one has its column.

    They are those of the newest revision of one of these bases, live before reconstructed.
    """
    found = copy_out(
        connection,
        query("snapshots/read_history"),
        {**limits, "bases": list(bases), "bands": list(bands)},
        {"account_id": "int4", "as_of": "date", "rank": "int4", "score": "float8", "band": "int2"},
    )
    first, last = ((limits[end] - EPOCH).days for end in ("first_day", "last_day"))
    days = np.arange(first, last + 1, dtype=np.int32)
    account_ids, lines = np.unique(found["account_id"], return_inverse=True)
    scores = np.full((len(account_ids), len(days)), np.nan)
    _, newest = newest_rows(found["account_id"], found["as_of"], found["rank"])
    codes = np.full(scores.shape, NO_SNAPSHOT, np.int8)
    cells = (lines[newest], found["as_of"][newest] - first)
    scores[cells], codes[cells] = found["score"][newest], found["band"][newest]
    return History(account_ids, days, scores, codes)
