"""What scoring reads and writes: series, scorecards, readings, snapshots, history.

Days are numbers: days since 1970-01-01. Ranges of accounts and days include both ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import FixConfig
from include.warehouse.columns import Column, coded, floats, numbers
from include.warehouse.copy import copy_out
from include.warehouse.database import query
from include.warehouse.revisions import EPOCH, Days, Ids, Stored, Target, newest_rows, store_rows

Floats = NDArray[np.float64]


class Accounts(TypedDict):
    first_account: int
    last_account: int


class Limits(Accounts):
    scorecard_id: int
    first_day: date
    last_day: date


class Writer(TypedDict):
    scorecard_id: int
    basis: str
    run_no: int


@dataclass(frozen=True, slots=True)
class SnapshotRows:
    """Scores of one scorecard, one row an account and day, in any order. NaN is unknown.

    band, direction: positions in `bands` and `directions`; a negative one is "unknown".
    categories, points, readings, drivers: matrices with one line a row.
    """

    scorecard_id: int
    basis: str
    run_no: int
    account_ids: Ids
    as_of_days: Days
    score: Floats
    raw: Floats
    floor: Floats
    ceiling: Floats
    coverage: Floats
    band: NDArray[np.integer[Any]]
    bands: Sequence[str]
    change_7d: Floats
    change_30d: Floats
    change_90d: Floats
    slope_30d: Floats
    direction: NDArray[np.integer[Any]]
    directions: Sequence[str]
    categories: Floats
    points: Floats
    readings: Floats
    drivers: NDArray[np.int16]


def register_scorecard(
    connection: Connection, *, name: str, version: int, digest: str, body: str
) -> int:
    """Return the id of a scorecard, entering it where it is new.

    Raises FixConfig where this version is known with another digest: a released version never
    changes.
    """
    values = {"name": name, "version": version}
    find = query("snapshots/find_scorecard")
    known = connection.execute(find, values).one_or_none()
    if known is None:  # only then, since each try to enter it would use up an id
        enter = {**values, "digest": digest, "body": body}
        connection.execute(query("snapshots/register_scorecard"), enter)
        known = connection.execute(find, values).one()
    if known.digest != digest:
        raise FixConfig(
            f"Scorecard {name} version {version} has changed since it was first used. Released "
            f"versions never change: restore the file, or save it as version {version + 1}."
        )
    return int(known.scorecard_id)


def load_series(
    connection: Connection, names: Sequence[str], *, last_day: date, **accounts: Unpack[Accounts]
) -> dict[str, tuple[Ids, Days, Floats]]:
    """Return (account_id, day, value) of each series up to a day, rows in no order.

    A series that has no row, or that nobody ever wrote, is three empty arrays.
    """
    found = {}
    for name in names:
        rows = copy_out(
            connection,
            query("snapshots/read_series"),
            {**accounts, "name": name, "last_day": last_day},
            {"account_id": "int4", "day": "date", "value": "float8"},
        )
        found[name] = (rows["account_id"], rows["day"], rows["value"])
    return found


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


def store_readings(
    connection: Connection,
    *,
    account_ids: Ids,
    as_of_days: Days,
    readings: Floats,
    **writer: Unpack[Writer],
) -> Stored:
    """Write readings, one line an account and day, in any order; NaN is unknown.

    What is stored already is not written again, what changed is a new revision: see `store_rows`.
    """
    return store_rows(
        connection,
        Target("reading", **writer),
        account_ids=account_ids,
        as_of_days=as_of_days,
        content={"readings": numbers("float8[]", readings)},
    )


def store_snapshots(connection: Connection, rows: SnapshotRows) -> Stored:
    """Write scores with all it takes to recompute them, by the rules of `store_rows`."""
    return store_rows(
        connection,
        Target("snapshot", rows.scorecard_id, rows.basis, rows.run_no),
        account_ids=rows.account_ids,
        as_of_days=rows.as_of_days,
        content=snapshot_columns(rows),
    )


def snapshot_columns(rows: SnapshotRows) -> dict[str, Column]:
    """Return what a digest covers; columns without nulls stand together, to be written as one."""
    nullable = (
        "score", "raw", "floor", "ceiling", "change_7d", "change_30d", "change_90d", "slope_30d",
    )  # fmt: skip
    return {
        **{name: floats(getattr(rows, name)) for name in nullable},
        "band": _or_unknown(rows.band, rows.bands),
        "direction": _or_unknown(rows.direction, rows.directions),
        "coverage": numbers("float8", rows.coverage),
        "categories": numbers("float8[]", rows.categories),
        "points": numbers("float8[]", rows.points),
        "readings": numbers("float8[]", rows.readings),
        "drivers": numbers("int2[]", rows.drivers),
    }


def _or_unknown(codes: NDArray[np.integer[Any]], words: Sequence[str]) -> Column:
    return coded(np.where(codes < 0, len(words), codes), [*words, "unknown"])


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


def load_history(connection: Connection, **limits: Unpack[Limits]) -> tuple[Ids, Days, Floats]:
    """Return (account_ids, days, scores): a line an account with any snapshot, a column a day.

    Every day of the range has its column. A score is that of the newest revision, live before
    reconstructed; NaN: unknown, or no snapshot.
    """
    found = copy_out(
        connection,
        query("snapshots/read_history"),
        {**limits},
        {"account_id": "int4", "as_of": "date", "rank": "int4", "score": "float8"},
    )
    first, last = ((limits[end] - EPOCH).days for end in ("first_day", "last_day"))
    days = np.arange(first, last + 1, dtype=np.int32)
    account_ids, lines = np.unique(found["account_id"], return_inverse=True)
    scores = np.full((len(account_ids), len(days)), np.nan)
    _, newest = newest_rows(found["account_id"], found["as_of"], found["rank"])
    scores[lines[newest], found["as_of"][newest] - first] = found["score"][newest]
    return account_ids, days, scores
