"""What is kept of a simulation while it goes through accounts: sums of each day, rows of two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Row

from include.scoring.comparison import (
    Comparison,
    Graded,
    band_counts,
    band_names,
    compare,
)
from include.scoring.moves import Move, biggest_moves
from include.scoring.score import Scores
from include.scoring.scorecard import Scorecard
from include.warehouse.histories import Floats
from include.warehouse.revisions import Ids

NO_SEGMENT = "(no segment)"
Cards = tuple[Scorecard, Scorecard]
# An account, how it moves, and in words: its segment, its live band, its band by the draft.
Moved = tuple[int, Move, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Some accounts of a day by both cards. stood: their attributes on it; None: not asked for."""

    accounts: Ids
    live: Scores
    draft: Scores
    stood: Sequence[Row[Any]] | None


@dataclass(frozen=True, slots=True)
class OneCard:
    """A card's day in sums. bands: accounts by band; mean: of known scores, None without any."""

    bands: dict[str, int]
    mean: float | None


@dataclass(frozen=True, slots=True)
class Day:
    as_of: date
    accounts: int
    live: OneCard
    draft: OneCard


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    accounts: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole day, and the same by segment as accounts stood on it, the largest first."""

    as_of: date
    everyone: Comparison
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows of one block on a day that is shown whole."""

    live: Graded
    draft: Graded
    segment: list[str]
    arr: Floats


class Tally:
    """Adds up blocks of accounts, in any order, day by day. dates: rising; most: movers kept.

    customers: of the last day, counted by whoever adds, also those that are not scored.
    """

    def __init__(self, cards: Cards, dates: tuple[date, ...], most: int) -> None:
        self.cards, self.dates, self.most = cards, dates, most
        self.rows = self.arr_unvalued = self.customers = 0
        self.movers: list[Moved] = []
        self._counts = [np.zeros((len(dates), len(band_names(card))), np.int64) for card in cards]
        self._sums = np.zeros((2, 2, len(dates)))  # by card: of known scores, and how many
        self._kept: dict[int, list[_Kept]] = {}

    def add(self, at: int, seen: Seen) -> None:
        """Add some accounts of the day `dates[at]`."""
        self.rows += len(seen.accounts)
        graded = Graded.of(seen.live), Graded.of(seen.draft)
        for which, (one, card) in enumerate(zip(graded, self.cards, strict=True)):
            self._counts[which][at] += band_counts(one, card)
            self._sums[which, :, at] += np.nansum(one.score), np.sum(~np.isnan(one.score))
        if seen.stood is None:
            return
        stood = {row.account_id: row for row in seen.stood}
        found = [stood.get(account) for account in seen.accounts.tolist()]
        segment = [row.segment or NO_SEGMENT if row else NO_SEGMENT for row in found]
        arr = [np.nan if not row or row.arr is None else float(row.arr) for row in found]
        self._kept.setdefault(at, []).append(_Kept(*graded, segment, np.array(arr, np.float64)))
        if at == len(self.dates) - 1:
            self.arr_unvalued += sum(bool(row and row.is_unvalued) for row in found)
            self._move(seen, segment)

    def days(self) -> tuple[Day, ...]:
        """Return the sums of every day."""
        return tuple(
            Day(day, int(self._counts[0][at].sum()), self._card(0, at), self._card(1, at))
            for at, day in enumerate(self.dates)
        )

    def shown(self) -> tuple[Shown, ...]:
        """Return the days shown whole: the first and the last, or one that is both."""
        return tuple(self._show(at) for at in sorted(self._kept))

    def _card(self, which: int, at: int) -> OneCard:
        counts = self._counts[which][at].tolist()
        total, known = self._sums[which, :, at].tolist()
        names = band_names(self.cards[which])
        mean = round(total / known, 6) if known else None
        return OneCard(dict(zip(names, counts, strict=True)), mean)

    def _move(self, seen: Seen, segment: list[str]) -> None:
        names = [band_names(card) for card in self.cards]
        for row, move in biggest_moves(seen.live, seen.draft, self.cards, count=self.most):
            bands = (
                words[scores.band[row]]
                for words, scores in zip(names, (seen.live, seen.draft), strict=True)
            )
            account = int(seen.accounts[row])
            self.movers.append((account, move, (segment[row], *bands)))
        self.movers.sort(key=lambda one: (-abs(one[1].change), one[0]))
        del self.movers[self.most :]

    def _show(self, at: int) -> Shown:
        kept = self._kept[at]
        live = Graded.joined([one.live for one in kept])
        draft = Graded.joined([one.draft for one in kept])
        arr = np.concatenate([one.arr for one in kept])
        names = np.array([name for one in kept for name in one.segment], np.object_)
        segments = []
        for name in sorted(set(names.tolist())):
            rows = np.flatnonzero(names == name)
            own = compare(live.at(rows), draft.at(rows), self.cards, arr[rows])
            segments.append(Segment(name, len(rows), own))
        segments.sort(key=lambda one: -one.accounts)
        return Shown(self.dates[at], compare(live, draft, self.cards, arr), tuple(segments))
