"""From a row of a warehouse to a record: what our columns are called there, and plain values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from include.errors import FixConfig
from include.vendor_settings.warehouse import COLUMNS, Fact, Table

KEYS: dict[Fact, tuple[str, ...]] = {
    "usage_day": ("account_key", "day"),
    "measures": ("account", "measure", "when", "who"),
}
MOMENTS = ("when", "created_at", "occurred_at")  # of keys and the like: always in one form

Record = dict[str, Any]
# The landing writes these as JSON, ten times as fast as by hand; a time without a zone is then read
# as UTC's, which is the store's.
AS_IT_IS = frozenset([str, int, bool, type(None), datetime, date])


@dataclass(frozen=True, slots=True)
class Columns:
    """Our columns that the table has, and theirs, in one order; cursor: theirs, or None."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    cursor: str | None

    def their(self, name: str) -> str | None:
        """What a column of ours is called there; None: the table has none."""
        return self.theirs[self.ours.index(name)] if name in self.ours else None


def key_of(fact: Fact) -> tuple[str, ...]:
    """Return the columns that make a record's id."""
    return KEYS.get(fact, COLUMNS[fact][0][:1])


def columns_of(fact: Fact, table: Table, there: Sequence[str], place: str) -> Columns:
    """Say which column is which; FixConfig names one that is not there, with the nearest that is.

    there: all columns of the table.
    """
    required, optional = COLUMNS[fact]
    wanted = {name: table.columns.get(name, name) for name in required + optional}
    for name, theirs in wanted.items():
        if theirs not in there and (name in table.columns or name in required):
            raise FixConfig(_missing(place, name, theirs, there))
    if table.cursor is not None and table.cursor not in there:
        raise FixConfig(_missing(place, "the cursor", table.cursor, there))
    ours = tuple(name for name, theirs in wanted.items() if theirs in there)
    return Columns(ours, tuple(wanted[name] for name in ours), table.cursor)


def _missing(place: str, name: str, theirs: str, there: Sequence[str]) -> str:
    near = get_close_matches(theirs, there, 1)
    hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(there) or 'none'}."
    return (
        f"{place}: there is no column {theirs} for {name}; {hint} Say which one it is under "
        "`columns` in health.yaml."
    )


def record_of(names: Sequence[str], row: Sequence[Any], key: Sequence[str]) -> Record:
    """Return a row by our names, each value as JSON can hold it, those of the key as text."""
    record = {
        name: value if type(value) in AS_IT_IS else plain(value)
        for name, value in zip(names, row, strict=False)
    }
    for name in key:
        if type(record[name]) is not str:
            record[name] = plain(record[name])
    return record


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any value of a database
    """Return a value as JSON can hold it; a time without a zone is UTC's.

    A whole number stays one, whatever the database keeps it as, so that it may be an id. Not a
    number is unknown.
    """
    match value:
        case None | bool() | int() | str():  # AS_IT_IS, and what is made of them
            return value
        case float():
            return None if math.isnan(value) else _whole(value)
        case Decimal():
            return None if value.is_nan() else _whole(value)
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
            return moment.isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    return str(value)


def _whole(value: float | Decimal) -> int | float | str:
    """Return 12.0 as 12; what has decimals keeps all of them."""
    if value == value // 1 and abs(float(value)) < 1e15:
        return int(value)
    return value if isinstance(value, float) else str(value)
