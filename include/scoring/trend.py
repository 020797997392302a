"""Where scores are going: changes, a robust slope, a state, streaks, and the confirmed band."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from include.scoring.plan import BILLION, Floats
from include.scoring.standing import (
    NO_READING,
    SINCE_NEVER,
    Banded,
    Bands,
    Days,
    confirmed,
    days_below,
    streaks,
)
from include.scoring.steepness import FEWEST, Steepness, in_thousandths, steepness

WINDOW = 30  # days of the slope and the state, the described day included
STEADY = 3.0  # points; a score that moves at least so far in the window has a direction
SIGNIFICANT = 0.05  # the most that a significance may be
VOLATILE = 10.0  # points from the lower to the upper quartile of the window
DIRECTIONS = ("declining", "stable", "improving", "volatile", "too_short")
DECLINING, STABLE, IMPROVING, IS_VOLATILE, TOO_SHORT = range(5)
ACCOUNTS = 4_096  # looked at together: the slopes of a window between all its days take 7 MB


@dataclass(frozen=True, slots=True)
class Trend:
    """(accounts, described days) each. change_n: score less the score exactly n days before.

    slope: points per 30 days, the median over all pairs of known days of the last 30; significance:
    its two-sided p. NaN where unknown, as the changes are.
    direction: index in DIRECTIONS, -1 on a day without a score.
    streak: days in a row on which the score rose (above 0) or fell.
    below: days since the first one below the best band, SINCE_NEVER in it; confirmed: index of the
    band that stood for as many readings as the card asks, -1 unknown, NO_READING none.
    """

    change_7: Floats
    change_30: Floats
    change_90: Floats
    slope: Floats
    significance: Floats
    direction: npt.NDArray[np.int8]
    streak: Days
    below: Days
    confirmed: Bands


def trend(scores: Floats, *, days: int = 1, banded: Banded | None = None) -> Trend:
    """Describe the last `days` columns of (accounts, consecutive days), the oldest day first.

    LOOK_BACK days before the first described one give everything; with fewer, what they cannot tell
    is unknown. banded: the bands of the same accounts and days, and a line an account as well.
    A day's numbers are the same bits described alone or among many.
    """
    assert 1 <= days <= scores.shape[1], "the described days are the last columns of scores"
    found = _room(scores, days)
    for start in range(0, len(scores), ACCOUNTS):
        rows = slice(start, start + ACCOUNTS)
        part = None if banded is None else Banded(
            np.ascontiguousarray(banded.codes[rows].T), banded.best, banded.confirm
        )  # fmt: skip
        views = {one.name: getattr(found, one.name)[rows] for one in fields(Trend)}
        _describe(scores[rows], part, Trend(**views))
    return found


def change(scores: Floats, ago: int, *, days: int) -> Floats:
    """Return the score less the one `ago` days before, for the last `days` of (accounts, days).

    NaN where either is unknown. Scores count in whole billionths: 70.1 less 69.9 is 0.2.
    """
    found = np.full((len(scores), days), np.nan)
    length = min(days, scores.shape[1] - ago)  # described days that have one `ago` days before
    if length > 0:
        now, then = scores[:, -length:], scores[:, -length - ago : scores.shape[1] - ago]
        found[:, -length:] = (np.rint(now * BILLION) - np.rint(then * BILLION)) / BILLION
    return found


def _room(scores: Floats, days: int) -> Trend:
    shape = (len(scores), days)
    return Trend(
        change_7=change(scores, 7, days=days),
        change_30=change(scores, 30, days=days),
        change_90=change(scores, 90, days=days),
        slope=np.full(shape, np.nan),
        significance=np.full(shape, np.nan),
        direction=np.full(shape, -1, np.int8),
        streak=np.zeros(shape, np.int16),
        below=np.full(shape, SINCE_NEVER, np.int16),
        confirmed=np.full(shape, NO_READING, np.int8),
    )


def _describe(scores: Floats, banded: Banded | None, found: Trend) -> None:
    """Write what is told of the last days of (accounts, days) into views of the same accounts."""
    days = found.slope.shape[1]
    lacking = np.full((len(scores), WINDOW), np.nan, np.float32)
    whole = np.hstack([lacking, in_thousandths(scores[:, -days - WINDOW + 1 :])])
    for place in range(-days, 0):
        end = whole.shape[1] + place + 1
        steep = steepness(whole[:, end - WINDOW : end])
        found.slope[:, place] = np.round(steep.slope * WINDOW, 6)
        found.significance[:, place] = steep.significance
        found.direction[:, place] = _state(steep, scores[:, place])
    found.streak[:] = streaks(np.ascontiguousarray(scores.T), days=days).T
    if banded is not None:
        found.below[:] = days_below(banded, days=days).T
        found.confirmed[:] = confirmed(banded, days=days).T


def _state(steep: Steepness, score: Floats) -> npt.NDArray[np.int8]:
    """Say it in a word: it goes one way and far enough, or it moves about, or it does neither."""
    goes = steep.significance < SIGNIFICANT
    far = np.fmax(steep.sign * steep.moved, steep.sign * steep.step) >= STEADY
    state = np.select(
        [
            np.isnan(score),
            steep.known < FEWEST,
            goes & far & (steep.sign > 0),
            goes & far & (steep.sign < 0),
            steep.spread >= VOLATILE,
        ],
        [-1, TOO_SHORT, IMPROVING, DECLINING, IS_VOLATILE],
        STABLE,
    )
    return state.astype(np.int8)
