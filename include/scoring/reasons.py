"""Why a score is what it is, or moved, in one English sentence an account."""

import numpy as np

from include.scoring.plan import Floats
from include.scoring.score import score
from include.scoring.scorecard import Scorecard

NOTICEABLE = 0.05  # points of the score; less would show as 0.0

NO_EARLIER = "No earlier score to compare with."
NOTHING_KNOWN = "Nothing is known about this account, so it has no score."
NOTHING_MOVED = "No measure moved the score."
NOTHING_LOST = "No measure costs this account points."


def main_reason(before: Floats | None, after: Floats, card: Scorecard) -> str:
    """`main_reasons` of one row of readings; before None: there is no earlier one."""
    if before is None:
        return NO_EARLIER
    return main_reasons(np.array([before]), np.array([after]), card)[0]


def main_reasons(before: Floats, after: Floats, card: Scorecard) -> list[str]:
    """Per row, name the measure that moved the score most between two days of readings.

    A measure's effect is what today's score would differ by had that measure alone stayed as it
    was. Where the score moved, its reason is the largest effect in the same direction.
    """
    earlier, now = score(before, card).score, score(after, card).score
    effects = _effects(before, after, now, card)
    change = now - earlier
    moved = np.abs(change) >= NOTICEABLE
    towards = np.where(moved[:, None], effects * np.sign(change)[:, None], np.abs(effects))
    largest = towards.argmax(axis=1)
    return [
        _reason(earlier[i], now[i], effects[i, j])
        or _movement(card.measures[j].label, before[i, j], after[i, j], effects[i, j])
        for i, j in enumerate(largest)
    ]


def main_driver(readings: Floats, card: Scorecard) -> str:
    """`main_drivers` of one row of readings."""
    return main_drivers(np.array([readings]), card)[0]


def main_drivers(readings: Floats, card: Scorecard) -> list[str]:
    """Per row, name the measure that costs the score most, and how many points of the score."""
    scores = score(readings, card)
    sentences = []
    for i, first in enumerate(scores.drivers[:, 0]):
        if np.isnan(scores.score[i]):
            sentences.append(NOTHING_KNOWN)
        elif first < 0:
            sentences.append(NOTHING_LOST)
        else:
            label, reading = card.measures[first].label, shown(readings[i, first])
            sentences.append(f"{label} is {reading} and costs {scores.costs[i, 0]:.1f} points.")
    return sentences


def shown(reading: float, other: float | None = None) -> str:
    """A reading with up to two decimals, or as many more as it takes to tell it from `other`."""
    for places in (2, 4, 6, 9):
        text = f"{reading:,.{places}f}"
        if other is None or text != f"{other:,.{places}f}":
            break
    return text.rstrip("0").rstrip(".") if "." in text else text


def _effects(before: Floats, after: Floats, now: Floats, card: Scorecard) -> Floats:
    """(rows, measures) points; where the measure alone makes the score known, the whole score."""
    effects = np.zeros(after.shape)
    for j in range(after.shape[1]):
        same = (before[:, j] == after[:, j]) | (np.isnan(before[:, j]) & np.isnan(after[:, j]))
        rows = np.flatnonzero(~same)
        stayed = after[rows]
        stayed[:, j] = before[rows, j]
        effects[rows, j] = now[rows] - np.nan_to_num(score(stayed, card).score)
    return np.nan_to_num(effects)


def _reason(earlier: float, now: float, effect: float) -> str:
    """A reason that names no measure, where there is one."""
    if np.isnan(now):
        return NOTHING_KNOWN
    if np.isnan(earlier):
        return NO_EARLIER
    return NOTHING_MOVED if abs(effect) < NOTICEABLE else ""


def _movement(label: str, before: float, after: float, effect: float) -> str:
    points = f"({effect:+.1f} points)"
    if np.isnan(before):
        return f"{label} became known: {shown(after)} {points}."
    if np.isnan(after):
        return f"{label} is no longer known; it was {shown(before)} {points}."
    verb = "fell" if after < before else "rose"
    return f"{label} {verb} from {shown(before, after)} to {shown(after, before)} {points}."
