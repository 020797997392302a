"""The database: whether it answers, by which version, at which revision, by which clock."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, text

from include.doctor.found import Found
from include.warehouse.database import place_of
from include.warehouse.migrate import OLDEST_POSTGRES, current_revision, revisions

MOST_SKEW_S, LITTLE_SKEW_S = 60.0, 5.0


def database(engine: Engine, connection: Connection) -> Iterator[Found]:
    """Say which PostgreSQL answers, how large the store is, and how fast it answered."""
    started = time.perf_counter()
    number = int(connection.execute(text("show server_version_num")).scalar_one())
    took_ms = (time.perf_counter() - started) * 1000
    size = connection.execute(text("select pg_database_size(current_database())")).scalar_one()
    yield server(place_of(engine), number, int(size), took_ms)


def server(place: str, number: int, size: int, took_ms: float) -> Found:
    """number: as in server_version_num, 180004; size: bytes."""
    told = f"{place}, version {number // 10_000}.{number % 10_000}, {size / 2**20:,.0f} MiB"
    if number < OLDEST_POSTGRES * 10_000:
        words = f"{told}: version {OLDEST_POSTGRES} or later is needed. Move the store to one."
        return Found("database", "bad", words)
    return Found("database", "good", f"{told}, answers in {took_ms:.0f} ms")


def schema(connection: Connection) -> Iterator[Found]:
    """Compare the store's revision with the newest one that this program knows."""
    yield revision(current_revision(connection), revisions())


def revision(found: str | None, known: list[str]) -> Found:
    """found: the store's, None: it has no schema yet; known: the program's, oldest first."""
    if found == known[-1]:
        return Found("schema", "good", f"revision {found}, the newest one")
    if found is None:
        return Found("schema", "bad", "there is none yet. Run `health db upgrade`.")
    if found not in known:
        words = f"revision {found} is unknown here: a newer program made it. Update this one."
        return Found("schema", "bad", words)
    words = f"revision {found}; this program's is {known[-1]}. Dump, then run `health db upgrade`."
    return Found("schema", "bad", words)


def clock(connection: Connection) -> Iterator[Found]:
    """Compare our clock with the database's."""
    before = datetime.now(UTC)
    theirs: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    yield skew(before, theirs, datetime.now(UTC))


def skew(before: datetime, theirs: datetime, after: datetime) -> Found:
    """Say how far the database's clock lies outside of what ours said before and after asking."""
    ahead_s = max((theirs - after).total_seconds(), 0.0)
    behind_s = max((before - theirs).total_seconds(), 0.0)
    off_s = max(ahead_s, behind_s)
    if off_s < LITTLE_SKEW_S:
        return Found("clock", "good", f"ours and the database's differ by {off_s:.1f} s")
    which = "ahead of" if ahead_s > behind_s else "behind"
    words = (
        f"the database's is {off_s:,.0f} s {which} ours. Let both machines follow one time server."
    )
    return Found("clock", "bad" if off_s > MOST_SKEW_S else "look", words)
