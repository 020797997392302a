"""What steps say: texts with {values} of the account, and why a plan was opened, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

from include.scoring.strict import did_you_mean, mistake

# What stands in a text where the value is not known.
UNKNOWN: Mapping[str, str] = {
    "name": "this account",
    "score": "unknown",
    "reason": "No reason is known.",
    "next_step": "No short way to the next band is known.",
    "renewal_date": "a day that the CRM does not know",
}


@dataclass(frozen=True, slots=True)
class Values:
    """What is known of an account on the day its plan opens. score: 0..100."""

    name: str | None
    score: float | None
    reason: str | None
    next_step: str | None
    renewal_date: date | None

    def words(self) -> dict[str, str]:
        """Return every value as text; what is unknown in words of its own."""
        score = None if self.score is None else f"{self.score:.1f}"
        day = None if self.renewal_date is None else self.renewal_date.isoformat()
        known = {
            "name": self.name, "score": score, "reason": self.reason,
            "next_step": self.next_step, "renewal_date": day,
        }  # fmt: skip
        return {key: known[key] or other for key, other in UNKNOWN.items()}


def fill(text: str, values: Values) -> str:
    """Put values in their places; the text has been checked when its file was read."""
    return text.format_map(values.words())


def refuse_unknown_values(text: str) -> str:
    """Return a text whose {places} are values that there are; a mistake otherwise."""
    try:
        places = [place for place in Formatter().parse(text) if place[1] is not None]
    except ValueError:
        raise mistake("a { or } stands alone; write {{ or }} to show one.") from None
    for _, name, form, conversion in places:
        if name not in UNKNOWN:
            raise mistake(f'there is no value "{{{name}}}"; {did_you_mean(name, UNKNOWN)}')
        if form or conversion:
            raise mistake(f'"{name}" stands in braces alone: {{{name}}}.')
    return text
