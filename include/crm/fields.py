"""What we write into the CRM: seven properties a company, and their values as text on the wire.

`""` clears a property: unknown is empty in the CRM, never 0. Numbers are rounded to one decimal
from the stored number (`72.25` is `72.2`: an exact tie goes to the even digit) and written without
a trailing `.0`; the band is decided before rounding. Dates are `YYYY-MM-DD`, which HubSpot reads as
midnight UTC. Facts on types: HubSpot CRM properties guide, checked Nov 2026.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Values = Mapping[str, str]

LONGEST_REASON = 500
UNKNOWN = "unknown"  # the band and the trend of scores that have none
COVERAGE_MOVE = 5.0  # per cent; a smaller move of the coverage alone is not sent


@dataclass(frozen=True, slots=True)
class Field:
    """One property of ours; its name in the CRM is the prefix and `name`."""

    name: str
    label: str
    type: str
    field_type: str
    description: str


SCORE = Field(
    "health_score",
    "Health score",
    "number",
    "number",
    "0 to 100, 100 is healthiest. Empty: not enough is known. Written by the customer health job.",
)
BAND = Field(
    "health_band",
    "Health band",
    "enumeration",
    "select",
    "The band that the unrounded score falls in; unknown where too little data stands behind it.",
)
CHANGE = Field(
    "health_change_30d",
    "Health change over 30 days",
    "number",
    "number",
    "Points gained (above 0) or lost (below 0) in 30 days. Empty: no score of 30 days ago.",
)
TREND = Field(
    "health_trend", "Health trend", "enumeration", "select", "Where the score has been heading."
)
REASON = Field(
    "health_reason",
    "Health reason",
    "string",
    "textarea",
    "The main reason for the score, in one sentence.",
)
COVERAGE = Field(
    "health_coverage",
    "Health data coverage (%)",
    "number",
    "number",
    "How much of the score's weight has data behind it, in per cent from 0 to 100.",
)
AS_OF = Field(
    "health_as_of",
    "Health as of",
    "date",
    "date",
    "The day these values describe. More than 8 days old: the job has stopped; do not rely on it.",
)
FIELDS = (SCORE, BAND, CHANGE, TREND, REASON, COVERAGE, AS_OF)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that the two lists may hold, in order; `unknown` is always added as the last."""

    bands: Sequence[str]
    trends: Sequence[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is shown of one score. Points are 0..100, coverage 0..1; None is unknown."""

    score: float | None
    band: str
    change_30d: float | None
    direction: str
    coverage: float


def property_names(prefix: str) -> list[str]:
    return [prefix + field.name for field in FIELDS]


def to_values(prefix: str, snapshot: Snapshot | None, as_of: date) -> dict[str, str]:
    """Return all values but the reason, by property name; without a snapshot all are empty."""
    if snapshot is None:
        return {prefix + field.name: "" for field in FIELDS if field is not REASON}
    return {
        prefix + SCORE.name: to_number(snapshot.score),
        prefix + BAND.name: snapshot.band,
        prefix + CHANGE.name: to_number(snapshot.change_30d),
        prefix + TREND.name: snapshot.direction,
        prefix + COVERAGE.name: to_number(snapshot.coverage * 100),
        prefix + AS_OF.name: as_of.isoformat(),
    }


def to_number(value: float | None) -> str:
    """Text with at most one decimal; None and NaN are empty, and -0 is 0."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def to_reason(sentence: str) -> str:
    """One line of at most 500 characters, cut between words with an ellipsis."""
    line = " ".join(sentence.split())
    if len(line) <= LONGEST_REASON:
        return line
    return line[: LONGEST_REASON - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def moves(prefix: str, dead_band: float) -> dict[str, float | None]:
    """How far each property's value must move to be worth a write.

    0: any difference. None: never alone, it only goes along with the others.
    """
    return {
        prefix + SCORE.name: dead_band,
        prefix + BAND.name: 0.0,
        prefix + CHANGE.name: dead_band,
        prefix + TREND.name: 0.0,
        prefix + REASON.name: None,
        prefix + COVERAGE.name: COVERAGE_MOVE,
        prefix + AS_OF.name: None,
    }


def is_same(shown: str | None, written: str) -> bool:
    """Whether the CRM shows what was written: null is empty, `72.0` is `72`."""
    shown = shown or ""
    if shown == written:
        return True
    try:
        return Decimal(shown) == Decimal(written)
    except InvalidOperation:
        return shown.strip() == written.strip()


def to_definition(field: Field, prefix: str, group: str, words: Vocabulary) -> dict[str, Any]:
    """The body that creates the property."""
    listed = {BAND.name: words.bands, TREND.name: words.trends}.get(field.name)
    definition: dict[str, Any] = {
        "name": prefix + field.name,
        "label": field.label,
        "type": field.type,
        "fieldType": field.field_type,
        "description": field.description,
        "groupName": group,
        "displayOrder": FIELDS.index(field),
    }
    return definition if listed is None else definition | {"options": to_options(listed)}


def to_options(words: Sequence[str]) -> list[dict[str, Any]]:
    words = [*(word for word in words if word != UNKNOWN), UNKNOWN]
    return [
        {"label": label_of(word), "value": word, "displayOrder": place, "hidden": False}
        for place, word in enumerate(words)
    ]


def label_of(word: str) -> str:
    return word.replace("_", " ").capitalize()
