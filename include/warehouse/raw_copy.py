"""Write gathered rows into raw.record, and what PostgreSQL cannot hold into raw.quarantine."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

import psycopg
from psycopg import errors
from sqlalchemy import Engine

from include.errors import RetryLater
from include.warehouse.copy import driver
from include.warehouse.database import query, transaction
from include.warehouse.json_text import mended
from include.warehouse.raw_rows import (
    PIECES,
    Batch,
    Reject,
    copy_of,
    halves,
    reject_of,
    with_mended_payloads,
)

COPY = (
    "copy raw.record (batch_id, stream_id, record_id, observed_at, digest, payload) "
    "from stdin (format binary)"
)
# What PostgreSQL says of content, not of its own state: wrong data, too deep, too large.
CONTENT_ERRORS = (psycopg.DataError, errors.ProgramLimitExceeded, errors.StatementTooComplex)

COPIES = 2  # connections that write at the same time


class Writer:
    """Writes rows in threads, each with a connection of its own; leaving it waits for them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(COPIES, thread_name_prefix="landing")
        self._writes: deque[Future[int]] = deque()
        self._rejected = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def write(self, batch: Batch, pieces: list[Any]) -> None:
        """Write rows soon; wait while twice as many writes are waiting as can be under way."""
        if not pieces:
            return
        self._writes.append(self._pool.submit(write_rows, self._engine, batch, pieces))
        while len(self._writes) > 2 * COPIES:
            self._rejected += self._writes.popleft().result()

    def finish(self) -> int:
        """Wait for all writes; return how many records they rejected since the last time."""
        while self._writes:
            self._rejected += self._writes.popleft().result()
        rejected, self._rejected = self._rejected, 0
        return rejected


def write_rows(engine: Engine, batch: Batch, pieces: list[Any]) -> int:
    """Write rows in one transaction and return how many had to be rejected instead.

    A refused row fails the whole COPY, so it is mended where possible, else found by halving.
    """
    try:
        _copy(engine, batch, pieces)
    except CONTENT_ERRORS as error:
        repaired = with_mended_payloads(pieces)
        if repaired != pieces:
            return write_rows(engine, batch, repaired)
        if len(pieces) == PIECES:
            return write_rejects(
                engine, batch, [reject_of(pieces, str(error.diag.message_primary))]
            )
        return sum(write_rows(engine, batch, half) for half in halves(pieces))
    return 0


def write_rejects(engine: Engine, batch: Batch, rejects: Sequence[Reject]) -> int:
    """Write records that cannot be stored as such, with their reasons, and return how many."""
    if rejects:
        with transaction(engine) as connection:
            connection.execute(
                query("landing/reject"),
                {
                    "batch_id": batch.batch_id,
                    "stream_id": batch.stream_id,
                    "record_ids": [reject.record_id for reject in rejects],
                    "reasons": [reject.reason for reject in rejects],
                    "payloads": [mended(reject.payload).decode() for reject in rejects],
                    "are_json": [reject.is_json for reject in rejects],
                },
            )
    return len(rejects)


def _copy(engine: Engine, batch: Batch, pieces: list[Any]) -> None:
    with transaction(engine) as connection:
        held = connection.execute(query("landing/hold"), {"batch_id": batch.batch_id})
        if held.one_or_none() is None:
            raise RetryLater("The landing lost its lock to another one of its stream.")
        with driver(connection).cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(copy_of(pieces))
