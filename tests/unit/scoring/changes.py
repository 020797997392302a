"""Cards with everything that can change a score, and two days of accounts on them."""

import json

import numpy as np

from include.scoring.circumstances import Circumstances, Codes
from include.scoring.scorecard import Scorecard
from include.scoring.side import Side

RISING = [(0, 0), (10, 100)]
FALLING = [(0, 100), (4, 60), (10, 0)]
TIERS = ("key", "mid", "small")
RULES = (
    {
        "name": "lively", "kind": "interaction", "why": "Both are high.", "add": 12.5,
        "when": [{"measure": "m0", "at_least": 6}, {"measure": "m3", "at_least": 6}],
    },
    {
        "name": "torn", "kind": "interaction", "why": "One is high and the other low.", "add": -30,
        "when": [{"measure": "m1", "at_least": 7}, {"measure": "m2", "below": 4}],
    },
    {
        "name": "no_review", "kind": "penalty", "why": "No review in six months.", "factor": 0.8,
        "when": [{"measure": "m2", "above": 5, "by": "tier", "values": {"key": 3}}],
    },
    {
        "name": "quiet", "kind": "penalty", "why": "Nobody writes.", "factor": 0.937,
        "when": [{"measure": "m4", "below": 3}],
    },
    {
        "name": "friends", "kind": "floor", "why": "The sponsor is a friend.", "at": 20,
        "when": [{"measure": "m0", "above": 8}],
    },
    {
        "name": "late", "kind": "cap", "why": "Payment is on hold.", "at": 55,
        "when": [{"measure": "m3", "below": 3}],
    },
    {
        "name": "gone", "kind": "red", "why": "Notice was given.", "to": 10,
        "when": [{"measure": "m5", "above": 9}],
    },
    {
        "name": "look", "kind": "flag", "why": "Nobody logs in.", "follow_up": "Ask why.",
        "owner": "CSM", "within_days": 5, "when": [{"measure": "m5", "above": 5}],
    },
)  # fmt: skip


def measure(name, curve, weight, **more):
    return {
        "name": name, "label": f"Label of {name}", "weight": weight, "unit": "things",
        "why": "It matters.", "good": "many", "curve": [list(corner) for corner in curve],
        "reading": {"op": "sum", "series": "events"}, **more,
    }  # fmt: skip


def content(**changes):
    return {
        "name": "built", "version": 1, "title": "Built", "outcome": "retention",
        "charter": ["adopt"], "owner": "Ops", "approvers": ["Success"], "min_coverage": 0.5,
        "bands": [
            {"name": "red", "from": 0, "colour": "red", "action": "Call."},
            {"name": "green", "from": 50, "colour": "green", "action": "Enjoy."},
        ],
        "categories": [
            {
                "name": "use", "weight": 3,
                "measures": [
                    measure("m0", RISING, 2),
                    measure("m1", RISING, 1, target={
                        "default": 1, "by": "tier", "values": {"key": 1.6, "small": 0.7},
                        "months": [[1, 0.5], [6, 1], [12, 1.3]],
                    }),
                ],
            },
            {
                "name": "care", "weight": 2,
                "measures": [
                    measure("m2", FALLING, 1.5, when_unknown={"neutral": 50}),
                    measure("m3", RISING, 2, when_unknown={"carry_days": 5}),
                    measure("m4", RISING, 1, when_unknown="zero"),
                ],
            },
            {"name": "money", "weight": 1, "measures": [
                measure("m5", FALLING, 1), measure("m6", RISING, 0)]},
        ],
        "rules": list(RULES),
        **changes,
    }  # fmt: skip


def card(**changes):
    return Scorecard.model_validate_json(json.dumps(content(**changes)))


def side(own, seed, accounts=40):
    """A day of accounts on which anything may be unknown, carried forward or overridden."""
    draw = np.random.default_rng(seed)
    shape = (accounts, len(own.measures))
    readings = draw.integers(0, 11, shape).astype(np.float64)
    readings[draw.random(shape) < 0.25] = np.nan
    carried = (draw.random(shape) < 0.2) & ~np.isnan(readings)
    draws = draw.random((accounts, 4))
    at = Circumstances(
        month=(draws[:, 0] * 13).astype(np.int64),
        override_to=np.where(draws[:, 1] < 0.2, np.floor(draws[:, 1] * 400), np.nan),
        override_factor=np.where(draws[:, 2] < 0.2, 0.75, np.nan),
        may_raise=draws[:, 3] < 0.5,
        attributes={"tier": Codes((draws[:, 3] * 4).astype(np.intp) - 1, TIERS)},
    )
    return Side.scored(own, readings, at, carried)
