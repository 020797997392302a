"""Who set an account's pulse, when and why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from include.say import written
from include.warehouse.database import query


def pulse_on(connection: Connection, account_id: int, as_of: date) -> Mapping[str, Any] | None:
    """Return the pulse as it stood at the end of a day; None where nobody had set one."""
    binds = {"account_id": account_id, "as_of": as_of}
    row = connection.execute(query("reports/pulse"), binds).mappings().one_or_none()
    return None if row is None else dict(row)


def pulse_words(pulse: Mapping[str, Any]) -> str:
    """Say it in a sentence."""
    value = "cleared" if pulse["value"] is None else f"set to {written(pulse['value'])}"
    author = pulse["author"] or ""
    by = f" by {'' if '@' in author else 'user '}{author}" if author else ""
    why = f": {pulse['reason']}" if pulse["reason"] else ""
    return f"The pulse was {value} on {pulse['occurred_at']:%Y-%m-%d}{by}{why}"
