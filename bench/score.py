"""How long scoring takes, as a multiple of copying the readings once.

`python bench/score.py [ACCOUNTS] [ROUNDS]`: 20 measures in 5 categories, curves of 5 corners, a
tenth unknown; scores, bounds, bands, categories, points, drivers and their costs. `interp` is the
curves alone by np.interp. Goals: at most 25 copies, 2.5 times the bare curves, and 50 MB beside
readings and scores.

`rules` is the same for 25 measures, two with targets by segment and month of term, two with neutral
points, with twelve rules of every kind (by tier, some undecided for a tenth of the accounts) and an
override on every hundredth account. Goals: at most 40 copies of its matrix and 100 MB.
"""

import functools
import sys

import numpy as np
from rounds import compare, measure

from include.scoring.circumstances import Circumstances, Codes
from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard

CATEGORIES, MEASURES = 5, 4
CURVE = ((0.0, 0.0), (0.2, 25.0), (0.5, 60.0), (0.8, 90.0), (1.0, 100.0))


def main() -> None:
    if sys.argv[1:2] == ["--variant"]:
        variant, accounts = sys.argv[2], int(sys.argv[3])
        work, measures = VARIANTS[variant]
        readings = make_readings(accounts, measures)
        circumstances(accounts)
        measure(lambda: work(readings))
        return
    accounts, rounds = [*sys.argv[1:], *["1000000", "5"][len(sys.argv) - 1 :]]
    compare(__file__, ["copy", "interp", "score"], [accounts, rounds])
    compare(__file__, ["copy 25", "rules"], [accounts, rounds])


def make_readings(accounts: int, measures: int = CATEGORIES * MEASURES) -> np.ndarray:
    generator = np.random.default_rng(1)
    readings = generator.random((accounts, measures))
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
    return size_of(score(readings, make_card()))


def score_by_rules(readings: np.ndarray) -> int:
    return size_of(score(readings, CARD_OF_RULES, circumstances(len(readings))))


def size_of(scores: Scores) -> int:
    return sum(getattr(scores, name).nbytes for name in Scores.__dataclass_fields__)


@functools.cache
def circumstances(accounts: int) -> Circumstances:
    """Made once, before anything is measured: they are input."""
    generator = np.random.default_rng(2)
    to = np.where(generator.random(accounts) < 0.01, 40.0, np.nan)
    return Circumstances(
        month=generator.integers(0, 36, accounts),
        override_to=to,
        override_factor=np.full(accounts, np.nan),
        may_raise=np.zeros(accounts, np.bool_),
        attributes={
            name: Codes(generator.integers(-1, 9, accounts), tuple("abcdefghi"))
            for name in ("segment", "tier")
        },
    )


def make_card_of_rules() -> Scorecard:
    content = make_card(measures=5).model_dump(by_alias=True)
    for category, part in enumerate(content["categories"]):
        for j, one in enumerate(part["measures"]):
            if category < 2 and j == 0:
                months = ((1, 0.25), (6, 1.0), (24, 1.2))
                one["target"] = {"default": 0.8, "by": "segment", "values": {"a": 0.5},
                                 "months": months}  # fmt: skip
            elif category < 2 and j == 1:
                one["when_unknown"] = {"neutral": 60.0}
    low, high = {"measure": "m2_1", "below": 0.1}, {"measure": "m3_2", "at_least": 0.5}
    by_tier = {"measure": "m4_1", "above": 0.9, "by": "tier", "values": {"a": 0.7, "b": 0.95}}
    kinds = [
        {"kind": "penalty", "factor": 0.8}, {"kind": "penalty", "factor": 0.85},
        {"kind": "interaction", "add": 8.0}, {"kind": "interaction", "add": -5.0},
        {"kind": "cap", "at": 59.0}, {"kind": "cap", "at": 74.0}, {"kind": "floor", "at": 20.0},
        {"kind": "red", "to": 10.0},
        *[{"kind": "flag", "follow_up": "Ask.", "owner": "CSM", "within_days": 5}] * 4,
    ]  # fmt: skip
    content["rules"] = tuple(
        {"name": f"rule{k}", "why": "Bench.", **kind,
         "when": (low, high) if kind["kind"] == "interaction"
         else (by_tier, {"attribute": "segment", "is": ("a", "b", "c")}) if k % 2 else (low,)}
        for k, kind in enumerate(kinds)
    )  # fmt: skip
    return Scorecard.model_validate(content)


def make_card(measures: int = MEASURES) -> Scorecard:
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
            "categories": tuple(make_category(c, measures) for c in range(CATEGORIES)),
        }
    )


def make_category(c: int, measures: int) -> dict[str, object]:
    own = tuple(
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
        for j in range(measures)
    )
    return {"name": f"c{c}", "weight": float(c + 1), "measures": own}


CARD_OF_RULES = make_card_of_rules()
VARIANTS = {
    "copy": (copy, 20), "interp": (interp, 20), "score": (score_all, 20),
    "copy 25": (copy, 25), "rules": (score_by_rules, 25),
}  # fmt: skip

if __name__ == "__main__":
    main()
