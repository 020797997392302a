"""The receipt of a score, as text, as JSON and as a page that can be forwarded."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from include.errors import FixConfig
from include.reports.receipt import make_receipt
from include.scoring.path import Step
from include.scoring.scorecard import load_scorecard
from include.shown import receipt_page, receipt_text
from include.warehouse.database import transaction
from tests.database.scores.receipts.conftest import DAY, ROOT


@pytest.fixture
def published(book):
    """Whoever has account 7 has everything known, and its score is published."""
    book.publish(book.fill())
    return book


def receipt_of(book, entered="1007", day=DAY, **options):
    with transaction(book.engine) as connection:
        return make_receipt(book.job, connection, entered=entered, day=day, **options)


class Seen(HTMLParser):
    """Which tags, attributes and words a browser would see."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.words = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src", "onclick"}]

    def handle_data(self, data):
        self.words += data


def test_a_receipt_says_where_a_score_comes_from(published):
    found = receipt_of(published)
    plain = found.plain()
    assert plain["comes_out_the_same"] is True
    assert plain["differences"] == []
    assert plain["source"]["digest"] == published.card.digest
    assert (plain["source"]["run_id"], plain["source"]["reading_run_no"]) == ("run", 1)
    assert plain["source"]["published_by_run_no"] == 1
    assert plain["scorecard"] == "small.v1"
    assert plain["origins"]["events"] == "as known then"
    assert plain["explanation"]["score"] == pytest.approx(plain["score"], abs=1e-9)
    assert "body" not in plain["source"]


def test_a_receipt_of_a_score_that_was_changed_says_so(published):
    published.tamper("score = 12.5")
    found = receipt_of(published)
    assert found.plain()["comes_out_the_same"] is False
    assert {one.what for one in found.differences} == {"score", "digest"}
    assert "Computed again, this is not what is stored." in receipt_page.page(found)


def test_a_thinned_receipt_is_made_again_from_the_readings(published):
    whole = receipt_of(published)
    published.tamper("points = '{}', readings = '{}', drivers = '{}'")
    thinned = receipt_of(published)
    assert (whole.source["is_thinned"], thinned.source["is_thinned"]) == (False, True)
    assert thinned.explanation == whole.explanation
    assert thinned.path == whole.path
    assert thinned.differences == ()


def test_of_two_histories_a_receipt_is_of_the_live_one_and_of_its_newest_revision(published):
    published.fill(basis="reconstructed", seed=2, run_id="backfill")
    assert receipt_of(published).source["run_id"] == "run"
    published.fill(seed=3, run_id="later")
    found = receipt_of(published)
    assert (found.source["basis"], found.source["revision"]) == ("live", 1)
    assert (found.source["run_id"], found.source["reading_revision"]) == ("later", 1)


def test_the_page_needs_nothing_and_shows_what_vendors_wrote_as_text(published):
    text = receipt_page.page(receipt_of(published))
    seen = Seen(text)
    assert not {"script", "img", "link", "iframe", "form"} & set(seen.tags)
    assert seen.links == []
    assert not re.search(r"https?:|url\(|@import|javascript:", text)
    assert "default-src 'none'" in text
    assert "Company <7>" in seen.words
    assert "Small <b>& safe</b>" in seen.words
    assert "events <i>" in seen.words
    assert published.card.digest in seen.words
    assert "the same to the last bit" in seen.words
    assert "prefers-color-scheme: dark" in text


def test_the_page_is_written_whole_or_an_error_says_where_it_cannot_be(published, tmp_path):
    found, file = receipt_of(published), tmp_path / "new" / "receipt.html"
    receipt_page.write_receipt(found, file)
    assert file.read_text(encoding="utf-8") == receipt_page.page(found)
    assert list(file.parent.iterdir()) == [file]
    with pytest.raises(FixConfig, match=r"Cannot write the page .*receipt\.html"):
        receipt_page.write_receipt(found, file / "receipt.html")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"entered": "nobody"}, "No account is called 'nobody'"),
        ({"labels": ["retention"]}, "'retention' is no scorecard; write it as in retention.v1"),
        ({"labels": ["small.v9"]}, r"Company <7> \(1007\) has no score by small\.v9 on 2026-03-30"),
    ],
)
def test_what_there_is_no_receipt_of_is_an_error_that_says_so(published, asked, message):
    with pytest.raises(FixConfig, match=message):
        receipt_of(published, **asked)


def test_the_commands_print_the_receipt_and_the_path(published, tmp_path, health):
    address = "1007", str(DAY)
    text = health("receipt", *address, "--scorecard", "small.v1")
    assert text.returncode == 0
    assert "Computed again from the stored readings and scorecard" in text.stdout
    assert published.card.digest in text.stdout
    file = tmp_path / "receipt.html"
    found = json.loads(
        health("receipt", *address, "--scorecard", "small.v1", "--json", "--html", file).stdout
    )
    assert found["path"]["sentence"] in text.stdout.replace("\n", " ")
    assert file.exists()
    both = health("receipt", *address, "--scorecard", "small.v1", "--outcome", "adoptoin")
    assert (both.returncode, "an outcome or a scorecard" in both.stderr) == (78, True)
    published.tamper("band = 'purple'")
    assert health("receipt", *address, "--scorecard", "small.v1").returncode == 65


def test_the_path_is_that_of_the_score_the_crm_shows(book, health):
    card = load_scorecard(ROOT / "scorecards" / "retention.v1.yaml")
    book.publish(book.fill(card=card))
    found = json.loads(health("path", "1007", "--json").stdout)
    assert found == {
        "account_id": 7, "crm_id": "1007", "name": "Company <7>", "as_of": str(DAY),
        "scorecard": "retention.v1",
        **json.loads(health("receipt", "1007", str(DAY), "--json").stdout)["path"],
    }  # fmt: skip
    printed = health("path", "1007").stdout
    assert f"Company <7> (1007) on {DAY}: {found['score']:.1f}, {found['band']}" in printed
    assert found["sentence"] in " ".join(printed.split())


@pytest.mark.parametrize(
    ("now", "to", "words"),
    [
        (0.1, 0.55, "0.55 or more"),
        (0.1, 0.5512, "0.56 or more"),
        (9.0, 4.499, "4.49 or less"),
        (200.0, 90.0, "90 or less"),
    ],
)
def test_a_wanted_reading_is_rounded_so_that_it_still_suffices(now, to, words):
    step = Step("m", "M", "units", now, to, points=10.0, points_to=20.0, gains=1.0)
    assert receipt_text.wanted(step) == words


def test_where_people_can_set_no_more_nothing_more_is_wanted():
    step = Step("m", "M", "level 1 to 5", 1.0, 5.0, points=0.0, points_to=100.0, gains=1.0)
    assert receipt_text.wanted(step) == "5 or more"
    assert receipt_text.wanted(replace(step, is_last=True)) == "5"
