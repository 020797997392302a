"""Gaps of a live day filled from what was read before: the stored readings of the day before it.

The day before is the last one on which the card was read. So what is carried is what was known then
or, of the days before the very first live one, what the facts said. A measure that is held for a
common cause is a gap of every account.
"""

from datetime import timedelta

import numpy as np
from sqlalchemy import Connection

from include.pipeline.cards import register
from include.pipeline.sources_changes import held_measures
from include.pipeline.spans import Span
from include.scoring.carry import Ages, carry_days, carry_over, read_ages
from include.warehouse import histories
from include.warehouse.database import query
from include.warehouse.histories import Accounts, Floats, Limits
from include.warehouse.revisions import Ids

HELD_DAYS = 366  # as long as any policy may carry; the settings end a hold long before


def fill_live(
    connection: Connection, span: Span, block: Accounts, accounts: Ids, readings: Floats
) -> Ages | None:
    """Fill gaps of a live day in place, (account, measure); return ages, None where none can be."""
    days, names = carry_days(span.card), span.card.measure_names
    for name in held_measures(connection, register(connection, span.card), span.first):
        days[names.index(name)] = HELD_DAYS
        readings[:, names.index(name)] = np.nan
    if not any(days):
        return None
    limits: Limits = {
        **block, "scorecard_id": register(connection, span.card),
        "first_day": span.first - timedelta(days=max(days)),
        "last_day": span.first - timedelta(days=1),
    }  # fmt: skip
    as_of = connection.execute(query("snapshots/newest_read_day"), dict(limits)).scalar_one()
    if as_of is None:
        return None
    before = _before(connection, span, accounts, {**limits, "first_day": as_of, "last_day": as_of})
    return carry_over(readings, before, days)


def _before(
    connection: Connection, span: Span, accounts: Ids, limits: Limits
) -> tuple[Floats, Ages]:
    """Return what accounts had on a day, live before reconstructed, and its age on the span's."""
    names, day = span.card.measure_names, limits["first_day"]
    values = np.full((len(accounts), len(names)), np.nan)
    ages = np.zeros(values.shape, np.int16)
    for basis in ("reconstructed", "live"):
        found, as_of, readings = histories.load_readings(
            connection, basis=basis, measures=len(names), **limits
        )
        carried = histories.load_carried(connection, found, as_of, basis=basis, **limits)
        ours = np.isin(found, accounts)
        lines = np.searchsorted(accounts, found[ours])
        values[lines] = readings[ours]
        ages[lines] = read_ages(carried.codes, carried.words, names)[ours]
    return values, ages + np.int16((span.first - day).days)
