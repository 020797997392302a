"""The second half of a day: from series to readings, from readings to scores with trend.

A daily run is a range of one day; history is a range of many. Work goes in shards of accounts, so
that memory stays the same however many accounts or days there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection

from include import scoring
from include.errors import FixConfig
from include.pipeline.job import Counts, Job, Run, open_run, stage, to_day
from include.scoring.scorecard import Scorecard
from include.warehouse import snapshots
from include.warehouse.database import query, transaction
from include.warehouse.rollup import account_range

# Account-days of one shard: some 30 measures of 8 bytes, several copies.
SHARD_CELLS = 1_000_000
EPOCH = date(1970, 1, 1)
TREND_DAYS = 90


@dataclass(frozen=True, slots=True)
class Span:
    """A range of days, both included, on one card; live, or computed later."""

    card: Scorecard
    first: date
    last: date
    basis: str


def months(first: str, last: str) -> list[dict[str, str]]:
    """Cut a range of days (both included) at the ends of months; FixConfig where it is empty."""
    start, end = to_day(first), to_day(last)
    if start > end:
        raise FixConfig(f"The range ends ({last}) before it begins ({first}).")
    parts = []
    while start <= end:
        next_month = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        stop = min(end, next_month - timedelta(days=1))
        parts.append({"first": start.isoformat(), "last": stop.isoformat()})
        start = next_month
    return parts


def read(job: Job, run_id: str, as_of: str) -> Counts:
    """Store what is known of every customer account on one day, for every card."""
    run = open_run(job, run_id, as_of)
    spans = [Span(card, run.as_of, run.as_of, "live") for card in job.cards]
    return _add(_read_span(job, run, span) for span in spans)


def score(job: Job, run_id: str, as_of: str) -> Counts:
    """Score the live readings of one day with their trend, for every card."""
    run = open_run(job, run_id, as_of)
    spans = [Span(card, run.as_of, run.as_of, "live") for card in job.cards]
    return _add(_score_span(job, run, span) for span in spans)


def fill_history(job: Job, run_id: str, as_of: str) -> Counts:
    """Compute the days before the very first one, so that trends show at once.

    Does nothing where the card has any day before `as_of` already.
    """
    run = open_run(job, run_id, as_of)
    length = timedelta(days=job.settings.history_days)
    total: Counts = {}
    for card in job.cards:
        if not length or _has_history(job, card, run.as_of):
            continue
        yesterday = run.as_of - timedelta(days=1)
        span = Span(card, run.as_of - length, yesterday, "reconstructed")
        total = _add([total, _read_span(job, run, span), _score_span(job, run, span)])
    return total


def read_range(job: Job, run_id: str, first: str, last: str, card: str) -> Counts:
    """Compute the readings of a range of past days, marked as reconstructed."""
    span = Span(_card(job, card), to_day(first), to_day(last), "reconstructed")
    return _read_span(job, open_run(job, run_id, last, "backfill"), span)


def score_range(job: Job, run_id: str, first: str, last: str, card: str) -> Counts:
    """Score a range of reconstructed readings, oldest month first: trends look back."""
    run = open_run(job, run_id, last, "backfill")
    spans = [
        Span(_card(job, card), to_day(part["first"]), to_day(part["last"]), "reconstructed")
        for part in months(first, last)
    ]
    return _add(_score_span(job, run, span) for span in spans)


def _read_span(job: Job, run: Run, span: Span) -> Counts:
    part = f"{span.card.name}.v{span.card.version} {span.first}..{span.last}"
    with stage(job, run, "read", part) as counts:
        for first, last in _shards(job, span):
            with transaction(job.engine) as connection:
                counts |= _add([counts, _read_shard(connection, job, run, span, first, last)])
    return counts
