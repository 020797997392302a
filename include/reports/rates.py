"""What people ask about money: the rates there are, what they do not cover, what a day used."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from include.scoring.reading_parts import simple_parts
from include.scoring.reading_spec import Mean, Simple, Windowed
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query

Row = Mapping[str, Any]
# For each money series: which days of an invoice decide whether it is looked at.
LOOKED_AT = {"amount_due": "due_days", "amount_paid": "paid_days", "amount_overdue": "overdue_days"}
ALL_DAYS = 100_000


def rates_used(
    connection: Connection, card: Scorecard, snapshot: Row, *, time_zone: str
) -> list[Row]:
    """Return the rates by which an account's money readings and ARR were valued on a day.

    snapshot: its row of `reports.account_day`. Rates are shown as they stood when its run ended.
    """
    binds = {name: snapshot[name] for name in ("account_id", "as_of", "run_no")}
    return _rows(connection, "rates_used", {**binds, **looks_back(card), "time_zone": time_zone})


def looks_back(card: Scorecard) -> dict[str, int]:
    """Return how many days back a card's readings look for invoices due, paid, overdue; -1: none.

    Levels of what was due or paid look at all days; of what is overdue, at the day itself.
    """
    found = dict.fromkeys(LOOKED_AT.values(), -1)
    for part in (part for measure in card.measures for part in simple_parts(measure.reading)):
        if part.series in LOOKED_AT:
            kind = LOOKED_AT[part.series]
            found[kind] = max(found[kind], _days(part))
    return found


def _days(part: Simple) -> int:
    if isinstance(part, Windowed | Mean):
        return part.lag + part.window
    return getattr(part, "lag", 0) if part.series == "amount_overdue" else ALL_DAYS


def rates_on(connection: Connection, day: date) -> list[Row]:
    """Return for every currency in use the rate in force on a day, with its age and source."""
    return _rows(connection, "list_in_force", {"day": day})


def unvalued(connection: Connection, day: date, *, time_zone: str) -> list[Row]:
    """Return what has no value for want of a rate, by fact and currency, with what is at stake."""
    return _rows(connection, "list_unvalued", {"day": day, "time_zone": time_zone})


def _rows(connection: Connection, name: str, binds: Mapping[str, Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query(f"money/{name}"), binds).mappings()]
