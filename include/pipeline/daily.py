"""The second half of a day: readings and scores of every card. A day is a range of length one."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from include.pipeline import spans
from include.pipeline.cards import basis_of
from include.pipeline.job import Counts, Job, Run, open_run
from include.pipeline.reading import read_span
from include.pipeline.scoring import score_span
from include.pipeline.spans import Span, as_shard
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query, transaction

Entered = Mapping[str, int] | None  # a shard, as Airflow carries it; None: all accounts


def shards(job: Job) -> list[dict[str, int]]:
    """Return the account ranges of the day's mapped tasks: one, unless there are many accounts."""
    return [asdict(shard) for shard in spans.shards(job)]


def read(job: Job, run_id: str, as_of: str, shard: Entered = None) -> Counts:
    """Store what is known of every customer account on one day, for every card."""
    run = open_run(job, run_id, as_of)
    return spans.add(read_span(job, run, _day(job, run, card, shard)) for card in job.deck.all)


def score(job: Job, run_id: str, as_of: str, shard: Entered = None) -> Counts:
    """Score the readings of one day with their trend, for every card."""
    run = open_run(job, run_id, as_of)
    return spans.add(score_span(job, run, _day(job, run, card, shard)) for card in job.deck.all)


def fill_history(job: Job, run_id: str, as_of: str, shard: Entered = None) -> Counts:
    """Compute the days before the very first live one, so that trends show at once.

    Does nothing where the card was live before, or where an earlier try has done it.
    """
    run = open_run(job, run_id, as_of)
    length = timedelta(days=job.settings.history_days)
    total: Counts = {}
    for card in job.deck.all if length else ():
        yesterday = run.as_of - timedelta(days=1)
        span = Span(
            card, run.as_of - length, yesterday, "reconstructed", as_shard(shard),
            kin=job.deck.beside(card),
        )  # fmt: skip
        if basis_of(job, run) == "live" and not _has_history(job, span):
            total = spans.add([total, read_span(job, run, span), score_span(job, run, span)])
    return total


def _day(job: Job, run: Run, card: Scorecard, shard: Entered) -> Span:
    return Span(
        card, run.as_of, run.as_of, basis_of(job, run), as_shard(shard),
        kin=job.deck.beside(card),
    )  # fmt: skip


def _has_history(job: Job, span: Span) -> bool:
    binds = {
        "name": span.card.name, "version": span.card.version, "as_of": span.last,
        "part": span.label,
    }  # fmt: skip
    with transaction(job.engine) as connection:
        return bool(connection.execute(query("snapshots/has_history"), binds).scalar_one())
