from collections.abc import Mapping

import numpy as np
import pytest

from include.scoring.circumstances import Circumstances
from include.scoring.context import Context, circumstances_of
from include.scoring.score import Scores, score
from include.scoring.scorecard import Scorecard, load_scorecard

NOTHING = Context()


@pytest.fixture(scope="session")
def adoption(scorecards) -> Scorecard:
    return load_scorecard(scorecards / "adoption.v1.yaml")


@pytest.fixture(scope="session")
def example(scorecards) -> Scorecard:
    return load_scorecard(scorecards / "examples" / "retention_by_segment.v1.yaml")


def at_its(card: Scorecard, *, best: bool) -> dict[str, float]:
    """Every measure's reading that is worth the most points, or the fewest."""
    choose = max if best else min
    return {one.name: choose(one.curve, key=lambda corner: corner[1])[0] for one in card.measures}


@pytest.fixture(scope="session")
def scored():
    """Score one account: all measures at their best, but for the readings that are named."""

    def scored(card: Scorecard, context: Context = NOTHING, /, **readings: float) -> Scores:
        row = at_its(card, best=True) | readings
        assert list(row) == list(card.measure_names), "a reading of no measure"
        return score(in_order(row, card), card, stood(context))

    return scored


def in_order(row: Mapping[str, float], card: Scorecard) -> np.ndarray:
    return np.array([[row[name] for name in card.measure_names]], np.float64)


def stood(context: Context) -> Circumstances:
    return circumstances_of(np.zeros(1, np.intp), [context])


@pytest.fixture(scope="session")
def segment():
    """An account of a segment, in the twelfth month of its term unless said."""

    def segment(name: str, month: int = 12) -> Context:
        return Context(attributes={"segment": name}, month=month)

    return segment
