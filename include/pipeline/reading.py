"""From series to readings: what was known of each customer account on each day of a span."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.pipeline import inputs
from include.pipeline.cards import register
from include.pipeline.inputs import Place
from include.pipeline.job import Counts, Job, Run, stage
from include.pipeline.replay import take_over
from include.pipeline.spans import Span, blocks, count
from include.scoring.family import combine, parts_of
from include.scoring.readings import NEVER
from include.scoring.readings import read as read_measures
from include.warehouse import snapshots
from include.warehouse.database import transaction
from include.warehouse.histories import Accounts, Floats
from include.warehouse.revisions import Stored


@dataclass(frozen=True, slots=True)
class Grid:
    """Readings of a block's accounts on every day of a span.

    readings: (account, day, measure). is_known_then: of that shape, where a reading was taken over
    as it was stored live; None: nowhere.
    """

    place: Place
    readings: Floats
    is_known_then: NDArray[np.bool_] | None

    @property
    def is_scored(self) -> NDArray[np.bool_]:
        """(account, day) where the account is a customer."""
        return np.not_equal(self.place.term_start, NEVER)


def read_span(job: Job, run: Run, span: Span) -> Counts:
    """Compute and store the readings of a span, a block of accounts at a time."""
    with stage(job, run, "read", span.label) as counts:
        for block in blocks(job, span, days=span.days):
            with transaction(job.engine) as connection:
                grid = compute(connection, span, block)
                count(counts, _store(connection, run, span, grid))
    return counts


def compute(connection: Connection, span: Span, block: Accounts) -> Grid:
    """Read every measure of a block's accounts on every day of a span; nothing is written."""
    terms = inputs.terms_of(connection, span, block)
    accounts = np.unique(np.array([row.account_id for row in terms], np.int32))
    place = inputs.place_of(span, accounts, terms)
    readings = _read(connection, span, block, place)
    is_known_then = None
    if span.basis == "reconstructed" and span.as_known:
        is_known_then = take_over(connection, span, block, (accounts, place.days, readings))
    return Grid(place, readings, is_known_then)


def _read(connection: Connection, span: Span, block: Accounts, place: Place) -> Floats:
    """Read a card's measures; with a family's choice, also those of the accounts below."""
    below = inputs.members_of(connection, span, block)
    whole = inputs.with_members(connection, span, place, below)
    specs = parts_of(span.card)
    series, blocked_by = inputs.load_series(connection, span, specs, whole)
    first_day, last_day = int(place.days[0]), int(place.days[-1])
    parts = read_measures(
        specs, series, accounts=len(whole.accounts), first_day=first_day, last_day=last_day,
        term_start=whole.term_start, blocked_by=blocked_by,
    )  # fmt: skip
    combined = combine(
        parts, span.card, members=inputs.as_members(below, whole), first_day=first_day,
        weights=inputs.weights_of(connection, span, whole), customers=whole.term_start != NEVER,
    )  # fmt: skip
    if len(whole.accounts) == len(place.accounts):
        return combined.readings
    return combined.readings[np.searchsorted(whole.accounts, place.accounts)]


def _store(connection: Connection, run: Run, span: Span, grid: Grid) -> Stored:
    line, column = np.nonzero(grid.is_scored)
    known = grid.is_known_then
    return snapshots.store_readings(
        connection,
        scorecard_id=register(connection, span.card),
        basis=span.basis,
        run_no=run.run_no,
        account_ids=grid.place.accounts[line],
        as_of_days=grid.place.days[column],
        readings=grid.readings[line, column],
        is_known_then=None if known is None else known[line, column],
    )
