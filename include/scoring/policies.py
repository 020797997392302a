"""What a scorecard says about the unknown, and about people who overrule it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from include.scoring.strict import Name, Points, Strict, did_you_mean, has_key_like, mistake

REASONS = (
    "acquired", "sponsor_left", "budget_cut", "competitor", "outage", "wrong_data", "other",
)  # fmt: skip

SomeDays = Annotated[int, Field(ge=1, le=3660)]


class Carry(Strict):
    """The last known reading holds for so many days more, and counts as known."""

    carry_days: Annotated[int, Field(ge=1, le=366)]


class Neutral(Strict):
    """So many points enter the score; coverage, floor and ceiling still say unknown."""

    neutral: Points


def mapping_model(value: object) -> type[Strict]:
    """Which policy a mapping states, by its key or what comes near to it."""
    return Neutral if has_key_like(value, "neutral") else Carry


def _which(value: object) -> str:
    if isinstance(value, Carry | Neutral):
        return TAGS[type(value)]
    return TAGS[mapping_model(value)] if isinstance(value, dict) else "(word)"


def _is_a_policy(word: object) -> object:
    if word not in WORDS:
        shown = f'"{word}"' if isinstance(word, str) else word
        valid = did_you_mean(word, [*WORDS, "{carry_days: n}", "{neutral: points}"])
        raise mistake(f"{shown} is not valid; {valid}")
    return word


WORDS = ("unknown", "zero")
TAGS: dict[type[Strict], str] = {Carry: "(carry)", Neutral: "(neutral)"}

# zero: worth 0 points, and counts as known. A mapping is told from the others by its key.
WhenUnknown = Annotated[
    Annotated[Literal["unknown", "zero"], BeforeValidator(_is_a_policy), Tag("(word)")]
    | Annotated[Carry, Tag("(carry)")]
    | Annotated[Neutral, Tag("(neutral)")],
    Discriminator(_which),
]


class Overrides(Strict):
    """What a person may do to a score, why, and for how long.

    Below extreme_below and above extreme_above an override ends after extreme_expires_after_days.
    """

    allow_raising: bool = False
    raise_needs_second: bool = True
    reasons: Annotated[tuple[Name, ...], Field(min_length=1, max_length=30)] = REASONS
    expires_after_days: SomeDays = 90
    extreme_below: Points = 20.0
    extreme_above: Points = 90.0
    extreme_expires_after_days: SomeDays = 30
