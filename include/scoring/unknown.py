"""When a reading is unknown, by the rule of its operation, as the end of a sentence."""

from include.scoring.measure import Measure
from include.scoring.reading_parts import write_out
from include.scoring.reading_spec import (
    DaysSinceLast,
    DaysToFirst,
    Divide,
    Latest,
    Level,
    Mean,
    Milestone,
    Reading,
    Simple,
    Windowed,
)

OF_A_FAMILY = {
    "own": "{rule}",
    "sum": "for this account or one below it: {rule}",
    "weighted": "for the accounts with most of the family's revenue: {rule}",
    "worst": "for this account and all below it: {rule}",
}


def unknown_when(measure: Measure) -> str:
    """The rule of a measure, for the account or its family."""
    return OF_A_FAMILY[measure.family].format(rule=rule_of(measure.reading))


def rule_of(reading: Reading) -> str:
    """The rule of a reading."""
    match write_out(reading):
        case Divide(top=top, bottom=bottom):
            parts = dict.fromkeys([_simple_rule(top), _simple_rule(bottom)])
            return ", or ".join([*parts, f"{bottom.series} is 0"])
        case Milestone(month=month, until=until, of=of):
            early = [f"month {month} of the term is not over"] * (until == "unknown")
            return ", or ".join(["there is no term", *early, rule_of(of)])
        case simple:
            return _simple_rule(simple)


def _simple_rule(reading: Simple) -> str:
    name = reading.series
    match reading:
        case Latest(max_age=max_age):
            return f"no {name} in the last {max_age} days, or it was cleared"
        case DaysSinceLast(never="unknown"):
            return f"no {name} so far"
        case DaysToFirst(until=until, before_known=before_known):
            rules = [f"{name} is not known for this account yet"]
            rules += [f"no {name} since the term began"] * (until == "unknown")
            early = f"{name} was not known when the term began"
            return ", or ".join([*rules, *[early] * (before_known == "unknown")])
        case Mean(op="mean_per_active_day", history=history):
            return f"{name} is not known for {history} days yet, or there was none in them"
        case Windowed(history=history) | Mean(history=history) | Level(history=history) if history:
            return f"{name} is not known for {history} days yet"
    return f"{name} is not known for this account yet"
