"""What was known then stays as it was; what is computed later stands beside it."""

from datetime import date, timedelta

from tests.database.histories.conftest import EVENTS, MEETINGS, TICKETS, TODAY

YESTERDAY = TODAY - timedelta(days=1)
LIVE = "basis = 'live'"


def test_the_newest_day_is_live_and_published(shop):
    shop.run(YESTERDAY)
    assert shop.run(TODAY)["failed"] == 0
    assert shop.rows("select distinct basis from health.snapshot") == [("live",)]
    assert shop.rows("select as_of from health.publication order by 1") == [(YESTERDAY,), (TODAY,)]


def test_a_second_run_of_the_newest_day_writes_nothing(shop):
    shop.run(TODAY)
    before = shop.content(), shop.content("reading")
    assert len(before[0]) == 30
    shop.run(TODAY, run_id="again")
    assert (shop.content(), shop.content("reading")) == before


def test_changed_data_on_the_newest_day_is_a_new_revision_beside_the_old_one(shop):
    shop.run(TODAY)
    before = shop.content(where=LIVE)
    shop.happens(TODAY, account=3, value=500.0)
    shop.run(TODAY, run_id="again")
    after = shop.content(where=LIVE)
    assert set(before) < set(after)
    assert [row[:4] for row in after if row not in before] == [(TODAY, 3, "live", 1)]
    assert shop.rows(
        "select run_id from health.snapshot join health.run using (run_no) where revision = 1"
    ) == [("again",)]


def test_an_older_day_again_is_computed_beside_what_was_live_and_not_shown(shop):
    shop.run(YESTERDAY)
    shop.run(TODAY)
    live, published = shop.content(where=LIVE), shop.rows("select * from health.publication")
    shop.happens(YESTERDAY, account=3, value=500.0)
    assert shop.run(YESTERDAY, run_id="again") == {"held": 1}
    assert shop.content(where=LIVE) == live
    assert shop.rows("select * from health.publication") == published
    assert len(shop.content(where="basis = 'reconstructed'")) == 30


def test_an_old_day_is_not_live_for_a_new_card_either(shop):
    shop.run(YESTERDAY)
    shop.run(TODAY)
    shop.happens(YESTERDAY, account=3, value=500.0)
    newer = shop.with_card(2, events=EVENTS)
    assert newer.run(YESTERDAY, run_id="again") == {"held": 2}
    assert newer.run(TODAY, run_id="today again")["cards_published"] == 1
    assert newer.rows(
        "select as_of, basis, count(*) from health.reading join health.scorecard"
        " using (scorecard_id) where version = 2 group by 1, 2 order by 1"
    ) == [(YESTERDAY, "reconstructed", 30), (TODAY, "live", 30)]


def test_a_day_of_an_airflow_backfill_is_never_live(shop):
    assert shop.run(TODAY, kind="backfill") == {"held": 1}
    assert shop.rows("select distinct basis from health.reading") == [("reconstructed",)]
    assert shop.rows("select * from health.publication") == []


def test_live_trends_read_live_scores_before_reconstructed_ones(shop):
    week = TODAY - timedelta(days=7)
    shop.run(week)
    shop.happens(week, account=3, value=500.0)
    shop.run(TODAY)
    shop.backfill(week)
    before = shop.content(where=LIVE)
    shop.run(TODAY, run_id="again")
    assert shop.content(where=LIVE) == before, "the trend looks at what was live a week ago"


def test_a_backfill_of_a_live_day_differs_only_where_late_data_explains_it(shop):
    shop.run(TODAY)
    shop.backfill(TODAY)
    scores = (
        "select account_id, score, readings from health.snapshot where basis = :basis order by 1"
    )
    assert shop.rows(scores, basis="live") == shop.rows(scores, basis="reconstructed")
    shop.happens(TODAY, account=5, value=300.0)
    shop.backfill(TODAY)
    changed = shop.rows("select account_id from health.snapshot where revision = 1")
    assert changed == [(5,)]


def test_a_new_card_takes_over_what_was_live_and_computes_the_rest(shop):
    early = date(2026, 3, 1)
    shop.run(early)
    shop.happens(early, account=3, value=500.0)  # known too late for the live row
    newer = shop.with_card(2, meetings=MEETINGS, events=EVENTS)
    newer.backfill(early - timedelta(days=1), early, card="plain.v2")
    found = newer.rows(
        "select as_of, account_id, readings, origins from health.reading"
        " where basis = 'reconstructed' order by 1, 2"
    )
    assert len(found) == 60
    assert {row[3] for row in found if row[0] == early} == {"FL"}
    assert {row[3] for row in found if row[0] != early} == {None}
    live = newer.rows(
        "select account_id, readings[1] from health.reading where basis = 'live' order by 1"
    )
    assert [(row[1], row[2][1]) for row in found if row[0] == early] == live


def test_from_the_facts_takes_nothing_over(shop):
    shop.run(TODAY)
    shop.happens(TODAY, account=3, value=500.0)
    newer = shop.with_card(2, tickets=TICKETS, events=EVENTS)
    newer.backfill(TODAY, card="plain.v2", facts=True)
    assert newer.rows("select distinct origins from health.reading") == [(None,)]
    late = newer.rows(
        "select readings[2] from health.reading where basis = 'reconstructed' and account_id = 3"
    )
    assert late[0][0] >= 500


def test_another_window_is_another_reading(shop):
    shop.run(TODAY)
    newer = shop.with_card(2, events=EVENTS.replace("window: 7", "window: 8"))
    newer.backfill(TODAY, card="plain.v2")
    assert newer.rows("select distinct origins from health.reading") == [(None,)]


def test_what_is_held_on_a_live_day_is_unknown_and_known_again_later(shop):
    shop.run(YESTERDAY)
    number = shop.rows("select run_no from health.run")[0][0]
    shop.rows(
        "insert into health.held_role (role, as_of, reason, run_no)"
        " values ('usage', :day, 'the matched share fell', :run_no) returning role",
        day=TODAY, run_no=number,
    )  # fmt: skip
    shop.run(TODAY)
    known = (
        "select count(*) from health.reading where basis = :basis and readings[1] <> 'NaN'"
        " and as_of = :day"
    )
    assert shop.rows(known, basis="live", day=TODAY) == [(0,)]
    assert shop.rows(known, basis="live", day=YESTERDAY) == [(30,)]
    shop.backfill(TODAY)
    assert shop.rows(known, basis="reconstructed", day=TODAY) == [(30,)]
