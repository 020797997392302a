"""How many different users were there in the last n days: by how much that changes from day to day.

A member (a user, a feature) counts from a day on which it is seen until n - 1 days after it. The
database would sort millions of names to find out who comes again; here names become numbers,
account by account, and numbers are sorted: a tenth of the time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import RejectData
from include.warehouse.columns import coded, numbers
from include.warehouse.copy import copy_in, driver
from include.warehouse.database import query

KINDS = ("active_users_", "active_features_")
PARTED_BY = chr(1)
TYPES = ("int4", "int4", "int4", "bytea", "bytea", "text", "bytea", "text")
BATCH = 1_000_000  # members' days in work: some 100 bytes each
SHIFT = 32  # a key is owner or member above it, a day below it
BEFORE = 2**31  # added to days, so that none is negative

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seen:
    """Who was seen when, by member, then by day, each day once.

    owner: which range of whose days each member belongs to.
    """

    member: Ints
    day: Ints
    owner: Ints


@dataclass(frozen=True, slots=True)
class Range:
    """The days, both included, of which one kind of an account's members is asked for."""

    account_id: int
    first_day: int
    last_day: int
    kind: int


Row = tuple[int, int, int, bytes, bytes, str | None, bytes, str | None]
Named = tuple[Range, Ints, str | None]  # a day for each name, and the names


def write_windows(connection: Connection, statement: str, binds: Mapping[str, Any]) -> None:
    """Put into `fresh` by how much the members of each window change, for all touched ranges.

    statement: a file whose rows are those of series/members/usage. binds: `windows` are the days.
    """
    windows: Sequence[int] = binds["windows"]
    found: list[tuple[Ints, Ints, Ints, Ints]] = []
    for ranges, seen in _batches(_rows(connection, statement, binds)):
        limits = np.array([(one.first_day, one.last_day) for one in ranges]).T
        labels = np.array([(one.account_id, one.kind) for one in ranges]).T
        for place, window in enumerate(windows):
            owner, day, change = changes(seen, window, limits)
            name = labels[1][owner] * len(windows) + place
            found.append((labels[0][owner], name, day, change))
    if not found:
        return
    account_ids, names, days, values = (np.concatenate(part) for part in zip(*found, strict=True))
    words = [f"{kind}{window}d" for kind in KINDS for window in windows]
    columns = {
        "name": coded(names, words), "account_id": numbers("int4", account_ids),
        "day": numbers("date", days), "value": numbers("float8", values.astype(np.float64)),
    }  # fmt: skip
    copy_in(connection, "fresh", columns)


def changes(seen: Seen, window: int, limits: Ints) -> tuple[Ints, Ints, Ints]:
    """Return (owner, day, change) by owner and day, where the change is not 0.

    limits: the first and the last day of each owner, both included.
    """
    comes = (np.diff(seen.member, prepend=-1) != 0) | (np.diff(seen.day, prepend=0) > window)
    goes = np.append(comes[1:], True)[: len(comes)]
    owner = seen.owner[np.concatenate([seen.member[comes], seen.member[goes]])]
    day = np.concatenate([seen.day[comes], seen.day[goes] + window])
    sign = np.repeat(np.array([1, -1]), [np.count_nonzero(comes), np.count_nonzero(goes)])
    inside = (limits[0][owner] <= day) & (day <= limits[1][owner])
    key = _key(owner[inside], day[inside])
    order = np.argsort(key)
    key, running = key[order], np.cumsum(sign[inside][order])
    is_end = np.append(np.diff(key) != 0, True)[: len(key)]
    key, change = key[is_end], np.diff(running[is_end], prepend=0)
    key, change = key[change != 0], change[change != 0]
    return key >> SHIFT, _day(key), change


def _rows(connection: Connection, statement: str, binds: Mapping[str, object]) -> Iterator[Row]:
    bound = query(statement).compile(dialect=connection.dialect)
    used = {name: binds[name] for name in bound.params}
    with (
        driver(connection).cursor() as cursor,
        cursor.copy(f"copy ({bound.string}) to stdout (format binary)", used) as copy,
    ):
        copy.set_types(TYPES)
        yield from copy.rows()


def _batches(rows: Iterator[Row]) -> Iterator[tuple[list[Range], Seen]]:
    """Take ranges together until they are worth the while of a sort."""
    named: list[Named] = []
    size = 0
    for row in rows:
        for one in _named(row):
            named.append(one)
            size += len(one[1])
        if size >= BATCH:
            yield _numbered(named)
            named, size = [], 0
    if named:
        yield _numbered(named)


def _named(row: Row) -> Iterator[Named]:
    account_id, first_day, last_day, days, users, user_names, features, feature_names = row
    for kind, (times, names) in enumerate(((users, user_names), (features, feature_names))):
        days_of = np.repeat(_numbers(days), _numbers(times))
        yield Range(account_id, first_day, last_day, kind), days_of, names


def _numbers(sent: bytes) -> Ints:
    return np.frombuffer(sent, ">i4").astype(np.int64)


def _numbered(named: list[Named]) -> tuple[list[Range], Seen]:
    """Give every member a number, and bring all their days in order."""
    keys, owners = [], []
    members = 0
    for asked, days, names in named:
        found = names.split(PARTED_BY) if names is not None else []
        if len(found) != len(days):
            raise RejectData(
                f"Account {asked.account_id} has a user or feature with the character chr(1) in "
                "its name, or one without a name. Correct it at the source of usage."
            )
        codes: dict[str, int] = defaultdict(count(members).__next__)
        keys.append(_key(np.fromiter(map(codes.__getitem__, found), np.int64, len(found)), days))
        members += len(codes)
        owners.append(len(codes))
    key = np.sort(np.concatenate(keys))  # np.unique takes eight times as long
    key = key[np.diff(key, prepend=-1) != 0]
    seen = Seen(key >> SHIFT, _day(key), np.repeat(np.arange(len(named)), owners))
    return [asked for asked, _, _ in named], seen


def _key(high: Ints, day: Ints) -> Ints:
    return (high << SHIFT) + (day + BEFORE)


def _day(key: Ints) -> Ints:
    below: Ints = key & (2**SHIFT - 1)
    return below - BEFORE
