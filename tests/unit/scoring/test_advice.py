"""What is allowed in a card but doubtful, and what its weights come to."""

from datetime import date

import pytest

from include.scoring.advice import effective_shares, warnings
from include.scoring.scorecard import parse_scorecard
from tests.unit.scoring.test_bad_rules import RICH

TODAY = date(2027, 4, 1)
LINE = [(0, 0), (1, 100)]


@pytest.fixture
def wide(build_card):
    def wide(categories):
        names = [f"c{i}" for i in range(categories)]
        return build_card({name: (1.0, [(1.0, LINE)]) for name in names}, approvers=("A", "B"))

    return wide


def only_warning(card, today):
    [warning] = warnings(card, today)
    return warning


def test_000_12_up_to_ten_categories_pass_without_a_word_and_more_are_a_warning(wide):
    assert warnings(wide(10), TODAY) == ()
    assert only_warning(wide(11), TODAY) == (
        "There are 11 categories; 5 to 10 that tell most are enough, and each more takes weight "
        "from those."
    )


def test_001_23_a_review_is_due_on_the_day_after_its_day():
    card = parse_scorecard(RICH, "rich")
    assert warnings(card, date(2027, 3, 31)) == ()
    assert only_warning(card, date(2027, 4, 1)) == (
        "The review of this scorecard was due on 2027-03-31; compare its scores with the "
        "customers who left and those who grew, then set the next day in a new version."
    )


def test_000_11_one_approver_alone_is_a_warning(build_card):
    card = build_card({"a": (1.0, [(1.0, LINE)])})
    assert only_warning(card, TODAY) == (
        "Only one function approves this scorecard; categories are best chosen by a small group "
        "from several."
    )


def test_values_of_an_attribute_that_are_nearly_the_same_are_a_warning():
    text = RICH.replace("is: [key, smb]", "is: [key, mid_market]")
    card = parse_scorecard(text.replace("segment: [smb]", "segment: [smb, midmarket]"), "rich")
    assert only_warning(card, date(2027, 1, 1)) == (
        'The attribute segment has the values "midmarket" and "mid_market" here; if they are '
        "meant to be the same, write them the same way."
    )


def test_parts_of_a_target_that_look_like_percent_are_a_warning():
    card = parse_scorecard(RICH.replace("[[1, 0.2], [6, 1]]", "[[1, 25], [6, 100]]"), "rich")
    assert only_warning(card, date(2027, 1, 1)) == (
        "The target of seats is 100 times itself in some month: `months` has parts of it, so 1 is "
        "all of it and 0.25 a quarter."
    )
    fine = parse_scorecard(RICH.replace("[[1, 0.2], [6, 1]]", "[[1, 0.2], [6, 2]]"), "rich")
    assert warnings(fine, date(2027, 1, 1)) == ()


def test_bands_caps_and_floors_that_look_like_points_of_ten_are_a_warning():
    tens = RICH.replace("version: 1\n", "version: 1\npoints: 10\n", 1)
    for old, new in (
        ("[[0, 0], [1, 100]]", "[[0, 1], [1, 10]]"),
        ("[[0, 0], [10, 100]]", "[[0, 1], [10, 10]]"),
        ("{bad: 0, fair: 50, good: 100}", "{bad: 1, fair: 5, good: 10}"),
        ("neutral: 50", "neutral: 5"),
    ):
        assert old in tens
        tens = tens.replace(old, new)
    assert warnings(parse_scorecard(tens, "rich"), date(2027, 1, 1)) == ()
    small = (
        tens.replace("from: 60", "from: 8.5").replace("at: 40", "at: 7").replace("to: 10", "to: 1")
    )
    assert warnings(parse_scorecard(small, "rich"), date(2027, 1, 1)) == (
        (
            "All bands begin at 10 or less. They count of 100, whatever `points` says; if 8.5 is "
            "of 10, write 85."
        ),
        (
            "All floors and caps are at 10 or less. They count of 100, whatever `points` says; if "
            "7 is of 10, write 70."
        ),
    )


def test_effective_percentages_sum_to_100_and_context_has_none():
    found = effective_shares(parse_scorecard(RICH, "rich"))
    assert [(share.category, share.measure, share.percent) for share in found] == [
        ("use", "seats", 70),
        ("use", "answers", 0),
        ("people", "pulse", 30),
    ]


def test_the_cards_of_this_project_have_no_warnings(scorecards, retention):
    others = [*scorecards.glob("adoption.v*.yaml"), *scorecards.glob("examples/*.yaml")]
    assert len(others) == 3
    cards = [retention, *(parse_scorecard(path.read_text(), path.name) for path in others)]
    assert [warnings(card, date(2026, 12, 1)) for card in cards] == [(), (), (), ()]
