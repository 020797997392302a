"""Read every measure of every account on every day of a range, by running totals.

For each series a grid (account x day) says how many of its rows had been by the end of that day;
every reading is a look-up of running arrays at those counts. Nothing loops over days or accounts,
one day is a range of one, and only days that some reading looks at stand in the grid.

Memory: 8 bytes per account, day and measure for the result. Beside it up to 60 bytes a row of the
series (the caller's own copy has 16) and a few MB for the accounts in work, whatever the range.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from include.scoring.block import Block, read_block
from include.scoring.looks import looks_of
from include.scoring.reading_parts import needs_terms, write_out
from include.scoring.reading_spec import Reading
from include.scoring.rows import NEVER, Floats, Series, sort_rows
from include.scoring.terms import terms_of
from include.scoring.views import grid_of, ready_of

__all__ = ["NEVER", "Series", "read"]

CELLS = 65_536  # of a grid in work: it should fit the processor's cache

Starts = npt.NDArray[np.int32]


def read(  # noqa: PLR0913 - a range of days, a block of accounts and what is known of them
    specs: Sequence[Reading],
    series: Mapping[str, Series],
    *,
    accounts: int,
    first_day: int,
    last_day: int,
    term_start: Starts | None = None,
    blocked_by: Mapping[str, str] | None = None,
) -> Floats:
    """Return readings as (account, day, measure), NaN where unknown.

    Both days are included, counted since 1970-01-01. Rows after `last_day` are not looked at, and
    rows after a day never change that day's reading. A series that is not there is unknown.
    term_start: (account, day), the first day of the term in force; NEVER where none is, and
    everywhere if not given. blocked_by: names for a series the one that counts what of it could not
    be valued; a reading that leaves something out is unknown. So is what adds up values that are
    too large for that, of the account that has them.
    Raises RejectData for values that are no number and rows that stand twice.
    """
    assert first_day <= last_day, "a range of days has at least one day"
    days = np.arange(first_day, last_day + 1, dtype=np.int64)[None, :]
    written, blocking = [write_out(spec) for spec in specs], blocked_by or {}
    ready = {
        name: ready_of(
            sort_rows(name, series[name], accounts, last_day),
            series[name].known_from.astype(np.int64),
            np.unique(days.T - [0, *look.lags]),
        )
        for name, look in looks_of(written, blocking).items()
        if name in series
    }
    starts = _term_starts(term_start, (accounts, days.shape[1]))
    step = max(1, CELLS // max((len(one.marks) for one in ready.values()), default=1))
    result = np.empty((accounts, days.shape[1], len(specs)))
    for start in range(0, accounts, step):
        stop = min(start + step, accounts)
        grids = {name: grid_of(one, start, stop, days) for name, one in ready.items()}
        terms = terms_of(starts[start:stop], days) if needs_terms(written) else None
        read_block(written, Block(grids, blocking, terms, days, {}), result[start:stop])
    return result


def _term_starts(given: Starts | None, shape: tuple[int, int]) -> Starts:
    if given is None:
        return np.broadcast_to(np.int32(NEVER), shape)
    assert given.shape == shape, "term_start has a first day, or NEVER, for every account and day"
    return given
