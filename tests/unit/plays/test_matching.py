"""Which plans a day opens and closes, decided on rows alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from include.plays.matching import Plan, decide, matches
from include.plays.playbook import Closes, Drop, When

DAY = date(2026, 3, 10)


def decided(standings, playbooks, plans=(), day=DAY):
    return decide(standings, playbooks, plans, day)


def after(found, plans=(), day=DAY):
    """The plans that stand once decisions have been entered."""
    stand = [
        replace(
            plan,
            closed_on=day if plan.play_id in found.closed else plan.closed_on,
            recovered_since=found.recovering.get(plan.play_id, plan.recovered_since),
        )
        for plan in plans
    ]
    return stand + [
        Plan(
            100 + place, one.standing.account_id, one.playbook.name, one.playbook.group,
            one.playbook.priority, one.playbook.closes, day,
        )
        for place, one in enumerate(found.opened)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "changes", "words"),
    [
        ({"band": ("red",)}, {}, "The band is red."),
        ({"drop": Drop(points=10.0, days=30)}, {"change": {30: -12.34}},
         "The score fell 12.3 points in 30 days."),
        ({"driver": ("logins", "seats")}, {"drivers": ("pulse", "seats")},
         "Among what costs most: seats."),
        ({"flag": ("quiet",)}, {"flags": frozenset({"quiet"})}, "Raised: quiet."),
        ({"attribute": {"segment": ("Key", "SMB")}}, {"attributes": {"segment": "SMB"}},
         "Segment is SMB."),
    ],
)  # fmt: skip
def test_001_25_each_condition_holds_and_is_said_in_words(standing, when, changes, words):
    assert matches(When(**when), standing(**changes)) == words


@pytest.mark.parametrize(
    ("when", "changes"),
    [
        ({"band": ("red",)}, {"band": "unknown"}),
        ({"drop": Drop(points=10.0, days=30)}, {"change": {30: -9.99, 7: -20.0}}),
        ({"drop": Drop(points=10.0, days=30)}, {"change": {30: None}}),
        ({"drop": Drop(points=10.0, days=30)}, {"change": {30: 20.0}}),
        ({"driver": ("logins",)}, {"drivers": ("pulse",)}),
        ({"flag": ("quiet",)}, {}),
        ({"attribute": {"segment": ("Key",)}}, {"attributes": {"segment": "key"}}),
        ({"attribute": {"segment": ("Key",)}}, {}),
        ({"band": ("red",), "flag": ("quiet",)}, {}),
    ],
)
def test_what_is_not_so_or_not_known_does_not_hold(standing, when, changes):
    assert matches(When(**when), standing(**changes)) == ""


def test_004_15_a_healthy_account_gets_another_play_than_an_unhealthy_one(standing, playbook):
    grow = playbook(
        name="grow", group="growth", when={"band": ("green",)}, closes={"band": ("red",)}
    )
    found = decided([standing(1), standing(2, 90.0, "green")], [playbook(), grow])
    plays = {one.standing.account_id: one.playbook.name for one in found.opened}
    assert plays == {1: "rescue", 2: "grow"}


def test_the_first_match_of_a_group_wins_and_other_groups_go_on(standing, playbook):
    books = [
        playbook(name="late", priority=5),
        playbook(name="first", priority=2),
        playbook(name="beside", group="other", priority=9),
    ]
    opened = decided([standing()], books).opened
    assert [one.playbook.name for one in opened] == ["first", "beside"]


def test_running_a_day_again_changes_nothing(standing, playbook, plan):
    accounts = [standing(1, 80.0, "green"), standing(2), standing(3, 90.0, "green")]
    plans = [plan(recovered_since=DAY - timedelta(days=2)), plan(8, account_id=3)]
    first = decided(accounts, [playbook()], plans)
    assert (len(first.opened), first.closed) == (1, {7: "recovered"})
    assert first.recovering == {8: DAY}
    again = decided(accounts, [playbook()], after(first, plans))
    assert (again.opened, again.closed, again.recovering, again.waiting) == ([], {}, {}, 0)


def test_000_23_a_plan_ends_when_the_band_was_good_for_the_days_that_its_file_says(standing, plan):
    plans = [plan()]
    bands = ["green", "green", "red", "green", "unknown", "green"]
    for place, band in enumerate(bands):
        day = DAY + timedelta(days=place)
        found = decided([standing(1, 80.0, band)], [], plans, day)
        plans = after(found, plans, day)
    assert plans[0].closed_on == DAY + timedelta(days=5)
    assert found.closed == {7: "recovered"}


def test_a_plan_ends_when_its_time_is_over_whatever_the_band(standing, plan):
    timed = plan(closes=Closes(after_days=9))
    assert decided([standing()], [], [timed]).closed == {7: "ended"}
    assert decided([standing()], [], [timed], DAY - timedelta(days=1)).closed == {}


def test_a_plan_rests_after_its_end_and_may_then_come_again(standing, playbook, plan):
    closed = plan(closed_on=DAY - timedelta(days=10))
    assert decided([standing()], [playbook()], [closed]).opened == []
    [later] = decided([standing()], [playbook()], [closed], DAY + timedelta(days=1)).opened
    assert later.playbook.name == "rescue"


def test_a_resting_playbook_does_not_let_one_with_less_priority_in(standing, playbook, plan):
    books = [playbook(), playbook(name="milder", priority=2)]
    assert decided([standing()], books, [plan(closed_on=DAY)]).opened == []


def test_more_priority_replaces_a_plan_of_its_group_and_less_waits(standing, playbook, plan):
    urgent, milder = playbook(), playbook(name="milder", priority=2)
    found = decided([standing()], [urgent], [plan(playbook="milder", priority=2)])
    assert ([one.replaces for one in found.opened], found.closed) == ([7], {7: "replaced"})
    found = decided([standing()], [milder], [plan()])
    assert (found.opened, found.closed, found.kept) == ([], {}, 1)


def test_an_account_without_a_score_gets_nothing(standing, playbook):
    unknown = standing(1, None, "unknown")
    asks = playbook(when={"attribute": {"segment": ("Key",)}})
    assert decided([replace(unknown, attributes={"segment": "Key"})], [asks]).opened == []


def test_a_plan_of_an_account_that_is_scored_no_more_is_closed(standing, playbook, plan):
    assert decided([standing(2)], [], [plan()]).closed == {7: "left"}
    assert decided([standing(1, None, "unknown")], [], [plan()]).closed == {}


def test_000_25_a_day_opens_no_more_than_people_can_do_the_largest_first(standing, playbook):
    accounts = [standing(1, arr=None), standing(2, arr=10.0), standing(3, arr=500.0)]
    books = [playbook(opens_a_day=2)]
    found = decided(accounts, books)
    assert [one.standing.account_id for one in found.opened] == [3, 2]
    assert found.waiting == 1
    again = decided(accounts, books, after(found))
    assert (again.opened, again.waiting) == ([], 1)
    tomorrow = decided(accounts, books, after(found), DAY + timedelta(days=1))
    assert [one.standing.account_id for one in tomorrow.opened] == [1]


def test_a_plan_that_a_limit_puts_off_replaces_nothing(standing, playbook, plan):
    accounts = [standing(1), standing(2, arr=5.0)]
    found = decided(accounts, [playbook(opens_a_day=1)], [plan(playbook="milder", priority=2)])
    assert ([one.standing.account_id for one in found.opened], found.closed) == ([2], {})
