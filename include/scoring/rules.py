"""Rules of a scorecard: what happens to the base when all conditions of a rule hold.

Their order is fixed, whatever the file's: interactions add points, penalties multiply (in file
order), floors, caps, hard reds. Flags leave the number alone and ask for a follow-up.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from include.scoring.strict import (
    AttributeValue,
    Label,
    Name,
    Points,
    Sentence,
    Strict,
    X,
    has_key_like,
    mistake,
)
from include.scoring.targets import refuse_half
from include.scoring.weights import at_most_six_decimals

Sign = Literal["above", "at_least", "below", "at_most"]
SIGNS: tuple[Sign, ...] = ("above", "at_least", "below", "at_most")


class Comparison(Strict):
    """A measure's reading (not divided by its target) against a number, by attribute if need be.

    Exactly one of above, at_least, below, at_most. values: numbers in its place for accounts whose
    attribute `by` has that value.
    """

    measure: Name
    above: X | None = None
    at_least: X | None = None
    below: X | None = None
    at_most: X | None = None
    by: Name | None = None
    values: dict[AttributeValue, X] = Field(default={})

    @model_validator(mode="after")
    def is_one_comparison(self) -> Self:
        given = [sign for sign in SIGNS if getattr(self, sign) is not None]
        if len(given) != 1:
            found = f"here are {' and '.join(given)}" if given else "here is none"
            raise mistake(
                f"one of above, at_least, below, at_most is needed; {found}.", *given[1:2]
            )
        refuse_half(self.by, self.values)
        return self

    @property
    def sign(self) -> Sign:
        return next(sign for sign in SIGNS if getattr(self, sign) is not None)

    @property
    def number(self) -> float:
        """What holds for accounts whose attribute value is not in `values`."""
        return float(getattr(self, self.sign))


class Membership(Strict):
    """An attribute of the account is one of these values."""

    attribute: Name
    among: Annotated[tuple[AttributeValue, ...], Field(alias="is", min_length=1, max_length=100)]


def condition_model(value: object) -> type[Strict]:
    """Which kind of condition a mapping is, by its keys or what comes near to them."""
    if isinstance(value, dict) and "measure" in value:
        return Comparison
    return Membership if has_key_like(value, "attribute", "is") else Comparison


def _which(value: object) -> str:
    of_attribute = isinstance(value, Membership) or condition_model(value) is Membership
    return "(attribute)" if of_attribute else "(measure)"


Condition = Annotated[
    Annotated[Comparison, Tag("(measure)")] | Annotated[Membership, Tag("(attribute)")],
    Discriminator(_which),
]


class _Rule(Strict):
    """All conditions of `when` must hold; one that cannot be decided leaves the rule undecided."""

    name: Name
    why: Sentence
    when: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=8)]


class Interaction(_Rule):
    """Measures that mean something else together: adds points to the base, within 0..100."""

    kind: Literal["interaction"]
    add: Annotated[float, Field(ge=-100, le=100)]

    @model_validator(mode="after")
    def is_of_two_measures(self) -> Self:
        measures = {one.measure for one in self.when if isinstance(one, Comparison)}
        if len(measures) < 2:
            raise mistake("an interaction needs conditions on two measures.", "when")
        return self


class Penalty(_Rule):
    """Takes a share off the top: the score is multiplied, 0.8 takes 20 % off."""

    kind: Literal["penalty"]
    factor: Annotated[float, Field(gt=0, lt=1), AfterValidator(at_most_six_decimals)]


class Floor(_Rule):
    """The score is at least this."""

    kind: Literal["floor"]
    at: Points


class Cap(_Rule):
    """The score is at most this."""

    kind: Literal["cap"]
    at: Points


class Red(_Rule):
    """The score is at most this, which is in the lowest band: nothing else can outweigh it."""

    kind: Literal["red"]
    to: Points


class Flag(_Rule):
    """Says that a person should look, whatever the score: what to do, who, within how many days."""

    kind: Literal["flag"]
    follow_up: Sentence
    owner: Label
    within_days: Annotated[int, Field(ge=1, le=366)]


Rule = Annotated[Interaction | Penalty | Floor | Cap | Red | Flag, Field(discriminator="kind")]

# In the order in which they act; flags come last and leave the number alone.
BY_KIND: dict[str, type[Strict]] = {
    "interaction": Interaction,
    "penalty": Penalty,
    "floor": Floor,
    "cap": Cap,
    "red": Red,
    "flag": Flag,
}
