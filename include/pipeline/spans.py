"""One piece of work: some days, some accounts, one card; cut so that memory stays the same.

A shard is a range of accounts, for one task; a block is a part of a shard, for one transaction.
Shards begin at multiples of their size, so that they are the same ones however accounts come in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from include.errors import FixConfig
from include.pipeline.job import Counts, Job, to_day
from include.scoring.deck import label_of
from include.scoring.scorecard import Scorecard
from include.warehouse.database import query, transaction
from include.warehouse.histories import Accounts
from include.warehouse.revisions import EPOCH, Stored

# Numbers of 8 bytes in a block: 320 MB. An account-day has its readings four times over (as they
# arrive, in order, as points, on their way out) and some fifty numbers of score, trend and row.
VALUES = 40_000_000
COPIES, BESIDE = 4, 50
# Rows of series in a block: 16 bytes as they arrive, 60 beside them while they are read: 190 MB.
ROWS = 2_500_000


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of account ids, both included."""

    first_account: int
    last_account: int


EVERYTHING = Shard(0, 2**31 - 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of days (both included) and accounts on one card; live, or computed later.

    chosen: the only accounts to work on, rising; None: all of the shard.
    as_known: of a reconstructed span, whether what other cards read live is taken over.
    kin: the cards of one outcome, in the order in which they are asked; (): this one alone.
    """

    card: Scorecard
    first: date
    last: date
    basis: str
    shard: Shard = EVERYTHING
    chosen: tuple[int, ...] | None = None
    as_known: bool = True
    kin: tuple[Scorecard, ...] = ()

    @property
    def asked_before(self) -> tuple[Scorecard, ...]:
        """The cards that are asked before this one: what they apply to, it does not score."""
        return self.kin[: self.kin.index(self.card)] if self.card in self.kin else ()

    @property
    def others(self) -> tuple[Scorecard, ...]:
        """The other cards whose scores are part of the same history."""
        return tuple(card for card in self.kin if card != self.card)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def label(self) -> str:
        """The part of a run that this is, as the book of runs names it."""
        days = f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"
        return f"{label_of(self.card)} {days}{_label_of_shard(self.shard)}"


def find_card(job: Job, label: str) -> Scorecard:
    """Return the card of that label, or raise FixConfig with those there are."""
    for card in job.deck.all:
        if label_of(card) == label:
            return card
    known = ", ".join(label_of(card) for card in job.deck.all)
    raise FixConfig(f"health.yaml has no scorecard {label}; it has {known}.")


def months(first: str, last: str) -> list[tuple[date, date]]:
    """Cut a range of days (both included) at the ends of months; FixConfig where it is empty."""
    start, end = to_day(first), to_day(last)
    if start > end:
        raise FixConfig(f"The range ends ({last}) before it begins ({first}).")
    parts = []
    while start <= end:
        next_month = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        stop = min(end, next_month - timedelta(days=1))
        parts.append((start, stop))
        start = next_month
    return parts


def shards(job: Job) -> list[Shard]:
    """Return the account ranges that may be worked on side by side; at least one.

    An installation that fits one shard gets EVERYTHING, which never has to be cut anew.
    """
    size = job.settings.shard_accounts
    first, last, _ = _measure(job)
    if last < size:
        return [EVERYTHING]
    starts = range(first - first % size, last + 1, size)
    return [Shard(start, start + size - 1) for start in starts]


def as_shard(entered: Mapping[str, Any] | None) -> Shard:
    """Read a shard as it comes back from Airflow; None: all accounts."""
    if entered is None:
        return EVERYTHING
    return Shard(int(entered["first_account"]), int(entered["last_account"]))


def blocks(job: Job, span: Span, *, days: int) -> Iterator[Accounts]:
    """Cut a span's accounts so that work on so many days of each stays below VALUES and ROWS."""
    first, last, rows_each = _measure(job)
    width = days * (COPIES * len(span.card.measures) + BESIDE)
    size = max(1, min(VALUES // width, ROWS // max(1, rows_each)))
    start = max(first, span.shard.first_account)
    stop = min(last, span.shard.last_account)
    if span.chosen is not None:
        yield from _blocks_of([one for one in span.chosen if start <= one <= stop], size)
        return
    for begin in range(start, stop + 1, size):
        yield Accounts(first_account=begin, last_account=min(begin + size - 1, stop))


def number(day: date) -> int:
    """Return the days from 1970-01-01 to a day."""
    return (day - EPOCH).days


def count(counts: Counts, stored: Stored) -> None:
    """Add to a stage's counts what was written."""
    count_in(counts, asdict(stored))


def add(parts: Iterable[Counts]) -> Counts:
    """Sum counts by name."""
    total: Counts = {}
    for part in parts:
        count_in(total, part)
    return total


def count_in(total: Counts, part: Counts) -> None:
    """Add one part's counts to a total, by name."""
    for key, value in part.items():
        total[key] = total.get(key, 0) + value


def _label_of_shard(shard: Shard) -> str:
    if shard == EVERYTHING:
        return ""
    return f" accounts {shard.first_account}..{shard.last_account}"


def _blocks_of(chosen: list[int], size: int) -> Iterator[Accounts]:
    """Cover rising account ids by ranges, each of at most `size` in width."""
    while chosen:
        inside = [one for one in chosen if one < chosen[0] + size]
        yield Accounts(first_account=inside[0], last_account=inside[-1])
        chosen = chosen[len(inside) :]


def _measure(job: Job) -> tuple[int, int, int]:
    """Return the lowest and highest account_id, and about how many series rows each has."""
    with transaction(job.engine) as connection:
        row = connection.execute(query("snapshots/measure_accounts")).one()
    return int(row.first), int(row.last), int(row.rows_each)
