"""What is allowed in a scorecard, but worth a second look; and what its weights come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from include.scoring.rules import Membership
from include.scoring.scorecard import Scorecard

MANY_CATEGORIES = 10
FUNCTIONS = 2  # at least so many should approve
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
    yield from _misspelt_values(card)


def _misspelt_values(card: Scorecard) -> Iterator[str]:
    """A value that comes near to another one of the same attribute is often meant to be that."""
    for attribute, values in _values(card).items():
        for at, value in enumerate(values):
            near = get_close_matches(value, values[:at], n=1, cutoff=ALIKE)
            if near:
                yield (
                    f'The attribute {attribute} has the values "{near[0]}" and "{value}" here; if '
                    "they are meant to be the same, write them the same way."
                )


def _values(card: Scorecard) -> dict[str, list[str]]:
    """The values that the card names of each attribute, in the order of the file, each once."""
    named = list(card.applies_to.items())
    targets = [measure.target for measure in card.measures if measure.target]
    named += [(target.by, tuple(target.values)) for target in targets if target.by]
    for condition in (one for rule in card.rules for one in rule.when):
        if isinstance(condition, Membership):
            named.append((condition.attribute, condition.among))
        elif condition.by:
            named.append((condition.by, tuple(condition.values)))
    values: dict[str, list[str]] = {}
    for attribute, words in named:
        known = values.setdefault(attribute, [])
        known += [word for word in words if word not in known]
    return values
