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

    tables: (words + 1, months + 1): the last row is for who has no word, the first column for who
    has no term, the last one for its month and all later ones. codes: of the words, by account.
    """

    tables: Mapping[int, Floats]
    codes: Mapping[int, npt.NDArray[np.intp]]
    at: Circumstances

    @classmethod
    def of(cls, card: Scorecard, at: Circumstances) -> Self:
        nobody = Codes(np.full(len(at.month), NOT_KNOWN, np.intp), ())
        tables, codes = {}, {}
        for j, measure in enumerate(card.measures):
            if measure.target is not None:
                known = at.attributes.get(measure.target.by or "", nobody)
                tables[j], codes[j] = _table(measure.target, known), known.codes
        return cls(tables, codes, at)

    def divide(self, readings: Floats, rows: slice) -> None:
        """Divide readings, (measures, accounts), by the accounts' targets; NaN without a target."""
        for j, table in self.tables.items():
            months = np.minimum(self.at.month[rows], table.shape[1] - 1)
            readings[j] /= table[self.codes[j][rows], months]  # a code of -1 is the last row


def target_of(target: Target | None, at: Circumstances) -> float:
    """What one account's reading is divided by, 1 where the measure has no target; at: one row."""
    if target is None:
        return 1.0
    known = at.attributes.get(target.by or "")
    code = NOT_KNOWN if known is None else int(known.codes[0])
    word = None if known is None or code == NOT_KNOWN else known.words[code]
    return target.of(word, int(at.month[0]))


def _table(target: Target, known: Codes) -> Floats:
    last = target.months[-1][0] if target.months else 0
    words = (*known.words, None)
    return np.array([[target.of(word, month) for month in range(last + 1)] for word in words])
