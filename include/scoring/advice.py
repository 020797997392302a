"""What is allowed in a scorecard, but worth a second look; and what its weights come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from include.say import written
from include.scoring.rules import Cap, Floor, Membership
from include.scoring.scorecard import Scorecard

MANY_CATEGORIES = 10
FUNCTIONS = 2  # at least so many should approve
LARGE_PART = 2  # of a target; more is likely meant in percent
TEN = 10  # `points: 10`
ALIKE = 0.8  # of difflib: "smb" and "smbs" are alike, "smb" and "enterprise" are not


@dataclass(frozen=True, slots=True)
class Share:
    """What a measure's weight comes to. percent: of a score in which everything is known."""

    category: str
    measure: str
    weight: float
    percent: float


def effective_shares(card: Scorecard) -> list[Share]:
    """One row per measure in file order; the percentages sum to 100."""
    categories = [card.categories[i].name for i in card.category_of]
    return [
        Share(category, measure.name, measure.weight, 100 * float(share))
        for category, measure, share in zip(
            categories, card.measures, card.effective_weights, strict=True
        )
    ]


def warnings(card: Scorecard, today: date) -> tuple[str, ...]:
    """Sentences on what is allowed but doubtful; none where all is well.

    today: a review is due from the day after `review_on` on.
    """
    return tuple(_warnings(card, today))


def _warnings(card: Scorecard, today: date) -> Iterator[str]:
    if len(card.categories) > MANY_CATEGORIES:
        yield (
            f"There are {len(card.categories)} categories; 5 to {MANY_CATEGORIES} that tell most "
            "are enough, and each more takes weight from those."
        )
    if card.review_on is not None and card.review_on < today:
        yield (
            f"The review of this scorecard was due on {card.review_on}; compare its scores with "
            "the customers who left and those who grew, then set the next day in a new version."
        )
    if len(card.approvers) < FUNCTIONS:
        yield (
            "Only one function approves this scorecard; categories are best chosen by a small "
            "group from several."
        )
    yield from _large_parts(card)
    yield from _bands_of_ten(card)
    yield from _misspelt_values(card)


def _large_parts(card: Scorecard) -> Iterator[str]:
    for measure in card.measures:
        most = max((part for _, part in measure.target.months), default=0) if measure.target else 0
        if most > LARGE_PART:
            yield (
                f"The target of {measure.name} is {written(most)} times itself in some month: "
                "`months` has parts of it, so 1 is all of it and 0.25 a quarter."
            )


def _bands_of_ten(card: Scorecard) -> Iterator[str]:
    """`points: 10` is of curves, levels and neutral points alone."""
    if card.points != TEN:
        return
    limits = [rule.at for rule in card.rules if isinstance(rule, Floor | Cap)]
    for what, numbers in (("bands begin", [band.lower for band in card.bands]),
                          ("floors and caps are", limits)):  # fmt: skip
        if numbers and max(numbers) <= TEN:
            yield (
                f"All {what} at {TEN} or less. They count of 100, whatever `points` says; if "
                f"{written(max(numbers))} is of {TEN}, write {written(10 * max(numbers))}."
            )


def _misspelt_values(card: Scorecard) -> Iterator[str]:
    """A value that comes near to another one of the same attribute is often meant to be that."""
    for attribute, values in values_named(card).items():
        for at, value in enumerate(values):
            near = get_close_matches(value, values[:at], n=1, cutoff=ALIKE)
            if near:
                yield (
                    f'The attribute {attribute} has the values "{near[0]}" and "{value}" here; if '
                    "they are meant to be the same, write them the same way."
                )


def values_named(card: Scorecard) -> dict[str, tuple[str, ...]]:
    """Return the values that a card names of each attribute, in file order, each once."""
    named = list(card.applies_to.items())
    targets = [measure.target for measure in card.measures if measure.target]
    named += [(target.by, tuple(target.values)) for target in targets if target.by]
    for condition in (one for rule in card.rules for one in rule.when):
        if isinstance(condition, Membership):
            named.append((condition.attribute, condition.among))
        elif condition.by:
            named.append((condition.by, tuple(condition.values)))
    values: dict[str, tuple[str, ...]] = {}
    for attribute, words in named:
        values[attribute] = tuple(dict.fromkeys((*values.get(attribute, ()), *words)))
    return values
