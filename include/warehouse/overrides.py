"""What people say against a score: entered with a reason, until when, and which holds on a day.

Rows of health.override never change but for being ended once. A live row of a day knows what had
been entered by the end of that day; a reconstructed one what holds on it by the dates people gave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import FixConfig
from include.warehouse.database import query
from include.warehouse.revisions import EPOCH, Days, Ids

Floats = NDArray[np.float64]
Row = Mapping[str, Any]


class Scope(TypedDict):
    """scorecard: by name. basis: live counts an override from the day on which it was entered."""

    scorecard: str
    basis: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Overrides as runs of days (since 1970-01-01, both ends included), in order of entering.

    to: points, NaN where it multiplies by `factor` (0 to 1), which is NaN otherwise.
    """

    override_id: Ids
    account_id: Ids
    first_day: Days
    last_day: Days
    to: Floats
    factor: Floats
    may_raise: NDArray[np.bool_]

    def places(self, account_ids: Ids, days: Days) -> NDArray[np.intp]:
        """Return for each row of account and day the position of its override here, -1 for none.

        Where several hold, the one entered last counts.
        """
        if not len(self.override_id) or not len(account_ids):
            return np.full(len(account_ids), -1, np.intp)
        lengths = self.last_day.astype(np.int64) - self.first_day + 1
        place = np.repeat(np.arange(len(lengths)), lengths)
        within = np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        held = (self.account_id.astype(np.int64)[place] << 32) + self.first_day[place] + within
        order = np.lexsort((place, held))
        asked = (account_ids.astype(np.int64) << 32) + days
        last = np.searchsorted(held[order], asked, side="right") - 1
        is_held = (last >= 0) & (held[order][last] == asked)
        return np.where(is_held, place[order][last], -1)


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody wants to enter, checked. Days: both included.

    to: points, or None where `factor` (0 to below 1) multiplies. scorecard: a name, None: all.
    source: command, or crm where the job found it in fields of the CRM.
    """

    account_id: int
    scorecard: str | None
    to: float | None
    factor: float | None
    may_raise: bool
    reason: str
    evidence: str
    author: str
    second: str | None
    first_day: date
    last_day: date
    renews: int | None = None
    source: Literal["command", "crm"] = "command"


def in_force(
    connection: Connection,
    account_ids: Ids,
    first_day: date,
    last_day: date,
    **of: Unpack[Scope],
) -> Holding:
    """Return what holds for some accounts on some days (both included)."""
    binds = {
        "first_account": int(account_ids.min()) if len(account_ids) else 1,
        "last_account": int(account_ids.max()) if len(account_ids) else 0,
        "first_day": first_day, "last_day": last_day, "scorecard": of["scorecard"],
        "is_live": of["basis"] == "live",
    }  # fmt: skip
    rows = connection.execute(query("overrides/in_force"), binds).all()
    wanted = np.isin(np.array([row.account_id for row in rows], np.int32), account_ids)
    rows = [row for row, is_wanted in zip(rows, wanted, strict=True) if is_wanted]
    return Holding(
        override_id=np.array([row.override_id for row in rows], np.int32),
        account_id=np.array([row.account_id for row in rows], np.int32),
        first_day=np.array([(row.first_day - EPOCH).days for row in rows], np.int32),
        last_day=np.array([(row.last_day - EPOCH).days for row in rows], np.int32),
        to=np.array([row.to_score for row in rows], np.float64),
        factor=np.array([row.factor for row in rows], np.float64),
        may_raise=np.array([row.may_raise for row in rows], np.bool_),
    )


def lock_account(connection: Connection, account_id: int) -> date:
    """Let changes of an account's overrides take turns until the transaction ends; return today."""
    row = connection.execute(query("overrides/lock_account"), {"account_id": account_id}).one()
    today: date = row.today
    return today


def add(connection: Connection, override: Override) -> int:
    """Enter an override and return its id; FixConfig where another holds on one of its days."""
    lock_account(connection, override.account_id)
    binds = {
        "account_id": override.account_id, "scorecard": override.scorecard,
        "first_day": override.first_day, "last_day": override.last_day,
    }  # fmt: skip
    for other in connection.execute(query("overrides/overlapping"), binds):
        raise FixConfig(
            f"Override {other.override_id} of this account ({other.reason}, by {other.author}) "
            f"holds until {other.last_day}: end or renew it, or begin on "
            f"{other.last_day + timedelta(days=1)}."
        )
    values = {
        "account_id": override.account_id, "scorecard": override.scorecard,
        "to_score": override.to, "factor": override.factor, "may_raise": override.may_raise,
        "reason": override.reason, "evidence": override.evidence, "author": override.author,
        "second_person": override.second, "valid_from": override.first_day,
        "valid_to": override.last_day, "renews": override.renews,
    }  # fmt: skip
    statement = "overrides/hear" if override.source == "crm" else "overrides/add"
    return int(connection.execute(query(statement), values).scalar_one())


def end(connection: Connection, override_id: int, *, by: str) -> None:
    """End an override: it holds up to yesterday. FixConfig where it has been ended already."""
    found = find(connection, override_id)
    binds = {"override_id": override_id, "ended_by": by}
    if connection.execute(query("overrides/end"), binds).one_or_none() is None:
        raise FixConfig(
            f"Override {override_id} was ended already, by {found['ended_by']} on "
            f"{found['ended_at']:%Y-%m-%d}."
        )


def find(connection: Connection, override_id: int) -> Row:
    """Return one override with its state, or raise FixConfig."""
    found = look_up(connection, override_id)
    if found is None:
        raise FixConfig(f"There is no override {override_id}; `health override list` shows all.")
    return found


def look_up(connection: Connection, override_id: int) -> Row | None:
    """Return one override with its state, or None."""
    return next(iter(_listed(connection, only=override_id)), None)


def listed(
    connection: Connection, *, expiring: int | None = None, everything: bool = False
) -> Sequence[Row]:
    """Return overrides, the one that ends first on top, each with its state.

    expiring: those that end within so many days, and those that expired and nobody renewed.
    """
    return _listed(connection, expiring=expiring, everything=everything)


def _listed(
    connection: Connection,
    *,
    only: int | None = None,
    expiring: int | None = None,
    everything: bool = False,
) -> list[Row]:
    binds = {"only": only, "expiring": expiring, "everything": everything}
    rows = connection.execute(query("overrides/list"), binds).mappings()
    return [dict(row) for row in rows]
