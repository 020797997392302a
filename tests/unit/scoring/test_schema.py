"""The published JSON Schema is what the models say, and good cards keep to it."""

import json

import jsonschema
import pytest

from include.scoring.key_words import WORDS, words_for
from include.scoring.schema import FILE, schema_text
from include.scoring.yaml_lines import read_yaml
from tests.unit.scoring.test_bad_rules import RICH, TABLE
from tests.unit.scoring.test_bad_scorecards import GOOD


@pytest.fixture(scope="module")
def schema(scorecards):
    return json.loads((scorecards / FILE).read_text())


@pytest.fixture(scope="module")
def accepts(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    return lambda text: validator.is_valid(as_editors_read(read_yaml(text, "x").content))


def as_editors_read(value):
    if isinstance(value, dict):
        return {key: as_editors_read(item) for key, item in value.items()}
    return [as_editors_read(item) for item in value] if isinstance(value, tuple) else value


def files(scorecards):
    found = [*scorecards.glob("*.v*.yaml"), *scorecards.glob("examples/*.yaml")]
    assert len(found) >= 3
    return found


def test_the_published_schema_is_what_the_models_say(scorecards):
    message = f"health scorecard schema > scorecards/{FILE}"
    assert (scorecards / FILE).read_text() == schema_text(), message


def test_every_card_keeps_to_the_schema(scorecards, accepts):
    for file in files(scorecards):
        assert accepts(file.read_text()), file.name


def test_cards_name_a_schema_that_is_there(scorecards):
    named = {
        file: line.split("$schema=")[1]
        for file in files(scorecards)
        for line in file.read_text().splitlines()[:1]
        if "$schema=" in line
    }
    assert len(named) == 3
    for file, path in named.items():
        assert (file.parent / path).resolve() == scorecards / FILE


def test_the_schema_refuses_what_one_key_can_say_wrong(accepts):
    assert accepts(GOOD)
    assert accepts(RICH)
    refused = [not accepts(RICH.replace(good, bad, 1)) for good, bad, _ in TABLE]
    assert len(TABLE) >= 80
    assert sum(refused) >= 63  # the others take a look at two keys at once, or at a day
    assert not accepts(GOOD.replace("series: seats", "series: seets"))
    assert accepts(GOOD.replace("series: active_users_28d", "series: active_users_90d"))


def test_every_key_has_words_for_editors_and_no_words_are_left_over(schema):
    models = {"Scorecard": schema, **schema["$defs"]}
    used = set()
    for model, said in models.items():
        for key, value in said["properties"].items():
            assert value["description"] == words_for(model, key)
            used.add(f"{model}.{key}" if f"{model}.{key}" in WORDS else key)
    assert used == set(WORDS)
