"""The example storm that is shown in docs/faults.md, and the list of faults there."""

import re
from pathlib import Path

import sandbox.faults
from sandbox.faults import Faults, read_rules
from sandbox.faults.rules import FAULTS

ROOT = Path(__file__).parents[3]
STORM = ROOT / "sandbox/storms/bad_week.yaml"
PAGE = (ROOT / "docs/faults.md").read_text()


def test_the_example_is_right_and_shown_as_it_is():
    rules = read_rules(STORM)
    assert len({rule["fault"] for rule in rules}) > 15
    assert f"```yaml\n{STORM.read_text()}```\n" in PAGE
    assert {row["vendor"] for row in Faults(rules).report()} >= {"hubspot", "amplitude"}


def test_every_fault_is_explained_on_the_page_and_in_the_package():
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) >= set(FAULTS)
    assert set(re.findall(r"^\| (\w+) \|", sandbox.faults.__doc__, re.MULTILINE)) >= set(FAULTS)
