"""Which accounts a draft card moves most, and by which measure.

Both scores are means of points, so their difference is, exactly, a sum over measures of

    draft share * (draft points - live score) - live share * (live points - live score)

A measure counts as far as its points stand off the live score: giving weight to one that is as
good as the score moves nothing. A share is the measure's weight among what is known of the account.
"""

from dataclasses import dataclass

import numpy as np

from include.scoring.plan import Floats, plan_of
from include.scoring.score import Scores
from include.scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Part:
    """A measure by one card. points: None unknown; weight: percent of this account's score."""

    points: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class Move:
    """One account's way from the live score to the draft's, in points.

    measure: the name of the one that moves it most in the direction it goes;
    effect: by how many points. live_part, draft_part: None where it is not in that card.
    """

    live: float
    draft: float
    change: float
    measure: str
    label: str
    effect: float
    live_part: Part | None
    draft_part: Part | None


def biggest_moves(
    live: Scores, draft: Scores, cards: tuple[Scorecard, Scorecard], *, count: int
) -> list[tuple[int, Move]]:
    """Return the `count` largest moves and the row of each, the largest first; equal ones by row.

    Accounts that one of the cards gives no score, or both the same, do not move.
    """
    change = draft.score - live.score
    moved = np.flatnonzero(np.nan_to_num(change) != 0)
    rows = moved[np.argsort(-np.abs(change[moved]), kind="stable")][:count]
    return [(int(row), _move(int(row), live, draft, cards)) for row in rows]


def effects(
    live: tuple[Floats, float], draft: Floats, cards: tuple[Scorecard, Scorecard]
) -> dict[str, float]:
    """Return by measure, of either card, what it adds to the live score on the way to the draft's.

    live: points and score; draft: points; of one account, NaN unknown.
    """
    points, score = live
    found: dict[str, float] = {}
    for sign, each, card in ((-1, points, cards[0]), (1, draft, cards[1])):
        off = np.nan_to_num(each - score) * known_shares(each, card)
        for name, value in zip(card.measure_names, off.tolist(), strict=True):
            found[name] = found.get(name, 0.0) + sign * value
    return found


def known_shares(points: Floats, card: Scorecard) -> Floats:
    """Return each measure's part (0 to 1) in one account's score; 0 where unknown."""
    known, shares = ~np.isnan(points), np.zeros(len(points))
    outer = 0
    for part in plan_of(card).parts:
        own = slice(part.first, part.first + len(part.weights))
        weights = np.array(part.weights) * known[own]
        if weights.any():
            shares[own] = part.weight * weights / weights.sum()
            outer += part.weight
    return shares / max(outer, 1)


def _move(row: int, live: Scores, draft: Scores, cards: tuple[Scorecard, Scorecard]) -> Move:
    change = float(draft.score[row] - live.score[row])
    by_measure = effects((live.points[row], float(live.score[row])), draft.points[row], cards)
    name = max(by_measure, key=lambda each: by_measure[each] * np.sign(change))
    label = next(
        measure.label
        for card in reversed(cards)
        for measure in card.measures
        if measure.name == name
    )
    return Move(
        float(live.score[row]), float(draft.score[row]), round(change, 9), name, label,
        round(by_measure[name], 9), _part(name, live.points[row], cards[0]),
        _part(name, draft.points[row], cards[1]),
    )  # fmt: skip


def _part(name: str, points: Floats, card: Scorecard) -> Part | None:
    if name not in card.measure_names:
        return None
    at = card.measure_names.index(name)
    weight = round(100 * float(known_shares(points, card)[at]), 6)
    return Part(None if np.isnan(points[at]) else float(points[at]), weight)
