"""Rules and overrides at work on a block of accounts.

Every step only ever keeps or moves a score in one direction and never lets a higher score fall
behind a lower one. So what is undecided can be taken step by step: the floor takes it where that
lowers, the ceiling where that raises, and floor <= score <= ceiling all the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from include.scoring.circumstances import Circumstances
from include.scoring.conditions import Columns, Decided, Test, test_of
from include.scoring.curves import ALL, BILLION, Floats
from include.scoring.rules import (
    BY_KIND,
    Cap,
    Comparison,
    Floor,
    Interaction,
    Penalty,
    Red,
    Rule,
)
from include.scoring.scorecard import Scorecard

MILLION = 1e6

Bits = npt.NDArray[np.uint64]
Step = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores of a block in whole billionths of a point, NaN where there is none, as rules go on.

    fired, undecided: bit k stands for the card's k-th rule.
    """

    score: Floats
    floor: Floats
    ceiling: Floats
    fired: Bits
    undecided: Bits

    def move(self, step: Step, decided: Decided) -> None:
        """Let a step act where it is certain, and on one of the bounds where it may."""
        acts, maybe = np.flatnonzero(decided.holds), np.flatnonzero(decided.open)
        if acts.size:
            for values in (self.score, self.floor, self.ceiling):
                values[acts] = step(values[acts])
        if maybe.size:
            least, most = self.floor[maybe], self.ceiling[maybe]
            self.floor[maybe] = np.minimum(least, step(least))
            self.ceiling[maybe] = np.maximum(most, step(most))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of a card, ready for the accounts that it was made for.

    rules: by place in the card, in the order in which they act. measures: that they look at.
    overrides: whether there is any.
    """

    rules: tuple[tuple[int, Step | None, tuple[Test, ...]], ...]
    measures: tuple[int, ...]
    at: Circumstances
    overrides: bool

    @classmethod
    def of(cls, card: Scorecard, at: Circumstances) -> Self:
        names = card.measure_names
        rules = [
            (k, step_of(rule), tuple(test_of(one, names, at) for one in rule.when))
            for k, rule in in_order(card.rules)
        ]
        overridden = ~np.isnan(at.override_to) | ~np.isnan(at.override_factor)
        read = {
            one.measure for rule in card.rules for one in rule.when if isinstance(one, Comparison)
        }
        measures = tuple(j for j, name in enumerate(names) if name in read)
        return cls(tuple(rules), measures, at, bool(overridden.any()))

    def apply(self, readings: Columns, rows: slice, outcome: Outcome) -> None:
        """Let all rules act, then the overrides. readings: of `measures`; rows: of the outcome."""
        for k, step, tests in self.rules:
            decided = Decided.all_of(tests, readings, rows)
            bit = np.uint64(1 << k)
            outcome.fired[:] |= decided.holds * bit
            outcome.undecided[:] |= decided.open * bit
            if step is not None:
                outcome.move(step, decided)
        if self.overrides:
            self._override(rows, outcome)

    def _override(self, rows: slice, outcome: Outcome) -> None:
        own = self.at.of(rows)
        some = np.flatnonzero(~np.isnan(own.override_to) | ~np.isnan(own.override_factor))
        for values in (outcome.score, outcome.floor, outcome.ceiling):
            values[some] = _overridden(values[some], own.of(some))


def in_order(rules: Sequence[Rule]) -> list[tuple[int, Rule]]:
    """Rules as they act, with their place in the file: by kind, then as they stand there."""
    kinds = tuple(BY_KIND)
    return sorted(enumerate(rules), key=lambda rule: kinds.index(rule[1].kind))


def step_of(rule: Rule) -> Step | None:
    """What a rule does to scores in billionths; None: nothing."""
    match rule:
        case Interaction(add=add):
            points = np.rint(add * BILLION)
            return lambda score: np.clip(score + points, 0, ALL)
        case Penalty(factor=factor):
            millionths = np.rint(factor * MILLION)
            return lambda score: times(score, millionths)
        case Floor(at=at):
            return lambda score: np.maximum(score, np.rint(at * BILLION))
        case Cap(at=at) | Red(to=at):
            return lambda score: np.minimum(score, np.rint(at * BILLION))
    return None


def times(score: Floats, millionths: Floats | float) -> Floats:
    """Multiply by so many millionths (0 to 1,000,000): exact, rounded half to even.

    A plain product would have more digits than a float; taken apart, each part has few enough.
    """
    whole = np.floor(score / MILLION)
    small = (score - whole * MILLION) * millionths / MILLION
    cut = np.floor(small)
    product: Floats = whole * millionths + cut
    beyond = small - cut
    product += (beyond > 0.5) | ((beyond == 0.5) & (product % 2 == 1))
    return product


def settled(base: Floats, fired: int, card: Scorecard, at: Circumstances) -> Floats:
    """What one account's score would be with other bases, in billionths, and these rules acting.

    fired: bits, as in Outcome. at: one row.
    """
    for k, rule in in_order(card.rules):
        step = step_of(rule)
        if step is not None and fired >> k & 1:
            base = step(base)
    return _overridden(base, at)


def _overridden(score: Floats, at: Circumstances) -> Floats:
    to = np.rint(at.override_to * BILLION)
    ends = np.where(at.may_raise & ~np.isnan(score), to, np.minimum(score, to))
    ends = np.where(np.isnan(to), score, ends)
    scaled = times(ends, np.rint(at.override_factor * MILLION))
    return np.where(np.isnan(scaled), ends, scaled)
