"""A scorecard turned into the numbers that scoring multiplies and compares."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from include.scoring.curves import ALL, BILLION, Curves, Floats, Losses
from include.scoring.measure import Measure
from include.scoring.policies import Neutral
from include.scoring.scorecard import Scorecard
from include.scoring.weights import whole_numbers

__all__ = ["ALL", "BILLION", "Floats", "Losses", "Part", "Plan", "plan_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """A category. first: index of its first measure. weights: whole numbers, one per measure."""

    first: int
    weight: int
    weights: tuple[int, ...]

    @property
    def own(self) -> slice:
        """Its measures among all."""
        return slice(self.first, self.first + len(self.weights))

    @property
    def full(self) -> int:
        return sum(self.weights)


@dataclass(frozen=True)
class Plan:
    """What a block of rows is scored by.

    zeros: measures that lose all their points where there is no reading.
    neutrals: by measure, billionths lost in the score where its points are unknown.
    """

    card: Scorecard
    curves: Curves
    parts: tuple[Part, ...]
    zeros: tuple[int, ...]
    neutrals: dict[int, float]

    @cached_property
    def losses(self) -> tuple[Losses, ...]:
        """One per measure."""
        return tuple(Losses(Curves.of([measure])) for measure in self.card.measures)

    @cached_property
    def weighing(self) -> tuple[int, ...]:
        """The measures that have a weight in a category that has one; all others are context."""
        return tuple(
            j
            for part in self.parts
            for j, weight in enumerate(part.weights, start=part.first)
            if weight and part.weight
        )


def plan_of(card: Scorecard) -> Plan:
    """Return what a card's rows are scored by; the same plan for the same card."""
    return _plan_of(_Itself(card))


@dataclass(frozen=True, slots=True)
class _Itself:
    """A card as a key: it is this very object, whatever other cards say."""

    card: Scorecard

    def __hash__(self) -> int:
        return id(self.card)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.card is other.card


@lru_cache(maxsize=32)
def _plan_of(key: _Itself) -> Plan:
    """Weights become whole numbers in their proportion, so that weighted sums are exact."""
    card = key.card
    outer = whole_numbers([category.weight for category in card.categories])
    parts, first = [], 0
    for weight, category in zip(outer, card.categories, strict=True):
        inner = whole_numbers([measure.weight for measure in category.measures])
        parts.append(Part(first, weight, tuple(inner)))
        first += len(inner)
    return Plan(
        card=card,
        curves=Curves.of(card.measures),
        parts=tuple(parts),
        zeros=tuple(j for j, one in enumerate(card.measures) if one.when_unknown == "zero"),
        neutrals={
            j: lost for j, one in enumerate(card.measures) if (lost := _neutral(one)) is not None
        },
    )


def _neutral(measure: Measure) -> float | None:
    policy = measure.when_unknown
    return float(np.rint(ALL - policy.neutral * BILLION)) if isinstance(policy, Neutral) else None
