"""Two cards beside each other on the same accounts of one day: live, and a draft of another one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from include.scoring.percentile import percentiles
from include.scoring.score import Bands, Scores
from include.scoring.scorecard import Scorecard

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

UNKNOWN = "unknown"
QUANTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
BINS = 20  # of 5 points each; 100 itself is in the last one
ENOUGH = 3  # accounts for a correlation


@dataclass(frozen=True, slots=True)
class Graded:
    """What a card made of some accounts, one row each. NaN: no score; band -1: unknown."""

    score: Floats
    coverage: Floats
    band: Bands

    @classmethod
    def of(cls, scores: Scores) -> Self:
        return cls(scores.score, scores.coverage, scores.band)

    @classmethod
    def joined(cls, parts: Sequence["Graded"]) -> Self:
        return cls(
            *(np.concatenate([getattr(one, at.name) for one in parts]) for at in fields(cls))
        )

    def at(self, rows: Ints) -> "Graded":
        return Graded(self.score[rows], self.coverage[rows], self.band[rows])


@dataclass(frozen=True, slots=True)
class BandShare:
    """arr: the sum of what is known, in one currency. share: of all accounts; None without any."""

    band: str
    accounts: int
    share: float | None
    arr: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One card's scores of a day. None where there is no account, or none with a score.

    scored: accounts with a score; unknown: those in no band. best_share: of all accounts, in the
    highest band. coverage: mean over all accounts. histogram: accounts by score, 5 points each.
    """

    accounts: int
    scored: int
    unknown: int
    coverage: float | None
    mean: float | None
    quantiles: dict[str, float | None]
    best_band: str
    best_share: float | None
    bands: tuple[BandShare, ...]
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """How many accounts are in one band by the live card and in another, or the same, by the draft.

    Bands are the same where their names are.
    """

    live: str
    draft: str
    accounts: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """flips: every pair of bands, live by live, so that they sum to the accounts.

    correlation (of scores) and rank_correlation (of their order) are over the accounts scored by
    both; None where those are fewer than 3 or all the same.
    """

    live: Summary
    draft: Summary
    flipped: int
    flips: tuple[Flip, ...]
    scored_by_both: int
    correlation: float | None
    rank_correlation: float | None


def compare(
    live: Graded, draft: Graded, cards: tuple[Scorecard, Scorecard], arr: Floats
) -> Comparison:
    """Compare two cards on the same accounts, row by row. cards: live, draft. arr: NaN unknown."""
    flips = _flips(live, draft, cards)
    both = ~np.isnan(live.score) & ~np.isnan(draft.score)
    ours, theirs = live.score[both], draft.score[both]
    return Comparison(
        live=summarize(live, cards[0], arr),
        draft=summarize(draft, cards[1], arr),
        flipped=sum(flip.accounts for flip in flips if flip.live != flip.draft),
        flips=flips,
        scored_by_both=int(both.sum()),
        correlation=_correlation(ours, theirs),
        rank_correlation=_correlation(_ranks(ours), _ranks(theirs)),
    )


def summarize(graded: Graded, card: Scorecard, arr: Floats) -> Summary:
    """Describe what a card made of some accounts. arr: by row, NaN unknown."""
    accounts, known = len(graded.score), graded.score[~np.isnan(graded.score)]
    by_band = band_counts(graded, card)
    money = np.bincount(_places(graded, card), np.nan_to_num(arr), minlength=len(by_band))
    bands = tuple(
        BandShare(name, int(count), _share(int(count), accounts), round(float(amount), 2))
        for name, count, amount in zip(band_names(card), by_band, money, strict=True)
    )
    return Summary(
        accounts=accounts,
        scored=len(known),
        unknown=bands[-1].accounts,
        coverage=_mean(graded.coverage),
        mean=_mean(known),
        quantiles={name: _quantile(known, at) for name, at in QUANTILES.items()},
        best_band=bands[-2].band,
        best_share=bands[-2].share,
        bands=bands,
        histogram=tuple(np.histogram(known, BINS, (0, 100))[0].tolist()),
    )


def band_names(card: Scorecard) -> tuple[str, ...]:
    """Return a card's bands, worst first, and unknown at the end."""
    return (*(band.name for band in card.bands), UNKNOWN)


def band_counts(graded: Graded, card: Scorecard) -> Ints:
    """Return how many accounts are in each of `band_names`."""
    return np.bincount(_places(graded, card), minlength=len(card.bands) + 1)


def _places(graded: Graded, card: Scorecard) -> Ints:
    return np.where(graded.band < 0, len(card.bands), graded.band).astype(np.intp)


def _flips(live: Graded, draft: Graded, cards: tuple[Scorecard, Scorecard]) -> tuple[Flip, ...]:
    ours, theirs = band_names(cards[0]), band_names(cards[1])
    pairs = _places(live, cards[0]) * len(theirs) + _places(draft, cards[1])
    counts = np.bincount(pairs, minlength=len(ours) * len(theirs))
    names = [(before, after) for before in ours for after in theirs]
    return tuple(Flip(*pair, int(count)) for pair, count in zip(names, counts, strict=True))


def _ranks(values: Floats) -> Floats:
    return percentiles(values, np.zeros(len(values), np.intp), at_least=1)


def _correlation(ours: Floats, theirs: Floats) -> float | None:
    if len(ours) < ENOUGH or np.ptp(ours) == 0 or np.ptp(theirs) == 0:
        return None
    return round(float(np.corrcoef(ours, theirs)[0, 1]), 6)


def _share(count: int, accounts: int) -> float | None:
    return round(count / accounts, 6) if accounts else None


def _mean(values: Floats) -> float | None:
    return round(float(values.mean()), 6) if len(values) else None


def _quantile(values: Floats, at: float) -> float | None:
    return round(float(np.quantile(values, at)), 6) if len(values) else None
