"""One account's change of score in parts, each with its words: what tables and sentences show."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from include.scoring.apportion import apportion_rows
from include.scoring.attribution import KINDS, Attribution
from include.scoring.change_words import label_of, reading_of, words_of
from include.scoring.crossing import Sides
from include.scoring.plan import BILLION
from include.scoring.say import points_shown

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
    change = float(found.change[row])
    if np.isnan(change):
        return ()
    exact = found.parts[:, row]
    whole = np.array([round(points_shown(change) * 10)], np.float64)
    tenths = apportion_rows(exact[:, None] / TENTH, whole)[:, 0]
    parts = []
    for at in np.flatnonzero(exact).tolist():
        slot = found.slots[at]
        kind = KINDS[found.kinds[at, row]] if slot.kind == "reading" else slot.kind
        before, after = (reading_of(side, slot, row) for side in sides)
        parts.append(
            ChangePart(
                kind=kind, name=slot.name, label=label_of(slot, sides),
                points=float(exact[at]) / BILLION, shown=float(tenths[at]) / 10 + 0.0,
                before=before, after=after,
                words=words_of(kind, slot, sides, row, sources.get(slot.name, "")),
            )
        )  # fmt: skip
    return tuple(sorted(parts, key=lambda part: (-abs(part.points), part.kind, part.name)))


def main_part(parts: tuple[ChangePart, ...], change: float) -> ChangePart | None:
    """The largest part in the direction of the change, of any direction where there is none.

    None where it would show as 0.0.
    """
    towards = [part for part in parts if part.points * points_shown(change) >= 0]
    noticed = [part for part in towards if points_shown(part.points)]
    return noticed[0] if noticed else None
