"""What rules and people made of one account's base, step by step in the fixed order.

Each step is what the kernel makes of the base with the rules up to it, so the steps are the score's
own arithmetic: the first begins at the base, each at the end of the one before it, and the last
ends at the score.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from include.say import written
from include.scoring.circumstances import Circumstances
from include.scoring.context import Context, Override, circumstances_of
from include.scoring.flags import flags_raised, rules_in
from include.scoring.measure_parts import to_places
from include.scoring.plan import Floats
from include.scoring.rule_words import effect
from include.scoring.rules import Comparison, Rule
from include.scoring.rules_at_work import in_order
from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard

OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class StepPart:
    """One rule that acts, or a person's override; before and after in points of the score.

    does: as `effect` says it of a rule; of an override "at most 40" and the like.
    """

    name: str
    kind: str
    does: str
    why: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class UndecidedPart:
    """A rule that does not act because what it asks is not known."""

    name: str
    kind: str
    does: str
    why: str
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagPart:
    """What a person should look at, whatever the score."""

    name: str
    why: str
    follow_up: str
    owner: str
    within_days: int


def steps_of(
    readings: Floats, card: Scorecard, context: Context, *, places: int
) -> tuple[StepPart, ...]:
    """Return what makes the score of the base; nothing where there is no score."""
    at = circumstances_of(np.zeros(1, np.intp), [context])
    scores = score(readings[None, :], card, at)
    if np.isnan(scores.score[0]):
        return ()
    return tuple(_steps(readings, card, (context, at), scores, places))


def _steps(
    readings: Floats, card: Scorecard, stood: tuple[Context, Circumstances], scores: Scores,
    places: int,
) -> Iterator[StepPart]:  # fmt: skip
    context, at = stood
    before = to_places(scores.base[0], places)
    alone = replace(at, override_to=np.full(1, np.nan), override_factor=np.full(1, np.nan))
    fired = rules_in(int(scores.fired[0]), card)
    acting = [rule for _, rule in in_order(card.rules) if rule in fired and rule.kind != "flag"]
    for last, rule in enumerate(acting, start=1):
        so_far = _with_rules(card, tuple(acting[:last]))
        after = to_places(score(readings[None, :], so_far, alone).score[0], places)
        yield StepPart(rule.name, rule.kind, effect(rule), rule.why, before, after)
        before = after
    if context.override is not None:
        after = to_places(scores.score[0], places)
        does = effect_of_override(context.override)
        yield StepPart(OVERRIDE, OVERRIDE, does, "A person decided so.", before, after)


def undecided_of(
    readings: Floats, card: Scorecard, context: Context, scores: Scores
) -> tuple[UndecidedPart, ...]:
    """Return the rules that cannot be decided, with what they lack."""
    reading = dict(zip(card.measure_names, readings.tolist(), strict=True))
    return tuple(
        UndecidedPart(
            rule.name, rule.kind, effect(rule), rule.why,
            tuple(dict.fromkeys(_not_known(rule, card, reading, context))),
        )
        for rule in rules_in(int(scores.undecided[0]), card)
    )  # fmt: skip


def _not_known(
    rule: Rule, card: Scorecard, reading: dict[str, float], context: Context
) -> Iterator[str]:
    labels = {measure.name: measure.label for measure in card.measures}
    for one in rule.when:
        attribute = one.by if isinstance(one, Comparison) else one.attribute
        if isinstance(one, Comparison) and np.isnan(reading[one.measure]):
            yield labels[one.measure]
        if attribute is not None and attribute not in context.attributes:
            yield attribute


def flags_of(card: Scorecard, scores: Scores) -> tuple[FlagPart, ...]:
    """Return the flags that are up."""
    return tuple(
        FlagPart(rule.name, rule.why, rule.follow_up, rule.owner, rule.within_days)
        for (raised,) in [flags_raised(scores.fired, card)]
        for rule in raised
    )


def effect_of_override(override: Override) -> str:
    """Say what a person's override does."""
    parts = []
    if override.to is not None:
        parts.append(f"{'set to' if override.may_raise else 'at most'} {written(override.to)}")
    if override.factor is not None:
        parts.append(f"times {written(override.factor)}")
    return ", ".join(parts)


def _with_rules(card: Scorecard, rules: tuple[Rule, ...]) -> Scorecard:
    """Return a card of no store that differs in its rules only."""
    kept = {name: getattr(card, name) for name in Scorecard.model_fields}
    return Scorecard.model_construct(**kept | {"rules": rules})
