"""A table as it leaves the store: typed columns, and rows that come as they are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection

from include.warehouse.database import query

Type = Literal["boolean", "integer", "bigint", "float", "decimal", "text", "date", "moment"]
Value = bool | int | float | Decimal | str | date | datetime | None

BATCH = 5_000  # rows in memory
TYPES: dict[int, Type] = {
    16: "boolean", 20: "bigint", 21: "integer", 23: "integer", 25: "text", 701: "float",
    1082: "date", 1184: "moment", 1700: "decimal",
}  # fmt: skip  # by PostgreSQL's own numbers of types, which never change
DECIMAL: Type = "decimal"


@dataclass(frozen=True, slots=True)
class Column:
    """about: what it says. digits, decimals: of a decimal, in all and behind the point."""

    name: str
    type: Type
    about: str = ""
    digits: int = 0
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """rows: read once, a tuple each in the order of columns; what is unknown is None."""

    columns: tuple[Column, ...]
    rows: Iterator[Sequence[Value]]


def stream(
    connection: Connection, statement: str, binds: Mapping[str, Any], about: Mapping[str, str]
) -> Table:
    """Run one statement with a cursor of the server's, so that memory does not grow with its rows.

    about: what columns say, by name; one that is not there has no words. A decimal has as many
    digits as the statement casts it to.
    """
    result = connection.execute(
        query(statement), binds, execution_options={"stream_results": True, "yield_per": BATCH}
    )
    assert result.cursor is not None
    described: Any = result.cursor.description
    columns = tuple(_column(one, about.get(one.name, "").rstrip(".")) for one in described)
    return Table(columns, (tuple(row) for row in result))


def _column(told: Any, about: str) -> Column:  # noqa: ANN401 - as psycopg tells it
    kind = TYPES[told.type_code]
    if kind != DECIMAL:
        return Column(told.name, kind, about)
    assert told.precision, f"{told.name}: a decimal needs its digits in the statement"
    return Column(told.name, kind, about, told.precision, told.scale)


def comments(connection: Connection, view: str) -> dict[str, str]:
    """Return what the columns of a view of health_bi say, by name."""
    rows = connection.execute(query("export/comments"), {"view": view})
    return {row.name: row.about or "" for row in rows}
