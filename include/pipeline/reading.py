"""From series to readings: what was known of each customer account on each day of a span."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.pipeline import inputs
from include.pipeline.cards import enter
from include.pipeline.carrying import fill_live
from include.pipeline.choosing import is_ours
from include.pipeline.inputs import Place
from include.pipeline.job import Counts, Job, Run, stage
from include.pipeline.replay import take_over
from include.pipeline.spans import Span, blocks, count
from include.scoring.carry import Ages, carry_along, carry_days, write_ages
from include.scoring.family import combine, parts_of
from include.scoring.readings import NEVER
from include.scoring.readings import read as read_measures
from include.warehouse import snapshots
from include.warehouse.database import moment, transaction
from include.warehouse.histories import Accounts, Floats
from include.warehouse.intern import Coded
from include.warehouse.revisions import Stored
from include.warehouse.snapshots import Origins


@dataclass(frozen=True, slots=True)
class Grid:
    """Readings of a block's accounts on every day of a span.

    readings: (account, day, measure). is_known_then: of that shape, where a reading was taken over
    as it was stored live; ages: how many days old a reading is that was carried forward, else 0;
    None: nowhere. is_ours: (account, day) where the card scores the account if it is a customer;
    None: everywhere.
    """

    place: Place
    readings: Floats
    is_known_then: NDArray[np.bool_] | None
    ages: Ages | None = None
    is_ours: NDArray[np.bool_] | None = None

    @property
    def is_scored(self) -> NDArray[np.bool_]:
        """(account, day) where the account is a customer and the card's."""
        is_customer = np.not_equal(self.place.term_start, NEVER)
        return is_customer if self.is_ours is None else is_customer & self.is_ours


def read_span(job: Job, run: Run, span: Span, *, verb: str = "read") -> Counts:
    """Compute and store the readings of a span, a block of accounts at a time.

    A block is computed as of one moment, and stored beside what is there when it is done.
    verb: the stage of the run under which that is counted.
    """
    with stage(job, run, verb, span.label) as counts:
        back = 0 if span.basis == "live" else max(carry_days(span.card))
        scorecard_id = enter(job, span.card)
        for block in blocks(job, span, days=span.days + back):
            with moment(job.engine) as connection:
                grid = compute(connection, span, block)
            with transaction(job.engine) as connection:
                count(counts, _store(connection, (run, scorecard_id), span, grid))
    return counts


def compute(connection: Connection, span: Span, block: Accounts) -> Grid:
    """Read every measure of a block's accounts on every day of a span; nothing is written.

    Where the card says so, the last reading is carried forward into gaps: on a live day that of the
    day before as it was stored, on others by the same facts, or what was known then.
    """
    if span.basis == "live":
        grid = _compute(connection, span, block)
        today = grid.readings[:, 0]
        ages = fill_live(connection, span, block, grid.place.accounts, today)
        return replace(grid, ages=None if ages is None else ages[:, None])
    days = carry_days(span.card)
    if not any(days):
        return _compute(connection, span, block)
    wide = replace(span, first=span.first - timedelta(days=max(days)))
    grid = _compute(connection, wide, block)
    ages = carry_along(grid.readings, grid.is_scored, days)
    return _last_days(replace(grid, ages=ages), span.days)


def _last_days(grid: Grid, days: int) -> Grid:
    place, last = grid.place, np.s_[:, -days:]
    return Grid(
        Place(place.accounts, place.days[-days:], place.term_start[last]), grid.readings[last],
        None if grid.is_known_then is None else grid.is_known_then[last],
        None if grid.ages is None else grid.ages[last],
        None if grid.is_ours is None else grid.is_ours[last],
    )  # fmt: skip


def _compute(connection: Connection, span: Span, block: Accounts) -> Grid:
    terms = inputs.terms_of(connection, span, block)
    accounts = np.unique(terms.account_id)
    place = inputs.place_of(span, accounts, terms)
    readings = _read(connection, span, block, place)
    is_known_then = None
    if span.basis == "reconstructed" and span.as_known:
        is_known_then = take_over(connection, span, block, (accounts, place.days, readings))
    return Grid(place, readings, is_known_then, is_ours=is_ours(connection, span, place))


def _read(connection: Connection, span: Span, block: Accounts, place: Place) -> Floats:
    """Read a card's measures; with a family's choice, also those of the accounts below."""
    below = inputs.members_of(connection, span, block)
    whole = inputs.with_members(connection, span, place, below)
    specs = parts_of(span.card)
    series, blocked_by = inputs.load_series(connection, span, specs, whole, is_whole=False)
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


def _store(connection: Connection, by: tuple[Run, int], span: Span, grid: Grid) -> Stored:
    """Write what is scored. by: the run, and the card's id in the store."""
    run, scorecard_id = by
    line, column = np.nonzero(grid.is_scored)
    known, ages = grid.is_known_then, grid.ages
    origins = Origins(
        None if known is None else known[line, column],
        None if ages is None else Coded(*write_ages(ages[line, column], span.card.measure_names)),
    )
    return snapshots.store_readings(
        connection,
        scorecard_id=scorecard_id,
        basis=span.basis,
        run_no=run.run_no,
        account_ids=grid.place.accounts[line],
        as_of_days=grid.place.days[column],
        readings=grid.readings[line, column],
        origins=origins,
    )
