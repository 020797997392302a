"""Stored scores beside what scoring the stored readings again gives, to the last bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from include.scoring.score import Bools, Scores
from include.scoring.scorecard import Scorecard

PLAIN = (
    "score", "base", "raw", "floor", "ceiling", "coverage", "band", "categories", "fired",
    "undecided",
)  # fmt: skip
RECEIPT = ("points", "drivers")  # and the readings: what a thinned row has lost
IN_WORDS = {"fired": "rules that act", "undecided": "rules that are undecided"}
OTHER_WORD = -2  # a stored band that the scorecard does not have

Values = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Unlike:
    """One stored value beside that computed again; None: unknown, or none.

    what: "score", "points of csm_pulse", "driver 1" and the like.
    """

    what: str
    stored: float | str | None
    again: float | str | None


def compare(stored: Mapping[str, Values], again: Scores, *, has_receipt: Bools) -> dict[str, Bools]:
    """Return for each column which rows differ.

    stored: by the names in Scores; a base of NaN is the score. Points and drivers are compared in
    rows that have a receipt.
    """
    plain = {name: unlike(stored[name], as_stored(again, name)) for name in PLAIN}
    receipt = {name: unlike(stored[name], getattr(again, name)) & has_receipt for name in RECEIPT}
    return plain | receipt


def as_stored(again: Scores, name: str) -> Values:
    """Return a column as it is stored: the base is left out where it is the score."""
    values: Values = getattr(again, name)
    return np.where(again.base == again.score, np.nan, values) if name == "base" else values


def unlike(one: Values, other: Values) -> Bools:
    """Return which rows differ in any bit; unknown equals unknown, and 0.0 its negative."""
    same = one == other
    if not same.all():
        same |= (one != one) & (other != other)  # noqa: PLR0124 - NaN is unlike itself
    different: Bools = ~(same if same.ndim == 1 else same.all(axis=1))
    return different


def name_unlike(name: str, stored: Values, again: Values, card: Scorecard) -> list[Unlike]:
    """Name what differs between one row's values of a column: numbers, or arrays of them."""
    both = zip(np.atleast_1d(stored).tolist(), np.atleast_1d(again).tolist(), strict=True)
    return [
        Unlike(_label(name, place, card), _shown(name, one, card), _shown(name, other, card))
        for place, (one, other) in enumerate(both)
        if one != other and not (np.isnan(one) and np.isnan(other))
    ]


def _label(name: str, place: int, card: Scorecard) -> str:
    match name:
        case "points":
            return f"points of {card.measure_names[place]}"
        case "readings":
            return f"reading of {card.measure_names[place]}"
        case "categories":
            return f"score of {card.categories[place].name}"
        case "drivers":
            return f"driver {place + 1}"
    return IN_WORDS.get(name, name)


def _shown(name: str, value: float, card: Scorecard) -> float | str | None:
    """Give the words for numbers that stand for words."""
    if np.isnan(value):
        return "that of the score" if name == "base" else None
    if name == "band":
        words = {-1: "unknown", OTHER_WORD: "no band of the scorecard"}
        return words.get(int(value)) or card.bands[int(value)].name
    if name in ("fired", "undecided"):
        acting = [rule.name for k, rule in enumerate(card.rules) if int(value) >> k & 1]
        return ", ".join(acting) if int(value) >> len(card.rules) == 0 else f"bits {value:#x}"
    if name == "drivers":
        known = 0 <= value < len(card.measures)
        return card.measure_names[int(value)] if known else None
    return float(value)
