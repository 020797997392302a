"""What a block of accounts is read from: their terms, their series, and who is below whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from include.pipeline.spans import Span, number
from include.scoring.looks import Look, looks_of
from include.scoring.members import Members
from include.scoring.reading_spec import Reading
from include.scoring.readings import NEVER, Series
from include.warehouse import histories
from include.warehouse.copy import Known, copy_out
from include.warehouse.database import query
from include.warehouse.histories import WHOLE, Accounts, Floats, Part
from include.warehouse.revisions import Days, Ids

Rows = list[Row[tuple[object, ...]]]
COLUMNS: dict[str, Known] = {
    "account_id": "int4", "first_day": "date", "last_day": "date", "term_first_day": "date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CustomerDays:
    """Runs of days (since 1970-01-01, both ends included) of accounts that are customers.

    Columns of one length. term_first_day: where the term began to which a run belongs.
    """

    account_id: Ids
    first_day: Days
    last_day: Days
    term_first_day: Days

    def chosen(self, which: NDArray[np.bool_]) -> "CustomerDays":
        return CustomerDays(
            self.account_id[which], self.first_day[which], self.last_day[which],
            self.term_first_day[which],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """The accounts (ids, rising) and days (since 1970-01-01, one after the other) of a grid.

    term_start: (account, day), the first day of the term in force; NEVER where the account is no
    customer.
    """

    accounts: Ids
    days: Days
    term_start: NDArray[np.int32]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.accounts), len(self.days)


def terms_of(connection: Connection, span: Span, block: Accounts) -> CustomerDays:
    """Return the runs of days on which a block's accounts are customers, of those that are chosen.

    In no order, and cut at the ends of the span.
    """
    binds = {**block, "first_day": span.first, "last_day": span.last}
    columns = copy_out(connection, query("terms/on_days"), binds, COLUMNS)
    terms = CustomerDays(**columns)
    if span.chosen is None:
        return terms
    return terms.chosen(np.isin(terms.account_id, span.chosen))


def place_of(span: Span, accounts: Ids, terms: CustomerDays) -> Place:
    """Lay terms on the grid of some accounts (ids, rising) and all days of a span."""
    days = np.arange(number(span.first), number(span.last) + 1, dtype=np.int32)
    place = Place(accounts, days, np.full((len(accounts), len(days)), NEVER, np.int32))
    ours = terms.chosen(np.isin(terms.account_id, accounts))
    lines = np.searchsorted(accounts, ours.account_id)
    line, column, row = _cells(place, lines, ours.first_day, ours.last_day)
    place.term_start[line, column] = ours.term_first_day[row]
    return place


def members_of(connection: Connection, span: Span, block: Accounts) -> Rows:
    """Return which accounts are below a block's, where the card asks for it, and on which days."""
    if all(measure.family == "own" for measure in span.card.measures):
        return []
    binds = {**block, "first_day": span.first, "last_day": span.last}
    return list(connection.execute(query("attributes/members"), binds))


def with_members(connection: Connection, span: Span, place: Place, below: Rows) -> Place:
    """Return a grid with the accounts below those of a place as well."""
    if not below:
        return place
    members = np.array([row.account_id for row in below], np.int32)
    accounts = np.union1d(place.accounts, members).astype(np.int32)
    terms = terms_of(connection, replace(span, chosen=None), around(accounts))
    return place_of(span, accounts, terms)


def around(accounts: Ids) -> Accounts:
    """Return the range of ids from the lowest to the highest."""
    if not len(accounts):
        return Accounts(first_account=1, last_account=0)
    return Accounts(first_account=int(accounts[0]), last_account=int(accounts[-1]))


def as_members(rows: Rows, place: Place) -> Members:
    """Name members by their positions; who is in no grid counts nowhere."""
    known = set(place.accounts.tolist())
    rows = [row for row in rows if {row.parent_account_id, row.account_id} <= known]
    return Members(
        parent=_positions(place, [row.parent_account_id for row in rows]),
        child=_positions(place, [row.account_id for row in rows]),
        first_day=np.array([number(row.first_day) for row in rows], np.int32),
        last_day=np.array([number(row.last_day) for row in rows], np.int32),
    )


def weights_of(connection: Connection, span: Span, place: Place) -> Floats | None:
    """(account, day): ARR in the reporting currency, NaN unknown; None where no measure asks."""
    if all(measure.family != "weighted" for measure in span.card.measures):
        return None
    binds = {
        "accounts": place.accounts.tolist(), "first_day": span.first, "last_day": span.last,
    }  # fmt: skip
    rows = list(connection.execute(query("attributes/weights"), binds))
    weights = np.full(place.shape, np.nan)
    line, column, row = _cells(
        place,
        _positions(place, [one.account_id for one in rows]),
        np.array([number(one.first_day) for one in rows], np.int32),
        np.array([number(one.last_day) for one in rows], np.int32),
    )
    arr = np.array([np.nan if one.arr is None else float(one.arr) for one in rows])
    weights[line, column] = arr[row]
    return weights


def load_series(
    connection: Connection,
    span: Span,
    readings: Sequence[Reading],
    place: Place,
    *,
    is_whole: bool = True,
) -> tuple[dict[str, Series], dict[str, str]]:
    """Return what the readings look at, accounts as positions, and which series blocks which.

    On a live day nothing is known to the roles that are held on it. is_whole: whether all the past
    is wanted; if not, then of what was before all windows only as much as changes a reading.
    """
    listed = connection.execute(query("snapshots/list_series")).all()
    roles = {row.name: row.role for row in listed}
    blocked_by = {row.name: row.blocked_by for row in listed if row.blocked_by}
    known = histories.load_known_from(connection, **around(place.accounts))
    for role in _held(connection, span):
        known.pop(role, None)
    looks = looks_of(readings, blocked_by)
    counts = {row.name for row in listed if row.kind == "counts"}
    said = {row.name for row in listed if row.kind == "values"}
    parts = {
        name: WHOLE if is_whole else _part(look, span, is_count=name in counts)
        for name, look in looks.items()
    }
    loaded = histories.load_series(connection, parts, place.accounts, last_day=span.last)
    found = {
        name: Series(
            account=_places(place, account_ids),
            day=days,
            value=values,
            known_from=_known_from(place, known.get(roles.get(name, ""))),
            may_be_cleared=name in said,
        )
        for name, (account_ids, days, values) in loaded.items()
    }
    return found, blocked_by


def _part(look: Look, span: Span, *, is_count: bool) -> Part:
    """Say what of a series is loaded; what counts add up to is not kept beside them."""
    if look.before == "all" or look.reach >= (span.first - date.min).days:
        return WHOLE
    if is_count and look.before == "level":
        return WHOLE
    return Part(span.first - timedelta(days=look.reach), look.before, span.first)


def _places(place: Place, account_ids: Ids) -> NDArray[np.int32]:
    """Return the positions of accounts of a place."""
    if not len(place.accounts):
        return np.zeros(0, np.int32)
    first = place.accounts[0]
    position = np.zeros(place.accounts[-1] - first + 1, np.int32)
    position[place.accounts - first] = np.arange(len(place.accounts))
    places: NDArray[np.int32] = position[account_ids - first]
    return places


def _held(connection: Connection, span: Span) -> list[str]:
    if span.basis != "live":
        return []
    return list(connection.scalars(query("snapshots/held_roles"), {"as_of": span.last}))


def _known_from(place: Place, known: tuple[Ids, Days] | None) -> Days:
    since = np.full(len(place.accounts), NEVER, np.int32)
    if known is not None:
        ours = np.isin(known[0], place.accounts)
        since[np.searchsorted(place.accounts, known[0][ours])] = known[1][ours]
    return since


def _positions(place: Place, account_ids: list[int]) -> NDArray[np.int32]:
    return np.searchsorted(place.accounts, np.array(account_ids, np.int32)).astype(np.int32)


def _cells(
    place: Place, lines: NDArray[np.integer], first: Days, last: Days
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Lay runs of days (both ends included, all on the grid) on it: line, column, of which run."""
    lengths = last.astype(np.int64) - first + 1
    run = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(len(run)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return lines[run].astype(np.intp), first[run] - int(place.days[0]) + within, run
