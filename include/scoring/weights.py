"""Weights: any positive numbers in a file, exact shares and whole numbers in the arithmetic."""

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema, WrapValidator

from include.say import written
from include.scoring.strict import mistake

FINEST = 1_000_000  # weights have at most six decimals
PERCENT = r"^(\d{1,3}(?:\.\d{1,6})?) ?%$"


class Percent(float):
    """A weight that was written as a percentage; it is that number in all arithmetic."""


def _as_written(weight: float) -> Fraction:
    """0.1 in the file is one tenth, not the nearest binary number."""
    return Fraction(repr(float(weight)))


def at_most_six_decimals(number: float) -> float:
    """Return the number; a mistake where it is written finer."""
    if (_as_written(number) * FINEST).denominator != 1:
        raise mistake(f"at most six decimals are allowed here, but this is {number!r}.")
    return number


def _read_percent(value: object, as_number: Callable[[object], float]) -> float:
    if not isinstance(value, str):
        return as_number(value)
    found = re.fullmatch(PERCENT, value)
    if not found:
        raise mistake(f'must be a number or a percentage like "30%", but is "{value}".')
    return Percent(as_number(float(found[1])))


Weight = Annotated[
    float,
    Field(ge=0, le=1_000_000),
    AfterValidator(at_most_six_decimals),
    WrapValidator(_read_percent),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1_000_000},
                {"type": "string", "pattern": PERCENT},
            ]
        }
    ),
]


def is_nothing(weight: object) -> bool:
    """Whether a weight, as the file has it, is 0: 0, 0.0, "0%" or "0.0 %"."""
    found = re.fullmatch(PERCENT, weight) if isinstance(weight, str) else None
    number = float(found[1]) if found else weight
    return isinstance(number, int | float) and not isinstance(number, bool) and number == 0


def refuse_mixed(weights: Sequence[float], at: str) -> None:
    """A mistake where percentages stand beside other weights than 0, or do not sum to 100 %."""
    if not any(isinstance(weight, Percent) for weight in weights):
        return
    for i, weight in enumerate(weights):
        if weight and not isinstance(weight, Percent):
            raise mistake(
                f"{written(weight)} stands beside percentages; "
                "write all of them in percent, or none.",
                *(at, i, "weight"),
            )
    whole = sum(map(_as_written, weights))
    if whole != 100:
        raise mistake(
            f"these percentages must sum to 100%, but sum to {written(float(whole))}%.", at
        )


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
