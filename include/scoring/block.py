"""The readings of a few accounts in work: each simple reading is made once, then put together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from include.scoring.ops import divide, is_blocked, read_plain
from include.scoring.reading_parts import WrittenOut, simple_parts
from include.scoring.reading_spec import DaysToFirst, Divide, Milestone, Simple
from include.scoring.rows import NEVER, Floats, Ints
from include.scoring.terms import Terms, days_to_first, end_of_month
from include.scoring.views import Grid, View, spots_of

Known = Floats | float  # NaN alone: unknown everywhere


@dataclass(frozen=True, slots=True)
class Block:
    """What readings are made from. terms: None where none asks for them. done: made already.

    blocked_by: names for a series the one that counts what of it could not be valued.
    """

    grids: Mapping[str, Grid]
    blocked_by: Mapping[str, str]
    terms: Terms | None
    days: Ints
    done: dict[Simple, Known]


def read_block(specs: Sequence[WrittenOut], block: Block, result: Floats) -> None:
    """Write the readings into `result` (account, day, measure)."""
    for j, spec in enumerate(specs):
        if isinstance(spec, Milestone):
            result[:, :, j] = _milestone(spec, block)
        else:
            result[:, :, j] = _divided(spec, partial(_once, block=block))


def _divided(spec: Simple | Divide, read_one: Callable[[Simple], Known]) -> Known:
    if not isinstance(spec, Divide):
        return read_one(spec)
    return divide(read_one(spec.top), read_one(spec.bottom), spec.times)


def _once(spec: Simple, block: Block) -> Known:
    if spec not in block.done:
        block.done[spec] = _simple(spec, block.grids, block)
    return block.done[spec]


def _simple(spec: Simple, views: Mapping[str, View], block: Block) -> Known:
    """Unknown where a series is not there, or one that would block it."""
    view, companion = views.get(spec.series), block.blocked_by.get(spec.series)
    if view is None or (companion is not None and companion not in views):
        return np.nan
    if isinstance(spec, DaysToFirst):
        assert block.terms is not None, "the block has the terms its readings ask for"
        values = days_to_first(spec, block.grids[spec.series], block.terms)
    else:
        values = read_plain(spec, view)
    if companion is not None:
        values[is_blocked(spec, views[companion])] = np.nan
    return values


def _milestone(spec: Milestone, block: Block) -> Known:
    """What holds on the due day, once for each stretch of a term, and before it what holds then."""
    terms = block.terms
    assert terms is not None, "the block has the terms its readings ask for"
    has_term = terms.start != NEVER
    due = end_of_month(np.where(has_term, terms.start, 0), spec.month)
    spots = {name: spots_of(grid, terms.account, due) for name, grid in block.grids.items()
             if name in _needed(spec, block)}  # fmt: skip
    on_due = _divided(spec.of, partial(_simple, views=spots, block=block))
    on_due = np.where(has_term[:, None], on_due, np.nan)[:, 0]
    values = on_due[terms.of_cell]
    early = block.days < np.where(has_term, due, -NEVER)[terms.of_cell]
    so_far = np.nan if spec.until == "unknown" else _divided(spec.of, partial(_once, block=block))
    return np.where(early, so_far, values) / spec.target


def _needed(spec: Milestone, block: Block) -> set[str]:
    names = {part.series for part in simple_parts(spec)}
    return names | {block.blocked_by.get(name, name) for name in names}
