"""What a measure's policy for the unknown says, and what it made of one reading."""

from datetime import date, timedelta
from math import isnan

from include.say import written
from include.scoring.context import Context
from include.scoring.measure import Measure
from include.scoring.policies import Carry, Neutral


def policy_of(measure: Measure) -> str:
    """Say what becomes of the measure where it is not known."""
    match measure.when_unknown:
        case Carry(carry_days=days):
            return f"the last reading holds for {days} days more"
        case Neutral(neutral=points):
            return f"{written(points)} points, which count as unknown"
        case "zero":
            return "0 points, which count as known"
    return "stays unknown"


def policy_used(measure: Measure, reading: float, age: int, on: date | None) -> str | None:
    """Say what the policy made of a day's reading; None where it had nothing to do.

    age: in days, 0 for a reading of the day itself. on: the day; None: it is not named.
    """
    if age:
        since = "" if on is None else f" of {on - timedelta(days=age)}"
        return f"carried forward: the reading{since} is {age} day{'s' * (age > 1)} old"
    if not isnan(reading) or measure.when_unknown == "unknown":
        return None
    if isinstance(measure.when_unknown, Carry):
        return f"no reading in {measure.when_unknown.carry_days} days to carry forward"
    return policy_of(measure)


def target_of(measure: Measure, context: Context) -> float | None:
    """Return what the reading should be; None: there is no target, or it cannot be known."""
    if measure.target is None:
        return None
    value = context.attributes.get(measure.target.by or "")
    target = measure.target.of(value, context.month)
    return None if isnan(target) else target


def why_no_target(measure: Measure, context: Context) -> str | None:
    """Say why a measure's target cannot be known; None where it can, or there is none."""
    target = measure.target
    if target is None or target_of(measure, context) is not None:
        return None
    if target.by is not None and target.by not in context.attributes:
        return f"its target depends on the account's {target.by}, which is not known"
    return "its target depends on the month of the term, and there is no term"
