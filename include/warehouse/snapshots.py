"""What scoring writes: scorecards, readings, snapshots.

Days are numbers: days since 1970-01-01. Ranges of accounts and days include both ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import FixConfig
from include.warehouse.columns import Column, coded, floats, numbers
from include.warehouse.database import query
from include.warehouse.intern import Coded
from include.warehouse.revisions import Days, Ids, Stored, Target, store_rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Origins:
    """How readings came about.

    is_known_then: of their shape, which were taken over from live rows; None: none was.
    carried: for each row the JSON text of which readings are how many days old; None: none is.
    """

    is_known_then: NDArray[np.bool_] | None = None
    carried: Coded | None = None


NO_ORIGINS = Origins()
NEVER = -(10**6)  # as a day: before all others
UNKNOWN, THE_DAYS = -1, -2  # as confirmed bands; below these, words that no row should have


class Writer(TypedDict):
    scorecard_id: int
    basis: str
    run_no: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The columns that tell how sure a trend is and since when an account stands where it does.

    below_since: days since 1970-01-01, NEVER without. confirmed: a position in the scorecard's
    bands, UNKNOWN, or THE_DAYS where it is the band of the day.
    """

    slope_p: Floats
    streak_days: NDArray[np.int16]
    below_since: Days
    confirmed: NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class SnapshotRows:
    """Scores of one scorecard, one row an account and day, in any order. NaN is unknown.

    band, direction: positions in `bands` and `directions`; a negative one is "unknown".
    categories, points, readings, drivers: matrices with one line a row.
    base, fired, undecided: see `Scores`. context: see `include.scoring.context`; None: no row has
    any. standing None: no row says anything of it.
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
    base: Floats
    fired: NDArray[np.uint64]
    undecided: NDArray[np.uint64]
    context: Coded | None = None
    standing: Standing | None = None


def register_scorecard(
    connection: Connection, *, name: str, version: int, digest: str, body: str
) -> int:
    """Return the id of a scorecard, entering it where it is new; errors as `find_scorecard`."""
    found = find_scorecard(connection, name=name, version=version, digest=digest)
    if found is None:  # only then, since each try to enter it would use up an id
        enter = {"name": name, "version": version, "digest": digest, "body": body}
        connection.execute(query("snapshots/register_scorecard"), enter)
        found = find_scorecard(connection, name=name, version=version, digest=digest)
    assert found is not None, "it was entered above, or by somebody else"
    return found


def find_scorecard(connection: Connection, *, name: str, version: int, digest: str) -> int | None:
    """Return the id of a scorecard; None where it was never used.

    Raises FixConfig where this version is known with another digest: a released version never
    changes.
    """
    values = {"name": name, "version": version}
    known = connection.execute(query("snapshots/find_scorecard"), values).one_or_none()
    if known is None:
        return None
    if known.digest != digest:
        raise FixConfig(
            f"Scorecard {name} version {version} has changed since it was first used. Released "
            f"versions never change: restore the file, or save it as version {version + 1}."
        )
    return int(known.scorecard_id)


def store_readings(
    connection: Connection,
    *,
    account_ids: Ids,
    as_of_days: Days,
    readings: Floats,
    origins: Origins = NO_ORIGINS,
    **writer: Unpack[Writer],
) -> Stored:
    """Write readings, one line an account and day, in any order; NaN is unknown.

    What is stored already is not written again, what changed is a new revision: see `store_rows`.
    A row that only came by its readings in another way has not changed.
    """
    content = {"readings": numbers("float8[]", readings)}
    if origins.is_known_then is not None:
        content["origins"] = _letters(origins.is_known_then)
    if origins.carried is not None:
        content["carried"] = coded(origins.carried.codes, origins.carried.words, "jsonb")
    return store_rows(
        connection,
        Target("reading", **writer),
        account_ids=account_ids,
        as_of_days=as_of_days,
        content=content,
    )


def _letters(is_known_then: NDArray[np.bool_]) -> Column:
    """Say each row's origins in letters; null where all is from the facts."""
    patterns, codes = np.unique(is_known_then, axis=0, return_inverse=True)
    words = ["".join("FL"[int(one)] for one in pattern) for pattern in patterns]
    return coded(np.where(is_known_then.any(axis=1), codes.ravel(), -1), words)


def store_snapshots(
    connection: Connection, rows: SnapshotRows, *, kin: Sequence[int] = ()
) -> Stored:
    """Write scores with all it takes to recompute them, by the rules of `store_rows`.

    kin: see `Target`.
    """
    return store_rows(
        connection,
        Target("snapshot", rows.scorecard_id, rows.basis, rows.run_no, kin),
        account_ids=rows.account_ids,
        as_of_days=rows.as_of_days,
        content=snapshot_columns(rows),
    )


def snapshot_columns(rows: SnapshotRows) -> dict[str, Column]:
    """Return what a digest covers; columns without nulls stand together, to be written as one.

    The base is left out where it is the score: most rows have no rule that acts.
    """
    nullable = (
        "score", "raw", "floor", "ceiling", "change_7d", "change_30d", "change_90d", "slope_30d",
    )  # fmt: skip
    context = rows.context or Coded.none(len(rows.score))
    return {
        **{name: floats(getattr(rows, name)) for name in nullable},
        "base": floats(np.where(rows.base == rows.score, np.nan, rows.base)),
        "context": coded(context.codes, context.words, "jsonb"),
        **({} if rows.standing is None else _standing(rows.standing, rows.bands)),
        "band": _or_unknown(rows.band, rows.bands),
        "direction": _or_unknown(rows.direction, rows.directions),
        "coverage": numbers("float8", rows.coverage),
        "categories": numbers("float8[]", rows.categories),
        "points": numbers("float8[]", rows.points),
        "readings": numbers("float8[]", rows.readings),
        "drivers": numbers("int2[]", rows.drivers),
        "fired": numbers("int8", rows.fired.astype(np.int64)),
        "undecided": numbers("int8", rows.undecided.astype(np.int64)),
    }


def _standing(standing: Standing, bands: Sequence[str]) -> dict[str, Column]:
    since, codes = standing.below_since, standing.confirmed.astype(np.int64)
    codes = np.where(codes < 0, len(bands) + UNKNOWN - codes, codes)  # unknown is behind them
    codes = np.where(standing.confirmed == THE_DAYS, -1, codes)
    return {
        "slope_p": floats(standing.slope_p),
        "below_since": numbers("date", np.where(since == NEVER, 0, since), is_null=since == NEVER),
        "confirmed_band": coded(codes, [*bands, "unknown", "", "?"]),
        "streak_days": numbers("int2", standing.streak_days),
    }


def _or_unknown(codes: NDArray[np.integer[Any]], words: Sequence[str]) -> Column:
    return coded(np.where(codes < 0, len(words), codes), [*words, "unknown"])
