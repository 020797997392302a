"""Past days computed later, for one card: months x shards, side by side, in any order.

Every part may be killed and done again: what is finished is found unchanged. Nothing that was live
is touched, published or sent.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection

from include.errors import FixConfig
from include.pipeline import inputs, spans
from include.pipeline.choosing import is_ours
from include.pipeline.chosen import choose
from include.pipeline.job import Counts, Job, Run, close_run, open_run, stage, to_day
from include.pipeline.reading import read_span
from include.pipeline.scoring import score_span
from include.pipeline.spans import Shard, Span, find_card
from include.scoring.deck import label_of
from include.scoring.readings import NEVER
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query, transaction

log = logging.getLogger("customer_health")
READINGS = ("as known then", "from the facts")


# What a person enters: first, last, scorecard, accounts (may be empty), readings, dry_run.
Asked = Mapping[str, str]
# A mapped task: a month, or what of it is wanted (both days included), of a shard.
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for, understood."""

    card: Scorecard
    months: list[tuple[date, date]]
    chosen: tuple[int, ...] | None
    as_known: bool
    kin: tuple[Scorecard, ...]


def estimate(job: Job, asked: Asked) -> Counts:
    """Return what a backfill would do: days, accounts, parts, rows there are and those that lack.

    missing_rows: readings and snapshots; to them come revisions of rows that the facts change.
    Writes nothing at all.
    """
    wanted = _understand(job, asked)
    span = _span(wanted, wanted.months[0][0], wanted.months[-1][1])
    found = {"days": span.days, "months": len(wanted.months), "shards": len(_shards(job, wanted))}
    found["parts"] = found["months"] * found["shards"]
    with transaction(job.engine) as connection:
        found["accounts"], found["account_days"] = _scored(job, connection, span)
        existing = connection.execute(query("snapshots/count_reconstructed"), _binds(span)).one()
    found["existing_readings"], found["existing_snapshots"] = existing
    found["missing_rows"] = max(0, 2 * found["account_days"] - sum(existing))
    log.info("backfill %s: %s", label_of(wanted.card), found)
    return found


def _scored(job: Job, connection: Connection, span: Span) -> tuple[int, int]:
    """Return how many accounts the span's card scores on any day, and on how many days in all."""
    accounts = account_days = 0
    for block in spans.blocks(job, span, days=span.days):
        terms = inputs.terms_of(connection, span, block)
        place = inputs.place_of(span, np.unique(terms.account_id), terms)
        is_scored = np.not_equal(place.term_start, NEVER)
        ours = is_ours(connection, span, place)
        if ours is not None:
            is_scored &= ours
        accounts += int(np.count_nonzero(is_scored.any(axis=1)))
        account_days += int(np.count_nonzero(is_scored))
    return accounts, account_days


def parts(job: Job, run_id: str, asked: Asked) -> list[Part]:
    """Return the parts of a backfill, months by shards, and enter their number in the book.

    A dry run has none, and is not in the book.
    """
    wanted = _understand(job, asked)
    if asked["dry_run"] == str(True):
        return []
    run = open_run(job, run_id, asked["last"], "backfill")
    with stage(job, run, "plan", label_of(wanted.card)) as counts:
        found = [
            {"first": first.isoformat(), "last": last.isoformat(), **asdict(shard)}
            for first, last in wanted.months
            for shard in _shards(job, wanted)
        ]
        counts["parts"] = len(found)
    return found


def fill(job: Job, run_id: str, asked: Asked, part: Mapping[str, Any]) -> Counts:
    """Read and score one part of a backfill."""
    wanted = _understand(job, asked)
    run = open_run(job, run_id, asked["last"], "backfill")
    shard = spans.as_shard(part)
    span = _span(wanted, to_day(part["first"]), to_day(part["last"]), shard)
    return spans.add([read_span(job, run, span), score_span(job, run, span)])


def close(job: Job, run_id: str, asked: Asked) -> Counts:
    """Enter that all parts of a backfill are done, and return how many there were."""
    run = open_run(job, run_id, asked["last"], "backfill")
    counts = {"parts": _parts_done(job, run)}
    close_run(job, run)
    return counts


def _understand(job: Job, asked: Asked) -> Wanted:
    """Check what was entered; every mistake is FixConfig with what there is instead."""
    card, found = find_card(job, asked["scorecard"]), spans.months(asked["first"], asked["last"])
    if asked["readings"] not in READINGS:
        raise FixConfig(f"Readings are {' or '.join(READINGS)}, not {asked['readings']!r}.")
    with transaction(job.engine) as connection:
        newest = connection.execute(query("runs/newest_day")).scalar_one()
        if newest is None or found[-1][1] > newest:
            raise FixConfig(
                f"The range ends on {asked['last']}, but the newest day that was run is "
                f"{newest or 'none yet'}: what comes after it, no source has told."
            )
        chosen = choose(connection, asked["accounts"])
    is_known = asked["readings"] == READINGS[0]
    return Wanted(card, found, chosen, is_known, job.deck.beside(card))


def _span(wanted: Wanted, first: date, last: date, shard: Shard = spans.EVERYTHING) -> Span:
    return Span(
        wanted.card, first, last, "reconstructed", shard, wanted.chosen,
        as_known=wanted.as_known, kin=wanted.kin,
    )  # fmt: skip


def _binds(span: Span) -> dict[str, object]:
    return {
        "name": span.card.name, "version": span.card.version, "first_day": span.first,
        "last_day": span.last, "chosen": None if span.chosen is None else list(span.chosen),
    }  # fmt: skip


def _shards(job: Job, wanted: Wanted) -> Sequence[Shard]:
    """Return the shards in which there is any chosen account."""
    found = spans.shards(job)
    if wanted.chosen is None:
        return found
    return [
        shard
        for shard in found
        if any(shard.first_account <= one <= shard.last_account for one in wanted.chosen)
    ]


def _parts_done(job: Job, run: Run) -> int:
    with transaction(job.engine) as connection:
        return int(
            connection.execute(query("runs/parts_done"), {"run_no": run.run_no}).scalar_one()
        )
