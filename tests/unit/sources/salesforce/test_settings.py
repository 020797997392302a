"""What health.yaml may say of Salesforce."""

import re

import pytest

from include.errors import FixConfig
from include.settings import ROOT, parse_settings
from include.vendor_settings import Salesforce
from include.vendor_settings.salesforce import in_plain_words


def shown():
    """The example of the page for people."""
    page = (ROOT / "docs" / "salesforce.md").read_text()
    lines = re.search(r"(?m)^    sources:\n(?:    .*\n)+", page)[0].splitlines()
    text = "\n".join(line.removeprefix("    ") for line in lines)
    return parse_settings(f"scorecards: [a.yaml]\n{text}", where="salesforce.md")


def test_the_example_of_the_page_shows_what_is_in_force_where_nothing_is_said():
    told = shown().crm_source
    plain = Salesforce(name="salesforce", vendor="salesforce", connection="salesforce_default")
    given = {"fields", "attributes"}
    assert told.model_dump(exclude=given) == plain.model_dump(exclude=given)
    assert shown().crm.send is True


def test_the_crm_may_be_either_but_not_both():
    two = """
scorecards: [a.yaml]
sources:
  - {name: a, vendor: hubspot, connection: c}
  - {name: b, vendor: salesforce, connection: c}
"""
    with pytest.raises(FixConfig, match="exactly one source must be a CRM"):
        parse_settings(two, where="test.yaml")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fields: {arr: 'ARR c'}", "fields.arr"),
        ("fields: {arrr: ARR__c}", "did you mean arr"),
        ("attributes: {segment: Tier__c}", "segment is read anyway"),
        ("api_version: v66", "api_version"),
        ("budget_share: 2", "budget_share"),
    ],
)
def test_a_mistake_is_named(line, words):
    entry = f"{{name: a, vendor: salesforce, connection: c, {line}}}"
    text = f"scorecards: [a.yaml]\nsources:\n  - {entry}"
    with pytest.raises(FixConfig, match=words):
        parse_settings(text, where="test.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [("Q3 QBR: Kite!", "q3 qbr kite"), ("kick-off", "kick off"), ("Été_1", "été 1"), ("--", "")],
)
def test_words_are_compared_without_signs(text, words):
    assert in_plain_words(text) == words
