"""Stored scores of a day as one side of a change: readings, circumstances, card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row

from include.errors import RejectData
from include.scoring.context import Context, circumstances_of, read_context
from include.scoring.scorecard import Scorecard
from include.scoring.side import Side
from include.warehouse.database import query


@dataclass(frozen=True, slots=True)
class StoredSide:
    """Stored scores of one day and card. rows: one an account, in the order of the side."""

    side: Side
    rows: Sequence[Row[Any]]

    @property
    def scorecard_id(self) -> int:
        return int(self.rows[0].scorecard_id)

    @property
    def place(self) -> dict[int, int]:
        """By account, its row."""
        return {row.account_id: at for at, row in enumerate(self.rows)}


def load_sides(
    connection: Connection, scorecard_id: int, as_of: date, accounts: Sequence[int], *,
    others: bool = False,
) -> list[StoredSide]:  # fmt: skip
    """Return the scores of accounts on a day, a side a card; accounts without a score are left out.

    others: where an account has no score by this card, that by another one of its outcome.
    """
    binds = {
        "scorecard_id": scorecard_id, "as_of": as_of, "accounts": list(accounts), "others": others,
    }  # fmt: skip
    rows = connection.execute(query("attribution/sides"), binds).all()
    by_card: dict[int, list[Row[Any]]] = {}
    for row in rows:
        by_card.setdefault(row.scorecard_id, []).append(row)
    return [_side(_stored_card(connection, number), as_of, own) for number, own in by_card.items()]


def _stored_card(connection: Connection, scorecard_id: int) -> Scorecard:
    binds = {"scorecard_id": scorecard_id}
    row = connection.execute(query("attribution/card"), binds).one()
    return Scorecard.model_validate_json(row.body)


def _side(card: Scorecard, as_of: date, rows: Sequence[Row[Any]]) -> StoredSide:
    contexts = [_context(row, as_of) for row in rows]
    carried = np.array([[name in one.carried for name in card.measure_names] for one in contexts])
    readings = np.array([row.readings for row in rows], np.float64)
    at = circumstances_of(np.arange(len(rows)), contexts)
    return StoredSide(Side.scored(card, readings, at, carried), rows)


def _context(row: Row[Any], as_of: date) -> Context:
    context = read_context(row.context)
    if context is None:
        raise RejectData(
            f"What the score of account {row.account_id} on {as_of} stood on cannot be read; "
            f"`health verify --as-of {as_of}` shows all such scores."
        )
    return context
