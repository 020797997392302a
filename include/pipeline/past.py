"""The scores before a span: what its trend looks back on.

Where an outcome has several cards, the days on which another one scored the account are part of its
history: a trend goes on when an account changes its segment and with it the card.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection

from include.pipeline.cards import register
from include.pipeline.circumstances import load
from include.pipeline.reading import compute
from include.pipeline.spans import Span, number
from include.scoring.score import score
from include.scoring.standing import LOOK_BACK
from include.warehouse import histories
from include.warehouse.histories import NO_SNAPSHOT, Accounts, History
from include.warehouse.revisions import Ids

TREND_DAYS = LOOK_BACK


def past_scores(connection: Connection, span: Span, block: Accounts) -> History:
    """Return scores and bands of (accounts, days): NaN and NO_SNAPSHOT where there is none.

    The columns are the 90 days before the span and its own, on which only other cards' scores are
    known here. A live span looks back on what is stored, live before reconstructed; another one is
    computed from the same facts as itself. Bands are positions in the span's card, -1 unknown; so
    is a band of another card that this one does not have.
    """
    first = span.first - timedelta(days=TREND_DAYS)
    yesterday = span.first - timedelta(days=1)
    before = [replace(span, first=first, last=yesterday)]
    before += [replace(span, card=other, first=first) for other in span.others]
    words = [band.name for band in span.card.bands]
    found = [
        _stored(connection, one, block, words)
        if span.basis == "live"
        else _computed(connection, one, block, words)
        for one in before
    ]
    return one_history(found, first, TREND_DAYS + span.days)


def one_history(found: Sequence[History], first: date, days: int) -> History:
    """Lay histories that begin on one day on each other: where several know a day, the first."""
    accounts = np.unique(np.concatenate([one.account_ids for one in found]))
    whole = no_history(accounts, first, days)
    for past in reversed(found):
        lines, columns = np.nonzero(past.bands != NO_SNAPSHOT)
        cells = (np.searchsorted(accounts, past.account_ids)[lines], columns)
        whole.scores[cells] = past.scores[lines, columns]
        whole.bands[cells] = past.bands[lines, columns]
    return whole


def no_history(accounts: Ids, first: date, days: int) -> History:
    """Return a history of accounts (ids, rising) on so many days, of which nothing is known."""
    shape = (len(accounts), days)
    numbers = np.arange(number(first), number(first) + days, dtype=np.int32)
    return History(accounts, numbers, np.full(shape, np.nan), np.full(shape, NO_SNAPSHOT, np.int8))


def _stored(connection: Connection, before: Span, block: Accounts, words: Sequence[str]) -> History:
    return histories.load_past(
        connection, bases=("live", "reconstructed"), bands=words,
        scorecard_id=register(connection, before.card), first_day=before.first,
        last_day=before.last, **block,
    )  # fmt: skip


def _computed(
    connection: Connection, before: Span, block: Accounts, words: Sequence[str]
) -> History:
    grid = compute(connection, before, block)
    past = no_history(grid.place.accounts, before.first, before.days)
    line, column = np.nonzero(grid.is_scored)
    accounts, days = grid.place.accounts[line], grid.place.days[column]
    at = load(connection, before.card, accounts, days, basis=before.basis).at
    scores = score(grid.readings[line, column], before.card, at)
    known = {word: code for code, word in enumerate(words)}
    codes = np.array([*(known.get(band.name, -1) for band in before.card.bands), -1], np.int8)
    past.scores[line, column], past.bands[line, column] = scores.score, codes[scores.band]
    return past
