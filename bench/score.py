"""How long scoring takes, as a multiple of copying the readings once.

`python bench/score.py [ACCOUNTS] [ROUNDS]`: 20 measures in 5 categories, curves of 5 corners, a
tenth unknown; scores, bounds, bands, categories, points, drivers and their costs. `interp` is the
curves alone by np.interp. Goals: at most 25 copies, 2.5 times the bare curves, and 50 MB beside
readings and scores.
"""

import sys

import numpy as np
from rounds import compare, measure

from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard

CATEGORIES, MEASURES = 5, 4
CURVE = ((0.0, 0.0), (0.2, 25.0), (0.5, 60.0), (0.8, 90.0), (1.0, 100.0))


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        variant, accounts = sys.argv[2], int(sys.argv[3])
        readings = make_readings(accounts)
        measure(lambda: VARIANTS[variant](readings))
        return
    accounts, rounds = [*sys.argv[1:], *["1000000", "5"][len(sys.argv) - 1 :]]
    compare(__file__, list(VARIANTS), [accounts, rounds])


def make_readings(accounts: int) -> np.ndarray:
    generator = np.random.default_rng(1)
    readings = generator.random((accounts, CATEGORIES * MEASURES))
    for block in np.array_split(readings, 100):
        block[generator.random(block.shape) < 0.1] = np.nan
    return readings


def copy(readings: np.ndarray) -> int:
    return readings.copy().nbytes


def interp(readings: np.ndarray) -> int:
    """The curves alone, by numpy's own interpolation and without keeping the points."""
    corners, points = zip(*CURVE, strict=True)
    for column in readings.T:
        np.interp(column, corners, points)
    return column.nbytes


def score_all(readings: np.ndarray) -> int:
    scores = score(readings, make_card())
    return sum(getattr(scores, name).nbytes for name in Scores.__dataclass_fields__)


def make_card() -> Scorecard:
    return Scorecard.model_validate(
        {
            "name": "bench",
            "version": 1,
            "title": "Bench",
            "outcome": "retention",
            "charter": ("adopt",),
            "owner": "Bench",
            "approvers": ("Bench",),
            "min_coverage": 0.5,
            "unknown_when_straddling": True,
            "bands": tuple(
                {"name": name, "from": start, "colour": name, "action": "None."}
                for name, start in (("red", 0.0), ("yellow", 45.0), ("green", 70.0))
            ),
            "categories": tuple(make_category(c) for c in range(CATEGORIES)),
        }
    )


def make_category(c: int) -> dict[str, object]:
    measures = tuple(
        {
            "name": f"m{c}_{j}",
            "label": "Bench",
            "weight": float(j + 1),
            "unit": "share",
            "why": "Bench.",
            "good": "1",
            "reading": {"op": "sum", "series": "events"},
            "curve": CURVE,
        }
        for j in range(MEASURES)
    )
    return {"name": f"c{c}", "weight": float(c + 1), "measures": measures}


VARIANTS = {"copy": copy, "interp": interp, "score": score_all}

if __name__ == "__main__":
    main()
