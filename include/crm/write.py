"""Send changes in batches and settle every row, whatever the CRM or the network answers.

A write is never repeated blindly: when its answer is lost, the records are read back first, and
only those that do not show the new values are sent again.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy import Engine

from include.crm import ledger
from include.crm.desk import Desk, StillAtWork
from include.crm.parcels import (
    LOCKED_WAIT_S,
    LONGEST_WAIT_S,
    MOST_TRIES,
    Parcel,
    Row,
    Verdict,
    compare,
)
from include.crm.plan import Change
from include.errors import FixConfig, NotSent, RejectData, RetryLater

# Halvings that one batch may cost: five bad rows of a hundred are always found one by one.
MOST_SPLITS = 32
WORKERS = 8  # calls on their way at once: 190 in ten seconds at up to 0.4 s an answer
MOST_ROWS = 20_000  # on their way at once; as many more wait their turn


@dataclass(frozen=True, slots=True)
class Book:
    """Where writes go, and where they are written down."""

    engine: Engine
    desk: Desk
    source: str
    run_no: int
    undo_id: int | None = None


@dataclass(slots=True)
class Tally:
    """Rows settled and fields sent.

    missed: not written for no fault of theirs, such as records that others kept locked. words: how
    often the CRM said what of those and of the rejected.
    """

    acknowledged: int = 0
    rejected: int = 0
    missed: int = 0
    fields: int = 0
    words: Counter[str] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        self.acknowledged += len(verdict.acknowledged)
        self.rejected += len(verdict.rejected)
        self.missed += len(verdict.missed)
        self.words.update(words for _, words in [*verdict.rejected, *verdict.missed])

    def take_in(self, other: "Tally") -> None:
        self.acknowledged += other.acknowledged
        self.rejected += other.rejected
        self.missed += other.missed
        self.fields += other.fields
        self.words.update(other.words)


def send_all(book: Book, changes: Iterable[Change], *, size: int) -> Iterator[Tally]:
    """Yield the tally of each batch of `size` changes, in order, while a few more are on their way.

    On an error, and when the caller stops asking, batches that have not begun are not sent.
    """
    workers = max(1, min(WORKERS, MOST_ROWS // size))
    with ThreadPoolExecutor(workers, thread_name_prefix="crm-write") as pool:
        waiting: deque[Future[Tally]] = deque()
        try:
            for batch in batches_of(changes, size):
                waiting.append(pool.submit(deliver, book, batch))
                if len(waiting) >= 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def batches_of(changes: Iterable[Change], size: int) -> Iterator[list[Change]]:
    rest = iter(changes)
    while batch := list(islice(rest, size)):
        yield batch


def deliver(book: Book, changes: Sequence[Change]) -> Tally:
    """Send one batch until each of its rows is settled.

    RetryLater leaves rows as `sent` whose outcome could not be found out; the next run reads them
    back. FixConfig: the credential or a property must be put right first.
    """
    rows = ledger.open_rows(book.engine, book.source, book.run_no, changes, book.undo_id)
    tally = Tally(fields=sum(len(change.new) for change in changes))
    for verdict in settle(rows, lambda parcel, may_split: exchange(book.desk, parcel, may_split)):
        ledger.record(book.engine, book.source, verdict)
        tally.add(verdict)
        if verdict.stop is not None:
            raise verdict.stop
        if verdict.wait_s:
            book.desk.hold(verdict.wait_s)
    return tally


def settle(rows: Sequence[Row], exchange: Callable[[Parcel, bool], Verdict]) -> Iterator[Verdict]:
    """Exchange parcels until nothing is open; halving stops when it has cost too much."""
    queue = deque([Parcel(tuple(rows))])
    splits = 0
    while queue:
        verdict = exchange(queue.popleft(), splits < MOST_SPLITS)
        splits += len(verdict.again) > 1
        queue.extend(verdict.again)
        yield verdict


def exchange(desk: Desk, parcel: Parcel, may_split: bool) -> Verdict:  # noqa: FBT001 - see settle
    """Make one call and read its answer; a lost answer is looked up in the CRM."""
    try:
        return desk.exchange(parcel, may_split=may_split)
    except (FixConfig, NotSent) as error:
        return Verdict(missed=[(row, str(error)) for row in parcel.rows], stop=error)
    except StillAtWork:
        raise
    except (RetryLater, RejectData) as error:
        if parcel.tries + 1 >= MOST_TRIES:
            raise RetryLater(f"{error} Rows without an answer are read back first.") from error
        return _look_up(desk, parcel, getattr(error, "wait_s", None) or LOCKED_WAIT_S)


def settle_earlier(book: Book) -> int:
    """Settle, by reading them back, the rows that an earlier run left without an answer."""
    book.desk.end_earlier()
    settled = 0
    while rows := ledger.list_open(book.engine, book.source, book.desk.page):
        ledger.record(book.engine, book.source, _read_back(book.desk, Parcel(rows)))
        settled += len(rows)
    return settled


def _look_up(desk: Desk, parcel: Parcel, wait_s: float) -> Verdict:
    """The vendor may still be at work on the lost call, so give it time first."""
    desk.hold(min(max(wait_s, LOCKED_WAIT_S), LONGEST_WAIT_S))
    verdict = _read_back(desk, parcel)
    if verdict.missed:
        rows = tuple(row for row, _ in verdict.missed)
        verdict.again = [replace(parcel, rows=rows, tries=parcel.tries + 1)]
        verdict.missed = []
    return verdict


def _read_back(desk: Desk, parcel: Parcel) -> Verdict:
    names = {name for row in parcel.rows for name in row.change.new}
    shown = desk.read({row.change.record_id for row in parcel.rows}, names)
    return compare(parcel, shown)
