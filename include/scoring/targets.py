"""What a reading should be, by attribute and month of term: the curve's x is reading / target.

target = (the value for the account's attribute, else the default) * (the part due in the month)
"""

from itertools import pairwise
from math import nan
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from include.scoring.strict import AttributeValue, Name, Strict, mistake

Positive = Annotated[float, Field(gt=0, le=1e12)]
Month = Annotated[int, Field(ge=1, le=120)]
MonthCorner = tuple[Month, Annotated[float, Field(gt=0, le=100)]]


def _months_rise(corners: tuple[MonthCorner, ...]) -> tuple[MonthCorner, ...]:
    for i, ((before, _), (month, _)) in enumerate(pairwise(corners), start=1):
        if month <= before:
            raise mistake(f"months go upwards, but {month} follows {before}.", i)
    return corners


class Target(Strict):
    """In the reading's unit. months: [month of the term, part of the target due by its end].

    Straight between two months, level before the first and after the last. Month 1 is the first.
    """

    default: Positive
    by: Name | None = None
    values: dict[AttributeValue, Positive] = Field(default={})
    months: Annotated[
        tuple[MonthCorner, ...], Field(max_length=50), AfterValidator(_months_rise)
    ] = ()

    @model_validator(mode="after")
    def values_are_of_an_attribute(self) -> Self:
        refuse_half(self.by, self.values)
        return self

    def of(self, value: str | None, month: int) -> float:
        """Return the target of an account whose attribute `by` is `value`, in a month of its term.

        NaN, so that its points are unknown: where the target is by an attribute and value is None,
        and where it is by month and month is 0 (no term is known).
        """
        if self.by is not None and value is None:
            return nan
        whole = self.default if value is None else self.values.get(value, self.default)
        return whole * self._part_due(month) if self.months else whole

    def _part_due(self, month: int) -> float:
        if month < 1:
            return nan
        first, last = self.months[0], self.months[-1]
        if not first[0] <= month <= last[0]:
            return first[1] if month < first[0] else last[1]
        for (left, low), (right, high) in pairwise(self.months):
            if left <= month < right:
                return low + (month - left) * (high - low) / (right - left)
        return last[1]


def refuse_half(by: str | None, values: dict[str, float]) -> None:
    """A mistake where values stand without the attribute they are of, or it without values."""
    if values and by is None:
        raise mistake("values need `by`, the attribute that they are values of.", "values")
    if by is not None and not values:
        raise mistake("`by` needs values: a mapping of the attribute's values to numbers.", "by")
