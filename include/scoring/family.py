"""What a family of accounts reads: an account and every account below it, as of each day.

own       the account's own reading
sum       of all of them; of tops and bottoms apart where the reading is a division. Unknown as soon
          as one of them is unknown: a sum with a gap would count the unknown as zero.
weighted  mean by revenue of those that are known. Those without known revenue above 0 have no say;
          unknown while less than half of the others' revenue has a known reading.
worst     that of the account with the fewest points on the measure's curve, among those that are
          known; unknown when none is. Equal points: the smaller reading, then the first account.

An account that nothing counts below has its own reading on that day, whatever the choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from include.scoring.measure import Measure
from include.scoring.members import Bools, Families, Members, Positions, families
from include.scoring.ops import divide
from include.scoring.plan import Losses, plan_of
from include.scoring.reading_parts import write_out
from include.scoring.reading_spec import Divide, Mean, Reading, Windowed
from include.scoring.rows import MILLION, NEVER, Floats
from include.scoring.scorecard import Scorecard

ENOUGH = 0.5  # of the revenue that a weighted mean speaks for
SUMMED = 2.0**42  # in whole millionths this is half of what 64 bits hold


@dataclass(frozen=True, slots=True)
class Combined:
    """readings: (account, day, measure), NaN unknown.

    worst: for each measure (by index) of which the worst account counts, the position of that
    account by (account, day); -1 where the reading is unknown.
    """

    readings: Floats
    worst: Mapping[int, Positions]


def parts_of(card: Scorecard) -> tuple[Reading, ...]:
    """What to read for `combine`: the measures' readings, those to be summed in their parts."""
    return tuple(part for measure in card.measures for part in _parts(measure))


def combine(  # noqa: PLR0913 - what was read, who belongs together and who counts how much
    parts: Floats,
    card: Scorecard,
    *,
    members: Members,
    first_day: int,
    weights: Floats | None = None,
    customers: Bools | None = None,
) -> Combined:
    """Turn parts of (account, day), the first of them `first_day`, into the measures' readings.

    weights: (account, day) revenue in one currency, NaN unknown. customers: (account, day) where a
    reading counts for a family; elsewhere an account is no part of it, which is not to be unknown.
    A sum that is too large to be exact is unknown.
    """
    days = np.arange(first_day, first_day + parts.shape[1])
    readings, columns = np.empty((*parts.shape[:2], len(card.measures))), _columns(card)
    for j, measure in enumerate(card.measures):
        readings[:, :, j] = _finish(measure, [parts[:, :, column] for column in columns[j]])
    itself = np.arange(len(parts), dtype=np.int32)[:, None]
    worst = {
        j: np.where(np.isnan(readings[:, :, j]), np.int32(-1), itself)
        for j, measure in enumerate(card.measures)
        if measure.family == "worst"
    }
    if any(measure.family != "own" for measure in card.measures):
        for some in families(members, days, customers):
            _combine_some(some, card, _Known(parts, columns, weights), Combined(readings, worst))
    return Combined(readings, worst)


@dataclass(frozen=True, slots=True)
class _Known:
    """What accounts read themselves. columns: for each measure, where its parts stand."""

    parts: Floats
    columns: list[range]
    weights: Floats | None

    def of(self, some: Families, column: int) -> Floats:
        """(member, day) of some families."""
        return self.parts[some.child, :, column]


def _combine_some(some: Families, card: Scorecard, known: _Known, result: Combined) -> None:
    """Write the readings of these families' parents."""
    alone = some.alone
    for j, measure in enumerate(card.measures):
        columns = known.columns[j]
        if measure.family == "own":
            continue
        if measure.family == "sum":
            sums = [_sum(known.of(some, column), some) for column in columns]
            values = _finish(measure, sums)
        elif measure.family == "weighted":
            values = _weighted(known.of(some, columns[0]), known.weights, some)
        else:
            values, whose = _worst(known.of(some, columns[0]), some, plan_of(card).losses[j])
            result.worst[j][some.parents] = np.where(alone, result.worst[j][some.parents], whose)
        own = result.readings[some.parents, :, j]
        result.readings[some.parents, :, j] = np.where(alone, own, values)


def _sum(values: Floats, some: Families) -> Floats:
    known = some.counts & ~np.isnan(values)
    there = np.where(known, values, 0)
    is_exact = np.add.reduceat(np.abs(there), some.begins, axis=0) < SUMMED
    whole = np.rint(np.clip(there, -SUMMED, SUMMED) * MILLION).astype(np.int64)
    total = np.add.reduceat(whole, some.begins, axis=0) / MILLION
    complete = np.logical_and.reduceat(known | ~some.counts, some.begins, axis=0)
    return np.where(complete & is_exact, total, np.nan)


def _weighted(values: Floats, weights: Floats | None, some: Families) -> Floats:
    """The differences from the smallest reading are weighed: equal readings give exactly that."""
    if weights is None:
        return np.full((len(some.parents), values.shape[1]), np.nan)
    weight = np.where(some.counts, weights[some.child], np.nan)
    weight = np.where(weight > 0, weight, 0)
    known = (weight > 0) & ~np.isnan(values)
    least = np.minimum.reduceat(np.where(known, values, np.inf), some.begins, axis=0)
    more = np.where(known, weight, 0)
    with np.errstate(invalid="ignore"):  # inf - inf, 0 / 0: nobody is known
        above = more * np.where(known, values - least[some.family], 0)
        said = np.add.reduceat(more, some.begins, axis=0)
        asked = np.add.reduceat(weight, some.begins, axis=0)
        mean = least + np.add.reduceat(above, some.begins, axis=0) / said
    return np.where((said > 0) & (said >= ENOUGH * asked), mean, np.nan)


def _worst(values: Floats, some: Families, losses: Losses) -> tuple[Floats, Positions]:
    lost = losses.of(values.ravel()).reshape(values.shape)
    lost = np.where(some.counts & ~np.isnan(values), lost, -1)
    most = np.maximum.reduceat(lost, some.begins, axis=0)
    tied = (lost >= 0) & (lost == most[some.family])
    reading = np.minimum.reduceat(np.where(tied, values, np.inf), some.begins, axis=0)
    tied &= values == reading[some.family]
    position = np.where(tied, some.child.astype(np.int32)[:, None], np.int32(NEVER))
    whose = np.minimum.reduceat(position, some.begins, axis=0)
    return np.where(most < 0, np.nan, reading), np.where(most < 0, np.int32(-1), whose)


def _columns(card: Scorecard) -> list[range]:
    ends = np.cumsum([0, *(len(_parts(measure)) for measure in card.measures)]).tolist()
    return [range(start, stop) for start, stop in pairwise(ends)]


def _parts(measure: Measure) -> tuple[Reading, ...]:
    reading = write_out(measure.reading)
    if measure.family != "sum":
        return (reading,)
    if isinstance(reading, Divide):
        return (_undivided(reading.top), _undivided(reading.bottom))
    return (_undivided(reading),)


def _undivided(reading: Reading) -> Reading:
    """A mean's sum, unknown on the same days; sums are exact, and divided in the end."""
    if not isinstance(reading, Mean):
        return reading
    fields = reading.model_dump(include={"series", "window", "lag"})
    return Windowed(op="sum", history=reading.history, **fields)


def _finish(measure: Measure, parts: list[Floats]) -> Floats:
    """Make the measure's reading of its parts, be they an account's or a family's."""
    reading = write_out(measure.reading)
    if measure.family != "sum":
        return parts[0]
    if isinstance(reading, Divide):
        top, bottom = _mean(reading.top, parts[0]), _mean(reading.bottom, parts[1])
        return divide(top, bottom, reading.times)
    return _mean(reading, parts[0])


def _mean(reading: Reading, total: Floats) -> Floats:
    return total / reading.window if isinstance(reading, Mean) else total
