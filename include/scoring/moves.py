"""Which accounts a draft card moves most, and by which measure.

Both bases are means of points, so their difference is, exactly, a sum over measures of

    draft share * (draft points - live base) - live share * (live points - live base)

A measure counts as far as its points stand off the live base: giving weight to one that is as
good as that moves nothing. A share is the measure's weight among what is known of the account.
On the way to the scores these pass through the rules of both cards, each with a part of its own, as
in docs/attribution.md; what is left is what overrides do.
"""

from dataclasses import dataclass

import numpy as np

from include.scoring.plan import BILLION, Floats, plan_of
from include.scoring.rule_steps import acting, pair_rules, pass_on, step_at
from include.scoring.score import Scores
from include.scoring.scorecard import Scorecard

NOISE = 1e-6  # points; what rounding leaves over is far less


@dataclass(frozen=True, slots=True)
class Part:
    """A measure by one card. points: None unknown; weight: percent of this account's score."""

    points: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class Move:
    """One account's way from the live score to the draft's, in points.

    measure: the name of what moves it most in the direction it goes, a measure or a rule (kind);
    effect: by how many points. live_part, draft_part: None where it is no measure of that card.
    """

    live: float
    draft: float
    change: float
    kind: str
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
    """Return by measure, of either card, what it adds to the live base on the way to the draft's.

    live: points and base; draft: points; of one account, NaN unknown.
    """
    points, base = live
    found: dict[str, float] = {}
    for sign, each, card in ((-1, points, cards[0]), (1, draft, cards[1])):
        off = np.nan_to_num(each - base) * known_shares(each, card)
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


def through_rules(
    row: int, live: Scores, draft: Scores, cards: tuple[Scorecard, Scorecard]
) -> dict[tuple[str, str], float]:
    """Return by kind and name what adds to the live score on the way to the draft's."""
    rows, scores = slice(row, row + 1), (live, draft)
    bases = live.base[rows] * BILLION, draft.base[rows] * BILLION
    names, steps = [], []
    for _, name, *places in pair_rules(*cards):
        each = [
            step_at(card, place).where(acting(scored.fired[rows], place))
            for card, place, scored in zip(cards, places, scores, strict=True)
        ]
        names.append(name)
        steps.append((each[0], each[1]))
    passes, found = 1.0, {}
    for name, part in reversed(list(zip(names, pass_on(bases, steps), strict=True))):
        found["rule", name] = float(part.own[0]) * passes / BILLION
        passes *= float(part.passes[0])
    by_measure = effects((live.points[row], float(live.base[row])), draft.points[row], cards)
    found |= {("measure", name): value * passes for name, value in by_measure.items()}
    rest = float(draft.score[row] - live.score[row]) - sum(found.values())
    return found | {("override", ""): rest if abs(rest) > NOISE else 0.0}


def _move(row: int, live: Scores, draft: Scores, cards: tuple[Scorecard, Scorecard]) -> Move:
    change = float(draft.score[row] - live.score[row])
    found = through_rules(row, live, draft, cards)
    kind, name = max(found, key=lambda each: found[each] * np.sign(change))
    is_measure = kind == "measure"
    return Move(
        float(live.score[row]), float(draft.score[row]), round(change, 9), kind, name,
        _label(kind, name, cards), round(found[kind, name], 9),
        _part(name, live.points[row], cards[0]) if is_measure else None,
        _part(name, draft.points[row], cards[1]) if is_measure else None,
    )  # fmt: skip


def _label(kind: str, name: str, cards: tuple[Scorecard, Scorecard]) -> str:
    labels = {"override": "What people say against the score"}
    for card in cards:
        named = {"measure": card.measures, "rule": card.rules}.get(kind, ())
        labels |= {one.name: getattr(one, "label", None) or one.why for one in named}
    return labels[name or kind]


def _part(name: str, points: Floats, card: Scorecard) -> Part | None:
    if name not in card.measure_names:
        return None
    at = card.measure_names.index(name)
    weight = round(100 * float(known_shares(points, card)[at]), 6)
    return Part(None if np.isnan(points[at]) else float(points[at]), weight)
