"""One account on one day: its snapshot, and its score taken apart with why each unknown is one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from include import reports
from include.errors import FixConfig
from include.reports.causes import known_of
from include.reports.matching import held_roles
from include.scoring.context import Context, stored_context
from include.scoring.explain import Explanation, take_apart
from include.scoring.family import parts_of
from include.scoring.scorecard import Scorecard
from include.warehouse import overrides
from include.warehouse.database import query

Row = Mapping[str, Any]


def account_day(
    connection: Connection, cards: Sequence[Scorecard], account_id: int, as_of: date | None
) -> tuple[Scorecard, Row, Explanation]:
    """Return an account's last snapshot up to `as_of`, and its score taken apart, by which card.

    cards: those of an outcome, or a single one. as_of None: the newest published day.
    origins: of a reconstructed row, for each measure whether it is as known then or computed later.
    held: of a live row, the roles that were unknown on that day because their links got lost.
    override: who overrode the score, why and until when; None: nobody did.
    """
    day = reports.published_day(connection, cards, None)
    binds = day.binds | {"account_id": account_id, "as_of": as_of or day.as_of}
    row = connection.execute(query("reports/account_day"), binds).mappings().one_or_none()
    if row is None:
        raise FixConfig(f"The account has no score on or before {binds['as_of']}.")
    card = day.cards[row["scorecard_id"]]
    found = {**row, "origins": _origins(card, row["basis"], row["origins"])}
    found["held"] = held_roles(connection, row["as_of"]) if row["basis"] == "live" else []
    shown = row["as_of"], row["basis"]
    at = known_of(connection, card, shown, [account_id], parts_of(card)).of(account_id)
    context = stored_context(row["context"])
    found["override"] = _override(connection, context)
    readings = np.array(row["readings"], np.float64)
    return card, found, take_apart(readings, card, at=at, context=context)


def _override(connection: Connection, context: Context) -> Row | None:
    """Return what people said for the override that acts; None: there is none, or it is gone."""
    if context.override is None:
        return None
    return overrides.look_up(connection, context.override.id)


def _origins(card: Scorecard, basis: str, letters: str | None) -> dict[str, str]:
    words = {"L": "as known then", "F": "from the facts"}
    letters = letters or ("L" if basis == "live" else "F") * len(card.measures)
    return {name: words[letter] for name, letter in zip(card.measure_names, letters, strict=True)}
