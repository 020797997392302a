"""What a day's scores were when it was live, beside what the facts of today make of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection

from include.errors import FixConfig
from include.pipeline.cards import find
from include.pipeline.circumstances import contexts, load
from include.pipeline.job import Job
from include.pipeline.reading import compute
from include.pipeline.spans import Span, blocks, number
from include.scoring.circumstances import Circumstances
from include.scoring.context import Context, circumstances_of, read_context
from include.scoring.deck import label_of
from include.scoring.measure import Measure
from include.scoring.reading_parts import series_of
from include.scoring.score import score as score_rows
from include.scoring.scorecard import Scorecard
from include.warehouse import histories
from include.warehouse.database import moment, query, transaction
from include.warehouse.histories import Accounts, Floats
from include.warehouse.intern import Coded


@dataclass(frozen=True, slots=True)
class MeasureDifference:
    """One measure that reads differently; None is unknown."""

    name: str
    live: float | None
    reconstructed: float | None
    because: str


@dataclass(frozen=True, slots=True)
class AccountDifference:
    """One account that differs, in points of its score; None is unknown, or not scored at all."""

    account_id: int
    crm_id: str
    name: str
    live: float | None
    reconstructed: float | None
    difference: float | None
    because: str | None
    measures: tuple[MeasureDifference, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A whole day. same: accounts with equal readings; accounts: all others, largest move first."""

    as_of: date
    scorecard: str
    compared: int
    same: int
    changed: int
    scored_live_only: int
    scored_reconstructed_only: int
    accounts: tuple[AccountDifference, ...]


def difference(job: Job, card: Scorecard, as_of: date) -> Difference:
    """Compare a live day with itself as the facts at hand tell it now; nothing is written.

    Raises FixConfig where the card did not run live on that day.
    """
    kin = job.deck.beside(card)
    span = Span(card, as_of, as_of, "reconstructed", as_known=False, kin=kin)
    card_id, compared, found = _card_id(job, span), 0, []
    for block in blocks(job, span, days=2):
        with moment(job.engine) as connection:
            live = _live(connection, span, card_id, block)
            now = _now(connection, span, block)
            compared += len(live.keys() | now.keys())
            found += _compare(connection, (span, card_id), live, now)
    if not any(one.because != NOT_LIVE for one in found) and compared == len(found):
        raise _was_not_live(span)
    found.sort(key=lambda one: (-abs(one.difference or 0), one.account_id))
    only_live = sum(one.because == NOT_NOW for one in found)
    only_now = sum(one.because == NOT_LIVE for one in found)
    return Difference(
        as_of, label_of(card), compared, compared - len(found), len(found) - only_live - only_now,
        only_live, only_now, tuple(found),
    )  # fmt: skip


NOT_LIVE = "It was not scored then: it has become a customer of that day since."
NOT_NOW = "It was scored then, but is no customer of that day by the facts of today."


def _card_id(job: Job, span: Span) -> int:
    """Look the card up: one that was never used is not entered by asking."""
    with transaction(job.engine) as connection:
        found = find(connection, span.card)
    if found is None:
        raise _was_not_live(span)
    return found


def _was_not_live(span: Span) -> FixConfig:
    return FixConfig(
        f"{label_of(span.card)} has no live scores on {span.first}; `health runs` lists runs."
    )


def _live(connection: Connection, span: Span, card_id: int, block: Accounts) -> dict[int, Floats]:
    accounts, _, readings = histories.load_readings(
        connection, basis="live", measures=len(span.card.measures),
        scorecard_id=card_id, first_day=span.first, last_day=span.last, **block,
    )  # fmt: skip
    return dict(zip(accounts.tolist(), readings, strict=True))


def _now(connection: Connection, span: Span, block: Accounts) -> dict[int, Floats]:
    grid = compute(connection, span, block)
    scored = grid.is_scored[:, 0]
    accounts = grid.place.accounts[scored].tolist()
    return dict(zip(accounts, grid.readings[scored, 0], strict=True))


def _compare(
    connection: Connection,
    work: tuple[Span, int],
    live: dict[int, Floats],
    now: dict[int, Floats],
) -> list[AccountDifference]:
    """Take the accounts apart whose readings are not the same, bit for bit.

    work: with the scorecard's id.
    """
    span, card_id = work
    unlike = sorted(
        one
        for one in live.keys() | now.keys()
        if one not in live or one not in now or not np.array_equal(live[one], now[one], True)  # noqa: FBT003 - NaN equals NaN
    )
    if not unlike:
        return []
    nothing = np.full(len(span.card.measures), np.nan)
    before, after = (np.array([known.get(one, nothing) for one in unlike]) for known in (live, now))
    stood = _stood(connection, span, card_id, unlike)
    scores = [score_rows(rows, span.card, stood).score for rows in (before, after)]
    named = {
        row.account_id: row
        for row in connection.execute(query("snapshots/name_accounts"), {"accounts": unlike})
    }
    held = set(connection.scalars(query("snapshots/held_series"), {"as_of": span.last}))
    return [
        AccountDifference(
            one, named[one].crm_id, named[one].name, _known(scores[0][at]), _known(scores[1][at]),
            _known(scores[1][at] - scores[0][at]),
            NOT_LIVE if one not in live else NOT_NOW if one not in now else None,
            _measures(span.card, before[at], after[at], held),
        )
        for at, one in enumerate(unlike)
    ]  # fmt: skip


def _stood(connection: Connection, span: Span, card_id: int, accounts: list[int]) -> Circumstances:
    """Return what accounts stood on when the day was live, so that only readings differ.

    Of accounts that were not scored then, what the facts say now.
    """
    binds = {"as_of": span.first, "scorecard_id": card_id, "accounts": accounts}
    rows = connection.execute(query("snapshots/live_contexts"), binds)
    known = {row.account_id: read_context(row.context) for row in rows}
    days = np.full(len(accounts), number(span.first), np.int32)
    ids = np.array(accounts, np.int32)
    by_facts = contexts(
        load(connection, span.card, ids, days, basis=span.basis), Coded.none(len(accounts))
    )
    words = [*by_facts.words, "{}"]  # a code of -1 is the last one
    said = [
        known.get(one) or read_context(words[code]) or Context()
        for one, code in zip(accounts, by_facts.codes.tolist(), strict=True)
    ]
    return circumstances_of(np.arange(len(accounts)), said)


def _measures(
    card: Scorecard, before: Floats, after: Floats, held: set[str]
) -> tuple[MeasureDifference, ...]:
    return tuple(
        MeasureDifference(
            measure.name, _known(then), _known(now), _because(measure, (then, now), held)
        )
        for measure, then, now in zip(card.measures, before, after, strict=True)
        if then != now and not (np.isnan(then) and np.isnan(now))
    )


def _because(measure: Measure, readings: tuple[float, float], held: set[str]) -> str:
    """Say what must have happened since to what the measure is read from."""
    series = series_of([measure.reading])
    names = ", ".join(series)
    if np.isnan(readings[0]) and held & set(series):
        return f"{names}: held back on that day, because too little of the source was matched"
    if np.isnan(readings[0]):
        return f"{names}: arrived, or was linked to the account, after that day was scored"
    if np.isnan(readings[1]):
        return f"{names}: known then, but gone or linked elsewhere since"
    return f"{names}: late, edited or deleted since that day was scored"


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 9)
