"""Dips of a score: when one began, who answered it and when, and whether the score came back.

A dip begins on the first day on which the score lies DEEP points or more below its level, the
median of its known scores of the LEVEL_DAYS days before (FEWEST of them at least). It is over on
the first day on which the score is back to within NEAR points of that level, or given up after
LONGEST days: then that is where the account stands now. One that is over in fewer than LEAST days
is none: a source was late.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from include.scoring.plan import Floats

LEVEL_DAYS, FEWEST = 30, 5
DEEP, NEAR = 10.0, 3.0  # points
LEAST, LONGEST = 3, 180  # days
ANSWERED = 7  # days after its first one in which a dip is answered at once
BACK = 90  # days in which an account should be back, and after which a dip is decided
FEW = 20  # dips of a group, below which its share says little
NEVER = -1

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Dips:
    """One line a dip, in no order. Days are columns of the scores; NEVER where it did not happen.

    account: line of the scores. level, lowest: points. answered: first touch from its first day to
    its last one. recovered: day on which the score was back.
    seen: its last day: that on which it was over or given up, else `last`. last: of the scores.
    """

    account: Ints
    begun: Ints
    level: Floats
    lowest: Floats
    lowest_day: Ints
    answered: Ints
    recovered: Ints
    seen: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.account)


def find_dips(scores: Floats, touches: Bools | None = None) -> Dips:
    """Find the dips of (accounts, consecutive days), NaN unknown; touches: of the same shape.

    Days before the first LEVEL_DAYS have no level yet, so no dip begins on them where there is
    nothing before.
    """
    begun = np.full(len(scores), NEVER, np.int64)
    held = np.full(len(scores), np.nan)
    found: list[tuple[Ints, Ints, Floats, Ints, Ints]] = []
    levels = _levels(scores)
    for day, (score, level) in enumerate(zip(scores.T, levels.T, strict=True)):
        is_open = begun != NEVER
        is_back, is_old = score >= held - NEAR, day - begun >= LONGEST
        lines = np.flatnonzero(is_open & (is_back | is_old))
        ends = np.full(len(lines), day)
        back = np.where(is_back[lines], ends, NEVER)
        found.append((lines, begun[lines], held[lines], back, ends))
        begun[lines], held[lines] = NEVER, np.nan
        starts = ~is_open & (score <= level - DEEP)
        begun[starts], held[starts] = day, level[starts]
    lines = np.flatnonzero(begun != NEVER)
    last = np.full(len(lines), scores.shape[1] - 1)
    found.append((lines, begun[lines], held[lines], np.full(len(lines), NEVER), last))
    return _described(scores, touches, found)


def _levels(scores: Floats) -> Floats:
    """Return the median of the known scores of the days before each one; NaN with too few."""
    levels = np.full(scores.shape, np.nan)
    lines = np.arange(len(scores))
    for day in range(FEWEST, scores.shape[1]):
        ordered = np.sort(scores[:, max(0, day - LEVEL_DAYS) : day], axis=1)
        known = np.count_nonzero(~np.isnan(ordered), axis=1)
        lower, upper = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, ordered.shape[1] - 1)
        middle = (ordered[lines, lower] + ordered[lines, upper]) / 2
        levels[:, day] = np.where(known >= FEWEST, middle, np.nan)
    return levels


def _described(
    scores: Floats, touches: Bools | None, found: Sequence[tuple[Ints, Ints, Floats, Ints, Ints]]
) -> Dips:
    account, begun, level, recovered, seen = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    is_one = (recovered == NEVER) | (recovered - begun >= LEAST)
    account, begun, recovered = account[is_one], begun[is_one], recovered[is_one]
    level, seen = level[is_one], seen[is_one]
    lowest_day = np.array(
        [
            first + int(np.nanargmin(scores[line, first : last + 1]))
            for line, first, last in zip(account, begun, seen, strict=True)
        ],
        np.int64,
    )
    answered = np.full(len(account), NEVER, np.int64)
    if touches is not None:
        answered = _first_touch(touches, account, begun, seen)
    last = np.full(len(account), scores.shape[1] - 1)
    lowest = scores[account, lowest_day]
    return Dips(account, begun, level, lowest, lowest_day, answered, recovered, seen, last)


def _first_touch(touches: Bools, account: Ints, begun: Ints, seen: Ints) -> Ints:
    days = touches.shape[1]
    keys = np.flatnonzero(touches)  # rising by account, then by day
    if not len(keys):
        return np.full(len(account), NEVER, np.int64)
    place = np.minimum(np.searchsorted(keys, account * days + begun), len(keys) - 1)
    day = keys[place] - account * days
    return np.where((day >= begun) & (day <= seen), day, NEVER)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Dips that were still open ANSWERED days after they began, by whether they were answered.

    decided: those that began BACK days or longer before the last day of the scores, whether they
    came back or not; the others are too_young to tell. Who counted the young that are back already
    would count successes sooner than failures. back: of the decided, within BACK days.
    share: of the decided, that are back; median_days: of these, from the first day of the dip.
    None: none is.
    """

    group: str
    dips: int
    too_young: int
    decided: int
    back: int
    share: float | None
    median_days: float | None
    note: str


def recoveries(dips: Dips) -> list[Recovery]:
    """Compare dips that were answered at once with the others, among those that lasted so long.

    Dips that came back sooner are in neither group: nobody can answer what is over, and they would
    make the unanswered look better than they are.
    """
    lasted = (dips.recovered == NEVER) | (dips.recovered - dips.begun > ANSWERED)
    lasted &= dips.seen - dips.begun >= ANSWERED
    in_time = (dips.answered != NEVER) & (dips.answered - dips.begun <= ANSWERED)
    groups = {
        f"answered within {ANSWERED} days": lasted & in_time,
        "answered later or not at all": lasted & ~in_time,
    }
    return [_recovery(name, dips, chosen) for name, chosen in groups.items()]


def _recovery(name: str, dips: Dips, chosen: Bools) -> Recovery:
    took = np.where(dips.recovered == NEVER, np.inf, dips.recovered - dips.begun)[chosen]
    is_decided = (dips.last - dips.begun >= BACK)[chosen]
    is_back = is_decided & (took <= BACK)
    count, decided, back = len(took), int(is_decided.sum()), int(is_back.sum())
    note = f"only {decided} decided: says little" if decided else "none decided yet"
    return Recovery(
        name, count, count - decided, decided, back, back / decided if decided else None,
        float(np.median(took[is_back])) if back else None, "" if decided >= FEW else note,
    )  # fmt: skip
