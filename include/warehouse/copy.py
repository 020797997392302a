"""Bulk ways between numpy and PostgreSQL: columns into a table, and a statement's rows back.

Both run on the connection they are given, inside its transaction.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, TextClause

from include.warehouse.columns import EPOCH_DAYS, Column
from include.warehouse.encode import HEADER, TRAILER, encode

PACKED = """copy (
    select {arrays}
    from (
        select *, (row_number() over () - 1) / {rows} as block_no
        from ({statement}
        ) as result
    ) as numbered
    group by block_no
) to stdout (format binary)"""
Known = Literal["int2", "int4", "int8", "float8", "date", "float8[]"]
BLOCK_ROWS = 16_384
RESULTS: dict[Known, tuple[str, type[np.generic]]] = {
    "int2": (">i2", np.int16), "int4": (">i4", np.int32), "int8": (">i8", np.int64),
    "float8": (">f8", np.float64), "date": (">i4", np.int32), "float8[]": (">f8", np.float64),
}  # fmt: skip


def copy_in(
    connection: Connection,
    table: str,
    columns: Mapping[str, Column],
    *,
    chosen: NDArray[np.intp] | None = None,
) -> int:
    """Write columns of one length into `table` ("schema.name") and return the number of rows.

    chosen: positions of the rows to write, in that order; None: all of them.
    Table and column names come from our own code; they are quoted, but never from a vendor.
    Raises ValueError before anything is sent where a value does not fit its column.
    """
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver(connection).cursor() as cursor:
        blocks = encode(columns, chosen)
        first = next(blocks)
        with cursor.copy(statement) as copy:
            copy.write(first)
            for block in blocks:
                copy.write(block)
        return cursor.rowcount


def copy_out(
    connection: Connection,
    statement: TextClause,
    values: Mapping[str, Any],
    kinds: Mapping[str, Known],
) -> dict[str, NDArray[Any]]:
    """Return the columns of a statement as arrays of one length, in no particular order of rows.

    statement: a select with `:named` binds whose columns include those in `kinds`; none of them may
    be null, and all arrays of one column have the same length. A date becomes the number of days
    since 1970-01-01, float8[] a matrix with one line a row.

    The server packs each column of some thousand rows into one array: a message a row, as a bare
    COPY sends it, would cost the client five times as much as everything else.
    """
    bound = statement.compile(dialect=connection.dialect)
    packed = sql.SQL(PACKED).format(
        arrays=sql.SQL(", ").join(
            sql.SQL("array_agg({}::{})").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in kinds.items()
        ),
        rows=sql.Literal(BLOCK_ROWS),
        statement=sql.SQL(bound.string),
    )
    blocks: list[list[NDArray[Any]]] = [[_nothing(kind)] for kind in kinds.values()]
    with driver(connection).cursor() as cursor, cursor.copy(packed, dict(values)) as copy:
        for message in copy:
            for found, array in zip(blocks, _arrays(bytes(message), kinds), strict=False):
                found.append(array)
    return {
        name: np.concatenate(found[1:] or found) for name, found in zip(kinds, blocks, strict=True)
    }


def driver(connection: Connection) -> psycopg.Connection[Any]:
    """Return the psycopg connection below SQLAlchemy's, in the same transaction."""
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def _nothing(kind: Known) -> NDArray[Any]:
    return np.empty((0, 0) if kind == "float8[]" else 0, dtype=RESULTS[kind][1])


def _arrays(message: bytes, kinds: Mapping[str, Known]) -> Iterator[NDArray[Any]]:
    """Take one row of arrays apart; the header may stand before it, the trailer is none."""
    place = len(HEADER) if message.startswith(HEADER[:11]) else 0
    if message[place : place + 2] in (b"", TRAILER):
        return
    place += 2
    for name, kind in kinds.items():
        size, dimensions, has_null = struct.unpack_from(">iii", message, place)
        if has_null:
            raise ValueError(f"{name} is null in some row; copy_out needs a value in each")
        shape = struct.unpack_from(f">{2 * dimensions}i", message, place + 16)[::2]
        wire, native = RESULTS[kind]
        layout = np.dtype([("size", ">i4"), ("item", wire)])
        cells = np.frombuffer(message, layout, int(np.prod(shape)), place + 16 + 8 * dimensions)
        found = cells["item"].astype(native).reshape(shape)
        yield found + np.int32(EPOCH_DAYS) if kind == "date" else found
        place += 4 + size
