"""Why a score is what it is, or moved, in one English sentence an account.

What moved it is the attribution's largest part in the direction of the change.
"""

from collections.abc import Mapping

import numpy as np

from include.say import points_shown, shown
from include.scoring.attribution import attribute
from include.scoring.change import main_parts
from include.scoring.change_words import RULES, inside
from include.scoring.plan import BILLION, Floats
from include.scoring.rule_steps import acting, step_of
from include.scoring.rules_at_work import in_order
from include.scoring.score import score
from include.scoring.side import Side

NOTHING_KNOWN = "Nothing is known about this account, so it has no score."
NOTHING_LOST = "No measure costs this account points."


def main_reasons(
    then: Side, now: Side, sources: Mapping[str, str] | None = None
) -> list[str | None]:
    """Per row, say what moved the score most between two days, in the direction in which it moved.

    None where a day has no score, or no part would show as other than 0.0.
    sources: by measure that its source changed for most accounts at once, what the source did.
    """
    sources = sources or {}
    found = attribute(then, now, sources.keys())
    return [
        f"{main.words} ({main.shown:+.1f} points)." if main else None
        for main in main_parts(found, (then, now), sources)
    ]


def main_drivers(side: Side) -> list[str]:
    """Per row, name what costs the score most, and how many points.

    A measure costs what it takes off the base; a rule or an override what it takes off what it is
    applied to.
    """
    scores, held = score(side.readings, side.card, side.at), _held_down(side)
    sentences = []
    for row, first in enumerate(scores.drivers[:, 0].tolist()):
        cost = float(scores.costs[row, 0])
        words, most = max(((words, float(costs[row])) for words, costs in held), key=_cost)
        if np.isnan(side.score[row]):
            sentences.append(NOTHING_KNOWN)
        elif points_shown(most) and (first < 0 or most > cost):
            sentences.append(f"{words} (-{most:.1f} points).")
        elif first < 0 or not points_shown(cost):
            sentences.append(NOTHING_LOST)
        else:
            reading = float(side.readings[row, first])
            said = "is unknown" if np.isnan(reading) else f"is {shown(reading)}"
            label = side.card.measures[first].label
            sentences.append(f"{label} {said} and costs {cost:.1f} points.")
    return sentences


def _cost(held: tuple[str, float]) -> float:
    return held[1]


def _held_down(side: Side) -> list[tuple[str, Floats]]:
    """By rule, then for overrides: what it takes off each score, 0 where it takes nothing."""
    x = np.rint(side.base * BILLION)
    found: list[tuple[str, Floats]] = []
    for place, rule in in_order(side.card.rules):
        if rule.kind == "flag":
            continue
        y = np.rint(step_of(rule).where(acting(side.fired, place)).of(x))
        found.append((f"{RULES[rule.kind]} holds: {inside(rule.why)}", _taken(x, y)))
        x = y
    y = np.rint(side.score * BILLION)
    return [*found, ("A person's override holds", _taken(x, y))]


def _taken(x: Floats, y: Floats) -> Floats:
    return np.fmax(x - y, 0) / BILLION
