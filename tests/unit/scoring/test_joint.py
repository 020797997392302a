"""A draft's file, and one reading for the draft and the live card."""

from datetime import date, timedelta

import pytest

from include.errors import FixConfig
from include.pipeline.draft import join, load_draft
from include.pipeline.simulation import days_of
from include.scoring.scorecard import Scorecard

RISING = ((0.0, 0.0), (10.0, 100.0))
FALLING = ((0.0, 100.0), (10.0, 0.0))
DAY = date(2026, 3, 31)


def changed(card, **changes):
    content = card.model_dump(by_alias=True)
    content["categories"][0]["measures"][0].update(changes)
    return Scorecard.model_validate(content)


@pytest.fixture
def card(build_card):
    return build_card({"a": (1, [(1, RISING)])})


def test_the_same_question_is_read_once_whatever_it_is_worth(card, retention):
    found = join(card, changed(card, name="other", weight=5.0, curve=FALLING))
    assert (len(found.card.measures), found.live.tolist(), found.draft.tolist()) == (1, [0], [0])
    twice = join(retention, retention)
    assert twice.card.measure_names == retention.measure_names
    assert twice.live.tolist() == twice.draft.tolist() == list(range(len(retention.measures)))


def test_another_window_or_family_is_another_question(card):
    reading = {"op": "sum", "series": "events", "window": 3}
    for change in ({"reading": reading}, {"family": "sum"}):
        found = join(card, changed(card, **change))
        assert (len(found.card.measures), found.draft.tolist()) == (2, [1])


def test_which_account_is_worst_depends_on_the_curve(card):
    worst = changed(card, family="worst")
    assert len(join(worst, worst).card.measures) == 1
    assert len(join(worst, changed(worst, curve=FALLING)).card.measures) == 2


def test_what_is_read_for_both_has_a_name_that_no_card_can_have(card):
    card.measures  # noqa: B018 - computed once and kept, which the joint one must not take over
    joint = join(card, changed(card, family="sum")).card
    assert (joint.name, joint.version, len(joint.measures)) == ("simulation", 0, 2)


def test_a_draft_may_have_any_file_name(tmp_path, scorecards, retention):
    path = tmp_path / "my idea.yml"
    path.write_text((scorecards / "retention.v1.yaml").read_text())
    assert load_draft(path) == retention


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"naem: x", r'idea\.yaml, line 1, naem: there is no such key; did you mean "name"\?'),
        (b"\xff\xfe", "this is not UTF-8 text"),
        (b"# " + b"x" * 300_000, "at most 256 KB"),
    ],
)
def test_mistakes_in_a_draft_are_those_of_any_scorecard(tmp_path, content, message):
    path = tmp_path / "idea.yaml"
    path.write_bytes(content)
    with pytest.raises(FixConfig, match=message):
        load_draft(path)


def test_a_draft_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(FixConfig, match="cannot read this scorecard: No such file"):
        load_draft(tmp_path / "none.yaml")


def test_sixty_days_are_all_looked_at_more_once_a_week():
    assert days_of(DAY, DAY) == (DAY,)
    first = DAY - timedelta(days=59)
    assert len(days_of(first, DAY)) == 60
    found = days_of(first - timedelta(days=1), DAY)
    assert found[0] == first - timedelta(days=1)
    assert found[1:] == tuple(DAY - timedelta(days=ago) for ago in range(56, -1, -7))


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(FixConfig, match="before it begins"):
        days_of(DAY, DAY - timedelta(days=1))
