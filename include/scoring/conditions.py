"""Conditions of rules for a block of accounts: each holds, fails, or cannot be decided."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
import numpy.typing as npt

from include.scoring.circumstances import NOT_KNOWN, Circumstances, Codes
from include.scoring.rules import Comparison, Condition, Membership

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

COMPARE = {
    "above": np.greater,
    "at_least": np.greater_equal,
    "below": np.less,
    "at_most": np.less_equal,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """holds: certainly. open: it may or may not, as something it asks for is unknown."""

    holds: Bools
    open: Bools

    @classmethod
    def all_of(cls, tests: Sequence["Test"], readings: "Columns", rows: slice) -> Self:
        """All must hold: one that fails decides it, whatever is unknown of the others."""
        first, *others = (test(readings, rows) for test in tests)
        holds, possible = first.holds, first.holds | first.open
        for one in others:
            holds = holds & one.holds
            possible &= one.holds | one.open
        return cls(holds, possible & ~holds)


Columns = Mapping[int, Floats]  # readings by place of the measure, one a row
Test = Callable[[Columns, slice], Decided]


def test_of(condition: Condition, measures: Sequence[str], at: Circumstances) -> Test:
    """Return what decides a condition, for readings of accounts and the slice they are of all."""
    if isinstance(condition, Membership):
        known = _codes(at, condition.attribute)
        among = np.array([word in condition.among for word in known.words] + [False])
        return partial(_belongs, known.codes, among)
    j = measures.index(condition.measure)
    if condition.by is None:
        return partial(_compares, condition, j, None)
    known = _codes(at, condition.by)
    numbers = [condition.values.get(word, condition.number) for word in known.words]
    return partial(_compares, condition, j, (known.codes, np.array([*numbers, np.nan])))


def _codes(at: Circumstances, name: str) -> Codes:
    nobody = np.full(len(at.month), NOT_KNOWN, np.intp)
    return at.attributes.get(name, Codes(nobody, ()))


def _belongs(codes: npt.NDArray[np.intp], among: Bools, _: Columns, rows: slice) -> Decided:
    own = codes[rows]
    return Decided(among[own], own == NOT_KNOWN)


def _compares(
    condition: Comparison,
    j: int,
    by: tuple[npt.NDArray[np.intp], Floats] | None,
    readings: Columns,
    rows: slice,
) -> Decided:
    """by: of each account which number holds for it, and the numbers; the last one is unknown."""
    own, unknown = readings[j], np.isnan(readings[j])
    if by is None:
        return Decided(COMPARE[condition.sign](own, condition.number), unknown)
    number = by[1][by[0][rows]]
    return Decided(COMPARE[condition.sign](own, number), unknown | np.isnan(number))
