"""Readings that count from the start of a term.

The term in force changes seldom, so what depends on it alone is worked out once for each stretch of
days with the same start, and spread out over the days.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.reading_spec import DaysToFirst
from include.scoring.rows import NEVER, Floats, Ints
from include.scoring.views import Grid, spots_of


@dataclass(frozen=True, slots=True)
class Terms:
    """Stretches of days with the same term, by account, then day.

    account: position in the grid. start: the term's first day, NEVER where there is none.
    of_cell: for each account and day, its stretch.
    """

    account: Ints
    start: Ints
    of_cell: Ints


def terms_of(term_start: npt.NDArray[np.int32], days: Ints) -> Terms:
    """Find the stretches in a matrix (account, day); a term that is still to come is none."""
    start = np.where(term_start <= days, term_start, np.int32(NEVER))
    begins = np.ones(start.shape, np.bool_)
    begins[:, 1:] = start[:, 1:] != start[:, :-1]
    of_cell = (np.cumsum(begins) - 1).reshape(start.shape)
    return Terms(np.nonzero(begins)[0], start[begins].astype(np.int64), of_cell)


def end_of_month(start: Ints, month: int) -> Ints:
    """The last day of the n-th month from each first day: a year from 2026-03-01 is 2027-02-28.

    A month ends on the day before its first day's number comes again, or before the last day of
    the calendar month that has no such day.
    """
    first = start.astype("datetime64[D]")
    begun = first.astype("datetime64[M]")
    month_days = (first - begun.astype("datetime64[D]")).astype(np.int64)
    later = begun + month
    length = ((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(np.int64)
    again: Ints = later.astype("datetime64[D]").astype(np.int64)
    again += np.minimum(month_days, length - 1)
    return again - 1


def days_to_first(spec: DaysToFirst, grid: Grid, terms: Terms) -> Floats:
    """Return (account, day), NaN where unknown."""
    known_from = grid.known_from[terms.account, 0]
    start = np.where(terms.start == NEVER, known_from, terms.start)
    before = spots_of(grid, terms.account, start - 1)
    happened, rows = grid.rows.happened[before.upto(0)[:, 0]], grid.rows
    first = np.take(rows.happened_day, happened + 1, mode="clip") - start.astype(np.float64)
    if spec.before_known == "unknown":
        start = np.where(start < known_from, NEVER, start)
    reached = rows.happened[grid.upto(0)] > happened[terms.of_cell]
    so_far = np.nan if spec.until == "unknown" else grid.days - start[terms.of_cell]
    values = np.where(reached, first[terms.of_cell], so_far)
    values[(grid.days < grid.known_from) | (start == NEVER)[terms.of_cell]] = np.nan
    return values
