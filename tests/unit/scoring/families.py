"""A card with every family choice, and rows that say who is below whom."""

import math

import numpy as np

from include.scoring.members import Members
from include.scoring.scorecard import Scorecard
from tests.unit.scoring.worlds import FIRST

NAN = math.nan
ACCOUNTS, DAYS = 6, 3
SHARE = {
    "op": "divide",
    "top": {"op": "sum", "series": "events"},
    "bottom": {"op": "level", "series": "seats"},
    "times": 2.0,
}
MEASURES = (
    ("own", {"op": "sum", "series": "events"}),
    ("sum", {"op": "sum", "series": "events"}),
    ("sum", {"op": "mean_per_day", "series": "events", "window": 7}),
    ("sum", SHARE),
    ("weighted", {"op": "active_days", "series": "events"}),
    ("worst", {"op": "days_since_last", "series": "events"}),
)
CURVE = ((0.0, 100.0), (2.0, 40.0), (4.0, 0.0))


def with_measures(card, chosen):
    content = card.model_dump(by_alias=True)
    measures = content["categories"][0]["measures"][: len(chosen)]
    content["categories"][0]["measures"] = tuple(
        measure | {"family": family, "reading": reading}
        for measure, (family, reading) in zip(measures, chosen, strict=True)
    )
    return Scorecard.model_validate(content)


def members(rows):
    """From (parent, child, first day, last day), days counted from FIRST."""
    parent, child, first, last = zip(*rows, strict=True) if rows else ((),) * 4
    columns = (parent, child, np.array(first) + FIRST, np.array(last) + FIRST)
    return Members(*(np.array(column, np.int32) for column in columns))


def below(parent_of):
    """Every account below another one at any depth, as (parent, child), from each one's parent."""
    pairs = []
    for child in range(len(parent_of)):
        above = parent_of[child]
        while above is not None:
            pairs.append((above, child))
            above = parent_of[above]
    return pairs
