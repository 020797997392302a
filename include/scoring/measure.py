"""A measure of a scorecard: what is read, what it is worth, and what a family of accounts has."""

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from include.say import written
from include.scoring.policies import WhenUnknown
from include.scoring.reading_parts import can_be_summed
from include.scoring.reading_spec import Latest, Reading
from include.scoring.strict import Label, Name, Points, Sentence, Strict, X, mistake
from include.scoring.targets import Target
from include.scoring.weights import Weight

NARROWEST = 1e-9  # smallest distance between two corners of a curve
LEVELS = (3, 5)  # fewest and most

Corner = tuple[X, Points]


def _moves_right(curve: tuple[Corner, ...]) -> tuple[Corner, ...]:
    for i, ((left, _), (right, _)) in enumerate(pairwise(curve), start=1):
        if right - left < NARROWEST:
            raise mistake(
                f"x must increase from corner to corner, but {written(right)} follows "
                f"{written(left)}.",
                i,
            )
    return curve


Curve = Annotated[
    tuple[Corner, ...], Field(min_length=2, max_length=50), AfterValidator(_moves_right)
]


def _from_pairs(value: object) -> object:
    """Stored cards have pairs: the order of levels has a meaning, that of a mapping may be lost."""
    if not isinstance(value, tuple) or not all(map(_is_pair, value)):
        return value
    return {pair[0]: pair[1] for pair in value}


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str)


# By rising reading: the first is worth its points at reading 1. In a dump a list of pairs.
Levels = Annotated[
    dict[Label, Points],
    Field(min_length=LEVELS[0], max_length=LEVELS[1]),
    BeforeValidator(_from_pairs),
    PlainSerializer(lambda levels: [list(pair) for pair in levels.items()]),
]


class Measure(Strict):
    """What is read of an account, in which unit, and how many points which reading is worth.

    family: whose reading it is where there are accounts below this one: its own, the family's sum,
    the mean by revenue, or that of the account with the fewest points.
    target: the curve's x is reading / target. levels: in place of a curve, which is then made of
    them. beside: measures of weight 0 that are shown with this one. actionable: people can move it.
    """

    name: Name
    label: Label
    weight: Weight
    unit: Label
    why: Sentence
    good: Sentence
    reading: Reading
    family: Literal["own", "sum", "weighted", "worst"] = "own"
    target: Target | None = None
    curve: Curve
    levels: Levels | None = None
    when_unknown: WhenUnknown = "unknown"
    beside: Annotated[tuple[Name, ...], Field(max_length=5)] = ()
    actionable: bool = True

    @model_validator(mode="before")
    @classmethod
    def levels_make_a_curve(cls, content: Any) -> Any:  # noqa: ANN401 - whatever the file says
        if not isinstance(content, dict) or content.get("levels") is None:
            return content
        if "curve" in content:
            raise mistake("levels stand in place of a curve; remove one of the two.", "levels")
        return {**content, "curve": _curve_of(_from_pairs(content["levels"]))}

    @model_serializer(mode="wrap")
    def as_written(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out the curve that levels make."""
        content: dict[str, Any] = dump(self)
        if self.levels is not None:
            content.pop("curve", None)
        return content

    @model_validator(mode="after")
    def sums_what_can_be_summed(self) -> Self:
        if self.family == "sum" and not can_be_summed(self.reading):
            raise mistake(
                f"readings of {self.reading.op} do not add up over accounts; valid here: own, "
                "weighted, worst.",
                "family",
            )
        return self

    @model_validator(mode="after")
    def levels_are_what_people_set(self) -> Self:
        if self.levels is None:
            return self
        if self.target is not None:
            raise mistake("levels have no target; remove one of the two.", "target")
        if not isinstance(self.reading, Latest):
            raise mistake(
                f"levels are for what people set, read by op latest, but this is "
                f"{self.reading.op}.",
                "levels",
            )
        return self

    @model_validator(mode="after")
    def worst_has_no_target(self) -> Self:
        if self.family == "worst" and self.target is not None:
            raise mistake(
                "whose points are fewest is decided before the target; valid here: own, sum, "
                "weighted.",
                "family",
            )
        return self


def _curve_of(levels: object) -> tuple[tuple[float, object], ...]:
    """One corner a level; any curve where the levels are wrong, which is said of them."""
    least, most = LEVELS
    points = list(levels.values()) if isinstance(levels, dict) else []
    good = least <= len(points) <= most and all(_is_points(one) for one in points)
    corners = [(float(at), float(one)) for at, one in enumerate(points, start=1)] if good else []
    return tuple(corners) or ((0.0, 0.0), (1.0, 0.0))


def _is_points(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100
