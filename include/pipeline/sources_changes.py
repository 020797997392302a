"""What sources changed for most accounts at once: what is held, what was let through, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from include.scoring.scorecard import Scorecard
from include.warehouse.database import query


def held_measures(connection: Connection, scorecard_id: int, as_of: date) -> list[str]:
    """Return the measures of a card that are held on a day, by name."""
    binds = {"scorecard_id": scorecard_id, "as_of": as_of}
    return list(connection.scalars(query("common_cause/held"), binds))


def by_source(connection: Connection, scorecard_id: int, first: date, last: date) -> dict[str, str]:
    """Return by measure what its source changed after `first`, up to `last`, and was let through.

    What a person released as the customers' own doing is not in it.
    """
    return {
        row.measure: _told(row)
        for row in _unusual(connection, scorecard_id, first, last)
        if row.as_of > first
        and (row.verdict in ("let_through", "reported") or row.released_as == "source")
    }


def held_sentence(connection: Connection, card: Scorecard, scorecard_id: int, as_of: date) -> str:
    """Say which measures that weigh are held on a day, and why; empty where none is."""
    labels = {
        measure.name: measure.label
        for measure, weight in zip(card.measures, card.effective_weights, strict=True)
        if weight
    }
    held = [
        row
        for row in _unusual(connection, scorecard_id, as_of, as_of)
        if row.verdict == "held" and row.released_as is None and row.measure in labels
    ]
    if not held:
        return ""
    names = " and ".join(labels[row.measure] for row in held)
    told = _told(max(held, key=lambda row: max(row.up, row.down)))
    return f"Held at the last reading before its source changed: {names} ({told})."


@dataclass(frozen=True, slots=True)
class Release:
    """A person's word that a measure is let through. as_what: source or customers: whose change.

    last: of the days on which it was held and that this is about.
    """

    measure: str
    last: date
    as_what: str
    who: str


def release(connection: Connection, scorecard_id: int, word: Release) -> list[date]:
    """Let a measure through from now on, and return the days on which it had been held."""
    binds = {
        "scorecard_id": scorecard_id, "measure": word.measure, "last_day": word.last,
        "released_as": word.as_what, "released_by": word.who,
    }  # fmt: skip
    return sorted(connection.scalars(query("common_cause/release"), binds))


def common_causes(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Return the days and measures that were no usual ones, newest first."""
    rows = connection.execute(query("common_cause/list"), {"limit": limit}).mappings()
    return [dict(row) for row in rows]


def _unusual(
    connection: Connection, scorecard_id: int, first: date, last: date
) -> Sequence[Row[Any]]:
    binds = {"scorecard_id": scorecard_id, "first_day": first, "last_day": last}
    return connection.execute(query("common_cause/verdicts"), binds).all()


def _told(row: Row[Any]) -> str:
    way, share = ("up", row.up) if row.up >= row.down else ("down", row.down)
    return f"it moved {way} for {share:.0%} of accounts on {row.as_of}"
