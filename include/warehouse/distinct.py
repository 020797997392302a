"""What was used, and by how many different users in the last n days: by how much that changes.

A member (a user, a feature) counts from a day on which it is seen until n - 1 days after it. The
database would sort millions of names to find out who comes again; here names become numbers,
account by account, and numbers are sorted: a tenth of the time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import RejectData
from include.warehouse.columns import coded, numbers
from include.warehouse.copy import copy_in, driver
from include.warehouse.database import query
from include.warehouse.series_rows import SeriesRows, mend, write_new

KINDS = ("active_users_", "active_features_")
PARTED_BY = chr(1)
TYPES = ("int4", "int4", "int4", "bytea", "bytea", "bytea", "text", "bytea", "text")
BATCH = 1_000_000  # members' days in work: some 100 bytes each
SHIFT = 32  # a key is owner or member above it, a day below it
BEFORE = 2**31  # added to days, so that none is negative

ENTRY = np.dtype([("name", "i2"), ("account_id", "i4"), ("day", "i4"), ("value", "f8")])

Ints = NDArray[np.int64]
# By owner and day, in that order, each once: (owner, day, value).
Daily = tuple[Ints, Ints, Ints]


class Gathered(NamedTuple):
    """What series/usage.sql gathers of a range of an account's days, both included."""

    account_id: int
    first_day: int
    last_day: int
    days: bytes
    events: bytes
    users: bytes
    user_names: str | None
    features: bytes
    feature_names: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """Who was seen when, by member, then by day, each day once.

    owner: which range of whose days each member belongs to.
    """

    member: Ints
    day: Ints
    owner: Ints


def write_members(connection: Connection, statement: str, binds: Mapping[str, Any]) -> None:
    """Put into `fresh` events, and by how much the members of each window change.

    statement: a file whose rows are as in series/usage. binds: `windows` are the days.
    """
    names, found = _gather(connection, statement, binds)
    copy_in(
        connection,
        "fresh",
        {
            "name": coded(found["name"], names), "account_id": numbers("int4", found["account_id"]),
            "day": numbers("date", found["day"]), "value": numbers("float8", found["value"]),
        },
    )  # fmt: skip


def write_new_members(
    connection: Connection, file: str, binds: Mapping[str, Any], ids: Mapping[str, int]
) -> int:
    """Put the same into the store, where the accounts have no row of these series; return how many.

    ids: of the series, by name. Rows go in by the key, with no table between: three times as fast.
    """
    return write_new(connection, _gather_rows(connection, file, binds, ids))


def mend_members(
    connection: Connection, file: str, binds: Mapping[str, Any], ids: Mapping[str, int]
) -> tuple[int, int]:
    """Bring the store in line with the same; return how many rows were written and removed."""
    return mend(connection, file, _gather_rows(connection, file, binds, ids))


def _gather_rows(
    connection: Connection, file: str, binds: Mapping[str, Any], ids: Mapping[str, int]
) -> SeriesRows:
    names, found = _gather(connection, f"series/{file}", binds)
    series_id = np.array([ids[name] for name in names], np.int16)[found["name"]]
    return SeriesRows(series_id, found["account_id"], found["day"], found["value"])


def _gather(
    connection: Connection, statement: str, binds: Mapping[str, Any]
) -> tuple[list[str], NDArray[Any]]:
    """Return the names of the series, and ENTRY of all their days; name: a place in the names."""
    windows: Sequence[int] = binds["windows"]
    names = ["events", *(f"{kind}{window}d" for kind in KINDS for window in windows)]
    found = [np.empty(0, ENTRY)]
    for rows in _batches(_rows(connection, statement, binds)):
        account_ids = np.array([row.account_id for row in rows])
        for name, (owner, day, value) in enumerate(_series(rows, windows)):
            entries = np.empty(len(day), ENTRY)
            entries["name"], entries["account_id"] = name, account_ids[owner]
            entries["day"], entries["value"] = day, value
            found.append(entries)
    return names, np.concatenate(found)


def _series(rows: list[Gathered], windows: Sequence[int]) -> Iterator[Daily]:
    """Yield events, then users by window, then features by window; owners are places in `rows`."""
    limits = np.array([(row.first_day, row.last_day) for row in rows]).T
    counts = [len(row.days) // 4 for row in rows]
    owner = np.repeat(np.arange(len(rows)), counts)
    days = _numbers(b"".join(row.days for row in rows))
    yield _summed(owner, days, _numbers(b"".join(row.events for row in rows), ">i8"), limits)
    for times, names in (("users", "user_names"), ("features", "feature_names")):
        seen = _numbered(rows, [(getattr(row, times), getattr(row, names)) for row in rows])
        for window in windows:
            found = changes(seen, window, limits)
            is_any = found[2] != 0
            yield found[0][is_any], found[1][is_any], found[2][is_any]


def changes(seen: Seen, window: int, limits: Ints) -> Daily:
    """Return by how many there are more members than on the day before.

    limits: the first and the last day of each owner, both included.
    """
    comes = (np.diff(seen.member, prepend=-1) != 0) | (np.diff(seen.day, prepend=0) > window)
    goes = np.append(comes[1:], True)[: len(comes)]
    owner = seen.owner[np.concatenate([seen.member[comes], seen.member[goes]])]
    day = np.concatenate([seen.day[comes], seen.day[goes] + window])
    sign = np.repeat(np.array([1, -1]), [np.count_nonzero(comes), np.count_nonzero(goes)])
    return _summed(owner, day, sign, limits)


def _summed(owner: Ints, day: Ints, value: Ints, limits: Ints) -> Daily:
    """Add up by owner and day, leaving out days outside the owner's limits."""
    inside = (limits[0][owner] <= day) & (day <= limits[1][owner])
    key = _key(owner[inside], day[inside])
    order = np.argsort(key)
    key, running = key[order], np.cumsum(value[inside][order])
    is_end = np.append(np.diff(key) != 0, True)[: len(key)]
    return key[is_end] >> SHIFT, _day(key[is_end]), np.diff(running[is_end], prepend=0)


def _rows(
    connection: Connection, statement: str, binds: Mapping[str, object]
) -> Iterator[Gathered]:
    bound = query(statement).compile(dialect=connection.dialect)
    used = {name: binds[name] for name in bound.params}
    with (
        driver(connection).cursor() as cursor,
        cursor.copy(f"copy ({bound.string}) to stdout (format binary)", used) as copy,
    ):
        copy.set_types(TYPES)
        for row in copy.rows():
            yield Gathered(*row)


def _batches(rows: Iterator[Gathered]) -> Iterator[list[Gathered]]:
    """Take ranges together until they are worth the while of a sort."""
    batch: list[Gathered] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += int(_numbers(row.users).sum() + _numbers(row.features).sum())
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _numbers(sent: bytes, kind: str = ">i4") -> Ints:
    return np.frombuffer(sent, kind).astype(np.int64)


def _numbered(rows: list[Gathered], named: list[tuple[bytes, str | None]]) -> Seen:
    """Give every member a number, and bring all their days in order."""
    keys, owners = [], []
    members = 0
    for row, (times, names) in zip(rows, named, strict=True):
        days = np.repeat(_numbers(row.days), _numbers(times))
        found = names.split(PARTED_BY) if names is not None else []
        if len(found) != len(days):
            raise RejectData(
                f"Account {row.account_id} has a user or feature with the character chr(1) in "
                "its name, or one without a name. Correct it at the source of usage."
            )
        codes: dict[str, int] = defaultdict(count(members).__next__)
        keys.append(_key(np.fromiter(map(codes.__getitem__, found), np.int64, len(found)), days))
        members += len(codes)
        owners.append(len(codes))
    key = np.sort(np.concatenate(keys))  # np.unique takes eight times as long
    key = key[np.diff(key, prepend=-1) != 0]
    return Seen(key >> SHIFT, _day(key), np.repeat(np.arange(len(rows)), owners))


def _key(high: Ints, day: Ints) -> Ints:
    return (high << SHIFT) + (day + BEFORE)


def _day(key: Ints) -> Ints:
    below: Ints = key & (2**SHIFT - 1)
    return below - BEFORE
