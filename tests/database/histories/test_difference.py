"""Where the facts of today make another score of a day that was live."""

from datetime import timedelta

import pytest

from include.errors import FixConfig
from include.pipeline.difference import difference
from tests.database.histories.conftest import EVENTS, TODAY

YESTERDAY = TODAY - timedelta(days=1)


def compare(shop, day=TODAY):
    return difference(shop.job, shop.job.cards[0], day)


def test_without_late_data_every_account_is_the_same(shop):
    shop.run(TODAY)
    found = compare(shop)
    assert (found.compared, found.same, found.accounts) == (30, 30, ())


def test_late_data_shows_by_account_and_measure(shop):
    shop.run(TODAY)
    live = shop.rows("select score, readings[1] from health.snapshot where account_id = 4")[0]
    shop.happens(TODAY, account=4, name="events", value=40.0)
    shop.happens(TODAY, account=9, name="tickets_open", value=7.0)
    found = compare(shop)
    assert (found.same, found.changed) == (28, 2)
    mine = next(one for one in found.accounts if one.account_id == 4)
    assert (mine.crm_id, mine.live) == ("1004", live[0])
    assert mine.difference == pytest.approx(mine.reconstructed - mine.live)
    assert mine.difference > 0
    [measure] = mine.measures
    assert (measure.name, measure.live) == ("events", live[1])
    assert measure.reconstructed >= 40
    assert measure.because == "events: late, edited or deleted since that day was scored"
    assert [one.measures[0].name for one in found.accounts if one.account_id == 9] == ["tickets"]


def test_what_is_later_than_the_day_makes_no_difference(shop):
    shop.run(YESTERDAY)
    shop.happens(TODAY, account=4, value=999.0)
    assert compare(shop, YESTERDAY).same == 30


def test_what_was_unknown_then_and_is_known_now_says_so(shop):
    shop.execute("delete from health.known_from where account_id = 6 and role = 'usage'")
    shop.run(TODAY)
    shop.execute("insert into health.known_from values (6, 'usage', '2025-10-01')")
    [mine] = compare(shop).accounts
    assert mine.measures[0].live is None
    assert mine.measures[0].reconstructed is not None
    assert "arrived, or was linked to the account, after" in mine.measures[0].because


def test_who_is_a_customer_only_then_or_only_now_is_counted_apart(shop):
    shop.execute("delete from core.term where account_id = 1")
    shop.run(TODAY)
    shop.execute("delete from core.term where account_id = 2")
    shop.execute(
        "insert into core.term (account_id, term_no, first_day, origin, spans) values"
        " (1, 1, '2025-10-01', 'lifecycle', datemultirange(daterange('2025-10-01', null)))"
    )
    found = compare(shop)
    assert (found.scored_live_only, found.scored_reconstructed_only, found.changed) == (1, 1, 0)
    assert [one.difference for one in found.accounts] == [None, None]


def test_nothing_is_written_by_looking(shop):
    shop.run(TODAY)
    shop.happens(TODAY, account=4, value=999.0)
    before = shop.content(), shop.content("reading")
    compare(shop)
    assert (shop.content(), shop.content("reading")) == before


def test_a_card_that_was_never_used_is_refused_and_not_entered_by_asking(shop):
    shop.run(TODAY)
    other = shop.with_card(2, events=EVENTS)
    with pytest.raises(FixConfig, match=r"plain\.v2 has no live scores on 2026-03-31"):
        difference(other.job, other.job.deck.all[1], TODAY)
    assert shop.rows("select version from health.scorecard") == [(1,)]


def test_a_day_that_never_ran_live_is_refused(shop):
    shop.run(TODAY)
    shop.backfill(YESTERDAY)
    with pytest.raises(FixConfig, match=r"plain\.v1 has no live scores on 2026-03-30"):
        compare(shop, YESTERDAY)
