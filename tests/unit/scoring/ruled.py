"""Random scorecards that say all a card can, and accounts to score by them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from include.scoring.circumstances import Circumstances, Codes
from include.scoring.scorecard import Scorecard
from tests.unit.scoring.conftest import measure

WORDS = ("small", "large", "key")
POINTS = st.integers(0, 400).map(lambda n: n / 4)
READING = st.one_of(st.just(np.nan), st.floats(-2, 12), st.integers(0, 10).map(float))
FACTORS = st.sampled_from([0.8, 0.85, 0.5, 0.000001, 0.999999, 0.333333])
BANDS = (
    {"name": "red", "from": 0.0, "colour": "red", "action": "Call."},
    {"name": "yellow", "from": 45.0, "colour": "yellow", "action": "Ask."},
    {"name": "green", "from": 70.0, "colour": "green", "action": "Enjoy."},
)


@dataclass
class World:
    """A card, and accounts: readings and circumstances, one row each."""

    card: Scorecard
    readings: np.ndarray
    at: Circumstances

    def rows(self, rows: Any) -> "World":
        return World(self.card, self.readings[rows], self.at.of(rows))


@st.composite
def worlds(draw, *, policies=("unknown", "neutral", "zero"), at_most=4, rising=False):
    card = Scorecard.model_validate(draw(contents(policies, rising=rising)))
    measures = len(card.measures)
    row = st.lists(READING, min_size=measures, max_size=measures)
    readings = np.array(draw(st.lists(row, min_size=1, max_size=at_most)))
    return World(card, readings, draw(circumstances(len(readings))))


@st.composite
def contents(draw, policies, *, rising):
    names = [f"m{i}" for i in range(draw(st.integers(2, 5)))]
    cut = draw(st.integers(1, len(names) - 1))
    measures = [draw(measures_of(name, policies, rising=rising)) for name in names]
    measures[0]["weight"] = measures[cut]["weight"] = 1.5  # something weighs in both categories
    return {
        "name": "ruled", "version": 1, "title": "Ruled", "outcome": "retention",
        "charter": ("adopt",), "owner": "Ops", "approvers": ("Success",),
        "min_coverage": draw(st.sampled_from([0.0, 0.5])),
        "unknown_when_straddling": draw(st.booleans()), "bands": BANDS,
        "categories": (
            {"name": "one", "weight": 2.0, "measures": tuple(measures[:cut])},
            {"name": "two", "weight": draw(st.sampled_from([0.0, 1.0, 2.5])),
             "measures": tuple(measures[cut:])},
        ),
        "rules": tuple(
            draw(rules(f"rule{k}", names)) for k in range(draw(st.integers(0, 6)))
        ),
    }  # fmt: skip


@st.composite
def measures_of(draw, name, policies, *, rising):
    xs = sorted(draw(st.lists(st.integers(0, 40), min_size=2, max_size=4, unique=True)))
    points = [draw(POINTS) for _ in xs]
    curve = zip([x / 4 for x in xs], sorted(points) if rising else points, strict=True)
    content = measure(name, list(curve), draw(st.sampled_from([0.0, 1.0, 1.25, 3.0])))
    policy = draw(st.sampled_from(policies))
    content["when_unknown"] = {"neutral": draw(POINTS)} if policy == "neutral" else policy
    content["actionable"] = draw(st.sampled_from([True, True, False]))
    match draw(st.integers(0, 3)):
        case 1:
            by = {"by": "tier", "values": {"large": 4.0, "key": 0.5}}
            content["target"] = {"default": 2.0, **by}
        case 2:
            content["target"] = {"default": 0.8, "months": ((1, 0.25), (6, 1.0), (12, 2.0))}
        case 3:
            del content["curve"]
            content["reading"] = {"op": "latest", "series": "pulse"}
            worth = [draw(POINTS) for _ in range(3)]
            worth = sorted(worth) if rising else worth
            content["levels"] = dict(zip(("bad", "fair", "fine"), worth, strict=True))
    return content


@st.composite
def rules(draw, name, measures):
    kind = draw(st.sampled_from(["interaction", "penalty", "floor", "cap", "red", "flag"]))
    count = 2 if kind == "interaction" else draw(st.integers(1, 2))
    when = [draw(conditions(measures[i])) for i in range(count)]
    if kind != "interaction" and draw(st.booleans()):
        when.append({"attribute": "tier", "is": tuple(draw(st.permutations(WORDS))[:2])})
    own = {
        "interaction": {"add": draw(st.integers(-400, 400)) / 4},
        "penalty": {"factor": draw(FACTORS)},
        "floor": {"at": draw(POINTS)},
        "cap": {"at": draw(POINTS)},
        "red": {"to": draw(POINTS) * 0.4},
        "flag": {"follow_up": "Ask why.", "owner": "CSM", "within_days": 5},
    }[kind]
    return {"name": name, "kind": kind, "why": "It happens.", "when": tuple(when), **own}


@st.composite
def conditions(draw, name):
    sign = draw(st.sampled_from(["above", "at_least", "below", "at_most"]))
    by = {"by": "tier", "values": {"small": 1.0, "key": 8.0}} if draw(st.booleans()) else {}
    return {"measure": name, sign: float(draw(st.integers(0, 10))), **by}


@st.composite
def circumstances(draw, accounts):
    def each(values, kind):
        return np.array(draw(st.lists(values, min_size=accounts, max_size=accounts)), kind)

    return Circumstances(
        month=each(st.integers(0, 14), np.int64),
        override_to=each(st.one_of(st.just(np.nan), st.just(np.nan), POINTS), np.float64),
        override_factor=each(st.one_of(st.just(np.nan), st.just(np.nan), FACTORS), np.float64),
        may_raise=each(st.booleans(), np.bool_),
        attributes={"tier": Codes(each(st.integers(-1, 2), np.intp), WORDS)},
    )
