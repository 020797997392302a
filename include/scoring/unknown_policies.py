"""What each policy for the unknown would have made of the same accounts, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from include.scoring.circumstances import Circumstances
from include.scoring.comparison import Flip, Graded, Summary, compare
from include.scoring.plan import Floats
from include.scoring.policies import Neutral, WhenUnknown
from include.scoring.score import score
from include.scoring.scorecard import Scorecard

OWN = "as the card says"
UNKNOWN, CARRY, ZERO = "stay unknown", "carry forward", "zero"
NEUTRAL = 50.0


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """Scores under one policy for all measures, beside those under the card's own policies.

    flips: from the band by the card to the band by this policy, where the two differ; flipped:
    accounts in all of them. raised, lowered: accounts whose score is higher or lower by it.
    gained, lost: accounts that have a score by it only, or by the card only.
    """

    policy: str
    summary: Summary
    flipped: int
    flips: tuple[Flip, ...]
    raised: int
    lowered: int
    gained: int
    lost: int


def grade(
    readings: Floats,
    card: Scorecard,
    at: Circumstances | None = None,
    *,
    measured: Floats | None = None,
    carried: Floats | None = None,
) -> dict[str, Graded]:
    """Score some accounts by the card, and with one policy for all its measures after the other.

    readings: as the card reads them. measured: without what it carried forward; the same where it
    carries nothing. carried: with the last known reading in every gap; without it that policy is
    left out. at: as in `score`.
    """
    own = readings if measured is None else measured
    ways: list[tuple[str, Floats, WhenUnknown]] = [(UNKNOWN, own, "unknown")]
    if carried is not None:
        ways.append((CARRY, carried, "unknown"))
    ways += [(f"neutral {NEUTRAL:g}", own, Neutral(neutral=NEUTRAL)), (ZERO, own, "zero")]
    found = {OWN: Graded.of(score(readings, card, at))}
    for name, values, policy in ways:
        found[name] = Graded.of(score(values, with_policy(card, policy), at))
    return found


def with_policy(card: Scorecard, policy: WhenUnknown) -> Scorecard:
    """The card with one policy for all its measures; it is not checked again."""
    categories = tuple(
        category.model_copy(
            update={
                "measures": tuple(
                    measure.model_copy(update={"when_unknown": policy})
                    for measure in category.measures
                )
            }
        )
        for category in card.categories
    )
    said = {name: getattr(card, name) for name in type(card).model_fields}
    return Scorecard.model_construct(**said | {"categories": categories})


def outcomes(graded: Mapping[str, Graded], card: Scorecard) -> tuple[PolicyOutcome, ...]:
    """Compare what policies made of the same accounts with what the card makes of them."""
    return tuple(_outcome(name, graded[OWN], one, card) for name, one in graded.items())


def _outcome(name: str, own: Graded, other: Graded, card: Scorecard) -> PolicyOutcome:
    compared = compare(own, other, (card, card), np.zeros(len(own.score)))
    before, after = np.isnan(own.score), np.isnan(other.score)
    return PolicyOutcome(
        policy=name,
        summary=compared.draft,
        flipped=compared.flipped,
        flips=tuple(f for f in compared.flips if f.live != f.draft and f.accounts),
        raised=int(np.count_nonzero(other.score > own.score)),
        lowered=int(np.count_nonzero(other.score < own.score)),
        gained=int(np.count_nonzero(before & ~after)),
        lost=int(np.count_nonzero(after & ~before)),
    )
