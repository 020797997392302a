"""From base to score, step by step, on two days at once: what each rule did to the change.

A step makes y of x: times a factor, plus points, not below `low` nor above `high`. A rule that does
not act is the step that leaves x as it is. Of the way from x0 by the step as it was to x1 by the
step as it is, the step's own part is what its change did, in the mean of both x:

    own = ((now(x0) - then(x0)) + (now(x1) - then(x1))) / 2

and the rest, ((then(x1) - then(x0)) + (now(x1) - now(x0))) / 2, is the change of x passed on: all
parts before it are multiplied by that over x1 - x0. A rule that is as it was has no part; a cap
that held on both days passes nothing on. The same holds backwards, with the opposite sign.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import numpy.typing as npt

from include.scoring.circumstances import Bools, Circumstances
from include.scoring.plan import ALL, BILLION, Floats
from include.scoring.rules import BY_KIND, Cap, Flag, Floor, Interaction, Penalty, Red, Rule
from include.scoring.rules_at_work import MILLION
from include.scoring.scorecard import Scorecard

ACTING = tuple(kind for kind in BY_KIND if kind != "flag")
Number = Floats | float


@dataclass(frozen=True, slots=True)
class Step:
    """In billionths of a point; each one number, or one a row."""

    factor: Number = 1.0
    add: Number = 0.0
    low: Number = -np.inf
    high: Number = np.inf

    def of(self, x: Floats) -> Floats:
        result: Floats = np.clip(x * self.factor + self.add, self.low, self.high)
        return result

    def slope(self, x: Floats, other: Floats) -> Floats:
        """How much of a change from x to the other comes through; between equal ones, at x."""
        is_free = self._is_free(x) & self._is_free(other)
        with np.errstate(invalid="ignore", divide="ignore"):
            through = (self.of(other) - self.of(x)) / (other - x)
        through = np.where(x == other, 0.0, through)
        return np.where(is_free, self.factor, through)

    def _is_free(self, x: Floats) -> Bools:
        free = x * self.factor + self.add
        is_free: Bools = (free >= self.low) & (free <= self.high) & np.less(self.low, self.high)
        return is_free

    def where(self, acts: Bools) -> "Step":
        """The step that leaves rows alone in which it does not act."""
        return Step(
            np.where(acts, self.factor, 1.0), np.where(acts, self.add, 0.0),
            np.where(acts, self.low, -np.inf), np.where(acts, self.high, np.inf),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What a step's own change did, and how much of what came before it passes on."""

    own: Floats
    passes: Floats


def step_of(rule: Rule) -> Step:
    """What a rule does where it acts, as `rules_at_work` does it; a flag does nothing."""
    match rule:
        case Interaction(add=add):
            return Step(add=_whole(add), low=0.0, high=ALL)
        case Penalty(factor=factor):
            return Step(factor=factor)
        case Floor(at=at):
            return Step(low=_whole(at))
        case Cap(at=at) | Red(to=at):
            return Step(high=_whole(at))
        case Flag():
            return Step()
    assert_never(rule)


def _whole(points: float) -> float:
    """In whole billionths of a point, as scores are."""
    return float(np.rint(points * BILLION))


def step_at(card: Scorecard, place: int | None) -> Step:
    """The step of a card's rule; None: it has none."""
    return Step() if place is None else step_of(card.rules[place])


def acting(fired: npt.NDArray[np.uint64], place: int | None) -> Bools:
    """Where the rule of that place acts."""
    if place is None:
        return np.zeros(len(fired), np.bool_)
    acts: Bools = (fired >> np.uint64(place)) & np.uint64(1) > 0
    return acts


def pair_rules(then: Scorecard, now: Scorecard) -> list[tuple[str, str, int | None, int | None]]:
    """List the rules of two cards in the order in which they act: kind, name, place in either.

    In the file's order where there is one card; the rules of two cards go by name, and the kind of
    one that is not the same in both is scorecard. Flags do nothing and are left out.
    """
    cards = [{rule.name: rule for rule in card.rules} for card in (then, now)]
    places = [{name: place for place, name in enumerate(rules)} for rules in cards]
    is_one = then.digest == now.digest
    names = list(cards[1]) if is_one else sorted(cards[0].keys() | cards[1].keys())
    found = []
    for kind in ACTING:
        for name in names:
            own = [
                place[name] if name in rules and rules[name].kind == kind else None
                for rules, place in zip(cards, places, strict=True)
            ]
            if own != [None, None]:
                is_same = cards[0].get(name) == cards[1].get(name)
                found.append((kind if is_same else "scorecard", name, own[0], own[1]))
    return found


def has_overrides(at: Circumstances) -> bool:
    """Whether anybody overrode any of these scores."""
    return not (np.isnan(at.override_to) & np.isnan(at.override_factor)).all()


def override_steps(at: Circumstances) -> Iterator[Step]:
    """What people's overrides do: one step for points, one for a factor."""
    to = np.rint(at.override_to * BILLION)
    is_set = ~np.isnan(to)
    yield Step(low=np.where(is_set & at.may_raise, to, -np.inf), high=np.where(is_set, to, np.inf))
    factor = np.rint(at.override_factor * MILLION) / MILLION
    yield Step(factor=np.where(np.isnan(factor), 1.0, factor))


def pass_on(both: tuple[Floats, Floats], steps: Sequence[tuple[Step, Step]]) -> list[Part]:
    """Take the two bases through steps, each as it was and as it is now."""
    x0, x1 = both
    parts = []
    for then, now in steps:
        y00, y01, y10, y11 = then.of(x0), then.of(x1), now.of(x0), now.of(x1)
        own = ((y10 - y00) + (y11 - y01)) / 2
        parts.append(Part(own, (then.slope(x0, x1) + now.slope(x0, x1)) / 2))
        x0, x1 = np.rint(y00), np.rint(y11)
    return parts
