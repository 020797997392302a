"""What is said of the accounts of a day, each by the card that scored it."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from sqlalchemy import Connection

from include.pipeline import attribution
from include.pipeline.sides import load_sides
from include.reports import scored_by
from include.scoring.path import find_path


def reasons(
    connection: Connection, scorecard_ids: Iterable[int], as_of: date, accounts: Sequence[int]
) -> dict[int, str]:
    """Return by account the sentence that says what moved its score; none without a score.

    scorecard_ids: of the cards of one outcome.
    """
    found: dict[int, str] = {}
    for number, own in _by_card(connection, scorecard_ids, as_of, accounts).items():
        found |= attribution.reasons(connection, number, as_of, own)
    return found


def next_steps(
    connection: Connection, scorecard_ids: Iterable[int], as_of: date, accounts: Sequence[int]
) -> dict[int, str]:
    """Return by account the shortest way to the next band, by the measures' names.

    None where there is no such way.
    """
    found: dict[int, str] = {}
    for number, own in _by_card(connection, scorecard_ids, as_of, accounts).items():
        for now in load_sides(connection, number, as_of, own):
            for account, at in now.place.items():
                side = now.side.some(np.array([at], np.intp))
                path = find_path(side.readings[0], side.card, side.at)
                if path.steps:
                    found[account] = path.named
    return found


def _by_card(
    connection: Connection, scorecard_ids: Iterable[int], as_of: date, accounts: Sequence[int]
) -> dict[int, list[int]]:
    by_card: dict[int, list[int]] = {}
    for account, number in scored_by(connection, scorecard_ids, as_of, accounts).items():
        by_card.setdefault(number, []).append(account)
    return by_card
