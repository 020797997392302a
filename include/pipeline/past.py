"""The scores before a span: what its trend looks back on.

Where an outcome has several cards, the days on which another one scored the account are part of its
history: a trend goes on when an account changes its segment and with it the card.
"""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from sqlalchemy import Connection

from include.pipeline.cards import register
from include.pipeline.circumstances import load
from include.pipeline.reading import compute
from include.pipeline.spans import Span
from include.scoring.score import score
from include.warehouse import histories
from include.warehouse.histories import Accounts, Floats
from include.warehouse.revisions import Ids

TREND_DAYS = 90


def past_scores(connection: Connection, span: Span, block: Accounts) -> tuple[Ids, Floats]:
    """Return (account_ids, scores): a line an account, a column a day, NaN unknown.

    The columns are the 90 days before the span and its own, on which only other cards' scores are
    known here. A live span looks back on what is stored, live before reconstructed; another one is
    computed from the same facts as itself.
    """
    first = span.first - timedelta(days=TREND_DAYS)
    yesterday = span.first - timedelta(days=1)
    before = [replace(span, first=first, last=yesterday)]
    before += [replace(span, card=other, first=first) for other in span.others]
    found = [
        _stored(connection, one, block)
        if span.basis == "live"
        else _computed(connection, one, block)
        for one in before
    ]
    accounts = np.unique(np.concatenate([account_ids for account_ids, _ in found]))
    scores = np.full((len(accounts), TREND_DAYS + span.days), np.nan)
    for account_ids, past in reversed(found):  # the card's own scores count where there are several
        lines, width = np.searchsorted(accounts, account_ids), past.shape[1]
        scores[lines, :width] = np.where(np.isnan(past), scores[lines, :width], past)
    return accounts, scores


def _stored(connection: Connection, before: Span, block: Accounts) -> tuple[Ids, Floats]:
    account_ids, _, past = histories.load_history(
        connection, bases=("live", "reconstructed"), scorecard_id=register(connection, before.card),
        first_day=before.first, last_day=before.last, **block,
    )  # fmt: skip
    return account_ids, past


def _computed(connection: Connection, before: Span, block: Accounts) -> tuple[Ids, Floats]:
    grid = compute(connection, before, block)
    past = np.full(grid.place.shape, np.nan)
    line, column = np.nonzero(grid.is_scored)
    accounts, days = grid.place.accounts[line], grid.place.days[column]
    at = load(connection, before.card, accounts, days, basis=before.basis).at
    past[line, column] = score(grid.readings[line, column], before.card, at).score
    return grid.place.accounts, past
