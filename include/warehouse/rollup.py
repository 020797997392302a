"""From facts to additive series by day: what changes of facts touched is computed again.

The store notes every change of a fact (schema 0010). A roll-up takes these notes, finds for each
file of series which days of which accounts are stale, and has the file compute those days alone.
Taking a note and writing what follows from it are one transaction each, so that a kill loses
nothing; a file that is new or changed, or is read in another time zone, touches everything once.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection, Engine

from include.series import DEFAULT_WINDOW, SeriesFile, all_files, in_use
from include.settings import Settings
from include.warehouse.database import query, run_script, transaction
from include.warehouse.distinct import mend_members, write_members, write_new_members

WINDOWS = (DEFAULT_WINDOW,)
# Account-days computed in one transaction, and what an account with all its days counts as; and
# how many such transactions run side by side: the database works while we sort, and on more cores.
SHARD_DAYS = 500_000
WIDTH = 4
LONGEST_HISTORY = 400
# Ranges of touched days that begin within so many days of the newest one are computed together.
NEAR_DAYS = 62

Binds = Mapping[str, object]


def roll_up(
    engine: Engine,
    settings: Settings,
    *,
    windows: Sequence[int] = WINDOWS,
    width: int = WIDTH,
    shard_days: int = SHARD_DAYS,
) -> dict[str, int]:
    """Bring all series in line with the facts, up to `width` ranges of accounts at the same time.

    windows: the days for which series with `{n}` in their name are kept. Rows that are right
    already are not touched, so a second run writes nothing. The first error ends it when the ranges
    under way have ended; what they have written stands, and the next roll-up does the rest.
    """
    note_touched(engine, settings, windows=windows)
    one = partial(_roll_up_shard, engine, statement_binds(settings, windows))
    counts = Counter(written=0, removed=0)
    with ThreadPoolExecutor(width, thread_name_prefix="roll-up") as pool:
        begun = [pool.submit(one, *shard) for shard in touched_shards(engine, shard_days)]
        try:
            for done in begun:
                counts.update(done.result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    with transaction(engine) as connection:
        if connection.execute(query("rollup/is_outgrown"), counts).scalar_one():
            connection.exec_driver_sql("analyze health.account_day")
    return dict(counts)


def keep_recent_key(engine: Engine, *, newest: date) -> None:
    """Keep a small key of the newest months of series, for the days that are read each night.

    newest: the day that is read. Moved once a month, and not back for an older day.
    """
    with transaction(engine) as connection:
        connection.execute(query("rollup/keep_recent_key"), {"newest": newest})


def _roll_up_shard(
    engine: Engine, binds: Binds, first_account: int, last_account: int
) -> dict[str, int]:
    """Compute what was noted of these accounts, both ends included, in one transaction."""
    shard = {"first_account": first_account, "last_account": last_account}
    counts = {"written": 0, "removed": 0}
    with transaction(engine) as connection:
        connection.execute(query("rollup/lock_shared"))
        run_script(connection, "rollup/temporary")
        connection.execute(query("rollup/take"), shard)
        taken = set(connection.scalars(query("rollup/list_taken")))
        for file in all_files():
            if file.name in taken:
                written, removed = _roll_up_file(connection, file, binds)
                counts["written"] += written
                counts["removed"] += removed
    return counts


def statement_binds(settings: Settings, windows: Sequence[int]) -> Binds:
    """What every file of series may refer to."""
    return {
        "time_zone": settings.time_zone,
        "windows": sorted(set(windows)),
        "longest_window": max(windows),
    }


def note_touched(engine: Engine, settings: Settings, *, windows: Sequence[int] = WINDOWS) -> None:
    """Turn all changes of facts into stale account-days, and touch all days of changed files."""
    reaches = [
        {
            "file": file.name,
            "fact": reach.fact,
            "days": max(windows) if reach.per_window else reach.days,
        }
        for file in all_files()
        for reach in file.touched_by
    ]
    with transaction(engine) as connection:
        connection.execute(query("rollup/lock"))
        connection.execute(query("rollup/mend_totals"))
        for file in _changed_files(connection, settings, windows):
            connection.execute(query("rollup/touch_everything"), {"file": file})
        connection.exec_driver_sql("analyze core.change")  # used up and filled anew each night
        connection.execute(
            query("rollup/resolve"),
            {"reaches": json.dumps(reaches), "time_zone": settings.time_zone},
        )


def touched_shards(engine: Engine, shard_days: int = SHARD_DAYS) -> list[tuple[int, int]]:
    """Cut the accounts with stale days into ranges (both ends included) of bounded work."""
    binds = {"shard_days": shard_days, "longest_history": LONGEST_HISTORY}
    with transaction(engine) as connection:
        found = connection.execute(query("rollup/shards"), binds).all()
    return [(row.first_account, row.last_account) for row in found]


def _roll_up_file(connection: Connection, file: SeriesFile, binds: Binds) -> tuple[int, int]:
    """Compute the touched days of one file; returns how many rows were written and removed."""
    written = removed = 0
    for is_near in (True, False):
        connection.exec_driver_sql("truncate touched, fresh, fresh_known")
        place = {**binds, "file": file.name, "near_days": NEAR_DAYS, "is_near": is_near}
        if connection.execute(query("rollup/set_touched"), place).rowcount:
            done = _compute(connection, file, binds)
            written, removed = written + done[0], removed + done[1]
    return written, removed


def _compute(connection: Connection, file: SeriesFile, binds: Binds) -> tuple[int, int]:
    """Have a file compute what stands in `touched`, and bring the store in line with it."""
    connection.exec_driver_sql("analyze touched")
    bounds = connection.execute(query("rollup/bounds")).one()._asdict()
    place = {**bounds, "file": file.name}
    is_new = not connection.execute(query("rollup/has_rows"), place).scalar_one()
    if file.has_members:
        ids = connection.execute(query("rollup/series_ids"), place).all()
        named = {row.name: row.series_id for row in ids}
        if is_new:
            return (write_new_members(connection, file.name, {**binds, **bounds}, named), 0)
        return mend_members(connection, file.name, {**binds, **bounds}, named)
    fill_fresh(connection, file, {**binds, **bounds})
    if file.known is not None:
        removed = connection.execute(query("rollup/remove_unknown"), {"role": file.role})
        return (connection.execute(query("rollup/write_known")).rowcount, removed.rowcount)
    connection.exec_driver_sql("analyze fresh")
    if is_new:
        return (connection.execute(query("rollup/write_new"), place).rowcount, 0)
    removed = connection.execute(query("rollup/remove_stale"), place)
    written = connection.execute(query("rollup/write_fresh"), place)
    return (written.rowcount, removed.rowcount)


def fill_fresh(connection: Connection, file: SeriesFile, binds: Binds) -> None:
    """Have a file compute what stands in `touched`."""
    if file.has_members:
        write_members(connection, f"series/{file.name}", binds)
    else:
        connection.execute(query(f"series/{file.name}"), binds)


def _changed_files(
    connection: Connection, settings: Settings, windows: Sequence[int]
) -> Iterator[str]:
    """Yield the files that are not what they were, and write down what they are."""
    stored = {row.file: row.fingerprint for row in connection.execute(query("rollup/list_files"))}
    measures = list(connection.scalars(query("rollup/measures")))
    now = {file.name: fingerprint(file, settings, windows, measures) for file in all_files()}
    if stored != now:
        _write_series(connection, windows, measures)
    for file, value in now.items():
        if stored.get(file) != value:
            connection.execute(query("rollup/write_file"), {"file": file, "fingerprint": value})
            yield file


def fingerprint(
    file: SeriesFile, settings: Settings, windows: Sequence[int], measures: Sequence[str]
) -> str:
    """A digest of all that decides what a file computes, beside the facts.

    measures: those that people entered, each of which has a series.
    """
    used = sorted(set(windows)) if file.has_windows else []
    entered = [list(measures)] if file.has_measures else []
    text = json.dumps([file.digest, settings.time_zone, used, *entered])
    return sha256(text.encode()).hexdigest()


def _write_series(connection: Connection, windows: Sequence[int], measures: Sequence[str]) -> None:
    """Bring the list of series in line with the files; what nobody declares any more goes."""
    declared = [asdict(series) for series in in_use(all_files(), windows, measures)]
    names = {"names": [series["name"] for series in declared]}
    connection.execute(query("rollup/write_series"), {"declared": json.dumps(declared)})
    for statement in ("forget_series", "forget_totals", "drop_series"):
        connection.execute(query(f"rollup/{statement}"), names)
