"""The change of a score between two days, taken apart exactly: docs/attribution.md.

The base is taken apart by `mean_change`; on the way to the score its parts pass through the rules
(`rule_steps`), and what comes out is rounded to whole billionths of a point, so that the parts sum
to the change. A part is 0 where nothing of its kind changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from include.scoring.apportion import round_along
from include.scoring.circumstances import Bools
from include.scoring.crossing import Sides, comparable, is_one_card, moved_by, with_targets
from include.scoring.mean_change import Mean, Weighed, mean_parts, weighed
from include.scoring.plan import BILLION, Floats
from include.scoring.rule_steps import (
    acting,
    has_overrides,
    override_steps,
    pair_rules,
    pass_on,
    step_at,
)
from include.scoring.score import ROWS
from include.scoring.side import Side

# What a measure's reading can do to a score; only its behaviour is the customer's doing.
BEHAVIOUR, ARRIVED, MISSING, STALE, SOURCE, TARGET, SCORECARD = range(7)
KINDS = ("behaviour", "arrived", "missing", "stale", "source", "target", "scorecard")


@dataclass(frozen=True, slots=True)
class Slot:
    """What a part is of: the measure or rule of that name, if any.

    kind: reading (its cells say which one of KINDS), target, a rule's kind, override or scorecard.
    """

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One column an account. change: points, NaN where a day has no score.

    parts: by slot, in whole billionths of a point; they sum to the change. kinds: of the slots of
    kind reading, which come first: indexes in KINDS.
    """

    slots: tuple[Slot, ...]
    parts: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int8]
    change: Floats


@dataclass(frozen=True, slots=True)
class _Plan:
    """What all blocks share. common: measures whose readings both cards understand.

    steps: slot, then the rule's place in the card of either day, None where it has none.
    """

    slots: tuple[Slot, ...]
    weighed: tuple[list[Weighed], list[Weighed]]
    common: list[str]
    steps: list[tuple[int, int | None, int | None]]
    by_source: frozenset[str]

    @property
    def readings(self) -> list[str]:
        return [slot.name for slot in self.slots if slot.kind == "reading"]


def attribute(then: Side, now: Side, by_source: Collection[str] = ()) -> Attribution:
    """Take apart what the second side's scores are above the first's, row by row.

    by_source: measures whose change between the days is their source's, not the customers'.
    """
    sides, rows = (then, now), len(then.score)
    plan = _plan_of(sides, frozenset(by_source))
    found = Attribution(
        plan.slots, np.zeros((len(plan.slots), rows), np.int64),
        np.zeros((len(plan.readings), rows), np.int8), np.round(now.score - then.score, 9),
    )  # fmt: skip
    with np.errstate(invalid="ignore"):  # a day without a score is NaN, and so is what is of it
        for start in range(0, rows, ROWS):
            block = slice(start, start + ROWS)
            own = then.some(block), now.some(block)
            found.parts[:, block] = _take_apart(own, plan, found.kinds[:, block])
    return found


def _plan_of(sides: Sides, by_source: frozenset[str]) -> _Plan:
    one = weighed(sides[0].card)
    other = one if is_one_card(sides) else weighed(sides[1].card)
    names = [{name for part in parts for name in part.measures} for parts in (one, other)]
    both = names[0] & names[1]
    common = [name for name in comparable(sides[0].card, sides[1].card) if name in both]
    slots = [Slot("reading", name) for name in sorted(names[0] | names[1])]
    slots += [Slot("target", name) for name in with_targets(sides) if name in common]
    steps = []
    for kind, name, *places in pair_rules(sides[0].card, sides[1].card):
        steps.append((len(slots), places[0], places[1]))
        slots.append(Slot(kind, name))
    slots += [Slot("override")] + [Slot("scorecard")] * (not is_one_card(sides))
    return _Plan(tuple(slots), (one, other), common, steps, by_source)


def _take_apart(sides: Sides, plan: _Plan, kinds: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    """Return the parts of a block, and write the kinds of its readings."""
    bases = np.rint(sides[0].base * BILLION), np.rint(sides[1].base * BILLION)
    change = np.rint(sides[1].score * BILLION) - np.rint(sides[0].score * BILLION)
    days = [
        Mean(parts, {name: side.billionths(name) for part in parts for name in part.measures}, base)
        for side, parts, base in zip(sides, plan.weighed, bases, strict=True)
    ]
    means = mean_parts((days[0], days[1]), plan.common, moved_by(sides, plan.common))
    exact = np.zeros((len(plan.slots), len(change)))
    for at, slot in enumerate(plan.slots):
        found = {"reading": means.readings, "target": means.targets}.get(slot.kind, {})
        if slot.name in found:
            exact[at] = found[slot.name]
    _write_kinds(sides, plan, means.both, kinds)
    has_card = plan.slots[-1].kind == "scorecard"
    if has_card:
        exact[-1] = bases[1] - bases[0] - exact.sum(axis=0)
    _go_on(bases, sides, plan, exact)
    if has_card:
        exact[-1] += change - exact.sum(axis=0)
    is_unknown = np.isnan(change)
    if is_unknown.any():
        exact[:, is_unknown], change[is_unknown] = 0, 0
    return round_along(exact, change).astype(np.int64)


def _go_on(bases: tuple[Floats, Floats], sides: Sides, plan: _Plan, exact: Floats) -> None:
    """Take the parts of the base through rules and overrides, whose own parts come beside them."""
    slots, steps = [], []
    for slot, *places in plan.steps:
        acts = [acting(side.fired, place) for side, place in zip(sides, places, strict=True)]
        if acts[0].any() or acts[1].any():
            slots.append(slot)
            then, now = (
                step_at(side.card, place).where(rows)
                for side, place, rows in zip(sides, places, acts, strict=True)
            )
            steps.append((then, now))
    if any(has_overrides(side.at) for side in sides):
        slots += [plan.slots.index(Slot("override"))] * 2
        steps += zip(override_steps(sides[0].at), override_steps(sides[1].at), strict=True)
    if not steps:
        return
    passes, own = np.ones(exact.shape[1]), np.zeros_like(exact)
    for slot, part in reversed(list(zip(slots, pass_on(bases, steps), strict=True))):
        own[slot] += part.own * passes
        passes *= part.passes
    exact *= passes
    exact += own


def _write_kinds(
    sides: Sides, plan: _Plan, both: Mapping[str, Bools], kinds: npt.NDArray[np.int8]
) -> None:
    """Say of each account what a measure's reading did. both: where its points are compared.

    A reading carried forward is as good as one of the day itself: it was the last there was. Only
    where it stands at the beginning, a new reading makes up for what was not seen before.
    """
    known = [side.known() for side in sides]
    old = [side.carried() for side in sides]
    codes = _kind_codes(is_one_card(sides))
    for at, name in enumerate(plan.readings):
        if name not in both:
            kinds[at] = SCORECARD
            continue
        code = both[name].view(np.uint8) * np.uint8(16)
        for which, side in enumerate(sides):
            place = side.column(name)
            code += known[which][place].view(np.uint8) * np.uint8(1 << which)
            carried = old[which]
            if carried is not None:
                code += carried[place].view(np.uint8) * np.uint8(4 << which)
        kinds[at] = codes[name in plan.by_source][code]


@cache
def _kind_codes(one_card: bool) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:  # noqa: FBT001
    """The kinds of all codes, for customers' moves and for sources'."""
    own, source = (
        np.array([_kind(code, one_card=one_card, by_source=each) for code in range(32)], np.int8)
        for each in (False, True)
    )
    return own, source


def _kind(code: int, *, one_card: bool, by_source: bool) -> int:
    """The kind of a code. Its bits: known then, and now; carried then, and now; compared."""
    then, now, old, still_old, both = (bool(code >> bit & 1) for bit in range(5))
    if then and now and both:
        return SOURCE if by_source else STALE if old and not still_old else BEHAVIOUR
    if then and now:
        return TARGET if one_card else SCORECARD
    return ARRIVED if now else STALE if old else MISSING
