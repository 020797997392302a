"""What readings of one day would be worth by the other day's target, and by the other card.

For one card, points are a function of a reading and of a target. Between two days both may move:

    by reading = mean over both targets of   points(reading now) - points(reading then)
    by target  = mean over both readings of  points(target now) - points(target then)

which sum to the difference of the points, and change their sign where the days change places.
"""

from collections.abc import Collection, Mapping

import numpy as np

from include.scoring.circumstances import Bools, Circumstances, Codes
from include.scoring.mean_change import Moved
from include.scoring.plan import BILLION, Floats
from include.scoring.score import score
from include.scoring.scorecard import Scorecard
from include.scoring.side import Side

Sides = tuple[Side, Side]


def is_one_card(sides: Sides) -> bool:
    """Whether both days are scored by what says the same."""
    return sides[0].card.digest == sides[1].card.digest


def comparable(then: Scorecard, now: Scorecard) -> list[str]:
    """Return the measures that two cards read alike, by name."""
    both = {one.name: one for one in then.measures}
    found = []
    for one in now.measures:
        other = both.get(one.name)
        if other is None or (one.reading, one.family) != (other.reading, other.family):
            continue
        if one.family != "worst" or one.curve == other.curve:
            found.append(one.name)
    return sorted(found)


def with_targets(sides: Sides) -> list[str]:
    """Return the measures that have a target in either card."""
    return sorted({one.name for side in sides for one in side.card.measures if one.target})


def moved_by(sides: Sides, names: Collection[str]) -> tuple[dict[str, Moved], dict[str, Moved]]:
    """Return by the card of either day how far measures moved; whole billionths of a point."""
    if not is_one_card(sides):
        return _by_card(sides, names, 0), _by_card(sides, names, 1)
    asked = [name for name in with_targets(sides) if name in names]
    rows = np.flatnonzero(_differ(sides, asked)) if asked else np.empty(0, np.intp)
    if not len(rows):
        return {}, {}
    inner = _by_card((sides[0].some(rows), sides[1].some(rows)), asked, 0)
    found = {}
    for name in asked:
        by_reading = sides[1].billionths(name) - sides[0].billionths(name)
        by_target = np.where(np.isnan(by_reading), np.nan, 0.0)
        by_reading[rows], by_target[rows] = inner[name].by_reading, inner[name].by_target
        found[name] = Moved(by_reading, by_target)
    return found, found


def _by_card(sides: Sides, names: Collection[str], which: int) -> dict[str, Moved]:
    """Score both days' readings by one side's card, each with both days' targets."""
    card = sides[which].card
    corners = {
        (reading, target): _points(sides[reading], sides[target].at, card)
        for reading in (0, 1)
        for target in (0, 1)
    }
    found = {}
    for name in names:
        at = card.measure_names.index(name)
        p00, p01, p10, p11 = (np.rint(corners[one][:, at] * BILLION) for one in sorted(corners))
        found[name] = Moved(((p10 - p00) + (p11 - p01)) / 2, ((p01 - p00) + (p11 - p10)) / 2)
    return found


def _points(side: Side, at: Circumstances, card: Scorecard) -> Floats:
    """The points of a day's readings by a card; what the day's own card reads not is unknown."""
    if at is side.at and card.digest == side.card.digest:
        return side.points
    readings = np.full((len(side.base), len(card.measures)), np.nan)
    for name in comparable(side.card, card):
        readings[:, card.measure_names.index(name)] = side.readings[:, side.column(name)]
    return score(readings, card, at).points


def _differ(sides: Sides, names: Collection[str]) -> Bools:
    """Where what targets depend on is not the same on both days."""
    targets = [one.target for one in sides[0].card.measures if one.target and one.name in names]
    differ = np.zeros(len(sides[0].base), np.bool_)
    if any(target.months for target in targets):
        differ |= sides[0].at.month != sides[1].at.month
    for name in {target.by for target in targets if target.by}:
        differ |= _words_differ(sides[0].at.attributes, sides[1].at.attributes, name, len(differ))
    return differ


def _words_differ(
    then: Mapping[str, Codes], now: Mapping[str, Codes], name: str, rows: int
) -> Bools:
    unknown = Codes(np.full(rows, -1, np.intp), ())
    one, other = then.get(name, unknown), now.get(name, unknown)
    place = {word: at for at, word in enumerate(other.words)}
    meant = np.array([*(place.get(word, -2) for word in one.words), -1], np.intp)
    different: Bools = meant[one.codes] != other.codes
    return different
