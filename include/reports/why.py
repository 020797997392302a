"""Why the accounts of a day scored as they did, each by the card that scored it."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from include.pipeline import attribution
from include.reports import scored_by


def reasons(
    connection: Connection, scorecard_ids: Iterable[int], as_of: date, accounts: Sequence[int]
) -> dict[int, str]:
    """Return by account the sentence that says what moved its score; none without a score.

    scorecard_ids: of the cards of one outcome.
    """
    by_card: dict[int, list[int]] = {}
    for account, number in scored_by(connection, scorecard_ids, as_of, accounts).items():
        by_card.setdefault(number, []).append(account)
    found: dict[int, str] = {}
    for number, own in by_card.items():
        found |= attribution.reasons(connection, number, as_of, own)
    return found
