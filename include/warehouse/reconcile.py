"""Compare the records of a stream with the ids that its vendor has.

Compared are the newest versions that landed and do not say that they are gone, with those that a
check has set aside: they are here. What was rejected at landing has no id here and stays missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from include.errors import RetryLater
from include.warehouse.copy import driver
from include.warehouse.database import query, transaction

COPY = "copy walked (record_id) from stdin"


@dataclass(frozen=True, slots=True)
class Difference:
    """here, there: how many living records. missing: ids that only the vendor has.

    gone: the records that only we have, by id, as they last were. set_aside: ids that both have,
    and of which a check has refused what we have.
    """

    here: int
    there: int
    missing: list[str]
    gone: dict[str, dict[str, Any]]
    set_aside: list[str]


def compare(  # noqa: PLR0913 - what names a stream and its records
    engine: Engine,
    *,
    source: str,
    stream: str,
    as_of: date,
    ids: Iterable[Sequence[str]],
    gone: str | None,
    reach_days: int | None,
) -> Difference:
    """Compare while the ids come; gone and reach_days as in `Gone`.

    RetryLater where a landing of the stream is half done: it must be finished first.
    """
    first_day = None if reach_days is None else as_of - timedelta(days=reach_days)
    names = {
        "source": source,
        "stream": stream,
        "gone": gone,
        "first_day": first_day and first_day.isoformat(),
        "last_day": as_of.isoformat(),
    }
    with transaction(engine) as connection:
        if connection.execute(query("reconcile/kept"), names).scalar_one():
            raise RetryLater(
                f"{source}.{stream}: a landing ended early; let a run finish it, then compare."
            )
        connection.execute(query("reconcile/walked"))
        _fill(connection, ids)
        connection.execute(query("reconcile/living"), names)
        counts = connection.execute(query("reconcile/counts")).one()
        missing = list(connection.execute(query("reconcile/missing")).scalars())
        set_aside = list(connection.execute(query("reconcile/set_aside"), names).scalars())
        lost = connection.execute(query("reconcile/gone")).all()
    return Difference(
        counts.here, counts.there, missing, {row.record_id: row.payload for row in lost}, set_aside
    )


def _fill(connection: Connection, ids: Iterable[Sequence[str]]) -> None:
    with driver(connection).cursor() as cursor, cursor.copy(COPY) as copy:
        for block in ids:
            for record_id in block:
                copy.write_row((record_id,))
