"""A rule in words, without the measure's label or anybody's reading."""

from include.say import written
from include.scoring.rules import (
    Cap,
    Comparison,
    Condition,
    Flag,
    Floor,
    Interaction,
    Penalty,
    Red,
    Rule,
)

SIGN_WORDS = {"above": "above", "at_least": "at least", "below": "below", "at_most": "at most"}


def effect(rule: Rule) -> str:
    """What a rule does where it acts."""
    match rule:
        case Interaction(add=add):
            return f"{'+' * (add > 0)}{written(add)} points to the base"
        case Penalty(factor=factor):
            return f"score x {written(factor)}, {written(100 * (1 - factor))} % off the top"
        case Floor(at=at):
            return f"score at least {written(at)}"
        case Cap(at=at):
            return f"score at most {written(at)}"
        case Red(to=to):
            return f"hard red: score at most {written(to)}"
        case Flag(follow_up=follow_up, owner=owner, within_days=days):
            return f"score as it is; {owner}, within {days} days: {follow_up}"


def conditions(rule: Rule) -> str:
    """When a rule acts: all of these."""
    return " and ".join(map(_condition, rule.when))


def _condition(condition: Condition) -> str:
    if not isinstance(condition, Comparison):
        return f"{condition.attribute} is {' or '.join(condition.among)}"
    plain = f"{condition.measure} {SIGN_WORDS[condition.sign]} {written(condition.number)}"
    other = ", ".join(f"{value} {written(number)}" for value, number in condition.values.items())
    return f"{plain} ({condition.by}: {other})" if other else plain
