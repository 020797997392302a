"""What became of writes into the CRM: runs, refusals, edits by others, what was taken back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from include.warehouse.database import query

LAST_RUNS = 10
MOST_ROWS = 50


def status(connection: Connection, source: str) -> dict[str, Any]:
    """Return the last runs, and what stands open now, each list newest first.

    rejected: records whose last write the CRM refused. drift: fields that show another value than
    ours. words: overrides in fields of the CRM that cannot be applied. shown: records by the day
    that the CRM shows for them.
    """
    binds = {"source": source, "runs": LAST_RUNS, "rows": MOST_ROWS}
    parts = ("runs", "rejected", "drift", "undone", "words", "shown")
    return {part: _rows(connection, f"reports/crm/{part}", binds) for part in parts}


def skipped(connection: Connection, run_no: int) -> list[dict[str, Any]]:
    """Return the fields that were not restored when a run was taken back."""
    return _rows(connection, "reports/crm/skipped", {"run_no": run_no})


def _rows(connection: Connection, name: str, binds: Mapping[str, object]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query(name), binds).mappings()]
