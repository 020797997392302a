"""The rows of a PostHog query's answer, as records: decoded a few at a time.

A row holds the list of a day's users, and decoded it takes ten times its bytes. So an answer stays
bytes, and only the rows of the page that is being landed are decoded.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import orjson

from include.errors import RejectData
from include.sources.base import rows_of
from include.sources.http.answers import Body
from include.warehouse.json_text import mended

# The query's columns and the record's fields; "events" would also be the table's name.
COLUMNS = {
    "account_key": "account_key",
    "day": "day",
    "event_count": "events",
    "users": "users",
    "features": "features",
}


class _Answer(msgspec.Struct):
    """What is read of an answer. results: None where it tells an error."""

    results: list[msgspec.Raw] | None = None
    columns: Any = None
    hasMore: Any = None  # noqa: N815 - PostHog's name
    error: Any = None


ANSWER = msgspec.json.Decoder(_Answer)


def undecoded(body: bytes) -> Body:
    """Return an answer whose rows are still JSON."""
    return msgspec.structs.asdict(ANSWER.decode(body))


def row_of(columns: Sequence[str], row: msgspec.Raw) -> dict[str, Any]:
    """Return a row's values by the names of its columns."""
    return dict(zip(columns, orjson.loads(mended(bytes(row))), strict=True))


def records_of(body: Body) -> Iterator[dict[str, Any]]:
    """Yield the rows as records, by the names of their columns; their lists are sorted.

    Columns that were not asked for are left out; RejectData where one that was is missing.
    """
    columns = rows_of(body, "columns", "posthog: the query")
    if not set(COLUMNS) <= set(columns):
        raise RejectData(f"posthog: the query has columns {', '.join(map(str, columns))}.")
    for row in rows_of(body, "results", "posthog: the query"):
        values = row_of(columns, row)
        yield {field: _ordered(values[name]) for name, field in COLUMNS.items()}


def _ordered(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Sets come in any order; the same set must give the same record."""
    return sorted(value, key=str) if isinstance(value, list) else value
