"""Targets of a scorecard for a block of accounts: what each of their readings is divided by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from include.scoring.circumstances import NOT_KNOWN, Circumstances, Codes
from include.scoring.scorecard import Scorecard
from include.scoring.targets import Target

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Targets:
    """By measure, its target in each of the circumstances that there are, and in which one is whom.

    tables: (words + 1, months), the last row for who has no word. months: (n,), the column.
    """

    tables: Mapping[int, Floats]
    words: Mapping[int, npt.NDArray[np.intp]]
    months: npt.NDArray[np.intp]

    @classmethod
    def of(cls, card: Scorecard, at: Circumstances) -> Self:
        own = {j: one.target for j, one in enumerate(card.measures) if one.target is not None}
        if not own:
            return cls({}, {}, np.empty(0, np.intp))
        months, column = np.unique(at.month, return_inverse=True)
        nobody = Codes(np.full(len(at.month), NOT_KNOWN, np.intp), ())
        known = {j: at.attributes.get(target.by or "", nobody) for j, target in own.items()}
        tables = {j: _table(target, known[j], months.tolist()) for j, target in own.items()}
        return cls(tables, {j: codes.codes for j, codes in known.items()}, column)

    def divide(self, readings: Floats, rows: slice) -> None:
        """Divide readings, (measures, accounts), by the accounts' targets; NaN without a target."""
        for j, table in self.tables.items():
            readings[j] /= table[self.words[j][rows], self.months[rows]]  # -1 is the last row


def target_of(target: Target | None, at: Circumstances) -> float:
    """What one account's reading is divided by, 1 where the measure has no target; at: one row."""
    if target is None:
        return 1.0
    known = at.attributes.get(target.by or "")
    code = NOT_KNOWN if known is None else int(known.codes[0])
    word = None if known is None or code == NOT_KNOWN else known.words[code]
    return target.of(word, int(at.month[0]))


def _table(target: Target, known: Codes, months: list[int]) -> Floats:
    words = (*known.words, None)
    return np.array([[target.of(word, month) for month in months] for word in words])
