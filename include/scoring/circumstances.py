"""What a score depends on beside readings: attributes, the month of term, overrides by people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NOT_KNOWN = -1  # as a code
NO_TERM = 0  # as a month


@dataclass(frozen=True, slots=True)
class Codes:
    """An attribute of n accounts. codes: index in words, -1 not known."""

    codes: npt.NDArray[np.intp]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One row per account, in the order of the readings.

    attributes: by name; one that is not there is not known of anybody.
    month: 1 in the first month of the term, 0 where no term is known.
    override_to: points, NaN without; override_factor: 0 to 1, NaN without, to six decimals.
    may_raise: whether override_to holds where it is above the score, too.
    """

    month: Ints
    override_to: Floats
    override_factor: Floats
    may_raise: Bools
    attributes: Mapping[str, Codes] = field(default_factory=dict)

    @classmethod
    def none(cls, accounts: int) -> Self:
        """Nothing is known and nobody has overridden anything."""
        nothing = np.full(accounts, np.nan)
        month = np.full(accounts, NO_TERM, np.int64)
        return cls(month, nothing, nothing, np.zeros(accounts, np.bool_))

    def of(self, rows: slice | npt.NDArray[np.intp]) -> "Circumstances":
        """Those of some rows, in their order."""
        attributes = {
            name: Codes(known.codes[rows], known.words) for name, known in self.attributes.items()
        }
        return Circumstances(
            self.month[rows], self.override_to[rows], self.override_factor[rows],
            self.may_raise[rows], attributes,
        )  # fmt: skip
