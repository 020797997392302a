"""How long the trend of a day takes, as a multiple of scoring the same accounts.

`python bench/trend.py [ACCOUNTS] [ROUNDS]`: 91 days of scores and bands, a twentieth unknown; the
changes, the slope between all pairs of days with its significance, state, streak, days below the
best band, and the band confirmed by three readings. `score` is that of bench/score.py, 20 measures.
Goal: a few times the score.
"""

import sys

import numpy as np
from rounds import compare, measure
from score import make_readings, score_all

from include.scoring.standing import UNKNOWN, Banded
from include.scoring.trend import Trend, trend

DAYS = 91


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        variant, accounts = sys.argv[2], int(sys.argv[3])
        if variant == "score":
            readings = make_readings(accounts)
            measure(lambda: score_all(readings))
        else:
            scores, banded = make_history(accounts)
            measure(lambda: describe(scores, banded))
        return
    accounts, rounds = [*sys.argv[1:], *["1000000", "5"][len(sys.argv) - 1 :]]
    compare(__file__, ["score", "trend"], [accounts, rounds])


def make_history(accounts: int) -> tuple[np.ndarray, Banded]:
    """Scores that wander by about a point a day."""
    generator = np.random.default_rng(1)
    scores = np.empty((accounts, DAYS))
    for block in np.array_split(scores, 100):
        steps = generator.normal(0, 1, block.shape).cumsum(axis=1)
        np.clip(steps + generator.uniform(20, 90, (len(block), 1)), 0, 100, out=block)
        np.round(block, 9, out=block)
        block[generator.random(block.shape) < 0.05] = np.nan
    codes = np.where(np.isnan(scores), UNKNOWN, np.nan_to_num(scores) // 34).astype(np.int8)
    return scores, Banded(codes, best=2, confirm=3)


def describe(scores: np.ndarray, banded: Banded) -> int:
    found = trend(scores, banded=banded)
    return sum(getattr(found, name).nbytes for name in Trend.__dataclass_fields__)


if __name__ == "__main__":
    main()
