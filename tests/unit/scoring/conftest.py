from pathlib import Path

import pytest

from include.scoring.scorecard import Scorecard, load_scorecard

SCORECARDS = Path(__file__).parents[3] / "scorecards"


@pytest.fixture(scope="session")
def scorecards():
    return SCORECARDS


@pytest.fixture(scope="session")
def retention():
    return load_scorecard(SCORECARDS / "retention.v1.yaml")


def measure(name, curve, weight=1.0):
    return {
        "name": name,
        "label": f"Label of {name}",
        "weight": weight,
        "unit": "things",
        "why": "It matters.",
        "good": "many",
        "reading": {"op": "sum", "series": "events"},
        "curve": tuple((float(x), float(points)) for x, points in curve),
    }


@pytest.fixture(scope="session")
def build_card():
    """A scorecard from {category: (weight, [(measure weight, curve), ...])}."""

    def build(categories, **changes):
        names = (f"m{i}" for i in range(1000))
        content = {
            "name": "built",
            "version": 1,
            "title": "Built",
            "outcome": "retention",
            "charter": ("adopt",),
            "owner": "Ops",
            "approvers": ("Success",),
            "min_coverage": 0.5,
            "bands": (
                {"name": "red", "from": 0.0, "colour": "red", "action": "Call."},
                {"name": "yellow", "from": 45.0, "colour": "yellow", "action": "Ask."},
                {"name": "green", "from": 70.0, "colour": "green", "action": "Enjoy."},
            ),
            "categories": tuple(
                {
                    "name": category,
                    "weight": weight,
                    "measures": tuple(measure(next(names), curve, w) for w, curve in measures),
                }
                for category, (weight, measures) in categories.items()
            ),
        }
        return Scorecard.model_validate(content | changes)

    return build
