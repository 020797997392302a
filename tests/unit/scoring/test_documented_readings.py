"""The documentation of readings names every operation, and its examples are good ones."""

import re

import pytest
import yaml

from include.scoring.reading_spec import BY_OP
from tests.unit.scoring.worlds import SPEC


@pytest.fixture(scope="session")
def text(scorecards):
    return (scorecards.parent / "docs" / "scoring.md").read_text()


def test_every_operation_has_its_line(text):
    table = text[text.index("| `sum` |") : text.index("One of each")]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(BY_OP)


def test_every_operation_has_an_example_that_can_be_read(text):
    block = text[text.index("```yaml\n") + 8 :]
    block = block[: block.index("```")]
    examples = [yaml.safe_load("reading:" + part) for part in block.split("reading:")[1:]]
    found = {SPEC.validate_python(example["reading"], strict=False).op for example in examples}
    assert found == set(BY_OP)
