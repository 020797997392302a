"""One account's change of score in parts, each with its words: what tables and sentences show."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.say import points_shown
from include.scoring.apportion import apportion_rows
from include.scoring.attribution import KINDS, Attribution
from include.scoring.change_words import label_of, reading_of, words_of
from include.scoring.crossing import Sides
from include.scoring.plan import BILLION, Floats

TENTH = BILLION / 10


@dataclass(frozen=True, slots=True)
class ChangePart:
    """points: exact, in whole billionths; shown: to one decimal, which sum to the shown change.

    before, after: readings, None unknown or not of a measure. words: a clause without a full stop.
    """

    kind: str
    name: str
    label: str
    points: float
    shown: float
    before: float | None
    after: float | None
    words: str


def change_parts(
    found: Attribution, sides: Sides, row: int, sources: Mapping[str, str]
) -> tuple[ChangePart, ...]:
    """Return the parts of one row that are not 0, the largest first; none without a change.

    sources: by measure, what its source did; of the measures that were given as `by_source`.
    """
    only = slice(row, row + 1)
    tenths = _tenths(found.parts[:, only], found.change[only])[:, 0]
    slots = np.flatnonzero(found.parts[:, row]).tolist()
    parts = [_part(found, sides, (at, row), float(tenths[at]), sources) for at in slots]
    return tuple(sorted(parts, key=lambda part: (-abs(part.points), part.kind, part.name)))


def main_parts(
    found: Attribution, sides: Sides, sources: Mapping[str, str]
) -> list[ChangePart | None]:
    """Return each row's largest part in the direction of its change, as it is shown.

    Of any direction where the change shows as 0.0; None where the part itself would, or a day has
    no score. Parts that are equal but for their rounding do not all show the same.
    """
    sign = np.sign([0.0 if np.isnan(one) else points_shown(one) for one in found.change.tolist()])
    tenths = _tenths(found.parts, found.change)
    towards, shown = (
        np.where(sign == 0, np.abs(part), part * sign) for part in (found.parts, tenths)
    )
    largest = np.where(shown == shown.max(axis=0), towards, -np.inf).argmax(axis=0)
    return [
        _part(found, sides, (at, row), float(tenths[at, row]), sources) if tenths[at, row] else None
        for row, at in enumerate(largest.tolist())
    ]


def _tenths(parts: npt.NDArray[np.int64], change: Floats) -> Floats:
    """The parts in tenths of a point, which sum to the change as it is shown."""
    known = (0.0 if np.isnan(one) else one for one in change.tolist())
    whole = np.array([round(points_shown(one) * 10) for one in known], np.float64)
    return apportion_rows(parts / TENTH, whole)


def _part(
    found: Attribution,
    sides: Sides,
    cell: tuple[int, int],
    tenths: float,
    sources: Mapping[str, str],
) -> ChangePart:
    """cell: slot and row."""
    (at, row), slot = cell, found.slots[cell[0]]
    kind = KINDS[found.kinds[at, row]] if slot.kind == "reading" else slot.kind
    before, after = (reading_of(side, slot, row) for side in sides)
    return ChangePart(
        kind=kind, name=slot.name, label=label_of(slot, sides),
        points=float(found.parts[at, row]) / BILLION, shown=tenths / 10 + 0.0,
        before=before, after=after,
        words=words_of(kind, slot, sides, row, sources.get(slot.name, "")),
    )  # fmt: skip
