"""How long it takes to take changes apart, as a multiple of scoring the same rows once.

`python bench/attribution.py [ACCOUNTS] [ROUNDS]`: the card of bench/score.py, 20 measures, a tenth
unknown on either day and all others moved. `score` scores one day; `attribute` takes the changes
between two scored days apart; `both` scores the two days as well. `quiet` is a day on which one in
twenty readings moved. Goal: at most 3 times `score`.
"""

import sys

import numpy as np
from rounds import compare, measure
from score import make_card, make_readings

from include.scoring.attribution import Attribution, attribute
from include.scoring.circumstances import Circumstances
from include.scoring.score import Scores, score
from include.scoring.side import Side


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        variant, accounts = sys.argv[2], int(sys.argv[3])
        measure(VARIANTS[variant](accounts))
        return
    accounts, rounds = [*sys.argv[1:], *["1000000", "5"][len(sys.argv) - 1 :]]
    compare(__file__, list(VARIANTS), [accounts, rounds])


def later(readings: np.ndarray, moved: float) -> np.ndarray:
    """Another day, on which that share of the readings is that of another account."""
    other = readings.copy()
    for at in range(readings.shape[1]):
        rows = np.flatnonzero(np.random.default_rng(at).random(len(readings)) < moved)
        other[rows, at] = np.roll(readings[:, at], 1)[rows]
    return other


def score_one(accounts: int):
    readings, card = make_readings(accounts), make_card()
    return lambda: size_of(score(readings, card), Scores)


def two_days(accounts: int, moved: float) -> tuple[Side, Side]:
    then, card = make_readings(accounts), make_card()
    nothing = Circumstances.none(accounts)
    return Side.scored(card, then, nothing), Side.scored(card, later(then, moved), nothing)


def attribute_only(accounts: int, moved: float = 1.0):
    days = two_days(accounts, moved)
    return lambda: size_of(attribute(*days), Attribution)


def score_and_attribute(accounts: int):
    days = two_days(accounts, 1.0)

    def work() -> int:
        again = [Side.scored(day.card, day.readings, day.at) for day in days]
        return size_of(attribute(*again), Attribution)

    return work


def size_of(result: object, kind: type) -> int:
    arrays = (getattr(result, name) for name in kind.__dataclass_fields__)
    return sum(one.nbytes for one in arrays if isinstance(one, np.ndarray))


VARIANTS = {
    "score": score_one,
    "attribute": attribute_only,
    "quiet": lambda accounts: attribute_only(accounts, 0.05),
    "both": score_and_attribute,
}

if __name__ == "__main__":
    main()
