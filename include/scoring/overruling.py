"""What a scorecard lets people say against its score: reasons, limits, second persons, expiry.

And how often they were right: Wilson's interval of a share (Wilson 1927, Journal of the American
Statistical Association 22), which holds for small counts and for shares of 0 and 1 as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Protocol

from include.errors import FixConfig
from include.scoring.policies import Overrides
from include.scoring.strict import did_you_mean

LONGEST_DAYS = 366
LATEST = date(2999, 12, 31)  # first day; a mistyped year must not run out of the calendar
LONGEST_EVIDENCE = 2_000
Z = 1.959963984540054  # of a two-sided interval of 95%
FEW = 20  # decided overrides, below which a share says little


class Card(Protocol):
    """The part of a scorecard that this is about."""

    @property
    def name(self) -> str: ...
    @property
    def overrides(self) -> Overrides: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody entered. One of the two is given: to (points), less (0 to 1, the share lost).

    days: how long it is to hold; None: as long as the scorecards say.
    """

    to: float | None
    less: float | None
    may_raise: bool
    reason: str
    evidence: str
    author: str
    second: str | None
    first_day: date
    days: int | None

    @property
    def factor(self) -> float | None:
        return None if self.less is None else round(1 - self.less, 6)


def last_day_of(wish: Wish, cards: Sequence[Card]) -> date:
    """Return the last day of an override that all these cards allow; FixConfig where one does not.

    Without `days`, the shortest of the cards' own expiries.
    """
    _check_words(wish)
    if (wish.to is None) == (wish.less is None):
        raise FixConfig("Say either --to POINTS or --less PERCENT.")
    if not (0 <= (wish.to or 0) <= 100 and (wish.less is None or 0 < wish.less <= 1)):
        raise FixConfig("--to takes 0 to 100 points, --less more than 0% and at most 100%.")
    for card in cards:
        _check_card(wish, card)
    days = wish.days
    if days is None:
        days = min(_days(wish, card.overrides) for card in cards)
    if not 1 <= days <= LONGEST_DAYS:
        raise FixConfig(f"An override holds for 1 to {LONGEST_DAYS} days, not {days}: renew it.")
    if wish.first_day > LATEST:
        raise FixConfig(f"An override begins on {LATEST} at the latest, not on {wish.first_day}.")
    return wish.first_day + timedelta(days=days - 1)


def _check_words(wish: Wish) -> None:
    if not wish.evidence.strip() or not wish.author.strip():
        raise FixConfig("An override names its evidence (--evidence) and its author (--by).")
    if len(wish.evidence) > LONGEST_EVIDENCE:
        raise FixConfig(f"The evidence is longer than {LONGEST_EVIDENCE:,} characters.")


def _check_card(wish: Wish, card: Card) -> None:
    allowed = card.overrides
    if wish.reason not in allowed.reasons:
        raise FixConfig(
            f'The scorecard {card.name} has no reason "{wish.reason}" for overrides; '
            f"{did_you_mean(wish.reason, allowed.reasons)}"
        )
    if not wish.may_raise:
        return
    if wish.to is None:
        raise FixConfig("--raise goes with --to POINTS.")
    if not allowed.allow_raising:
        raise FixConfig(
            f"The scorecard {card.name} lets people only lower a score; raising needs "
            "`overrides: {allow_raising: true}` in it."
        )
    if allowed.raise_needs_second and not _is_another(wish.second, wish.author):
        raise FixConfig(
            f"The scorecard {card.name} asks for a second person where a score is raised: "
            f"--second NAME, another one than {wish.author}."
        )


def _is_another(second: str | None, author: str) -> bool:
    word = (second or "").strip().casefold()
    return bool(word) and word != author.strip().casefold()


def _days(wish: Wish, allowed: Overrides) -> int:
    """An extreme one ends sooner. A share is extreme where it would make even 100 points so."""
    most = wish.to if wish.factor is None else wish.factor * 100
    assert most is not None
    if allowed.extreme_below <= most <= allowed.extreme_above or (
        most > allowed.extreme_above and not wish.may_raise
    ):
        return allowed.expires_after_days
    return allowed.extreme_expires_after_days


@dataclass(frozen=True, slots=True)
class Judged:
    """One override, long enough ago or not. went_badly: churn or contraction within the horizon.

    is_over: the horizon has passed. is_raise: it may raise, so it is right where all went well.
    """

    author: str
    reason: str
    is_raise: bool
    went_badly: bool
    is_over: bool

    @property
    def is_right(self) -> bool | None:
        """None: not decided yet, whatever happened so far.

        What goes badly is known sooner than what goes well: who counted it at once would show young
        overrides that lower as right and those that raise as wrong.
        """
        return self.went_badly != self.is_raise if self.is_over else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Overrides of one author, reason or all. open: their horizon is not over.

    share, low, high: of the decided; None: none is.
    """

    by: str
    who: str
    overrides: int
    open: int
    right: int
    wrong: int
    share: float | None
    low: float | None
    high: float | None
    note: str


def tally(judged: Sequence[Judged]) -> list[Tally]:
    """Count overrides that turned out right: of all, then by author, then by reason, most first."""
    found = [_tally("all", "all", judged)]
    for by in ("author", "reason"):
        names = sorted({getattr(one, by) for one in judged})
        groups = [
            _tally(by, name, [one for one in judged if getattr(one, by) == name]) for name in names
        ]
        found += sorted(groups, key=lambda one: -one.overrides)
    return found


def _tally(by: str, who: str, judged: Iterable[Judged]) -> Tally:
    verdicts = [one.is_right for one in judged]
    right, wrong = verdicts.count(True), verdicts.count(False)
    decided = right + wrong
    share, low, high = (right / decided, *wilson(right, decided)) if decided else (None,) * 3
    note = ""
    if decided < FEW:
        note = f"only {decided} decided: says little" if decided else "nothing decided yet"
    return Tally(by, who, len(verdicts), verdicts.count(None), right, wrong, share, low, high, note)


def wilson(right: int, decided: int) -> tuple[float, float]:
    """Return the 95% interval of a share: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n)."""
    share, squared = right / decided, Z * Z / decided
    middle = share + squared / 2
    half = Z * sqrt(share * (1 - share) / decided + squared / (4 * decided))
    low, high = (middle - half) / (1 + squared), (middle + half) / (1 + squared)
    return low if right else 0.0, high if right < decided else 1.0
