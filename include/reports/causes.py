"""What was known of accounts on a day, as far as it is known now: to say why a reading is unknown.

One account's for `health explain`, block by block for files: the same words from the same facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from include.pipeline import inputs
from include.pipeline.inputs import Place
from include.pipeline.spans import Span
from include.reports.matching import held_roles
from include.scoring.reading_spec import Reading
from include.scoring.rows import Series
from include.scoring.scorecard import Scorecard
from include.scoring.why import AccountDay
from include.warehouse.database import query


@dataclass(frozen=True)
class Known:
    """Accounts on one day. series: the rows of an account, by its position, stand together.

    blocked_by: the series that blocks a series; held: why a series is unknown on that day.
    """

    place: Place
    series: Mapping[str, Series]
    blocked_by: Mapping[str, str]
    held: Mapping[str, str]

    @cached_property
    def _begins(self) -> dict[str, NDArray[np.intp]]:
        """Where each account's rows begin, and where the last one's end, by series."""
        ends = np.arange(len(self.place.accounts) + 1)
        return {name: np.searchsorted(one.account, ends) for name, one in self.series.items()}

    def of(self, account_id: int) -> AccountDay:
        """Return what there is of one of the accounts."""
        at = int(np.searchsorted(self.place.accounts, account_id))
        return AccountDay(
            int(self.place.days[0]),
            {name: self._own(name, one, at) for name, one in self.series.items()},
            term_start=int(self.place.term_start[at, 0]), blocked_by=self.blocked_by,
            held=self.held,
        )  # fmt: skip

    def _own(self, name: str, series: Series, at: int) -> Series:
        rows = slice(*self._begins[name][at : at + 2])
        days = series.day[rows]
        return replace(
            series, account=np.zeros(len(days), np.int32), day=days, value=series.value[rows],
            known_from=series.known_from[at : at + 1],
        )  # fmt: skip


def known_of(
    connection: Connection, card: Scorecard, day: tuple[date, str], accounts: Sequence[int],
    readings: Sequence[Reading],
) -> Known:  # fmt: skip
    """Return what is known now of accounts (ids, rising) on a day, as far as readings look at it.

    day: with the basis of its rows: on a live one, roles may have been held back.
    """
    as_of, basis = day
    ids = np.array(accounts, np.int32)
    span = Span(card, as_of, as_of, "reconstructed", chosen=tuple(accounts))
    place = inputs.place_of(span, ids, inputs.terms_of(connection, span, inputs.around(ids)))
    series, blocked_by = inputs.load_series(connection, span, readings, place)
    held = _held_series(connection, as_of) if basis == "live" else {}
    return Known(place, {name: _by_account(one) for name, one in series.items()}, blocked_by, held)


def _by_account(series: Series) -> Series:
    order = np.argsort(series.account, kind="stable")
    return replace(
        series, account=series.account[order], day=series.day[order], value=series.value[order]
    )


def _held_series(connection: Connection, as_of: date) -> dict[str, str]:
    """Return the series of the roles that were held back on a live day, with the reason of each."""
    reasons = {one["role"]: one["reason"] for one in held_roles(connection, as_of)}
    listed = connection.execute(query("snapshots/list_series")) if reasons else ()
    return {one.name: reasons[one.role] for one in listed if one.role in reasons}
