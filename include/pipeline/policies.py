"""What each policy for the unknown would have made of the stored readings of a day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import FixConfig
from include.pipeline.circumstances import load
from include.pipeline.job import Job
from include.pipeline.spans import number
from include.pipeline.verify import Subject, subjects_on
from include.say import written
from include.scoring.carry import carry_along, read_ages
from include.scoring.comparison import Graded
from include.scoring.policies import Carry, Neutral, WhenUnknown
from include.scoring.scorecard import Scorecard
from include.scoring.unknown_policies import PolicyOutcome, grade, outcomes
from include.warehouse import histories
from include.warehouse.database import transaction
from include.warehouse.histories import Floats, Limits
from include.warehouse.stored import account_blocks

ACCOUNTS = 4_096  # at a time: each with the readings of as many days as are carried forward


@dataclass(frozen=True, slots=True)
class Gap:
    """How often a measure is unknown. carried: known by the card from an earlier day only.

    earlier: accounts without a reading of their own that had one in the days looked back on.
    """

    measure: str
    policy: str
    unknown: int
    carried: int
    earlier: int


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """carry_days: how far back a reading was looked for in the policy that carries them forward."""

    scorecard: str
    as_of: date
    basis: str
    accounts: int
    carry_days: int
    gaps: tuple[Gap, ...]
    outcomes: tuple[PolicyOutcome, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Readings of some accounts. own: by the card; measured: on the day; carried: or before it."""

    own: Floats
    measured: Floats
    carried: Floats


def report_policies(job: Job, label: str, day: date, *, carry_days: int) -> PolicyReport:
    """Compare policies on a day's stored readings, live ones where there are any.

    Raises FixConfig where the scorecard has none on that day.
    """
    subjects = {one.kind.basis: one for one in subjects_on(job, day, scorecard=label)}
    if not subjects:
        raise FixConfig(f"No readings of {label} are stored for {day}; --as-of names another day.")
    subject = subjects.get("live") or subjects["reconstructed"]
    card, parts, gaps = subject.card.card, list[dict[str, Graded]](), Counter[tuple[str, int]]()
    with transaction(job.engine) as connection:
        for first, last in list(account_blocks(connection, subject.kind, ACCOUNTS)):
            limits: Limits = {
                "first_account": first, "last_account": last, "last_day": day,
                "scorecard_id": subject.kind.scorecard_id,
                "first_day": day - timedelta(days=carry_days),
            }  # fmt: skip
            parts.append(_grade(connection, subject, limits, gaps))
    together = {name: Graded.joined([part[name] for part in parts]) for name in parts[0]}
    return PolicyReport(
        label, day, subject.kind.basis, sum(len(next(iter(part.values())).score) for part in parts),
        carry_days, _gaps(gaps, card), outcomes(together, card),
    )  # fmt: skip


def _grade(
    connection: Connection, subject: Subject, limits: Limits, gaps: Counter[tuple[str, int]]
) -> dict[str, Graded]:
    card, basis = subject.card.card, subject.kind.basis
    accounts, days, readings = histories.load_readings(
        connection, basis=basis, measures=len(card.measures), **limits
    )
    words = histories.load_carried(connection, accounts, days, basis=basis, **limits)
    ages = read_ages(words.codes, words.words, card.measure_names)
    measured = np.where(ages > 0, np.nan, readings)
    today = np.flatnonzero(days == number(limits["last_day"]))
    carried = _carried(accounts, days, measured, limits)[accounts[today] - limits["first_account"]]
    block = _Block(readings[today], measured[today], carried)
    _count(gaps, block)
    at = load(connection, card, accounts[today], days[today], basis=basis).at
    return grade(block.own, card, at, measured=block.measured, carried=block.carried)


def _carried(
    accounts: NDArray[np.int32], days: NDArray[np.int32], measured: Floats, limits: Limits
) -> Floats:
    """By account of the range: its readings of the last day, gaps filled from the days before."""
    first_day, last_day = number(limits["first_day"]), number(limits["last_day"])
    lines = limits["last_account"] - limits["first_account"] + 1
    grid = np.full((lines, last_day - first_day + 1, measured.shape[1]), np.nan)
    cells = (accounts - limits["first_account"], days - first_day)
    grid[cells] = measured
    is_scored = np.zeros(grid.shape[:2], np.bool_)
    is_scored[cells] = True
    carry_along(grid, is_scored, [last_day - first_day] * measured.shape[1])
    return grid[:, -1]


def _count(gaps: Counter[tuple[str, int]], block: _Block) -> None:
    kinds = {
        "unknown": np.isnan(block.own),
        "carried": np.isnan(block.measured) & ~np.isnan(block.own),
        "earlier": np.isnan(block.measured) & ~np.isnan(block.carried),
    }
    for kind, cells in kinds.items():
        for j, count in enumerate(cells.sum(axis=0).tolist()):
            gaps[kind, j] += count


def _gaps(gaps: Counter[tuple[str, int]], card: Scorecard) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            measure.name, _said(measure.when_unknown),
            *(gaps[kind, j] for kind in ("unknown", "carried", "earlier")),
        )
        for j, measure in enumerate(card.measures)
    )  # fmt: skip


def _said(policy: WhenUnknown) -> str:
    match policy:
        case Carry(carry_days=days):
            return f"carry {days} days"
        case Neutral(neutral=points):
            return f"neutral {written(points)}"
    return str(policy)
