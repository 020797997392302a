"""Flags: what a person should look into, whatever the score is."""

import numpy as np
import numpy.typing as npt

from include.scoring.rules import Flag, Rule
from include.scoring.scorecard import Scorecard

Bits = npt.NDArray[np.uint64]


def flags_raised(fired: Bits, card: Scorecard) -> list[tuple[Flag, ...]]:
    """Return by row, as `Scores.fired` or `Scores.undecided` has it, its flags in file order."""
    flags = sum(1 << k for k, rule in enumerate(card.rules) if isinstance(rule, Flag))
    which, place = np.unique(fired & np.uint64(flags), return_inverse=True)
    distinct = [
        tuple(rule for rule in rules_in(bits, card) if isinstance(rule, Flag))
        for bits in which.tolist()
    ]
    return [distinct[i] for i in place.tolist()]


def rules_in(bits: int, card: Scorecard) -> tuple[Rule, ...]:
    """The rules whose bits are set, in file order."""
    return tuple(rule for k, rule in enumerate(card.rules) if bits >> k & 1)
