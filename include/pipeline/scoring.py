"""From readings to scores with their trend, for a span of days.

A live day's trend looks back on what is stored, live before reconstructed. A reconstructed day is
compared with its like: the days before are read from the facts once more, so a row comes out the
same whatever else was computed before it. Months can be scored side by side, in any order.
"""

from dataclasses import dataclass, fields

import numpy as np
from sqlalchemy import Connection

from include.pipeline.cards import register
from include.pipeline.circumstances import contexts, load
from include.pipeline.job import Counts, Job, Run, stage
from include.pipeline.past import TREND_DAYS, past_scores
from include.pipeline.spans import Span, blocks, count, number
from include.scoring.carry import carry_days
from include.scoring.score import Scores
from include.scoring.score import score as score_rows
from include.scoring.trend import DIRECTIONS, Trend
from include.scoring.trend import trend as describe_trend
from include.warehouse import histories, snapshots
from include.warehouse.database import transaction
from include.warehouse.histories import Accounts, Floats, Limits
from include.warehouse.intern import Coded
from include.warehouse.revisions import Days, Ids


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of some accounts and days, one row each, with what they are computed from."""

    accounts: Ids
    days: Days
    readings: Floats
    context: Coded
    scores: Scores


def score_span(job: Job, run: Run, span: Span) -> Counts:
    """Score the stored readings of a span, a block of accounts at a time."""
    computed = 0 if span.basis == "live" else TREND_DAYS + max(carry_days(span.card))
    with stage(job, run, "score", span.label) as counts:
        for block in blocks(job, span, days=span.days + computed):
            with transaction(job.engine) as connection:
                scored = _score(connection, span, block)
                trend = _trend(scored, span, past_scores(connection, span, block))
                rows = _rows(connection, run, span, scored, trend)
                count(counts, snapshots.store_snapshots(connection, rows))
    return counts


def _score(connection: Connection, span: Span, block: Accounts) -> Scored:
    limits: Limits = {
        **block, "scorecard_id": register(connection, span.card), "first_day": span.first,
        "last_day": span.last,
    }  # fmt: skip
    accounts, days, readings = histories.load_readings(
        connection, basis=span.basis, measures=len(span.card.measures), **limits
    )
    if span.chosen is not None:
        ours = np.isin(accounts, span.chosen)
        accounts, days, readings = accounts[ours], days[ours], readings[ours]
    loaded = load(connection, span.card, accounts, days, basis=span.basis)
    carried = Coded.none(len(accounts))
    if any(carry_days(span.card)):
        carried = histories.load_carried(connection, accounts, days, basis=span.basis, **limits)
    return Scored(
        accounts, days, readings, contexts(loaded, carried),
        score_rows(readings, span.card, loaded.at),
    )  # fmt: skip


def _trend(scored: Scored, span: Span, past: tuple[Ids, Floats]) -> Trend:
    """Return the trend of each scored row."""
    accounts = np.union1d(past[0], scored.accounts)
    history = np.full((len(accounts), TREND_DAYS + span.days), np.nan)
    history[np.searchsorted(accounts, past[0])] = past[1]
    lines = np.searchsorted(accounts, scored.accounts)
    columns = scored.days - number(span.first)
    history[lines, TREND_DAYS + columns] = scored.scores.score
    described = describe_trend(history, days=span.days)
    return Trend(
        **{one.name: getattr(described, one.name)[lines, columns] for one in fields(Trend)}
    )


def _rows(
    connection: Connection, run: Run, span: Span, scored: Scored, trend: Trend
) -> snapshots.SnapshotRows:
    scores = scored.scores
    return snapshots.SnapshotRows(
        scorecard_id=register(connection, span.card), basis=span.basis, run_no=run.run_no,
        account_ids=scored.accounts, as_of_days=scored.days, score=scores.score, raw=scores.raw,
        floor=scores.floor, ceiling=scores.ceiling, coverage=scores.coverage, band=scores.band,
        bands=[band.name for band in span.card.bands], change_7d=trend.change_7,
        change_30d=trend.change_30, change_90d=trend.change_90, slope_30d=trend.slope,
        direction=trend.direction, directions=DIRECTIONS, categories=scores.categories,
        points=scores.points, readings=scored.readings, drivers=scores.drivers, base=scores.base,
        fired=scores.fired, undecided=scores.undecided, context=scored.context,
    )  # fmt: skip
