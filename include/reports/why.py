"""Why the accounts of a day scored as they did, each by the card that scored it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from include.pipeline import attribution
from include.warehouse.database import query


def reasons(
    connection: Connection, scorecard_ids: Sequence[int], as_of: date, accounts: Sequence[int]
) -> dict[int, str]:
    """Return by account the sentence that says what moved its score; none without a score.

    scorecard_ids: of the cards of one outcome.
    """
    binds = {
        "scorecard_ids": list(scorecard_ids), "as_of": as_of, "accounts": list(accounts),
    }  # fmt: skip
    by_card: dict[int, list[int]] = {}
    for row in connection.execute(query("reports/cards_on"), binds):
        by_card.setdefault(row.scorecard_id, []).append(row.account_id)
    found: dict[int, str] = {}
    for scorecard_id, own in by_card.items():
        found |= attribution.reasons(connection, scorecard_id, as_of, own)
    return found
