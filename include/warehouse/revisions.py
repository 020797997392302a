"""Writing a day's rows so that it can be repeated: what is there already is not written again.

Readings and snapshots have one key: (as_of, scorecard_id, basis, account_id, revision). Content
that changed is a new revision beside the old one; rows are never updated or deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.errors import FixConfig
from include.warehouse.columns import Column, coded, numbers
from include.warehouse.copy import copy_in, copy_out
from include.warehouse.database import query
from include.warehouse.digest import digest_rows

EPOCH = date(1970, 1, 1)
BESIDE = {"origins"}  # written with a row, but no reason to write one
# Not in the digests of older rows.
LATE = (
    "base", "fired", "undecided", "context", "carried",
    "slope_p", "streak_days", "below_since", "confirmed_band",
)  # fmt: skip
Ids = NDArray[np.int32]
Days = NDArray[np.int32]  # since 1970-01-01


@dataclass(frozen=True, slots=True)
class Target:
    """Which rows a run writes: of one scorecard and basis, into one of the two tables.

    kin: scorecards of which the one that wrote last stands for an account; where that was another
    one, a row is written again though nothing in it changed.
    """

    table: Literal["reading", "snapshot"]
    scorecard_id: int
    basis: str
    run_no: int
    kin: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows were new, the same as before (not written), or changed (a new revision)."""

    inserted: int
    unchanged: int
    revised: int


def store_rows(
    connection: Connection,
    target: Target,
    *,
    account_ids: Ids,
    as_of_days: Days,
    content: Mapping[str, Column],
) -> Stored:
    """Write the rows that are new or differ from the newest revision of their account and day.

    Those that another card of the kin overtook are written too.
    Writers of one scorecard, basis and month take turns until their transactions end where their
    accounts share a block of 4,096; others do not wait for each other. The months' partitions are
    made in a transaction of their own, so that other shards need not wait for ours.
    Raises ValueError where an account has two rows for one day.
    """
    if not len(account_ids):
        return Stored(0, 0, 0)
    span = _span(account_ids, as_of_days)
    _take_turn(connection, target, span)
    with connection.engine.begin() as own:
        own.execute(query("snapshots/ensure_partitions"), span)
    keys = row_keys(account_ids, as_of_days)
    order = _order(keys, account_ids, as_of_days)
    digests = digest_content(content)
    revisions = _next_revisions(connection, target, span, keys, digests)
    chosen = order[revisions[order] >= 0]
    copy_in(
        connection,
        f"health.{target.table}",
        key_columns(target, account_ids, as_of_days, revisions, digests) | dict(content),
        chosen=chosen,
    )
    revised = int(np.count_nonzero(revisions > 0))
    return Stored(len(chosen) - revised, len(keys) - len(chosen), revised)


def digest_content(content: Mapping[str, Column]) -> NDArray[np.int64]:
    """Return the digests that rows of this content are stored with."""
    first = [content[name] for name in content if name not in BESIDE | set(LATE)]
    return digest_rows(first, late=[content[name] for name in LATE if name in content])


def row_keys(account_ids: Ids, days: Days) -> NDArray[np.int64]:
    """Return one number for each account and day, rising by day, then by account."""
    return (days.astype(np.int64) << 32) + account_ids


def to_date(day: int) -> date:
    return EPOCH + timedelta(days=int(day))


def _take_turn(connection: Connection, target: Target, span: Mapping[str, Any]) -> None:
    subject = f"health.{target.table} {target.scorecard_id} {target.basis}"
    values = {**span, "subject": subject, "scorecard_id": target.scorecard_id}
    if not connection.execute(query("snapshots/lock"), values).all():
        raise FixConfig(f"There is no scorecard {target.scorecard_id}; register it before storing.")


def _span(account_ids: Ids, days: Days) -> dict[str, Any]:
    return {
        "first_account": int(account_ids.min()), "last_account": int(account_ids.max()),
        "first_day": to_date(days.min()), "last_day": to_date(days.max()),
    }  # fmt: skip


def _order(keys: NDArray[np.int64], account_ids: Ids, days: Days) -> NDArray[np.intp]:
    """Return the positions in the order of the table's key, so that its index grows at one end."""
    order = np.arange(len(keys))
    if not (keys[1:] > keys[:-1]).all():
        order = np.argsort(keys, kind="stable")
        twins = np.flatnonzero(np.diff(keys[order]) == 0)
        if len(twins):
            row = order[twins[0]]
            raise ValueError(f"account {account_ids[row]} has two rows for {to_date(days[row])}")
    return order


def _next_revisions(
    connection: Connection,
    target: Target,
    span: Mapping[str, Any],
    keys: NDArray[np.int64],
    digests: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Return the revision that each row will have, or -1 where its content is stored already."""
    found = copy_out(
        connection,
        query(f"snapshots/read_{target.table}_digests"),
        {**span, "scorecard_id": target.scorecard_id, "basis": target.basis},
        {"account_id": "int4", "as_of": "date", "revision": "int2", "digest": "int8"},
    )
    if not len(found["revision"]):
        return np.zeros(len(keys), np.int32)
    known_keys, newest = newest_rows(found["account_id"], found["as_of"], found["revision"])
    places = np.minimum(np.searchsorted(known_keys, keys), len(known_keys) - 1)
    is_known = known_keys[places] == keys
    is_same = is_known & (found["digest"][newest][places] == digests)
    is_same &= ~np.isin(keys, _overtaken(connection, target, span))
    following = np.where(is_known, found["revision"][newest][places].astype(np.int32) + 1, 0)
    return np.where(is_same, -1, following)


def _overtaken(
    connection: Connection, target: Target, span: Mapping[str, Any]
) -> NDArray[np.int64]:
    """Return the keys for which another scorecard of the kin wrote last."""
    if not set(target.kin) - {target.scorecard_id}:
        return np.empty(0, np.int64)
    found = copy_out(
        connection,
        query("snapshots/overtaken"),
        {
            **span, "scorecard_id": target.scorecard_id, "basis": target.basis,
            "scorecard_ids": list(target.kin),
        },
        {"account_id": "int4", "as_of": "date"},
    )  # fmt: skip
    return row_keys(found["account_id"], found["as_of"])


def newest_rows(
    account_ids: Ids, days: Days, rank: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the keys there are, rising, and for each the position of its row of highest rank."""
    keys = row_keys(account_ids, days)
    order = np.lexsort((rank, keys))
    ends = np.flatnonzero(np.diff(keys[order], append=np.iinfo(np.int64).max))
    newest = order[ends]
    return keys[newest], newest


def key_columns(
    target: Target,
    account_ids: Ids,
    as_of_days: Days,
    revisions: NDArray[np.int32],
    digests: NDArray[np.int64],
) -> dict[str, Column]:
    """Return the columns that a digest does not cover."""

    def same(value: int) -> NDArray[np.int32]:
        return np.broadcast_to(np.int32(value), len(account_ids))

    return {
        "account_id": numbers("int4", account_ids),
        "as_of": numbers("date", as_of_days),
        "scorecard_id": numbers("int2", same(target.scorecard_id)),
        "revision": numbers("int2", revisions),
        "run_no": numbers("int4", same(target.run_no)),
        "digest": numbers("int8", digests),
        "basis": coded(same(0), [target.basis]),
    }
