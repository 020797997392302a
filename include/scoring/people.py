"""Who answers for a scorecard, and until when: approvers and the day of review."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag

from include.scoring.strict import Label, mistake


def _read_day(value: object) -> object:
    """Dates stay text in a scorecard's YAML, so that a title may look like one."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise mistake(f'must be a day like 2027-03-31, but is "{value}".') from None


Day = Annotated[date, BeforeValidator(_read_day)]


def _which(value: object) -> str:
    return "(mapping)" if isinstance(value, dict) else "(list)"


# A list of functions or people, or a mapping of each function to the person who approves for it.
Approvers = Annotated[
    Annotated[tuple[Label, ...], Field(min_length=1, max_length=20), Tag("(list)")]
    | Annotated[dict[Label, Label], Field(min_length=1, max_length=20), Tag("(mapping)")],
    Discriminator(_which),
]
