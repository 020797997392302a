"""What scores depend on beside readings, for many accounts and days at once: no loop over days.

Attributes are those at the end of the day, the month is that of the term in force on it, overrides
are those in force. Only what the card asks for is looked up.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.scoring.circumstances import NO_TERM, Circumstances, Codes
from include.scoring.context import Context, Override
from include.scoring.scorecard import Scorecard
from include.warehouse import overrides
from include.warehouse.copy import copy_out
from include.warehouse.database import query
from include.warehouse.histories import Floats
from include.warehouse.intern import Coded, intern
from include.warehouse.revisions import Days, Ids, to_date

Places = NDArray[np.intp]
Runs = Mapping[str, NDArray[Any]]  # account_id, first_day, last_day (both included), and more


@dataclass(frozen=True, slots=True)
class Loaded:
    """Circumstances of rows. override: the id of each row's override, -1 without one."""

    at: Circumstances
    override: NDArray[np.int64]

    def of(self, rows: Places) -> "Loaded":
        """Those of some rows, in their order."""
        return Loaded(self.at.of(rows), self.override[rows])


def load(
    connection: Connection, card: Scorecard, accounts: Ids, days: Days, *, basis: str
) -> Loaded:
    """Return what a card asks of accounts on days, one row each, in any order.

    basis: a live row knows only the overrides that had been entered by the end of its day.
    """
    if not len(accounts):
        return Loaded(Circumstances.none(0), np.empty(0, np.int64))
    first_day, last_day = to_date(days.min()), to_date(days.max())
    binds = {
        "first_account": int(accounts.min()), "last_account": int(accounts.max()),
        "first_day": first_day, "last_day": last_day,
    }  # fmt: skip
    attributes = load_attributes(connection, card.attributes, accounts, days)
    months = np.full(len(accounts), NO_TERM, np.int64)
    if card.uses_months:
        months = _months(connection, binds, accounts, days)
    found = overrides.in_force(
        connection, accounts, first_day, last_day, scorecard=card.name, basis=basis
    )
    place = found.places(accounts, days)
    at = Circumstances(
        month=months,
        override_to=np.append(found.to, np.nan)[place],
        override_factor=np.append(found.factor, np.nan)[place],
        may_raise=np.append(found.may_raise, False)[place],
        attributes=attributes,
    )
    return Loaded(at, np.append(found.override_id, -1)[place].astype(np.int64))


def load_attributes(
    connection: Connection, names: Collection[str], accounts: Ids, days: Days
) -> dict[str, Codes]:
    """Return attributes as they stood at the end of the day, a row for each account and day."""
    if not len(accounts):
        return {name: Codes(np.empty(0, np.intp), ()) for name in names}
    binds = {
        "first_account": int(accounts.min()), "last_account": int(accounts.max()),
        "first_day": to_date(days.min()), "last_day": to_date(days.max()),
    }  # fmt: skip
    return {
        name: _attribute(connection, binds | {"attribute": name}, accounts, days) for name in names
    }


def contexts(loaded: Loaded, carried: Coded) -> Coded:
    """Return what each row stood on, as `Context` writes it, each distinct one once; -1: nothing.

    carried: of the same rows, the JSON text of which readings are how many days old.
    """
    at, rows = loaded.at, len(loaded.override)
    parts = [known.codes for known in at.attributes.values()]
    key = _joined([*parts, at.month - 1, loaded.override, carried.codes], rows)
    _, first, codes = np.unique(key, return_index=True, return_inverse=True)
    words = [_context(loaded, carried, int(row)).text() for row in first]
    is_empty = np.array([word == "{}" for word in words], np.bool_)
    return Coded(np.where(is_empty[codes], -1, codes), words)


def in_force(runs: Runs, accounts: Ids, days: Days) -> Places:
    """Return for each account and day the position of its run; -1 where there is none.

    Runs of one account do not overlap.
    """
    keys = _by_account(runs["account_id"], runs["first_day"])
    order = np.argsort(keys, kind="stable")
    place = np.searchsorted(keys[order], _by_account(accounts, days), side="right") - 1
    found = order[place] if len(order) else place
    is_ours = (place >= 0) & (len(order) > 0)
    found = np.where(is_ours, found, 0)
    if len(order):
        is_ours &= (runs["account_id"][found] == accounts) & (runs["last_day"][found] >= days)
    return np.where(is_ours, found, -1)


def months_of(term_start: Days, days: Days) -> NDArray[np.int64]:
    """Return the month of the term that each day is in: 1 from its first day on.

    A month ends before its first day's number comes again, or on the day before the last one of a
    calendar month that has no such day; see `end_of_month`.
    """
    start, day = (one.astype("datetime64[D]") for one in (term_start, days))
    begun, now = start.astype("datetime64[M]"), day.astype("datetime64[M]")
    into = (start - begun.astype("datetime64[D]")).astype(np.int64)
    length = ((now + 1).astype("datetime64[D]") - now.astype("datetime64[D]")).astype(np.int64)
    again = now.astype("datetime64[D]") + np.minimum(into, length - 1)
    months: NDArray[np.int64] = (now - begun).astype(np.int64) + (day >= again)
    return months


def _by_account(accounts: Ids, days: Days) -> NDArray[np.int64]:
    return (accounts.astype(np.int64) << 32) + days


def _attribute(
    connection: Connection, binds: Mapping[str, Any], accounts: Ids, days: Days
) -> Codes:
    runs = copy_out(
        connection, query("circumstances/attributes"), binds,
        {"account_id": "int4", "first_day": "date", "last_day": "date", "hash": "int8"},
    )  # fmt: skip
    hashes = np.append(runs["hash"], 0)[in_force(runs, accounts, days)]
    known = intern(connection, hashes, "circumstances/attribute_words", binds)
    return Codes(known.codes, tuple(known.words))


def _months(
    connection: Connection, binds: Mapping[str, Any], accounts: Ids, days: Days
) -> NDArray[np.int64]:
    runs = copy_out(
        connection, query("circumstances/terms"), binds,
        {"account_id": "int4", "first_day": "date", "last_day": "date", "term_first_day": "date"},
    )  # fmt: skip
    place = in_force(runs, accounts, days)
    start = np.append(runs["term_first_day"], 0)[place]
    return np.where(place < 0, NO_TERM, months_of(start, days))


def _joined(parts: Sequence[NDArray[Any]], rows: int) -> NDArray[np.int64]:
    """Return one number for each combination of codes; a code is -1 or more."""
    key = np.zeros(rows, np.int64)
    for part in parts:
        size = int(part.max(initial=-1)) + 2
        if size > 1:
            _, key = np.unique(key * size + part + 1, return_inverse=True)
    return key


def _context(loaded: Loaded, carried: Coded, row: int) -> Context:
    at, code = loaded.at, carried.codes[row]
    return Context(
        attributes={
            name: known.words[known.codes[row]]
            for name, known in at.attributes.items()
            if known.codes[row] >= 0
        },
        month=int(at.month[row]),
        override=_override(loaded, row),
        carried={} if code < 0 else json.loads(carried.words[code]),
    )


def _override(loaded: Loaded, row: int) -> Override | None:
    if loaded.override[row] < 0:
        return None
    at = loaded.at
    return Override(
        id=int(loaded.override[row]), to=_known(at.override_to, row),
        factor=_known(at.override_factor, row), may_raise=bool(at.may_raise[row]),
    )  # fmt: skip


def _known(values: Floats, row: int) -> float | None:
    return None if np.isnan(values[row]) else float(values[row])
