"""The accounts with rules in docs/scoring.md: every number printed there is computed here."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from include.scoring.circumstances import Circumstances, Codes
from include.scoring.rules_at_work import in_order
from include.scoring.score import score
from include.scoring.scorecard import load_scorecard

SORREL = [0.6, 1, 4, 4, 3, 270, 70, 20]
KAPOK = [0.8, 4, 2, 5, 4, np.nan, 0, 0]
MEASURES = ("seats", "features", "tickets", "csat", "pulse", "review")


@pytest.fixture(scope="module")
def card():
    return load_scorecard(Path(__file__).parent / "golden" / "golden.v1.yaml")


@pytest.fixture(scope="module")
def doc(scorecards):
    _, _, text = (scorecards.parent / "docs" / "scoring.md").read_text().partition("And one with")
    return text.partition("\n## ")[0]


def scored(card, readings):
    words = {"segment": "other", "tier": "core", "sponsor": "there"}
    at = replace(
        Circumstances.none(1),
        month=np.array([12]),
        attributes={name: Codes(np.zeros(1, np.intp), (word,)) for name, word in words.items()},
    )
    return score(np.array([readings], np.float64), card, at)


def ends(doc, start):
    """The number at the end of the lines that begin like this."""
    return [float(n) for n in re.findall(rf"^{start} .*= ([\d.]+)$", doc, re.MULTILINE)]


def test_points_categories_and_base_are_those_in_the_document(doc, card):
    scores = scored(card, SORREL)
    for j, name in enumerate(MEASURES):
        assert ends(doc, name) == [scores.points[0, j]], name
    (line,) = re.findall(r"^categories .*$", doc, re.MULTILINE)
    assert [float(n) for n in re.findall(r"= ([\d.]+)", line)] == scores.categories[0].tolist()
    assert ends(doc, "base") == [scores.base[0], scored(card, KAPOK).base[0]]


def test_each_rule_leaves_what_the_document_says(doc, card):
    """The card is scored with the first rules only, in the order in which they act."""
    acting = [rule for k, rule in in_order(card.rules) if scored(card, SORREL).fired[0] >> k & 1]
    assert [rule.kind for rule in acting] == ["interaction", "penalty", "cap", "flag"]
    for count, rule in enumerate(acting, start=1):
        some = card.model_copy(update={"rules": tuple(acting[:count])})
        assert ends(doc, rule.kind) == [scored(some, SORREL).score[0]], rule.name
        assert f"{rule.name}: " in doc


def test_the_bounds_of_an_undecided_rule_are_those_in_the_document(doc, card):
    scores = scored(card, KAPOK)
    assert [rule.name for k, rule in enumerate(card.rules) if scores.undecided[0] >> k & 1] == [
        "no_review"
    ]
    assert ends(doc, "floor")[:1] == [scores.floor[0]]
    assert ends(doc, "ceiling")[:1] == [scores.ceiling[0]]
