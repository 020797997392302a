"""A simulation as a page and as tables."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from include.errors import FixConfig
from include.pipeline.simulation import simulate
from include.shown.simulation_page import page, write_simulation
from include.shown.simulation_tables import headline, tables, warnings
from tests.database.histories.conftest import TICKETS, TODAY

FIRST = TODAY - timedelta(days=9)
HEAVIER = {"weight: 1\n        unit": "weight: 1.5\n        unit", "from: 50": "from: 30"}


class Parts(HTMLParser):
    """Collects elements and attributes; every element that is opened is closed."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def simulated(entered, draft):
    entered.execute(
        "update core.account set name = '<script>alert(1)</script>' where account_id < 9"
    )
    entered.run(TODAY)
    card = draft(
        events="{ op: sum, series: events, window: 14 }", tickets=TICKETS,
        use="{ op: active_users, window: 14 }", replace=HEAVIER,
    )  # fmt: skip
    cards = entered.job.cards[0], card
    return simulate(entered.job, cards, FIRST, TODAY), cards


def test_the_page_is_whole_and_asks_for_nothing(simulated):
    text = page(*simulated)
    parts = Parts()
    parts.feed(text)
    assert parts.open == []
    assert parts.tags.count("svg") >= 5
    assert parts.tags.count("line") == 2
    assert not {"script", "link", "img", "iframe", "object"} & set(parts.tags)
    assert not {"src", "href", "onclick", "onload"} & {name for name, _ in parts.attributes}
    assert "default-src 'none'" in text
    assert not re.search(r"https?://|url\(|@import", text)
    assert "prefers-color-scheme: dark" in text
    assert "&lt;script&gt;alert(1)" in text


def test_every_account_and_day_is_in_a_picture(simulated):
    found, _ = simulated
    text = page(*simulated)
    drawn = re.findall(r"<title>live: ([\d,]+) accounts? from", text)
    assert sum(map(int, drawn)) == sum(
        shown.everyone.live.scored for shown in (found.first, found.last)
    )
    for day in found.days:
        assert len(re.findall(rf"<title>{day.as_of}: ", text)) == 6
    cells = re.findall(r"<title>([\d,]+) accounts? from [a-z]+ to [a-z]+</title>", text)
    assert sum(map(int, cells)) == 30


def test_tables_say_what_was_compared_and_what_is_missing(simulated):
    found, _ = simulated
    assert headline(found) == (
        "plain.v2 as a draft beside plain.v1, 2026-03-22 to 2026-03-31, every day; nothing was "
        "stored."
    )
    missing, unvalued = warnings(found)
    assert "unknown to the draft: active_users_14d" in missing
    assert unvalued.startswith("1 account has an ARR that cannot be converted into USD")
    summary, bands, flips, segments, movers = tables(found)
    assert [row[1] for row in summary.rows[:2]] == ["30", "30"]
    assert [row[0] for row in bands.rows] == ["red", "green", "unknown"]
    assert flips.heads == ("live", "red", "green", "unknown", "together")
    assert [row[:2] for row in segments.rows] == [("Mid", "20"), ("Enterprise", "10")]
    assert len(movers.rows) == len(movers.under) == 15
    for table in (summary, bands, flips, segments, movers):
        assert all(len(row) == len(table.heads) for row in table.rows)


def test_the_headline_says_of_which_accounts_a_draft_for_some_is(entered, draft):
    entered.run(TODAY)
    head = "applies_to: { segment: [Enterprise] }\ncategories:"
    card = draft(tickets=TICKETS, replace={"categories:": head})
    found = simulate(entered.job, (entered.job.cards[0], card), FIRST, TODAY)
    assert headline(found).endswith(
        "applies to, segment Enterprise: 10 of 30 customers on 2026-03-31."
    )


def test_a_band_that_only_the_draft_has_stands_between_its_neighbours(entered, draft):
    entered.run(TODAY)
    amber = "- { name: amber, from: 40, colour: orange, action: Look. }\n  - { name: green"
    card = draft(tickets=TICKETS, replace={"- { name: green": amber})
    found = simulate(entered.job, (entered.job.cards[0], card), TODAY, TODAY)
    _, bands, *_ = tables(found)
    assert [row[0] for row in bands.rows] == ["red", "amber", "green", "unknown"]
    assert bands.rows[1][1:4] == ("-", "-", "-")


def test_one_day_alone_and_a_card_beside_itself_make_a_page_too(entered):
    entered.run(TODAY)
    cards = (entered.job.cards[0],) * 2
    found = simulate(entered.job, cards, TODAY, TODAY)
    assert headline(found).endswith("beside plain.v1, 2026-03-31; nothing was stored.")
    assert tables(found)[-1].note == "No account has another score under the draft."
    Parts().feed(page(found, cards))


def test_a_page_that_cannot_be_written_is_said_so(simulated, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FixConfig, match="Cannot write the page"):
        write_simulation(*simulated, tmp_path / "file" / "page.html")
    write_simulation(*simulated, tmp_path / "new" / "page.html")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["page.html"]
