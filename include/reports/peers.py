"""Where an account stands among the accounts of its segment. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection

from include.errors import FixConfig
from include.reports import find_account, published_day
from include.scoring.deck import label_of
from include.scoring.percentile import Standing, standing
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query


@dataclass(frozen=True, slots=True)
class Peers:
    """One account on a published day. segment: as it stood at its end; None: it has none.

    accounts: of the segment that were scored, this one among them, their scores known or not.
    at_least: so many known values make a group. categories: by name, in the card's order; only
    among the accounts that the same card scored, for another one's mean something else.
    """

    account_id: int
    scorecard: str
    crm_id: str
    name: str
    as_of: date
    segment: str | None
    accounts: int
    at_least: int
    score: Standing
    categories: Mapping[str, Standing]


def peers(
    connection: Connection, cards: Sequence[Scorecard], entered: str, as_of: date | None, *,
    at_least: int,
) -> Peers:  # fmt: skip
    """Compare the account that somebody means by an id or a name with its segment.

    cards: those of an outcome, or a single one.
    as_of: up to which day to look for the newest published one; None: any. Accounts without a
    segment are a segment. FixConfig where the account has no score on that day.
    """
    account, day = find_account(connection, entered), published_day(connection, cards, as_of)
    account_id = int(account["account_id"])
    binds = day.binds | {"account_id": account_id}
    rows = connection.execute(query("reports/peers"), binds).all()
    place = {row.account_id: at for at, row in enumerate(rows)}
    if account_id not in place:
        raise FixConfig(
            f"{account['name']} ({account['crm_id']}) was not scored on {day.as_of}; --as-of "
            "looks at another published day."
        )
    own = place[account_id]
    scores = np.array([row.score for row in rows], np.float64)
    number = rows[own].scorecard_id
    alike = [at for at, row in enumerate(rows) if row.scorecard_id == number]
    categories = np.array([rows[at].categories for at in alike], np.float64)
    card = day.cards[number]
    return Peers(
        account_id, label_of(card), account["crm_id"], account["name"], day.as_of,
        rows[own].segment, len(rows), at_least, standing(scores, own, at_least=at_least),
        {
            category.name: standing(categories[:, at], alike.index(own), at_least=at_least)
            for at, category in enumerate(card.categories)
        },
    )  # fmt: skip
