"""Land a stream: its pages into raw.record by COPY, where they count only once all have arrived.

A landing is a row of raw.batch. Its records are written in small transactions as they come, over
two connections because PostgreSQL's reading of jsonb takes longer than all the rest, and stay
invisible until the row gets its landed_at. A landing that was killed is swept away by the next one
of its stream. No more than a few pages are held in memory.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

import orjson
from sqlalchemy import Connection, Engine

from include.errors import RetryLater
from include.warehouse.database import query, transaction
from include.warehouse.page import Page, State
from include.warehouse.raw_copy import Writer, write_rejects
from include.warehouse.raw_rows import Batch, Rows, digests_of, sort_out
from include.warehouse.seen import Seen

ENOUGH_BYTES = 2**20  # for one COPY
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
) -> Landed:
    """Store the pages' records, new versions only and each record once, and the last page's state.

    RetryLater where another landing of the stream is under way or the database goes away; what
    reading the pages raises passes through. Then nothing of this landing counts: run it again.
    """
    with contextlib.ExitStack() as stack:
        close = getattr(pages, "close", None)
        if close is not None:
            stack.callback(close)
        stream_id = stack.enter_context(_alone(engine, source=source, vendor=vendor, stream=stream))
        batch = _open(engine, stream_id, run_id=run_id, as_of=as_of)
        writer = stack.enter_context(Writer(engine, batch))
        landing = Landing(engine, batch)
        for page in pages:
            landing.take(page, writer)
        return landing.close(writer)


def last_state(engine: Engine, source: str, stream: str) -> State | None:
    """Return where the stream's next landing starts; None before its first one."""
    names = {"source": source, "stream": stream}
    with transaction(engine) as connection:
        state: State | None = connection.execute(query("landing/state"), names).scalar()
    return state


@contextlib.contextmanager
def _alone(engine: Engine, *, source: str, vendor: str, stream: str) -> Iterator[int]:
    """Keep other landings of the stream out, and sweep away what a dead one has left."""
    names = {"source": source, "vendor": vendor, "stream": stream}
    with transaction(engine) as connection:
        stream_id: int = connection.execute(query("landing/stream"), names).scalar_one()
    with transaction(engine) as lock:
        if not lock.execute(query("landing/lock"), {"stream_id": stream_id}).scalar_one():
            raise RetryLater(f"{source}: another landing of {stream} is under way.")
        with transaction(engine) as connection:
            _sweep(connection, stream_id)
        yield stream_id


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
    """One landing under way: what it has counted, and the rows not yet given to the writer."""

    def __init__(self, engine: Engine, batch: Batch) -> None:
        self._engine = engine
        self._batch = batch
        self._began_s = time.monotonic()
        self._rows = Rows(batch)
        self._seen = Seen()
        self._suspects: list[bytes] = []
        self._received = self._unchanged = self._doubled = self._rejected = 0
        self._volatile: set[str] = set()
        self._state: State | None = None

    def take(self, page: Page, writer: Writer) -> None:
        """Count a page's records and pass on those whose bytes are new."""
        names, payloads, rejects = sort_out(page)
        digests = digests_of(payloads)
        if self._batch.has_past:
            fresh = self._fresh(names, digests)
            self._unchanged += len(names) - len(fresh)
            names, digests, payloads = (
                [items[place] for place in fresh] for items in (names, digests, payloads)
            )
        elapsed_us = int((time.monotonic() - self._began_s) * 1_000_000)
        self._rows.add(names, digests, payloads, moment_us=self._batch.opened_us + elapsed_us)
        self._suspects += self._seen.suspects(names)
        self._received += len(page.records)
        self._rejected += write_rejects(self._engine, self._batch, rejects)
        self._volatile.update(page.volatile)
        self._state = self._state if page.state is None else page.state
        if self._rows.size >= ENOUGH_BYTES:
            writer.write(self._rows.take())
        if len(self._suspects) > MOST_SUSPECTS:
            self._settle(writer)

    def close(self, writer: Writer) -> Landed:
        """Wait until all is written, drop what is no new version, and let the rest count."""
        self._settle(writer)
        with transaction(self._engine) as connection:
            self._unchanged += self._drop_unchanged(connection)
            changed = self._received - self._doubled - self._unchanged - self._rejected
            landed = Landed(self._received, self._doubled, self._unchanged, changed, self._rejected)
            state = None if self._state is None else orjson.dumps(self._state).decode()
            values = {"batch_id": self._batch.batch_id, "state": state, **landed.counts()}
            connection.execute(query("landing/close"), values)
        return landed

    def _settle(self, writer: Writer) -> None:
        """Write what is gathered, wait for it, and drop all but the newest of what came twice."""
        writer.write(self._rows.take())
        self._rejected += writer.finish()
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
