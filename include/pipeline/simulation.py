"""History scored under a draft card beside a live one. Nothing is stored, not even the card.

Both cards are scored from the same readings, made as a backfill makes them: where any card read an
account live on a day, what was known then; else the facts at hand. Accounts are the customers of
each day by the facts at hand, those that the draft applies to at the end of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import compress

import numpy as np
from sqlalchemy import Connection

from include.errors import FixConfig
from include.pipeline.circumstances import load
from include.pipeline.draft import Joint, join
from include.pipeline.job import Job
from include.pipeline.reading import compute
from include.pipeline.spans import Span, blocks, number
from include.pipeline.tally import Day, Seen, Shown, Tally
from include.scoring.carry import carry_days
from include.scoring.deck import applies_words, label_of
from include.scoring.moves import Move
from include.scoring.reading_parts import series_of
from include.scoring.readings import NEVER
from include.scoring.score import score as score_rows
from include.scoring.scorecard import Scorecard
from include.warehouse.database import moment, query
from include.warehouse.histories import Accounts

DAILY = 60  # days of a range in which every day is shown; of a longer one, a day a week is
MOVERS = 15


@dataclass(frozen=True, slots=True)
class Mover:
    """One account that a draft moves."""

    account_id: int
    crm_id: str
    name: str
    segment: str
    live_band: str
    draft_band: str
    move: Move


@dataclass(frozen=True, slots=True)
class Simulation:
    """days: those that were scored, rising; `every` says which. first, last: these days whole.

    applies_to: of the draft. customers: all there are on the last day, whatever it applies to.
    missing_series: what the draft reads and the store does not have, so that it is unknown.
    arr_unvalued: accounts whose ARR on the last day cannot be converted into the currency.
    """

    live: str
    draft: str
    first_day: date
    last_day: date
    every: str
    currency: str
    applies_to: dict[str, tuple[str, ...]]
    customers: int
    missing_series: tuple[str, ...]
    arr_unvalued: int
    days: tuple[Day, ...]
    first: Shown
    last: Shown
    movers: tuple[Mover, ...]


def simulate(
    job: Job, cards: tuple[Scorecard, Scorecard], first: date, last: date, *, movers: int = MOVERS
) -> Simulation:
    """Score a range of days (both included) under two cards, the live one and the draft.

    movers: how many accounts to name at most.

    Raises FixConfig for a range that is empty, goes beyond the newest day that was run, or has no
    customer that the draft applies to. PostgreSQL itself is told to refuse whatever would write.
    """
    live, draft = cards
    joint, days = join(live, draft), days_of(first, last)
    span = Span(joint.card, first, last, "reconstructed")
    with moment(job.engine) as connection:
        _refuse_future(connection, last)
        tally = Tally(cards, days, movers)
        for block in blocks(job, span, days=span.days + max(carry_days(joint.card))):
            _add(connection, tally, (span, joint), block)
        if not tally.rows:
            raise FixConfig(_nobody(draft, first, last))
        named = _named(connection, tally)
        missing = _missing(connection, draft)
    shown = tally.shown()
    return Simulation(
        live=label_of(live), draft=label_of(draft), first_day=first, last_day=last,
        every="day" if len(days) == span.days else "week",
        currency=job.settings.reporting_currency, applies_to=draft.applies_to,
        customers=tally.customers, missing_series=missing, arr_unvalued=tally.arr_unvalued,
        days=tally.days(), first=shown[0], last=shown[-1], movers=named,
    )  # fmt: skip


def days_of(first: date, last: date) -> tuple[date, ...]:
    """Return every day of up to 60 (both ends included); of more, each 7th from the last back.

    The first one is there in any case. FixConfig where the range is empty.
    """
    if first > last:
        raise FixConfig(f"The range ends ({last}) before it begins ({first}).")
    length = (last - first).days
    step = 1 if length < DAILY else 7
    back = {last - timedelta(days=ago) for ago in range(0, length + 1, step)}
    return tuple(sorted(back | {first}))


def _add(connection: Connection, tally: Tally, work: tuple[Span, Joint], block: Accounts) -> None:
    """Read a block on all days at once, and score it on those that are shown."""
    span, joint = work
    grid = compute(connection, span, block)
    tally.customers += int(np.sum(grid.place.term_start[:, -1] != NEVER))
    columns = np.array([number(day) - number(span.first) for day in tally.dates])
    of_date, line = np.nonzero(grid.is_scored[:, columns].T)
    accounts, days = grid.place.accounts[line], grid.place.days[columns[of_date]]
    stands = [load(connection, card, accounts, days, basis=span.basis).at for card in tally.cards]
    for at, day in enumerate(tally.dates):
        rows = np.flatnonzero(of_date == at)
        lines = line[rows]
        readings = grid.readings[lines, columns[at]]
        live, draft = (
            score_rows(readings[:, places], card, stand.of(rows))
            for places, card, stand in zip(
                (joint.live, joint.draft), tally.cards, stands, strict=True
            )
        )
        stood = None
        if day in (span.first, span.last):
            binds = {**block, "as_of": day}
            stood = connection.execute(query("simulation/stood_on"), binds).all()
        tally.add(at, Seen(grid.place.accounts[lines], live, draft, stood))


def _refuse_future(connection: Connection, last: date) -> None:
    newest = connection.execute(query("runs/newest_day")).scalar_one()
    if newest is None or last > newest:
        raise FixConfig(
            f"The range ends on {last}, but the newest day that was run is "
            f"{newest or 'none yet'}: what comes after it, no source has told."
        )


def _nobody(draft: Scorecard, first: date, last: date) -> str:
    days = f"on any day from {first} to {last}"
    if not draft.applies_to:
        return f"No account is a customer {days}."
    return f"No customer {days} has {applies_words(draft.applies_to)}, as `applies_to` asks."


def _missing(connection: Connection, draft: Scorecard) -> tuple[str, ...]:
    there = {row.name for row in connection.execute(query("snapshots/list_series"))}
    wanted = series_of(measure.reading for measure in draft.measures)
    return tuple(compress(wanted, (name not in there for name in wanted)))


def _named(connection: Connection, tally: Tally) -> tuple[Mover, ...]:
    accounts = [account for account, _, _ in tally.movers]
    named = {
        row.account_id: row
        for row in connection.execute(query("snapshots/name_accounts"), {"accounts": accounts})
    }
    return tuple(
        Mover(account, named[account].crm_id, named[account].name, *words, move)
        for account, move, words in tally.movers
    )
