"""Every stored score of a day computed again, from its stored readings and its stored scorecard.

Compared are the score, its bounds and parts, the receipt and the readings themselves, to the last
bit. The trend looks back on days that may have changed since: its columns are held against the
row's digest, which covers every column. A thinned row is compared in what it kept, and its digest
also covers what it lost.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import FixConfig
from include.pipeline.compared import Compared, Texts
from include.pipeline.job import Job
from include.pipeline.stored_cards import StoredCard, stored_card
from include.scoring.deck import label_of
from include.scoring.drivers import DRIVERS
from include.scoring.trend import DIRECTIONS
from include.scoring.verify import Unlike
from include.warehouse import stored
from include.warehouse.database import query, transaction
from include.warehouse.stored import BROKEN, THINNED, Kind, Rows

EXAMPLES = 200  # rows of which every difference is named; the others are counted


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that is not what it should be, and each of its values that is not."""

    as_of: date
    scorecard: str
    basis: str
    account_id: int
    differences: tuple[Unlike, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The scores of one scorecard, basis and day."""

    card: StoredCard
    kind: Kind


@dataclass
class Verified:
    """What a verification found. rows: snapshots, and readings without one.

    thinned: rows of these without a receipt. differing: rows; columns: how many of them in which.
    findings: of the first EXAMPLES. doubts: sentences about scorecards.
    """

    rows: int = 0
    thinned: int = 0
    differing: int = 0
    seconds: float = 0.0
    columns: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.differing and not self.doubts

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / max(self.seconds, 1e-9)


def verify(
    job: Job, days: Sequence[date], *, scorecard: str | None = None, basis: str | None = None
) -> Verified:
    """Compare all scores of some days; memory stays the same however many there are.

    scorecard, basis: only these. Raises FixConfig where there is nothing to compare.
    """
    started, result = time.perf_counter(), Verified()
    subjects = 0
    for day in days:
        for subject in subjects_on(job, day, scorecard=scorecard, basis=basis):
            subjects += 1
            doubts = subject.card.doubts
            result.doubts += [doubt for doubt in doubts if doubt not in result.doubts]
            _verify_subject(job, subject, result)
    if not subjects:
        what = " ".join(word for word in ("No", basis, scorecard, "scores") if word)
        raise FixConfig(f"{what} are stored for {days[0]}; `health runs` lists runs.")
    result.seconds = time.perf_counter() - started
    return result


def subjects_on(
    job: Job, day: date, *, scorecard: str | None = None, basis: str | None = None
) -> Iterator[Subject]:
    """Yield what has scores or readings on a day; only these scorecards and bases, where given."""
    with transaction(job.engine) as connection:
        rows = connection.execute(query("verify/cards"), {"as_of": day}).mappings().all()
    for row in rows:
        label = f"{row['name']}.v{row['version']}"
        if scorecard in (None, label) and basis in (None, row["basis"]):
            yield subject_of(stored_card(job, dict(row)), row["basis"], day)


def subject_of(card: StoredCard, basis: str, day: date) -> Subject:
    """Return which rows of the store are meant."""
    kind = Kind(
        card.scorecard_id, basis, day, measures=len(card.card.measures),
        categories=len(card.card.categories), drivers=DRIVERS,
        bands=[band.name for band in card.card.bands], directions=DIRECTIONS,
    )  # fmt: skip
    return Subject(card, kind)


def _verify_subject(job: Job, subject: Subject, result: Verified) -> None:
    with transaction(job.engine) as connection:
        blocks = list(stored.account_blocks(connection, subject.kind))
    for first, last in blocks:
        with transaction(job.engine) as connection:
            connection.execute(query("verify/one_moment"))
            verify_accounts(connection, subject, result, (first, last))


def verify_accounts(
    connection: Connection, subject: Subject, result: Verified, span: tuple[int, int]
) -> None:
    """Compare the rows of a range of accounts (both ends included) and add to the result."""
    readings, ages = stored.load_stored_readings(connection, subject.kind, *span)
    snapshots, said = stored.load_stored_snapshots(connection, subject.kind, *span)
    texts = Texts(said, ages)
    result.thinned += int(np.count_nonzero(snapshots["form"] == THINNED))
    if _are_twins(readings, snapshots):
        result.rows += len(readings["account_id"])
        _compare(result, subject, (readings, snapshots), texts)
        return
    accounts = np.union1d(readings["account_id"], snapshots["account_id"])
    result.rows += len(accounts)
    usable = readings["account_id"][readings["is_whole"] > 0]
    for account, what in _odd_ones(accounts, usable, readings, snapshots):
        result.differing += 1
        result.columns[what.what] += 1
        if len(result.findings) < EXAMPLES:
            result.findings.append(_finding(subject, account, [what]))
    both = np.intersect1d(usable, snapshots["account_id"][snapshots["form"] != BROKEN])
    _compare(result, subject, (_pick(readings, both), _pick(snapshots, both)), texts)


def _are_twins(readings: Rows, snapshots: Rows) -> bool:
    """Whether each row has its other half and all are of the form they should have."""
    are_whole = bool((readings["is_whole"] > 0).all() and (snapshots["form"] != BROKEN).all())
    return are_whole and np.array_equal(readings["account_id"], snapshots["account_id"])


def _pick(rows: Rows, accounts: NDArray[np.int32]) -> Rows:
    places = np.searchsorted(rows["account_id"], accounts)
    return {name: column[places] for name, column in rows.items()}


def _finding(subject: Subject, account: int, found: list[Unlike]) -> Finding:
    kind, card = subject.kind, subject.card.card
    return Finding(kind.as_of, label_of(card), kind.basis, int(account), tuple(found))


def _odd_ones(
    accounts: NDArray[np.int32], usable: NDArray[np.int32], readings: Rows, snapshots: Rows
) -> list[tuple[int, Unlike]]:
    """Name rows without their other half, or of a form that nothing can be computed from."""
    broken = snapshots["account_id"][snapshots["form"] == BROKEN]
    misshapen = np.setdiff1d(readings["account_id"], usable)
    kinds = (
        (np.setdiff1d(accounts, snapshots["account_id"]), Unlike("snapshot", "none", "one")),
        (np.setdiff1d(accounts, readings["account_id"]), Unlike("readings", "none", "some")),
        (misshapen, Unlike("readings", "another form", "one number a measure")),
        (broken, Unlike("arrays", "another form", "one number a measure, category or driver")),
    )
    return [(int(account), what) for found, what in kinds for account in found]


def _compare(result: Verified, subject: Subject, both: tuple[Rows, Rows], texts: Texts) -> None:
    """Compare rows of readings and of snapshots, of the same accounts in the same order."""
    readings, snapshots = both
    if not len(readings["account_id"]):
        return
    compared = Compared(subject.kind, subject.card.card, readings, snapshots, texts)
    differs = compared.differs
    result.columns.update({name: int(rows.sum()) for name, rows in differs.items() if rows.any()})
    differing = np.flatnonzero(np.logical_or.reduce(list(differs.values())))
    result.differing += len(differing)
    for row in differing[: EXAMPLES - len(result.findings)]:
        found = compared.named(int(row))
        result.findings.append(_finding(subject, readings["account_id"][row], found))
