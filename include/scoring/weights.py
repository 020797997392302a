"""Weights: any positive numbers in a file, exact shares and whole numbers in the arithmetic."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field

from include.scoring.strict import mistake

FINEST = 1_000_000  # weights have at most six decimals


def _as_written(weight: float) -> Fraction:
    """0.1 in the file is one tenth, not the nearest binary number."""
    return Fraction(repr(weight))


def _at_most_six_decimals(weight: float) -> float:
    if (_as_written(weight) * FINEST).denominator != 1:
        raise mistake(f"a weight has at most six decimals, but this is {weight!r}.")
    return weight


Weight = Annotated[float, Field(ge=0, le=1_000_000), AfterValidator(_at_most_six_decimals)]


def shares(weights: Sequence[float]) -> list[Fraction]:
    """Each weight's exact part of their sum, which must not be 0."""
    exact = [_as_written(weight) for weight in weights]
    return [weight / sum(exact) for weight in exact]


def whole_numbers(weights: Sequence[float]) -> list[int]:
    """The smallest whole numbers in the same proportion: [0.5, 1.25] gives [2, 5].

    They make weighted sums exact, and the same for any scale the weights were written in.
    """
    exact = shares(weights)
    common = math.lcm(*(share.denominator for share in exact))
    counts = [int(share * common) for share in exact]
    return [count // math.gcd(*counts) for count in counts]
