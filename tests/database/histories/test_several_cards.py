"""Which card scores an account (001-05, 004-05): by its attributes on the day; shadows beside."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from include import pipeline
from include.pipeline.attribution import change_between
from include.scoring.scorecard import parse_scorecard
from include.warehouse.database import transaction
from tests.database.histories.conftest import EVENTS, TICKETS, TODAY, card_text

MOVED = date(2026, 3, 20)
SEGMENTS = """
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
select account_id, 'segment', timestamptz '2025-10-01 00:00Z', segment, 'vendor'
from core.account on conflict do nothing
"""
MOVE = """
with ended as (
    update core.account_attribute set valid_to = :at
    where account_id = :account and attribute = 'segment'
)
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
values (:account, 'segment', :at, :segment, 'vendor')
"""
WHO = """
select scorecard.name, array_agg(account_id order by account_id)
from health.latest_snapshot join health.scorecard using (scorecard_id)
where as_of = :day group by 1 order by 1
"""


def card(name, *, applies_to="", outcome="retention", **readings):
    text = card_text(1, **(readings or {"events": EVENTS}))
    text = text.replace("name: plain", f"name: {name}").replace("retention", outcome)
    return parse_scorecard(text.replace("categories:", f"{applies_to}\ncategories:"), name)


KEY = "applies_to: { segment: [Enterprise] }"


@pytest.fixture
def shop_of_two(shop):
    """Enterprise accounts (every third) have a card of their own; account 1 becomes one."""
    shop.execute(SEGMENTS)
    shop.execute(MOVE, account=1, at=f"{MOVED} 00:00Z", segment="Enterprise")
    cards = card("key", applies_to=KEY), card("everyone", events=EVENTS, tickets=TICKETS)
    shop.execute(
        "insert into health.run (run_id, kind, as_of) values ('x', 'daily', :day)", day=TODAY
    )
    return replace(shop, job=replace(shop.job, cards=cards))


ENTERPRISE = list(range(3, 31, 3))
OTHERS = [n for n in range(1, 31) if n % 3]


def test_each_account_is_scored_by_the_first_card_that_applies_on_the_day(shop_of_two):
    """Requirements 001-05, 003-06."""
    shop_of_two.run(TODAY)
    assert shop_of_two.rows(WHO, day=TODAY) == [
        ("everyone", OTHERS[1:]),
        ("key", [1, *ENTERPRISE]),
    ]


def test_an_account_that_moved_there_and_back_within_a_day_stands_with_its_card(shop_of_two):
    shown = (
        "select scorecard.name, revision, run_id from health.shown_on("
        " :day, array(select scorecard_id from health.scorecard)) as shown"
        " join health.scorecard using (scorecard_id) join health.run using (run_no)"
        " where account_id = 2"
    )
    for segment, run_id, expected in (
        ("Mid", "one", ("everyone", 0, "one")),
        ("Enterprise", "two", ("key", 0, "two")),
        ("Mid", "three", ("everyone", 1, "three")),
        ("Mid", "four", ("everyone", 1, "three")),
    ):
        shop_of_two.execute(
            "update core.account_attribute set value = :to where account_id = 2", to=segment
        )
        shop_of_two.run(TODAY, run_id=run_id)
        assert shop_of_two.rows(shown, day=TODAY) == [expected]


def test_an_estimate_counts_the_accounts_of_its_card_alone(shop_of_two):
    days = MOVED - timedelta(days=1), MOVED
    asked = shop_of_two.asked(*days, card="key.v1")
    estimate = pipeline.estimate(shop_of_two.job, asked)
    assert (estimate["accounts"], estimate["account_days"]) == (11, 21)  # account 1 on one day
    shop_of_two.backfill(*days, card="key.v1")
    assert pipeline.estimate(shop_of_two.job, asked)["missing_rows"] == 0


def test_a_new_segment_moves_an_account_from_its_day_on_and_leaves_the_past(shop_of_two):
    for name in ("everyone", "key"):
        shop_of_two.backfill(MOVED - timedelta(days=1), TODAY, card=f"{name}.v1", run_id=name)
    before = shop_of_two.rows(WHO, day=MOVED - timedelta(days=1))
    assert before == [("everyone", OTHERS), ("key", ENTERPRISE)]
    for days in range((TODAY - MOVED).days + 1):
        day = MOVED + timedelta(days=days)
        assert shop_of_two.rows(WHO, day=day)[1] == ("key", [1, *ENTERPRISE]), day


@pytest.mark.parametrize("together", [True, False], ids=["in one part", "day by day"])
def test_a_trend_goes_on_when_the_card_changes(shop_of_two, together):
    first, last = MOVED - timedelta(days=3), MOVED + timedelta(days=3)
    for name in ("everyone", "key"):
        asked = {"card": f"{name}.v1", "run_id": name}
        if together:
            shop_of_two.backfill(first, last, **asked)
        else:
            for days in range(7):
                shop_of_two.backfill(first + timedelta(days=days), **asked)
    changes = shop_of_two.rows(
        "select now.as_of, now.change_7d = round((now.score - old.score)::numeric, 9)::float8"
        " from health.latest_snapshot as now join health.latest_snapshot as old"
        " on now.account_id = old.account_id and old.as_of = now.as_of - 6 where now.account_id = 1"
    )
    assert changes == [(last, False)]  # six days are not seven
    (change, score) = shop_of_two.rows(
        "select change_7d, score from health.latest_snapshot where account_id = 1 and as_of = :day",
        day=last,
    )[0]
    shop_of_two.backfill(last - timedelta(days=7), card="everyone.v1", run_id="week before")
    ((old,),) = shop_of_two.rows(
        "select score from health.latest_snapshot where account_id = 1 and as_of = :day",
        day=last - timedelta(days=7),
    )
    assert change == pytest.approx(score - old, abs=1e-9)


def test_a_live_trend_goes_on_too(shop_of_two):
    shop_of_two.run(MOVED - timedelta(days=1))
    shop_of_two.run(MOVED + timedelta(days=6))
    ((before, after, change),) = shop_of_two.rows(
        "select old.score, now.score, now.change_7d from health.latest_snapshot as now"
        " join health.latest_snapshot as old on now.account_id = old.account_id"
        " and old.as_of < now.as_of where now.account_id = 1"
    )
    assert change == pytest.approx(after - before, abs=1e-9)


def test_outcomes_and_shadows_are_scored_beside_and_published_each_for_itself(shop):
    """Requirement 004-05."""
    shop.execute(SEGMENTS)
    adoption = card("adoption", outcome="adoption")
    shadow = card("draft", applies_to=KEY, tickets=TICKETS)
    beside = replace(
        shop, job=replace(shop.job, cards=(*shop.job.cards, adoption), shadows=(shadow,))
    )
    beside.run(TODAY)
    everyone = list(range(1, 31))
    assert beside.rows(WHO, day=TODAY) == [
        ("adoption", everyone),
        ("draft", ENTERPRISE),
        ("plain", everyone),
    ]
    assert len(beside.rows("select 1 from health.publication where as_of = :day", day=TODAY)) == 3


def test_a_shadow_that_does_not_pass_its_checks_stops_nothing(shop):
    nothing = card("nothing", unread="{ op: level, series: flows_finished }")
    beside = replace(shop, job=replace(shop.job, shadows=(nothing,)))
    counts = beside.run(TODAY)
    assert counts["shadows_refused"] == 1
    assert beside.rows("select count(*) from health.publication") == [(1,)]


def test_a_card_that_no_account_goes_to_today_stops_nothing(shop):
    shop.execute(SEGMENTS)
    nobody = card("nobody", applies_to="applies_to: { segment: [Nobody] }")
    beside = replace(shop, job=replace(shop.job, cards=(nobody, *shop.job.cards)))
    assert beside.run(TODAY)["cards_for_nobody"] == 1
    assert beside.rows("select count(*) from health.publication") == [(1,)]


def test_a_change_is_never_told_against_a_shadow(shop_of_two):
    shadow = card("draft", tickets=TICKETS)
    beside = replace(shop_of_two, job=replace(shop_of_two.job, shadows=(shadow,)))
    before, after = MOVED - timedelta(days=1), MOVED
    beside.run(before)
    beside.run(after)
    ((key,),) = beside.rows("select scorecard_id from health.scorecard where name = 'key'")
    with transaction(beside.engine) as connection:
        told = change_between(connection, 1, key, (before, after), others=True)
    assert (told.then.scorecard, told.now.scorecard) == ("everyone.v1", "key.v1")
