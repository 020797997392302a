"""Which cards score which account: several outcomes, one live card an account and outcome, shadows.

The live cards of one outcome are asked in the order of the settings: the first whose `applies_to`
an account meets on the day scores it. The last one of each outcome applies to every account, so
that none falls through. A shadow scores all that it applies to, beside, and is sent nowhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from include.errors import FixConfig
from include.scoring.circumstances import Codes
from include.scoring.scorecard import Band, Scorecard

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards at work. live: in the order in which they are asked. Raises FixConfig."""

    live: tuple[Scorecard, ...]
    shadow: tuple[Scorecard, ...] = ()

    def __post_init__(self) -> None:
        for label in _twice(label_of(card) for card in self.all):
            raise FixConfig(f"health.yaml names the scorecard {label} twice; once is enough.")
        for cards in self.outcomes.values():
            _check_order(cards)

    @property
    def all(self) -> tuple[Scorecard, ...]:
        return (*self.live, *self.shadow)

    @property
    def outcomes(self) -> dict[str, tuple[Scorecard, ...]]:
        """The live cards by outcome; the first outcome is the one that the CRM shows first."""
        found: dict[str, tuple[Scorecard, ...]] = {}
        for card in self.live:
            found[card.outcome] = (*found.get(card.outcome, ()), card)
        return found

    def beside(self, card: Scorecard) -> tuple[Scorecard, ...]:
        """All cards whose scores make one history with a card's, itself among them, in order."""
        return (card,) if card in self.shadow else self.outcomes.get(card.outcome, (card,))

    def asked(self, outcome: str | None = None, label: str | None = None) -> tuple[Scorecard, ...]:
        """Return the cards that answer a question about scores: an outcome's live ones, or one.

        None, None: the first outcome, which the CRM shows. label: of a live card or a shadow.
        Raises FixConfig where there is no such outcome or card, or both are named.
        """
        if outcome and label:
            raise FixConfig("Name an outcome or a scorecard: a scorecard has one outcome.")
        if label:
            cards = {label_of(card): (card,) for card in self.all}
            lists = "`scorecards` or `shadow_scorecards`"
            return cards.get(label) or _no_such("scorecard", label, cards, lists)
        found = self.outcomes
        name = outcome or next(iter(found))
        return found.get(name) or _no_such("outcome", name, found, "`scorecards`")


def label_of(card: Scorecard) -> str:
    """Return the name by which settings, forms and people call a card: retention.v1."""
    return f"{card.name}.v{card.version}"


def bands_of(cards: Iterable[Scorecard]) -> tuple[Band, ...]:
    """Return the bands of all cards, worst first, one a name: as the first card has it."""
    found: dict[str, Band] = {}
    for card in cards:
        for band in card.bands:
            found.setdefault(band.name, band)
    return tuple(sorted(found.values(), key=lambda band: band.lower))


def chosen(
    card: Scorecard, before: Sequence[Scorecard], attributes: Mapping[str, Codes], rows: int
) -> Bools:
    """(rows,) True where the card scores an account-day: it applies, and none before it does."""
    mine = applies(card, attributes, rows)
    for other in before:
        mine &= ~applies(other, attributes, rows)
    return mine


def applies(card: Scorecard, attributes: Mapping[str, Codes], rows: int) -> Bools:
    """(rows,) True where every attribute that the card names has one of its values.

    An attribute that is not known has none of them.
    """
    result = np.ones(rows, np.bool_)
    for name, values in card.applies_to.items():
        codes = attributes[name]
        wanted = [k for k, word in enumerate(codes.words) if word in values]
        result &= np.isin(codes.codes, wanted)
    return result


def applies_words(applies_to: Mapping[str, Sequence[str]]) -> str:
    """Say for whom a card is: segment enterprise or mid_market; industry software."""
    return "; ".join(f"{name} {' or '.join(words)}" for name, words in applies_to.items())


def _check_order(cards: Sequence[Scorecard]) -> None:
    outcome, last = cards[0].outcome, cards[-1]
    if last.applies_to:
        raise FixConfig(
            f"health.yaml, scorecards: the last card of the outcome {outcome}, {label_of(last)}, "
            "applies to some accounts only; the others would have no score. Add one at the end "
            "that has no applies_to."
        )
    for card in cards[:-1]:
        if not card.applies_to:
            raise FixConfig(
                f"health.yaml, scorecards: {label_of(card)} applies to every account, so those of "
                f"the outcome {outcome} after it would never be asked. Move it to the end, or make "
                "it a shadow."
            )


def _no_such(kind: str, name: str, known: Iterable[str], lists: str) -> NoReturn:
    raise FixConfig(
        f"health.yaml has no {kind} {name}; it has {', '.join(known)}. A scorecard is switched on "
        f"by naming its file there under {lists}."
    )


def _twice(labels: Iterable[str]) -> list[str]:
    found = list(labels)
    return sorted({label for label in found if found.count(label) > 1})
