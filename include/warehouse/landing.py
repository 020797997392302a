"""Land a stream: its pages into raw.record by COPY, where they count only once all have arrived.

A landing is a row of raw.batch. Its records are written in small transactions as they come, over
two connections because PostgreSQL's reading of jsonb takes longer than all the rest, and stay
invisible until the row gets its landed_at. No more than a few pages are held in memory.

One that ends early, or takes long, is kept up to the last page from which its source can go on, as
a row with a `resume`. It stays invisible until a later landing has brought the rest; then all of
them count at once. What was not kept is swept away by the next landing of the stream.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from include.errors import HealthError, RetryLater
from include.warehouse.database import query, transaction
from include.warehouse.forgetting import forgotten_in
from include.warehouse.page import Page, State
from include.warehouse.raw_copy import Writer, write_rejects
from include.warehouse.raw_rows import Batch, Rows, digests_of, sort_out, without_forgotten
from include.warehouse.redaction import Forgotten
from include.warehouse.seen import Seen

ENOUGH_BYTES = 2**20  # for one COPY
KEEP_EVERY_S = 300.0  # a landing that is killed loses no more
MOST_SUSPECTS = 10_000  # ids that may have come twice, before they are looked up


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of the records: received is the sum of the other four.

    duplicates: came before in this landing. unchanged: mean the same as the version we had.
    changed: new records and new versions. rejected: in raw.quarantine, with the reason.
    """

    received: int
    duplicates: int
    unchanged: int
    changed: int
    rejected: int

    def counts(self) -> dict[str, int]:
        return asdict(self)


def land(  # noqa: PLR0913 - all that names a landing
    engine: Engine,
    *,
    run_id: str,
    as_of: date,
    source: str,
    vendor: str,
    stream: str,
    pages: Iterable[Page],
    keep_every_s: float = KEEP_EVERY_S,
) -> Landed:
    """Store the pages' records, new versions only and each record once, and the last page's state.

    RetryLater where another landing of the stream is under way or the database goes away; what
    reading the pages raises passes through. Then nothing of this landing counts: run it again, with
    pages from `last_state`, which is where they ended if their source said how to go on.
    """
    with contextlib.ExitStack() as stack:
        close = getattr(pages, "close", None)
        if close is not None:
            stack.callback(close)
        alone = _alone(engine, source=source, vendor=vendor, stream=stream)
        lock, stream_id = stack.enter_context(alone)
        opened = partial(_open, engine, stream_id, run_id=run_id, as_of=as_of)
        forgotten = forgotten_in(engine, stream_id)
        writer = stack.enter_context(Writer(engine))
        landing = Landing(engine, opened(), writer, forgotten)
        try:
            for page in pages:
                landing.take(page)
                if page.resume is not None and landing.seconds >= keep_every_s:
                    landing.keep()
                    landing = Landing(engine, opened(), writer, forgotten)
        except Exception:
            with contextlib.suppress(HealthError):  # the database may be what failed
                landing.keep()
            raise
        return landing.close(lock)


def last_state(engine: Engine, source: str, stream: str) -> State | None:
    """Return where the stream's next landing starts; None before its first one.

    Where one ended early and was kept, that is where its source said that it can go on.
    """
    names = {"source": source, "stream": stream}
    with transaction(engine) as connection:
        state: State | None = connection.execute(query("landing/state"), names).scalar()
    return state


@contextlib.contextmanager
def _alone(
    engine: Engine, *, source: str, vendor: str, stream: str
) -> Iterator[tuple[Connection, int]]:
    """Keep other landings of the stream out, and sweep away what a dead one has left.

    Yields the transaction that holds the lock, and the stream's number.
    """
    names = {"source": source, "vendor": vendor, "stream": stream}
    with transaction(engine) as connection:
        stream_id: int = connection.execute(query("landing/stream"), names).scalar_one()
    with transaction(engine) as lock:
        if not lock.execute(query("landing/lock"), {"stream_id": stream_id}).scalar_one():
            raise RetryLater(f"{source}: another landing of {stream} is under way.")
        with transaction(engine) as connection:
            _sweep(connection, stream_id)
        yield lock, stream_id


def _sweep(connection: Connection, stream_id: int) -> None:
    dead = connection.execute(query("landing/sweep_batches"), {"stream_id": stream_id})
    batch_ids = list(dead.scalars())
    if batch_ids:
        connection.execute(query("landing/sweep_records"), {"batch_ids": batch_ids})
        connection.execute(query("landing/sweep_quarantine"), {"batch_ids": batch_ids})


def _open(engine: Engine, stream_id: int, *, run_id: str, as_of: date) -> Batch:
    row = {"stream_id": stream_id, "run_id": run_id, "as_of": as_of}
    with transaction(engine) as connection:
        has_past = connection.execute(query("landing/has_past"), row).scalar_one()
        opened = connection.execute(query("landing/open"), row).one()
    return Batch(opened.batch_id, stream_id, opened.opened_us, has_past)


class Landing:
    """One batch under way: what it has counted, and the rows not yet given to the writer."""

    def __init__(self, engine: Engine, batch: Batch, writer: Writer, forgotten: Forgotten) -> None:
        self._engine = engine
        self._forgotten = forgotten
        self._batch = batch
        self._writer = writer
        self._began_s = time.monotonic()
        self._rows = Rows(batch)
        self._seen = Seen()
        self._suspects: list[bytes] = []
        self._received = self._unchanged = self._doubled = self._rejected = 0
        self._volatile: set[str] = set()
        self._state: State | None = None
        self._resume: State | None = None

    @property
    def seconds(self) -> float:
        """How long it has been under way."""
        return time.monotonic() - self._began_s

    def take(self, page: Page) -> None:
        """Count a page's records and pass on those whose bytes are new."""
        names, payloads, rejects = sort_out(page)
        if self._forgotten:
            names, payloads = self._forgotten.in_landing(names, payloads)
            rejects = without_forgotten(rejects, self._forgotten)
        digests = digests_of(payloads)
        if self._batch.has_past:
            kept = self._seen.worth_writing(names, self._fresh(names, digests))
            self._unchanged += len(names) - len(kept)
            names, digests, payloads = (
                [items[place] for place in kept] for items in (names, digests, payloads)
            )
        elapsed_us = int(self.seconds * 1_000_000)
        self._rows.add(names, digests, payloads, moment_us=self._batch.opened_us + elapsed_us)
        self._suspects += self._seen.suspects(names)
        self._received += len(page.records)
        self._rejected += write_rejects(self._engine, self._batch, rejects)
        self._volatile.update(page.volatile)
        self._state = self._state if page.state is None else page.state
        self._resume = self._resume if page.resume is None else page.resume
        if self._rows.size >= ENOUGH_BYTES:
            self._writer.write(self._batch, self._rows.take())
        if len(self._suspects) > MOST_SUSPECTS:
            self._settle()

    def close(self, lock: Connection) -> Landed:
        """Wait until all is written, drop what is no new version, and let all of it count.

        What was kept before counts now as well, in the numbers too. It counts when the lock's
        transaction ends: a landing that lost its lock on the way counts for nothing.
        """
        self._settle()
        values = {**self._counted(lock), "state": as_text(self._state)}
        lock.execute(query("landing/close"), values)
        return Landed(*map(int, lock.execute(query("landing/complete"), values).one()))

    def keep(self) -> None:
        """Keep what came, for a landing that goes on from here; nothing if none could."""
        if self._resume is None:
            return
        self._settle()
        with transaction(self._engine) as connection:
            values = {**self._counted(connection), "resume": as_text(self._resume)}
            connection.execute(query("landing/keep"), values)

    def _counted(self, connection: Connection) -> dict[str, Any]:
        """Drop what is no new version; return what the batch's row says of the rest."""
        self._unchanged += self._drop_unchanged(connection)
        changed = self._received - self._doubled - self._unchanged - self._rejected
        counted = Landed(self._received, self._doubled, self._unchanged, changed, self._rejected)
        names = {"batch_id": self._batch.batch_id, "stream_id": self._batch.stream_id}
        return {**names, **counted.counts()}

    def _settle(self) -> None:
        """Write what is gathered, wait for it, and drop all but the newest of what came twice."""
        self._writer.write(self._batch, self._rows.take())
        self._rejected += self._writer.finish()
        values = {
            "batch_id": self._batch.batch_id,
            "stream_id": self._batch.stream_id,
            "record_ids": as_json(set(self._suspects)),
        }
        self._suspects = []
        with transaction(self._engine) as connection:
            self._doubled += connection.execute(query("landing/drop_duplicates"), values).rowcount

    def _drop_unchanged(self, connection: Connection) -> int:
        """Other bytes may mean the same: another order of keys, or a field that is volatile."""
        if not self._batch.has_past:
            return 0
        values = {"batch_id": self._batch.batch_id, "volatile": sorted(self._volatile)}
        return connection.execute(query("landing/drop_unchanged"), values).rowcount

    def _fresh(self, names: list[bytes], digests: list[bytes]) -> list[int]:
        """Return the places of the records whose newest version has another digest, or none."""
        values = {
            "batch_id": self._batch.batch_id,
            "stream_id": self._batch.stream_id,
            "record_ids": as_json(names),
            "digests": b"".join(digests),
        }
        with transaction(self._engine) as connection:
            return list(connection.execute(query("landing/fresh"), values).scalars())


def as_json(names: Iterable[bytes]) -> str:
    return orjson.dumps([name.decode() for name in names]).decode()


def as_text(state: State | None) -> str | None:
    return None if state is None else orjson.dumps(state).decode()
