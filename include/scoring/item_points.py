"""Points of items written from 1 to 10, as spreadsheets have them: ten times as many of 100."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from include.say import written
from include.scoring.measure import Measure
from include.scoring.policies import Neutral
from include.scoring.strict import mistake
from include.scoring.yaml_lines import Path

if TYPE_CHECKING:
    from include.scoring.scorecard import Category

FEWEST, MOST = 1, 10


def too_small_or_large(categories: "tuple[Category, ...]") -> Iterator[PydanticCustomError]:
    """A mistake for every number of points that is not from 1 to 10."""
    for i, category in enumerate(categories):
        for j, measure in enumerate(category.measures):
            for points, at in _written(measure):
                if not FEWEST <= points <= MOST:
                    yield mistake(
                        f"this card counts points from {FEWEST} to {MOST}, "
                        f"but this is {written(points)}.",
                        *("categories", i, "measures", j, *at),
                    )


def tenfold(categories: "tuple[Category, ...]") -> "tuple[Category, ...]":
    """The same categories in points of 100."""
    return tuple(
        category.model_copy(update={"measures": tuple(map(_tenfold, category.measures))})
        for category in categories
    )


def _written(measure: Measure) -> Iterator[tuple[float, Path]]:
    if measure.levels is not None:
        yield from ((points, ("levels", name)) for name, points in measure.levels.items())
    else:
        yield from ((points, ("curve", k, 1)) for k, (_, points) in enumerate(measure.curve))
    if isinstance(measure.when_unknown, Neutral):
        yield measure.when_unknown.neutral, ("when_unknown", "neutral")


def _of_100(points: float) -> float:
    return round(points * 10, 9)


def _tenfold(measure: Measure) -> Measure:
    policy = measure.when_unknown
    if isinstance(policy, Neutral):
        policy = Neutral(neutral=_of_100(policy.neutral))
    levels = measure.levels and {name: _of_100(points) for name, points in measure.levels.items()}
    curve = tuple((x, _of_100(points)) for x, points in measure.curve)
    return measure.model_copy(update={"curve": curve, "levels": levels, "when_unknown": policy})
