"""The second half of a day: from series to readings, from readings to scores with trend.

A daily run is a range of one day; history is a range of many. Work goes in shards of accounts, so
that memory stays the same however many accounts or days there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection

from include.errors import FixConfig
from include.pipeline.job import Counts, Job, Run, close_run, open_run, stage, to_day
from include.scoring.reading_spec import Divide, Reading
from include.scoring.readings import NEVER, Series
from include.scoring.readings import read as read_measures
from include.scoring.score import score as score_rows
from include.scoring.scorecard import Scorecard
from include.scoring.trend import DIRECTIONS, Trend
from include.scoring.trend import trend as describe_trend
from include.warehouse import snapshots
from include.warehouse.database import query, transaction
from include.warehouse.revisions import Days, Ids, Stored
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

    @property
    def label(self) -> str:
        return f"{self.card.name}.v{self.card.version} {self.first}..{self.last}"


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
    counts = _add(_score_span(job, run, span) for span in spans)
    close_run(job, run)
    return counts


def _read_span(job: Job, run: Run, span: Span) -> Counts:
    with stage(job, run, "read", span.label) as counts:
        for shard in _shards(job, span):
            with transaction(job.engine) as connection:
                _count(counts, _read_shard(connection, job, run, span, shard))
    return counts


def _score_span(job: Job, run: Run, span: Span) -> Counts:
    with stage(job, run, "score", span.label) as counts:
        for shard in _shards(job, span):
            with transaction(job.engine) as connection:
                _count(counts, _score_shard(connection, run, span, shard))
    return counts


def _read_shard(
    connection: Connection, job: Job, run: Run, span: Span, shard: snapshots.Accounts
) -> Stored:
    """Compute and store the readings of some accounts on the days on which they are customers."""
    binds = {
        **shard,
        "time_zone": job.settings.time_zone,
        "customer_stages": list(job.settings.crm_source.customer_stages),
    }
    found = connection.execute(query("series/customers"), binds).all()
    accounts = np.array([row.account_id for row in found], np.int32)
    days = np.arange(_number(span.first), _number(span.last) + 1, dtype=np.int32)
    readings = read_measures(
        [measure.reading for measure in span.card.measures],
        _series(connection, span, shard, accounts),
        accounts=len(accounts),
        first_day=int(days[0]),
        last_day=int(days[-1]),
    )
    first = np.array([_number(row.first_day) for row in found], np.int32)
    last = np.array([_number(row.last_day or date.max) for row in found], np.int32)
    line, column = np.nonzero((first[:, None] <= days) & (days <= last[:, None]))
    return snapshots.store_readings(
        connection,
        scorecard_id=register(connection, span.card),
        basis=span.basis,
        run_no=run.run_no,
        account_ids=accounts[line],
        as_of_days=days[column],
        readings=readings[line, column],
    )


def _series(
    connection: Connection, span: Span, shard: snapshots.Accounts, accounts: Ids
) -> dict[str, Series]:
    """Load what the card's measures read, with accounts as positions in `accounts`."""
    names = sorted({name for measure in span.card.measures for name in _named(measure.reading)})
    roles = {row.name: row.role for row in connection.execute(query("series/roles"))}
    known = snapshots.load_known_from(connection, **shard)
    loaded = snapshots.load_series(connection, names, last_day=span.last, **shard)
    found = {}
    for name, (account_ids, days, values) in loaded.items():
        ours = np.isin(account_ids, accounts)
        found[name] = Series(
            account=np.searchsorted(accounts, account_ids[ours]).astype(np.int32),
            day=days[ours],
            value=values[ours],
            known_from=_known_from(accounts, known.get(roles[name])),
        )
    return found


def _named(reading: Reading) -> tuple[str, ...]:
    """Return the names of the series that a reading looks at."""
    if isinstance(reading, Divide):
        return (reading.top.series, reading.bottom.series)
    return (reading.series,)


def _known_from(accounts: Ids, known: tuple[Ids, Days] | None) -> Days:
    since = np.full(len(accounts), NEVER, np.int32)
    if known is not None:
        ours = np.isin(known[0], accounts)
        since[np.searchsorted(accounts, known[0][ours])] = known[1][ours]
    return since


def _score_shard(connection: Connection, run: Run, span: Span, shard: snapshots.Accounts) -> Stored:
    """Score the stored readings of some accounts and describe where each score is heading."""
    card, scorecard_id = span.card, register(connection, span.card)
    accounts, days, readings = snapshots.load_readings(
        connection, basis=span.basis, measures=len(card.measures), scorecard_id=scorecard_id,
        first_day=span.first, last_day=span.last, **shard,
    )  # fmt: skip
    scores = score_rows(readings, card)
    trend = _trend(connection, span, shard, (accounts, days, scores.score))
    rows = snapshots.SnapshotRows(
        scorecard_id=scorecard_id, basis=span.basis, run_no=run.run_no, account_ids=accounts,
        as_of_days=days, score=scores.score, raw=scores.raw, floor=scores.floor,
        ceiling=scores.ceiling, coverage=scores.coverage, band=scores.band,
        bands=[band.name for band in card.bands], change_7d=trend.change_7,
        change_30d=trend.change_30, change_90d=trend.change_90, slope_30d=trend.slope,
        direction=trend.direction, directions=DIRECTIONS, categories=scores.categories,
        points=scores.points, readings=readings, drivers=scores.drivers,
    )  # fmt: skip
    return snapshots.store_snapshots(connection, rows)


def _trend(
    connection: Connection,
    span: Span,
    shard: snapshots.Accounts,
    scored: tuple[Ids, Days, snapshots.Floats],
) -> Trend:
    """Return the trend of each scored row: stored history, with this range's new scores over it."""
    account_ids, days, score = scored
    past = timedelta(days=TREND_DAYS)
    stored = snapshots.load_history(
        connection, scorecard_id=register(connection, span.card), first_day=span.first - past,
        last_day=span.last, **shard,
    )  # fmt: skip
    accounts = np.union1d(stored[0], account_ids)
    history = np.full((len(accounts), len(stored[1])), np.nan)
    history[np.searchsorted(accounts, stored[0])] = stored[2]
    lines = np.searchsorted(accounts, account_ids)
    history[lines, days - stored[1][0]] = score
    described = describe_trend(history, days=len(stored[1]) - TREND_DAYS)
    columns = days - _number(span.first)
    picked = {
        item.name: getattr(described, item.name)[lines, columns] for item in fields(described)
    }
    return Trend(**picked)


def register(connection: Connection, card: Scorecard) -> int:
    """Return the store's id of a card, entered at first use; FixConfig if its version changed."""
    body = card.model_dump_json(by_alias=True)
    return snapshots.register_scorecard(
        connection, name=card.name, version=card.version, digest=card.digest, body=body
    )


def _shards(job: Job, span: Span) -> Iterator[snapshots.Accounts]:
    days = (span.last - span.first).days + 1 + TREND_DAYS
    size = max(1, SHARD_CELLS // days)
    first, last = account_range(job.engine)
    for start in range(first, last + 1, size):
        yield {"first_account": start, "last_account": min(start + size - 1, last)}


def _has_history(job: Job, card: Scorecard, as_of: date) -> bool:
    binds = {"name": card.name, "version": card.version, "as_of": as_of}
    with transaction(job.engine) as connection:
        return bool(connection.execute(query("snapshots/has_history"), binds).scalar_one())


def _card(job: Job, stem: str) -> Scorecard:
    for card in job.cards:
        if f"{card.name}.v{card.version}" == stem:
            return card
    known = ", ".join(f"{card.name}.v{card.version}" for card in job.cards)
    raise FixConfig(f"health.yaml has no scorecard {stem}; it has {known}.")


def _number(day: date) -> int:
    return (day - EPOCH).days


def _count(counts: Counts, stored: Stored) -> None:
    for key, value in asdict(stored).items():
        counts[key] = counts.get(key, 0) + value


def _add(parts: Iterable[Counts]) -> Counts:
    total: Counts = {}
    for part in parts:
        for key, value in part.items():
            total[key] = total.get(key, 0) + value
    return total
