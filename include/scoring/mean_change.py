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
class _Place:
    """What holds for the measures of a category at one end of the way.

    of_all, of_both: what a point of a measure of weight 1 adds to the mean of all, and of K.
    beside: the mean of K that others are held against.
    """

    of_all: Floats
    of_both: Floats
    beside: Floats


Ends = Mapping[str, tuple[int, _Place]]


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
    ends = [_places(day, own, both, middle) for day, own in zip(days, known, strict=True)]
    parts = MeanParts({}, {}, both)
    for name in known[0].keys() | known[1].keys():
        total = np.zeros(len(middle))
        if name in both:
            total = _of_both(name, days, ends, moved, parts)
        for sign, day, own, end in zip((-1, 1), days, known, ends, strict=True):
            if name not in own:
                continue
            alone = own[name] & ~both[name] if name in both else own[name]
            if alone.any():
                weight, at = end[name]
                off = day.points[name] - at.beside
                off *= at.of_all
                off *= sign * weight
                total += np.where(alone, off, 0)
        parts.readings[name] = total
    return parts


def _compared(name: str, known: Sequence[Known], moved: Sequence[Moves]) -> Bools:
    both: Bools = known[0][name] & known[1][name]
    for told in moved:
        if name in told:
            both = both & ~np.isnan(told[name].by_reading + told[name].by_target)
    return both


def _of_both(
    name: str, days: tuple[Mean, Mean], ends: Sequence[Ends], moved: Sequence[Moves],
    parts: MeanParts,
) -> Floats:  # fmt: skip
    """What a measure moved where it is compared; for its target, written beside."""
    both = parts.both[name]
    if name not in moved[0]:
        weight, at = ends[0][name]
        move = days[1].points[name] - days[0].points[name]
        move *= at.of_both
        move *= weight
        return np.where(both, move, 0)
    halves = [weight / 2 * at.of_both for weight, at in (end[name] for end in ends)]
    told = [each[name] for each in moved]
    by_target = halves[0] * told[0].by_target + halves[1] * told[1].by_target
    by_reading = halves[0] * told[0].by_reading + halves[1] * told[1].by_reading
    parts.targets[name] = np.where(both, by_target, 0)
    return np.where(both, by_reading, 0)


def _places(day: Mean, own: Known, both: Known, middle: Floats) -> Ends:
    """Weigh each category by what is known and by K; by measure its weight and its category's."""
    sums = [_weigh(category, day, own, both) for category in day.categories]
    outer_all, outer_both, total = np.zeros((3, len(middle)))
    for category, (all_weight, both_weight, mean) in zip(day.categories, sums, strict=True):
        outer_all += category.weight * (all_weight > 0)
        outer_both += category.weight * (both_weight > 0)
        total += category.weight * mean
    of_rest = np.where(outer_both > 0, total / np.fmax(outer_both, 1), middle)
    found: dict[str, tuple[int, _Place]] = {}
    for category, (all_weight, both_weight, mean) in zip(day.categories, sums, strict=True):
        at = _Place(
            category.weight / np.fmax(all_weight, 1) / np.fmax(outer_all, 1),
            category.weight / np.fmax(both_weight, 1) / np.fmax(outer_both, 1),
            np.where(both_weight > 0, mean, of_rest),
        )
        found |= {name: (weight, at) for name, weight in category.measures.items()}
    return found


def _weigh(category: Weighed, day: Mean, own: Known, both: Known) -> tuple[Floats, Floats, Floats]:
    """Return the weight known, that of K, and the mean of K, 0 where it has nothing here."""
    small = np.min_scalar_type(sum(category.measures.values()))
    all_weight, both_weight = np.zeros((2, len(day.base)), small)
    total = np.zeros(len(day.base))
    for name, weight in category.measures.items():
        all_weight += own[name].view(np.uint8) * small.type(weight)
        if name in both:
            both_weight += both[name].view(np.uint8) * small.type(weight)
            total += np.where(both[name], weight * day.points[name], 0)
    of_both = both_weight.astype(np.float64)
    return all_weight.astype(np.float64), of_both, total / np.fmax(of_both, 1)
