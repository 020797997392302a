"""From readings to scores with their trend, for a span of days.

A live day's trend looks back on what is stored, live before reconstructed. A reconstructed day is
compared with its like: the days before are read from the facts once more, so a row comes out the
same whatever else was computed before it. Months can be scored side by side, in any order.
"""

from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np
from sqlalchemy import Connection

from include.pipeline.cards import enter, register
from include.pipeline.choosing import are_ours
from include.pipeline.circumstances import contexts, load
from include.pipeline.job import Counts, Job, Run, stage
from include.pipeline.past import TREND_DAYS, no_history, past_scores
from include.pipeline.sources_changes import held_measures
from include.pipeline.spans import Span, blocks, count, number
from include.scoring.carry import carry_days
from include.scoring.score import Scores
from include.scoring.score import score as score_rows
from include.scoring.standing import Banded
from include.scoring.trend import DIRECTIONS, Trend
from include.scoring.trend import trend as describe_trend
from include.warehouse import histories, snapshots
from include.warehouse.database import moment, transaction
from include.warehouse.histories import Accounts, Floats, History, Limits
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
    """Score the stored readings of a span, a block of accounts at a time.

    A block is scored as of one moment, and stored beside what is there when it is done.
    """
    computed = 0 if span.basis == "live" else TREND_DAYS + max(carry_days(span.card))
    with stage(job, run, "score", span.label) as counts:
        kin = [enter(job, card) for card in (span.card, *span.others)]
        for block in blocks(job, span, days=span.days + computed):
            with moment(job.engine) as connection:
                scored = _score(connection, span, block)
                trend = _trend(scored, span, past_scores(connection, span, block))
                rows = _rows(connection, run, span, scored, trend)
            with transaction(job.engine) as connection:
                count(counts, snapshots.store_snapshots(connection, rows, kin=kin))
    return counts


def _score(connection: Connection, span: Span, block: Accounts) -> Scored:
    limits: Limits = {
        **block, "scorecard_id": register(connection, span.card), "first_day": span.first,
        "last_day": span.last,
    }  # fmt: skip
    accounts, days, readings = histories.load_readings(
        connection, basis=span.basis, measures=len(span.card.measures), **limits
    )
    ours = are_ours(connection, span, accounts, days)
    if span.chosen is not None:
        ours &= np.isin(accounts, span.chosen)
    if not ours.all():
        accounts, days, readings = accounts[ours], days[ours], readings[ours]
    loaded = load(connection, span.card, accounts, days, basis=span.basis)
    carried = Coded.none(len(accounts))
    is_held = span.basis == "live" and held_measures(connection, limits["scorecard_id"], span.last)
    if is_held or any(carry_days(span.card)):
        carried = histories.load_carried(connection, accounts, days, basis=span.basis, **limits)
    return Scored(
        accounts, days, readings, contexts(loaded, carried),
        score_rows(readings, span.card, loaded.at),
    )  # fmt: skip


def _trend(scored: Scored, span: Span, past: History) -> Trend:
    """Return the trend of each scored row."""
    accounts = np.union1d(past.account_ids, scored.accounts)
    whole = no_history(accounts, span.first - timedelta(days=TREND_DAYS), past.scores.shape[1])
    before = np.searchsorted(accounts, past.account_ids)
    whole.scores[before], whole.bands[before] = past.scores, past.bands
    lines = np.searchsorted(accounts, scored.accounts)
    columns = scored.days - number(span.first)
    cells = (lines, TREND_DAYS + columns)
    whole.scores[cells], whole.bands[cells] = scored.scores.score, scored.scores.band
    best, confirm = len(span.card.bands) - 1, span.card.confirm_bands_after
    described = describe_trend(
        whole.scores, days=span.days, banded=Banded(whole.bands, best=best, confirm=confirm)
    )
    return Trend(
        **{one.name: getattr(described, one.name)[lines, columns] for one in fields(Trend)}
    )


def _standing(scored: Scored, trend: Trend) -> snapshots.Standing:
    """Say since when rows stand where they do; what was never confirmed is unknown."""
    band = np.maximum(trend.confirmed, snapshots.UNKNOWN)
    since = np.where(trend.below < 0, snapshots.NEVER, scored.days - trend.below)
    return snapshots.Standing(
        slope_p=trend.significance, streak_days=trend.streak, below_since=since,
        confirmed=np.where(band == scored.scores.band, snapshots.THE_DAYS, band),
    )  # fmt: skip


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
        standing=_standing(scored, trend),
    )  # fmt: skip
