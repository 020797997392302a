"""A receipt of an account whose name and id are all that vendors may send at once."""

import json

import pytest

from include.shown import receipt_page
from tests.database.scores.receipts.test_receipt import DAY, Seen, receipt_of
from tests.unit.test_hostile_text import SHOWN

EVERYTHING = " ".join(text for name, text in SHOWN.items() if name not in ("null", "long"))
COMMANDS = ("\x1b", "\x9b", "\x07", "\u202e", "\u2066")  # to a terminal, or to the eye


@pytest.fixture
def hostile(book):
    """Account 7 is called by all hostile texts, in its name, its id and its owner's name."""
    book.publish(book.fill())
    for column in ("name", "source_account_id", "owner_id", "segment", "domain"):
        book.execute(
            f"update core.account set {column} = :said where account_id = 7", said=EVERYTHING
        )
    return book


def test_the_page_has_the_tags_of_any_other_and_no_command(hostile):
    found = receipt_of(hostile, entered=EVERYTHING)
    page, plain = receipt_page.page(found), receipt_page.page(receipt_of(hostile, entered="1008"))
    seen, other = Seen(page), Seen(plain)
    assert set(seen.tags) == set(other.tags)
    assert seen.links == []
    assert "<script>alert(1)</script>" in seen.words
    assert "{0.__class__} %s ${HOME} {{ 7*7 }}" in seen.words
    assert not [sign for sign in COMMANDS if sign in page]


def test_the_command_prints_it_and_json_gives_it_back(hostile, health):
    said = health("receipt", EVERYTHING, DAY, "--scorecard", "small.v1")
    assert "alert(1)" in said.stdout + said.stderr
    assert not [sign for sign in COMMANDS if sign in said.stdout + said.stderr]
    told = health("receipt", EVERYTHING, DAY, "--scorecard", "small.v1", "--json")
    assert json.loads(told.stdout)["name"] == EVERYTHING
    assert not [sign for sign in COMMANDS if sign in told.stdout]
