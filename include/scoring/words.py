"""What people enter as an override in fields of the CRM, read as a wish. Pure.

A field takes any word and gives no answer, so what cannot be applied becomes a sentence that is
shown where people look. From a field a score is only ever lowered: nobody stands by as the second
person whom raising asks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Protocol

from include.errors import FixConfig
from include.scoring.overruling import Card, Wish

STEP = 0.1  # of a shown score: the highest one that still lies below a band's lower end
NOBODY = "unknown user of the CRM"
NO_EVIDENCE = "Entered in the CRM, without further words."


class Band(Protocol):
    """A band begins at `lower`, included."""

    @property
    def name(self) -> str: ...
    @property
    def lower(self) -> float: ...


class Banded(Card, Protocol):
    """A scorecard with its bands, worst first."""

    @property
    def bands(self) -> Sequence[Band]: ...


@dataclass(frozen=True, slots=True)
class Word:
    """What stands in the three fields; None: nothing. author: None: the CRM does not say.

    value: points from 0 to 100, or a band: the score is at most that. reason: a code of the
    scorecards, with what is known after a colon: `acquired: bought by a rival`. until: the last
    day, YYYY-MM-DD.
    """

    value: str | None
    reason: str | None
    until: str | None
    author: str | None


def wish_of(word: Word, cards: Sequence[Banded], today: date) -> Wish:
    """Return what is wished from today on; FixConfig says what lacks, or is out of range.

    The limits of scorecards on reasons and days are for `last_day_of` to check.
    """
    if word.value is None:
        raise FixConfig("The score or band is missing.")
    if word.reason is None:
        raise FixConfig("The reason is missing.")
    code, _, evidence = word.reason.partition(":")
    return Wish(
        to=_points(word.value, cards), less=None, may_raise=False,
        reason="_".join(code.lower().split()), evidence=evidence.strip() or NO_EVIDENCE,
        author=word.author or NOBODY, second=None, first_day=today,
        days=(_day(word.until) - today).days + 1,
    )  # fmt: skip


def _points(value: str, cards: Sequence[Banded]) -> float:
    try:
        points = float(value)
    except ValueError:
        return _below(value.casefold(), cards)
    if not (isfinite(points) and 0 <= points <= 100):
        raise FixConfig(f"{value[:40]} is out of range: a score is 0 to 100.")
    return points


def _below(band: str, cards: Sequence[Banded]) -> float:
    """Return the most points that lie in a band, or below it, by every card that has it."""
    ends = []
    for card in cards:
        names = [one.name.casefold() for one in card.bands]
        if band in names:
            above = card.bands[names.index(band) + 1 :]
            if not above:
                raise FixConfig(f"{band} is the highest band: a field only lowers a score.")
            ends.append(round(max(0.0, above[0].lower - STEP), 1))
    if not ends:
        raise FixConfig(f"{band[:40]} is neither a number of points nor a band.")
    return min(ends)


def _day(until: str | None) -> date:
    if until is None:
        raise FixConfig("The last day is missing.")
    try:
        return date.fromisoformat(until[:10])
    except ValueError:
        raise FixConfig(f"{until[:40]} is no day like 2026-12-31.") from None
