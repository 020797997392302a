"""A measure of a scorecard: what is read, what it is worth, and what a family of accounts has."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from include.scoring.reading_parts import can_be_summed
from include.scoring.reading_spec import Reading
from include.scoring.strict import Label, Name, Sentence, Strict, mistake
from include.scoring.weights import Weight

NARROWEST = 1e-9  # smallest distance between two corners of a curve

Points = Annotated[float, Field(ge=0, le=100)]
X = Annotated[float, Field(ge=-1e12, le=1e12)]
Corner = tuple[X, Points]


def _moves_right(curve: tuple[Corner, ...]) -> tuple[Corner, ...]:
    for i, ((left, _), (right, _)) in enumerate(pairwise(curve), start=1):
        if right - left < NARROWEST:
            raise mistake(
                f"x must increase from corner to corner, but {right:g} follows {left:g}.", i
            )
    return curve


Curve = Annotated[
    tuple[Corner, ...], Field(min_length=2, max_length=50), AfterValidator(_moves_right)
]


class Measure(Strict):
    """What is read of an account, in which unit, and how many points which reading is worth.

    family: whose reading it is where there are accounts below this one: its own, the family's sum,
    the mean by revenue, or that of the account with the fewest points.
    """

    name: Name
    label: Label
    weight: Weight
    unit: Label
    why: Sentence
    good: Sentence
    reading: Reading
    family: Literal["own", "sum", "weighted", "worst"] = "own"
    curve: Curve

    @model_validator(mode="after")
    def sums_what_can_be_summed(self) -> Self:
        if self.family == "sum" and not can_be_summed(self.reading):
            raise mistake(
                f"readings of {self.reading.op} do not add up over accounts; valid here: own, "
                "weighted, worst.",
                "family",
            )
        return self
