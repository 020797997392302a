"""Whether each series keeps its word: computed in parts it is the whole, and so is what is stored.

Nothing is written: each file is asked three times, for all days of the chosen accounts, and for
parts of them that together are all, cut between accounts and between days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row

from include.series import SeriesFile, all_files
from include.warehouse.database import query, run_script
from include.warehouse.rollup import fill_fresh

PARTS = "computed in parts"
STORED = "stored"


@dataclass(frozen=True, slots=True)
class Difference:
    """One account-day on which a way of computing differs; None: no row, or one said twice."""

    way: str
    account_id: int
    day: str
    expected: float | None
    found: float | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One series: how many account-days were compared, and which of them differ."""

    name: str
    rows: int
    differences: tuple[Difference, ...]


def check_series(
    connection: Connection, binds: Mapping[str, object], *, accounts: int | None
) -> Iterator[Checked]:
    """Check every series on a fixed choice of so many accounts; None: on all there are.

    binds: what roll-ups run with. Needs a transaction of its own, for its temporary tables.
    """
    run_script(connection, "rollup/temporary")
    run_script(connection, "rollup/check/temporary")
    connection.execute(query("rollup/check/choose"), {"accounts": accounts})
    connection.exec_driver_sql("analyze checked")
    for file in all_files():
        yield from _check_file(connection, file, binds)


def pending(connection: Connection) -> int:
    """Count what changed since the last roll-up: the store need not be the whole there."""
    return int(connection.execute(query("rollup/check/pending")).scalar_one())


def _check_file(
    connection: Connection, file: SeriesFile, binds: Mapping[str, object]
) -> Iterator[Checked]:
    connection.exec_driver_sql("truncate computed")
    _compute(connection, file, binds, statement="touch_all", way="whole")
    if file.known is None:
        for half in (0, 1):
            for is_inner in (False, True):
                part = {**binds, "half": half, "is_inner": is_inner}
                _compute(connection, file, part, statement="touch_part", way=PARTS)
    connection.execute(query("rollup/check/keep_stored"), {"file": file.name})
    ways = [STORED] if file.known else [PARTS, STORED]
    found: dict[str, list[Difference]] = {}
    for way in ways:
        for row in connection.execute(query("rollup/check/differences"), {"way": way}):
            found.setdefault(row.name, []).append(_difference(row, way))
    rows = {row.name: row.rows for row in connection.execute(query("rollup/check/count"))}
    for name in sorted({*rows, *found}):
        yield Checked(name, rows.get(name, 0), tuple(found.get(name, ())))


def _compute(
    connection: Connection,
    file: SeriesFile,
    binds: Mapping[str, object],
    *,
    statement: str,
    way: str,
) -> None:
    connection.exec_driver_sql("truncate touched, fresh, fresh_known")
    connection.execute(query(f"rollup/check/{statement}"), binds)
    connection.exec_driver_sql("analyze touched")
    bounds = connection.execute(query("rollup/bounds")).one()._asdict()
    fill_fresh(connection, file, {**binds, **bounds})
    connection.execute(query("rollup/check/keep"), {"way": way})


def _difference(row: Row[tuple[object, ...]], way: str) -> Difference:
    return Difference(way, row.account_id, row.day.isoformat(), row.expected, row.found)
