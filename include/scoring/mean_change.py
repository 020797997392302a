"""The change of a weighted mean, taken apart: what moved, what came to be known, what ceased to be.

The way from one day to the other goes over what is known on both, K:

    K and what is lost, then  ->  K, then  ->  K, now  ->  K and what arrived, now

It is the same way backwards, so going back gives the same parts with the opposite sign.

    known on both days   share among K * (points now - points then)
    lost                 - share then * (points then - mean then of K in its category)
    arrived              share now * (points now - mean now of K in its category)

Where K has nothing in that category, it is the mean of all of K; where K is empty, the mean of the
two bases. With two cards each has its own shares and points, and half the say about what moved.
All numbers are billionths of a point, not rounded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.plan import Floats, plan_of
from include.scoring.scorecard import Scorecard

Bools = npt.NDArray[np.bool_]
Known = Mapping[str, Bools]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A category of a card: its weight, and by name those of its measures that weigh."""

    weight: int
    measures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Mean:
    """One day's mean. points: by measure that weighs, NaN unknown; base: their weighted mean."""

    categories: Sequence[Weighed]
    points: Mapping[str, Floats]
    base: Floats


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a measure's points moved by one card, where they are known on both days.

    by_reading: for its reading; by_target: for its target; NaN where the card cannot tell.
    """

    by_reading: Floats
    by_target: Floats


Moves = Mapping[str, Moved]


@dataclass(frozen=True, slots=True)
class MeanParts:
    """By measure: for its reading, and for its target (of those that may have moved).

    both: of the common measures, where their points are compared.
    """

    readings: dict[str, Floats]
    targets: dict[str, Floats]
    both: dict[str, Bools]


@dataclass(frozen=True, slots=True)
class _Category:
    """At one end of the way. beside: the mean of K that others are held against.

    of_all, of_both: what a point of a measure of weight 1 adds to the mean of all, and of K.
    """

    measures: Mapping[str, int]
    of_all: Floats
    of_both: Floats
    beside: Floats


def weighed(card: Scorecard) -> list[Weighed]:
    """Return what weighs in a card, in an order that is not the file's."""
    found = []
    for part, category in zip(plan_of(card).parts, card.categories, strict=True):
        pairs = zip((one.name for one in category.measures), part.weights, strict=True)
        own = {name: weight for name, weight in sorted(pairs) if weight}
        if part.weight:
            found.append(Weighed(part.weight, own))
    return sorted(found, key=lambda each: min(each.measures))


def mean_parts(
    days: tuple[Mean, Mean], common: Collection[str], moved: tuple[Moves, Moves]
) -> MeanParts:
    """Take the base of the second day less that of the first apart; NaN where one is unknown.

    common: measures whose points can be compared. moved: by the card of either day: with two cards
    all of these, with one those whose target may have moved.
    """
    known = [{name: ~np.isnan(points) for name, points in day.points.items()} for day in days]
    both = {name: _compared(name, known, moved) for name in common}
    middle = (days[0].base + days[1].base) / 2
    parts = MeanParts(
        {name: np.zeros(len(middle)) for name in known[0].keys() | known[1].keys()},
        {name: np.zeros(len(middle)) for name in moved[0]},
        both,
    )
    for sign, day, own, told in zip((-1, 1), days, known, moved, strict=True):
        for at in _categories(day, own, both, middle):
            _add_alone(sign, at, day, own, parts)
            _add_compared(at, days, told, parts)
    return parts


def _compared(name: str, known: Sequence[Known], moved: Sequence[Moves]) -> Bools:
    both: Bools = known[0][name] & known[1][name]
    for told in moved:
        if name in told:
            both = both & ~np.isnan(told[name].by_reading + told[name].by_target)
    return both


def _add_alone(sign: int, at: _Category, day: Mean, own: Known, parts: MeanParts) -> None:
    """Add what is known on this day and not compared."""
    for name, weight in at.measures.items():
        alone = own[name] & ~parts.both[name] if name in parts.both else own[name]
        if alone.any():
            stands_off = sign * weight * at.of_all * (day.points[name] - at.beside)
            parts.readings[name] += np.where(alone, stands_off, 0)


def _add_compared(at: _Category, days: tuple[Mean, Mean], told: Moves, parts: MeanParts) -> None:
    """Add one card's half of what moved."""
    for name, weight in at.measures.items():
        if name not in parts.both:
            continue
        half, both = weight / 2 * at.of_both, parts.both[name]
        if name in told:
            moves = told[name].by_reading
            parts.targets[name] += np.where(both, half * told[name].by_target, 0)
        else:
            moves = days[1].points[name] - days[0].points[name]
        parts.readings[name] += np.where(both, half * moves, 0)


def _categories(day: Mean, own: Known, both: Known, middle: Floats) -> list[_Category]:
    """Weigh each category by what is known and by K."""
    sums = [_weigh(category, day, own, both) for category in day.categories]
    outer_all, outer_both, total = np.zeros((3, len(middle)))
    for category, (all_weight, both_weight, mean) in zip(day.categories, sums, strict=True):
        outer_all += category.weight * (all_weight > 0)
        outer_both += category.weight * (both_weight > 0)
        total += category.weight * mean
    of_rest = np.where(outer_both > 0, total / np.fmax(outer_both, 1), middle)
    return [
        _Category(
            category.measures,
            category.weight / np.fmax(all_weight, 1) / np.fmax(outer_all, 1),
            category.weight / np.fmax(both_weight, 1) / np.fmax(outer_both, 1),
            np.where(both_weight > 0, mean, of_rest),
        )
        for category, (all_weight, both_weight, mean) in zip(day.categories, sums, strict=True)
    ]


def _weigh(category: Weighed, day: Mean, own: Known, both: Known) -> tuple[Floats, Floats, Floats]:
    """Return the weight known, that of K, and the mean of K, 0 where it has nothing here."""
    all_weight, both_weight, total = np.zeros((3, len(day.base)))
    for name, weight in category.measures.items():
        all_weight += weight * own[name]
        if name in both:
            both_weight += weight * both[name]
            total += np.where(both[name], weight * day.points[name], 0)
    return all_weight, both_weight, total / np.fmax(both_weight, 1)
