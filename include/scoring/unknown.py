"""Why a reading is unknown: the rule of each operation, and what it was on one day."""

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


def unknown_when(reading: Reading) -> str:
    """The rule: what it takes for this reading to be unknown, as the end of a sentence."""
    match write_out(reading):
        case Divide(top=top, bottom=bottom):
            parts = dict.fromkeys([_simple_rule(top), _simple_rule(bottom)])
            return ", or ".join([*parts, f"{bottom.series} is 0"])
        case Milestone() as milestone:
            early = f"month {milestone.month} of the term is not over" * (
                milestone.until == "unknown"
            )
            rules = ["there is no term", early, unknown_when(milestone.of)]
            return ", or ".join(rule for rule in rules if rule)
        case simple:
            return _simple_rule(simple)


def _simple_rule(reading: Simple) -> str:
    name = reading.series
    match reading:
        case Latest(max_age=max_age):
            return f"no {name} in the last {max_age} days"
        case DaysSinceLast(never="unknown"):
            return f"no {name} so far"
        case DaysToFirst():
            rules = [f"{name} is not known for this account yet"]
            if reading.until == "unknown":
                rules.append(f"no {name} since the term began")
            if reading.before_known == "unknown":
                rules.append(f"{name} is not known since the term began")
            return ", or ".join(rules)
        case Mean(op="mean_per_active_day"):
            return f"{name} is not known for {reading.history} days yet, or on none of them was any"
        case Windowed(history=history) | Mean(history=history) | Level(history=history) if history:
            return f"{name} is not known for {history} days yet"
    return f"{name} is not known for this account yet"
