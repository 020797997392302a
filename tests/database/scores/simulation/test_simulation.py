"""History under a draft card: the live side is what is stored, and nothing new is."""

from dataclasses import asdict
from datetime import timedelta

import numpy as np
import pytest

from include.errors import FixConfig
from include.pipeline.simulation import simulate
from include.scoring.score import score
from tests.database.histories.conftest import EVENTS, MEETINGS, TICKETS, TODAY

FIRST = TODAY - timedelta(days=20)
YESTERDAY = TODAY - timedelta(days=1)
EVERYBODY = 1000
# Few events are good and many bad: nearly every account gets another score.
UPSIDE_DOWN = {"[[0, 0], [40, 100]]": "[[0, 100], [40, 0]]"}
STORED = """
select account_id, score, band, readings from health.latest_snapshot
where as_of = :day and scorecard_id = 1 order by account_id
"""
TABLES = """
select format('%I.%I', schemaname, tablename) from pg_tables
where schemaname not in ('pg_catalog', 'information_schema') order by 1
"""


def run(shop, card, first=FIRST, last=TODAY):
    return simulate(shop.job, (shop.job.cards[0], card), first, last, movers=EVERYBODY)


def counted(found, side):
    return {band.band: band.accounts for band in getattr(found.last.everyone, side).bands}


def test_the_live_card_itself_is_every_stored_score_and_flips_nothing(shop):
    shop.run(TODAY)
    shop.backfill(FIRST, YESTERDAY)
    shop.happens(TODAY, account=3, value=40.0)  # late: what was known live still counts
    found = run(shop, shop.job.cards[0])
    assert found.movers == ()
    assert found.first.everyone.flipped == found.last.everyone.flipped == 0
    assert [day.as_of for day in found.days] == [FIRST + timedelta(days=n) for n in range(21)]
    for day in found.days:
        assert day.live == day.draft
        rows = shop.rows(STORED, day=day.as_of)
        assert len(rows) == day.accounts == 30
        assert day.live.mean == pytest.approx(np.mean([row[1] for row in rows]), abs=1e-6)
        bands = [row[2] for row in rows]
        assert day.live.bands == {name: bands.count(name) for name in ("red", "green", "unknown")}


@pytest.mark.parametrize("last", [YESTERDAY, TODAY])
def test_the_live_side_is_stored_to_the_last_bit(shop, draft, last):
    shop.run(TODAY)
    shop.backfill(FIRST, YESTERDAY)
    shop.happens(TODAY, account=3, value=40.0)
    found = run(shop, draft(events=EVENTS, tickets=TICKETS, replace=UPSIDE_DOWN), last=last)
    stored = {account: value for account, value, *_ in shop.rows(STORED, day=last)}
    assert len(found.movers) > 20
    assert [one.move.live for one in found.movers] == [
        stored[one.account_id] for one in found.movers
    ]


def test_a_draft_sees_what_was_known_live_wherever_it_asks_the_same(shop, draft):
    shop.run(TODAY)
    shop.happens(TODAY, account=3, value=40.0)
    card = draft(events=EVENTS, tickets=TICKETS, replace=UPSIDE_DOWN)
    found = run(shop, card, first=TODAY)
    rows = shop.rows(STORED, day=TODAY)
    expected = score(np.array([row[3] for row in rows]), card).score
    by_account = dict(zip([row[0] for row in rows], expected.tolist(), strict=True))
    assert 3 in [one.account_id for one in found.movers]
    assert all(one.move.draft == by_account[one.account_id] for one in found.movers)


def test_what_no_card_has_read_is_read_from_the_facts(shop, draft):
    shop.run(TODAY)
    readings = {"events": EVENTS, "meetings": MEETINGS}
    found = run(shop, draft(**readings), first=TODAY)
    later = shop.with_card(2, **readings)
    later.backfill(TODAY, card="plain.v2", facts=True)
    stored = dict(shop.rows("select account_id, score from health.snapshot where scorecard_id = 2"))
    assert len(stored) == 30
    assert len(found.movers) > 20
    assert all(one.move.draft == stored[one.account_id] for one in found.movers)
    assert {one.move.measure for one in found.movers} >= {"meetings"}


def test_nothing_at_all_is_written(shop, draft):
    shop.run(TODAY)
    shop.happens(TODAY, account=3, value=40.0)

    def content():
        return {
            name: shop.rows(f"select count(*), md5(string_agg(t::text, '|' order by t::text))"
                            f" from {name} as t")
            for (name,) in shop.rows(TABLES)
        }  # fmt: skip

    before = content()
    assert before["health.scorecard"][0][0] == 1
    found = run(shop, draft(events=EVENTS, meetings=MEETINGS))
    assert found.last.everyone.draft.scored == 30
    assert content() == before


def test_flips_bands_and_segments_add_up_to_the_accounts(entered, draft):
    """Requirement 001-06."""
    entered.run(TODAY)
    found = run(entered, draft(events=EVENTS, tickets=TICKETS, replace=UPSIDE_DOWN))
    everyone = found.last.everyone
    assert everyone.flipped > 0
    assert sum(flip.accounts for flip in everyone.flips) == 30
    segments = found.last.segments
    assert [(one.name, one.accounts) for one in segments] == [("Mid", 20), ("Enterprise", 10)]
    assert sum(one.comparison.flipped for one in segments) == everyone.flipped
    for side in ("live", "draft"):
        assert counted(found, side) == getattr(found.days[-1], side).bands
    flipped = sum(one.live_band != one.draft_band for one in found.movers)
    assert flipped == everyone.flipped


def for_segment(draft, name, **readings):
    head = f"applies_to: {{ segment: [{name}] }}\ncategories:"
    return draft(**readings, replace={**UPSIDE_DOWN, "categories:": head})


def test_only_accounts_that_the_draft_applies_to_on_the_day_are_seen(entered, draft):
    entered.run(TODAY)
    entered.execute(
        "update core.account_attribute set valid_to = '2026-03-20'"
        " where account_id = 3 and attribute = 'segment'"
    )
    found = run(entered, for_segment(draft, "Enterprise", events=EVENTS, tickets=TICKETS))
    assert [day.accounts for day in found.days] == [10] * 9 + [9] * 12
    assert found.customers == 30
    assert [one.name for one in found.last.segments] == ["Enterprise"]
    assert {one.segment for one in found.movers} == {"Enterprise"}
    assert found.first.everyone.live.accounts == found.first.everyone.draft.accounts == 10


def test_a_draft_that_applies_to_nobody_is_said_so(entered, draft):
    entered.run(TODAY)
    with pytest.raises(FixConfig, match=r"No customer on any day .* has segment Enterprize"):
        run(entered, for_segment(draft, "Enterprize", events=EVENTS))


def test_a_draft_for_some_is_compared_with_a_card_for_others_on_its_own_accounts(entered, draft):
    entered.run(TODAY)
    mid = for_segment(draft, "Mid", events=EVENTS, tickets=TICKETS)
    everyone = draft(events=EVENTS, tickets=TICKETS, replace=UPSIDE_DOWN)
    found = simulate(entered.job, (mid, everyone), TODAY, TODAY)
    assert found.days[-1].accounts == 30


def test_arr_is_summed_by_band_and_what_cannot_be_converted_is_counted(entered, draft):
    entered.run(TODAY)
    found = run(entered, draft(events=EVENTS, tickets=TICKETS, replace=UPSIDE_DOWN))
    rows = entered.rows(STORED, day=TODAY)
    for band in found.last.everyone.live.bands:
        expected = sum(100 * row[0] for row in rows if row[2] == band.band and row[0] != 1)
        assert band.arr == expected
    assert (found.currency, found.arr_unvalued) == ("usd", 1)


def test_an_account_counts_where_it_stood_on_the_day(entered, draft):
    entered.run(TODAY)
    entered.execute(
        "update core.account_attribute set valid_to = '2026-03-20'"
        " where account_id = 2 and attribute = 'segment'"
    )
    found = run(entered, draft(events=EVENTS))
    first, last = (
        {one.name: one.accounts for one in shown.segments} for shown in (found.first, found.last)
    )
    assert first == {"Mid": 20, "Enterprise": 10}
    assert last == {"Mid": 19, "Enterprise": 10, "(no segment)": 1}


def test_only_so_many_movers_are_named(shop, draft):
    shop.run(TODAY)
    card = draft(events=EVENTS, tickets=TICKETS, replace=UPSIDE_DOWN)
    cards = (shop.job.cards[0], card)
    some = simulate(shop.job, cards, TODAY, TODAY, movers=4)
    assert len(some.movers) == 4
    assert some.movers == run(shop, card, first=TODAY).movers[:4]


def test_more_than_sixty_days_are_looked_at_once_a_week(shop, draft):
    shop.run(TODAY)
    card = draft(events=EVENTS, tickets=TICKETS, replace=UPSIDE_DOWN)
    first = TODAY - timedelta(days=80)
    weekly, daily = run(shop, card, first=first), run(shop, card, first=TODAY - timedelta(days=7))
    assert (weekly.every, len(weekly.days), daily.every) == ("week", 13, "day")
    assert weekly.days[-2:] == (daily.days[0], daily.days[-1])
    assert weekly.days[0].as_of == weekly.first.as_of == first
    assert asdict(weekly.last) == asdict(daily.last)


def test_a_series_that_the_store_does_not_have_is_named(shop, draft):
    shop.run(TODAY)
    found = run(shop, draft(events=EVENTS, use="{ op: active_users, window: 14 }"), first=TODAY)
    assert found.missing_series == ("active_users_14d",)
    assert found.last.everyone.draft.coverage == 0.5


def test_what_no_source_has_told_yet_is_refused(shop, draft):
    card = draft(events=EVENTS)
    with pytest.raises(FixConfig, match="newest day that was run is none yet"):
        run(shop, card)
    shop.run(YESTERDAY)
    with pytest.raises(FixConfig, match="newest day that was run is 2026-03-30"):
        run(shop, card)


def test_a_range_without_any_customer_is_refused(shop, draft):
    shop.run(TODAY)
    shop.execute("delete from core.term")
    with pytest.raises(FixConfig, match="No account is a customer on any day"):
        run(shop, draft(events=EVENTS))
