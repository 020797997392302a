"""Rows of health.account_day from memory into the store: all of them, or what differs from it.

The database would join what was computed with what is stored by their names; here both are numbers,
sorted and compared: a third of the time, and only what differs is sent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.warehouse.columns import numbers
from include.warehouse.copy import copy_in, driver
from include.warehouse.database import query

ENTRY = np.dtype([("series_id", ">i2"), ("account_id", ">i4"), ("day", ">i4"), ("value", ">f8")])
DAY_BITS, ACCOUNT_BITS = 23, 31  # of a key: days of four-digit years, and PostgreSQL's integers
BEFORE = 2**22  # added to days, so that none is negative


@dataclass(frozen=True, slots=True)
class SeriesRows:
    """Columns of one length; days since 1970-01-01; each series, account and day at most once."""

    series_id: NDArray[np.int16]
    account_id: NDArray[np.int32]
    day: NDArray[np.int32]
    value: NDArray[np.float64]

    def keys(self, ids: NDArray[np.int16]) -> NDArray[np.int64]:
        """One number a row that sorts as (series, account, day). ids: of all series, rising."""
        series = np.searchsorted(ids, self.series_id)
        return (((series << ACCOUNT_BITS) + self.account_id) << DAY_BITS) + (self.day + BEFORE)

    def chosen(self, places: NDArray[np.bool_] | NDArray[np.intp]) -> "SeriesRows":
        return SeriesRows(
            self.series_id[places], self.account_id[places], self.day[places], self.value[places]
        )


def write_new(connection: Connection, rows: SeriesRows) -> int:
    """Store rows none of which is there, and return how many."""
    order = np.argsort(rows.keys(np.unique(rows.series_id)))
    return _copy(connection, "health.account_day", rows.chosen(order))


def mend(connection: Connection, file: str, fresh: SeriesRows) -> tuple[int, int]:
    """Bring a file's series on the days in `touched` in line; return rows written and removed.

    fresh: all that holds on these days, and of no other day.
    """
    stored = _stored(connection, file)
    ids = np.unique(np.concatenate([fresh.series_id, stored.series_id]))
    fresh_keys, stored_keys = fresh.keys(ids), stored.keys(ids)
    order = np.argsort(stored_keys)
    is_same = np.zeros(len(fresh_keys), np.bool_)
    if len(order):
        after = np.searchsorted(stored_keys, fresh_keys, sorter=order)
        place = order[np.minimum(after, len(order) - 1)]
        is_same = (stored_keys[place] == fresh_keys) & (stored.value[place] == fresh.value)
    gone = stored.chosen(~np.isin(stored_keys, fresh_keys))
    if is_same.all() and not len(gone.day):
        return (0, 0)
    connection.exec_driver_sql("truncate other")
    _copy(connection, "other", fresh.chosen(~is_same))
    _copy(connection, "other", gone, has_values=False)
    connection.exec_driver_sql("analyze other")
    removed = connection.execute(query("rollup/remove_other")).rowcount
    return (connection.execute(query("rollup/write_other")).rowcount, removed)


def _stored(connection: Connection, file: str) -> SeriesRows:
    bound = query("rollup/stored").compile(dialect=connection.dialect)
    statement = f"copy ({bound.string}) to stdout (format binary)"
    with driver(connection).cursor() as cursor, cursor.copy(statement, {"file": file}) as copy:
        copy.set_types(["bytea"])
        found = np.frombuffer(b"".join(packed for (packed,) in copy.rows()), ENTRY)
    return SeriesRows(
        found["series_id"].astype(np.int16),
        found["account_id"].astype(np.int32),
        found["day"].astype(np.int32),
        found["value"].astype(np.float64),
    )


def _copy(connection: Connection, table: str, rows: SeriesRows, *, has_values: bool = True) -> int:
    columns = {
        "series_id": numbers("int2", rows.series_id),
        "account_id": numbers("int4", rows.account_id),
        "day": numbers("date", rows.day),
    }
    if has_values:
        columns["value"] = numbers("float8", rows.value)
    return copy_in(connection, table, columns)
