"""What a reading is made from: terms, families across shards, series that block each other."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from include import pipeline
from include.scoring.scorecard import load_scorecard
from tests.database.histories.conftest import EVENTS, MEASURE, TODAY, card_text

DAY = date(2026, 3, 10)


def readings(shop, day, card=1):
    rows = shop.rows(
        "select account_id, readings from health.reading join health.scorecard using (scorecard_id)"
        " where as_of = :day and version = :card order by 1",
        day=day, card=card,
    )  # fmt: skip
    return dict(rows)


@pytest.fixture
def cut(shop):
    cut = shop.with_settings(shard_accounts=8)
    pipeline.job.open_run(cut.job, "first", str(TODAY))
    return cut


def test_an_account_is_scored_while_it_is_a_customer_and_again_when_it_returns(cut):
    cut.execute(
        "update core.term set last_day = '2026-01-31', ending = 'cancelled',"
        " spans = datemultirange(daterange('2025-10-01', '2026-02-01')) where account_id = 2"
    )
    cut.execute(
        "insert into core.term (account_id, term_no, first_day, origin, spans) values"
        " (2, 2, '2026-03-05', 'billing', datemultirange(daterange('2026-03-05', null)))"
    )
    cut.backfill(date(2026, 1, 20), TODAY)
    days = [day for (day,) in cut.rows("select as_of from health.snapshot where account_id = 2")]
    assert len(days) == 12 + 27
    assert not [day for day in days if date(2026, 1, 31) < day < date(2026, 3, 5)]


@pytest.mark.parametrize("entered", ["1005", "5"])
def test_a_record_that_was_merged_means_the_account_it_went_into(cut, entered):
    cut.execute("update core.account set merged_ids = '{1005}' where account_id = 6")
    cut.backfill(TODAY, accounts=entered)
    assert [row[1] for row in cut.content()] == [6]


def test_a_family_is_read_as_one_also_across_shards_and_for_chosen_parents(cut):
    own = MEASURE.format(name="events", reading=EVENTS, curve="[[0, 0], [40, 100]]")
    path = cut.folder / "plain.v2.yaml"
    path.write_text(
        card_text(2, events=EVENTS).replace(
            own, own.replace("curve:", "family: sum\n        curve:")
        )
    )
    assert "family: sum" in path.read_text()
    family = replace(cut, job=replace(cut.job, shadows=(load_scorecard(path),)))
    for child in (20, 27):
        family.execute(
            "insert into core.account_attribute (account_id, attribute, valid_from, value, origin)"
            " values (:child, 'parent', '2026-03-01', '1003', 'vendor')",
            child=child,
        )
    family.backfill(DAY)
    alone = readings(family, DAY)
    family.backfill(DAY - timedelta(days=20), DAY, card="plain.v2", run_id="family", facts=True,
                    accounts="1003, 1004")  # fmt: skip
    found = readings(family, DAY, card=2)
    assert set(found) == {3, 4}
    assert found[4] == alone[4][:1]
    assert found[3] == [alone[3][0] + alone[20][0] + alone[27][0]]
    early = DAY - timedelta(days=20)
    family.backfill(early, run_id="early")
    assert readings(family, early, card=2)[3] == readings(family, early)[3][:1], "no family yet"


def test_what_could_not_be_valued_makes_the_reading_unknown(cut):
    cut.execute(
        "insert into health.series (name, role, blocked_by) values"
        " ('amount_paid', 'usage', 'paid_unvalued'), ('paid_unvalued', 'usage', null)"
        " on conflict (name) do update set role = excluded.role, blocked_by = excluded.blocked_by"
    )
    for account in (5, 6):
        cut.happens(DAY, account=account, name="amount_paid", value=10.0)
    cut.happens(DAY, account=6, name="paid_unvalued", value=1.0)
    paid = cut.with_card(2, paid="{ op: sum, series: amount_paid, window: 7 }")
    paid.backfill(DAY, card="plain.v2")
    found = readings(paid, DAY, card=2)
    assert found[5] == [10.0]
    assert np.isnan(found[6][0])
    assert found[7] == [0.0]


@pytest.mark.parametrize("kind", ["changes", "counts"])
def test_a_level_is_the_same_whether_its_total_is_kept_or_not(cut, kind):
    cut.execute("update health.series set kind = :kind where name = 'events'", kind=kind)
    for day, value in ((DAY - timedelta(days=90), 2.0), (DAY, 3.0), (DAY + timedelta(days=1), 4.0)):
        cut.happens(day, account=5, name="events", value=value)
    ours = "from health.account_day join health.series using (series_id) where name = 'events'"
    [(before,)] = cut.rows(f"select sum(value) {ours} and account_id = 5 and day <= :day", day=DAY)
    [(kept,)] = cut.rows(
        "select count(*) from health.account_total join health.series using (series_id)"
        " where name = 'events' and account_id = 5"
    )
    assert kept == (kind == "changes")
    level = cut.with_card(2, events="{ op: level, series: events }")
    level.backfill(DAY, card="plain.v2")
    assert readings(level, DAY, card=2)[5] == [before]
