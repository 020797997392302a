"""Conditions of rules for a block of accounts: each holds, fails, or cannot be decided."""

from collections.abc import Callable, Sequence
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
    def all_of(cls, tests: Sequence["Test"], readings: Floats, rows: slice) -> Self:
        """All must hold: one that fails decides it, whatever is unknown of the others."""
        holds = np.ones(len(readings), np.bool_)
        possible = holds.copy()
        for test in tests:
            one = test(readings, rows)
            holds &= one.holds
            possible &= one.holds | one.open
        return cls(holds, possible & ~holds)


Test = Callable[[Floats, slice], Decided]


def test_of(condition: Condition, measures: Sequence[str], at: Circumstances) -> Test:
    """Return what decides a condition for rows of readings and the slice of accounts they are."""
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


def _belongs(codes: npt.NDArray[np.intp], among: Bools, _: Floats, rows: slice) -> Decided:
    own = codes[rows]
    return Decided(among[own], own == NOT_KNOWN)


def _compares(
    condition: Comparison,
    j: int,
    by: tuple[npt.NDArray[np.intp], Floats] | None,
    readings: Floats,
    rows: slice,
) -> Decided:
    """by: of each account which number holds for it, and the numbers; the last one is unknown."""
    own = np.ascontiguousarray(readings[:, j])
    number = condition.number if by is None else by[1][by[0][rows]]
    return Decided(COMPARE[condition.sign](own, number), np.isnan(own) | np.isnan(number))
