"""Why scores changed, from what is stored of both days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row

from include.errors import FixConfig
from include.pipeline.sides import StoredSide, load_sides
from include.pipeline.sources_changes import by_source, held_sentence
from include.scoring.attribution import attribute
from include.scoring.change import ChangePart, change_parts
from include.scoring.deck import label_of
from include.scoring.reasons import main_drivers, main_reasons
from include.warehouse.database import query

LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DayOfChange:
    """One end of a change. band: as stored."""

    as_of: date
    scorecard: str
    basis: str
    revision: int
    score: float | None
    band: str


@dataclass(frozen=True, slots=True)
class Change:
    """One account's change. change: None where a day has no score; parts sum to it.

    comes_out: whether both stored scores are what their readings and cards make.
    """

    then: DayOfChange
    now: DayOfChange
    change: float | None
    reason: str
    parts: tuple[ChangePart, ...]
    comes_out: bool


def reasons(
    connection: Connection, scorecard_id: int, as_of: date, accounts: Sequence[int]
) -> dict[int, str]:
    """Return by account the sentence that says what moved its score in 30 days.

    Where nothing moved it, or there is no earlier score: what costs it the most points now. What is
    held back for a common cause is said beside. Accounts without a score on the day are left out.
    """
    found: dict[int, str] = {}
    first = as_of - LOOK_BACK
    for now in load_sides(connection, scorecard_id, as_of, accounts, others=True):
        sentences = dict(zip(now.place, main_drivers(now.side), strict=True))
        said = by_source(connection, now.scorecard_id, first, as_of)
        for then in load_sides(connection, now.scorecard_id, first, list(now.place), others=True):
            rows = np.array([now.place[account] for account in then.place], np.intp)
            moved = main_reasons(then.side, now.side.some(rows), said)
            pairs = zip(then.place, moved, strict=True)
            sentences |= {account: reason for account, reason in pairs if reason is not None}
        held = held_sentence(connection, now.side.card, now.scorecard_id, as_of)
        found |= {account: f"{reason} {held}".strip() for account, reason in sentences.items()}
    return found


def change_between(
    connection: Connection, account_id: int, scorecard_id: int, days: tuple[date, date],
    *, others: bool,
) -> Change:  # fmt: skip
    """Take one account's change between two stored scores apart.

    others: where a day has no score by this card, that by another one of its outcome is taken.
    Raises FixConfig where there is none.
    """
    then, now = (_one(connection, account_id, scorecard_id, day, others=others) for day in days)
    said = by_source(connection, now.scorecard_id, min(days), max(days))
    sides = then.side, now.side
    found = attribute(*sides, by_source=said.keys())
    change = float(found.change[0])
    [reason], [driver] = main_reasons(*sides, said), main_drivers(now.side)
    held = held_sentence(connection, now.side.card, now.scorecard_id, days[1])
    return Change(
        then=_day(then, days[0]), now=_day(now, days[1]),
        change=None if np.isnan(change) else change,
        reason=f"{reason or driver} {held}".strip(),
        parts=change_parts(found, sides, 0, said),
        comes_out=all(_comes_out(each) for each in (then, now)),
    )  # fmt: skip


def card_number(connection: Connection, label: str) -> int:
    """Return the store's number of a scorecard, written as in retention.v1; FixConfig for none."""
    name, _, version = label.rpartition(".v")
    binds = {"name": name, "version": int(version) if version.isdigit() else 0}
    row = connection.execute(query("snapshots/find_scorecard"), binds).one_or_none()
    if row is None:
        raise FixConfig(
            f"No scores are stored by a scorecard {label!r}; write it as in retention.v1."
        )
    return int(row.scorecard_id)


def _one(
    connection: Connection, account_id: int, scorecard_id: int, as_of: date, *, others: bool
) -> StoredSide:
    found = load_sides(connection, scorecard_id, as_of, [account_id], others=others)
    if not found:
        raise FixConfig(
            f"The account has no score on {as_of}; `health explain` shows its last one, and "
            "`health backfill` computes days in the past."
        )
    return found[0]


def _day(stored: StoredSide, as_of: date) -> DayOfChange:
    row: Row[Any] = stored.rows[0]
    return DayOfChange(
        as_of, label_of(stored.side.card), row.basis, row.revision, row.score, row.band
    )


def _comes_out(stored: StoredSide) -> bool:
    """Whether the stored score is what its readings, circumstances and card make."""
    score = stored.rows[0].score
    return np.array_equal([np.nan if score is None else score], stored.side.score, equal_nan=True)
