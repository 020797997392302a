"""docs/scorecards.md shows every key, and its blocks together are a scorecard."""

import re

import pytest

from include.errors import FixConfig
from include.scoring.policies import Overrides
from include.scoring.rules import BY_KIND
from include.scoring.scorecard import MODELS, parse_scorecard
from include.scoring.targets import Target


@pytest.fixture(scope="module")
def page(scorecards):
    return (scorecards.parent / "docs" / "scorecards.md").read_text()


@pytest.fixture(scope="module")
def card_text(page):
    return "".join(re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))


def test_the_blocks_of_the_page_are_a_scorecard(card_text):
    card = parse_scorecard(card_text, "docs/scorecards.md")
    assert {rule.kind for rule in card.rules} == set(BY_KIND)


def test_every_key_but_those_of_readings_has_an_example(card_text):
    models = [MODELS[key] for key in ("", "bands", "categories", "measures", *BY_KIND)]
    keys = {
        field.alias or name
        for model in (*models, Target, Overrides)
        for name, field in model.model_fields.items()
    }
    keys |= {"above", "at_least", "below", "at_most", "by", "values", "measure", "attribute", "is"}
    assert len(keys) > 55
    shown = set(re.findall(r"(?:^|[ {])([a-z_]+):(?= |$)", card_text, re.MULTILINE))
    assert keys - shown == set()


def test_a_misspelt_key_of_the_page_would_be_found(card_text):
    with pytest.raises(FixConfig, match='did you mean "factor"'):
        parse_scorecard(card_text.replace("factor:", "factr:"), "page")
