"""Old receipts become weekly; scores and readings stay for ever."""

import signal
from datetime import date

from include import pipeline
from include.pipeline.thinning import thin_before
from include.settings import Receipts
from tests.database.histories.conftest import TODAY

START, BEFORE = date(2026, 1, 1), date(2026, 3, 1)
SCORES = "select as_of, account_id, basis, revision, digest, score, band, coverage, categories"
THINNED = "select distinct as_of from health.snapshot where cardinality(readings) = 0 order by 1"
THIN = """
import sys
from datetime import date
from include import pipeline
from include.pipeline.thinning import thin_before
job = pipeline.open_job()
print("begun", flush=True)
thin_before(job, date(2026, 3, 1))
"""


def filled(shop):
    pipeline.job.open_run(shop.job, "first", str(TODAY))
    shop.backfill(START, TODAY)
    return shop


def test_scores_and_readings_stay_and_one_receipt_a_week(shop):
    filled(shop)
    statement = SCORES + " from health.snapshot order by 1, 2"
    scores, readings = shop.rows(statement), shop.content("reading")
    counts = thin_before(shop.job, BEFORE)
    sundays = 8  # of the 59 days
    assert counts == {"days": 59 - sundays, "receipts": 30 * (59 - sundays)}
    assert shop.rows(statement) == scores
    assert shop.content("reading") == readings
    thinned = [day for (day,) in shop.rows(THINNED)]
    assert len(thinned) == counts["days"]
    assert all(day.isoweekday() != 7 and day < BEFORE for day in thinned)


def test_thinned_again_there_is_nothing_left_and_a_backfill_finds_its_rows_unchanged(shop):
    filled(shop)
    thin_before(shop.job, BEFORE)
    assert thin_before(shop.job, BEFORE) == {"days": 0, "receipts": 0}
    assert thin_before(shop.job, BEFORE, every=True)["receipts"] == 0
    rows = shop.content()
    shop.backfill(START, BEFORE, run_id="again")
    assert shop.content() == rows


def test_a_dry_run_counts_and_changes_nothing(shop):
    filled(shop)
    counts = thin_before(shop.job, BEFORE, dry_run=True)
    assert shop.rows(THINNED) == []
    assert thin_before(shop.job, BEFORE) == counts


def test_what_the_crm_was_sent_and_the_last_of_a_term_keep_their_receipts(shop):
    filled(shop)
    day = date(2026, 1, 13)
    run = pipeline.job.open_run(shop.job, "sent", str(day))
    shop.execute(
        "insert into health.crm_write (run_no, source, account_id, record_id, old_values,"
        " new_values) values (:run_no, 'hubspot', 8, '1008', '{}', '{}')",
        run_no=run.run_no,
    )
    shop.execute(
        "insert into health.frozen_snapshot (account_id, term_no, scorecard_id, revision, last_day,"
        " as_of, basis, snapshot_revision) values (9, 1, 1, 1, :day, :day, 'reconstructed', 0)",
        day=day,
    )
    thin_before(shop.job, BEFORE)
    kept = "select account_id from health.snapshot where as_of = :day and cardinality(points) > 0"
    assert shop.rows(kept + " order by 1", day=day) == [(8,), (9,)]


def test_killed_in_the_middle_it_goes_on(shop):
    filled(shop)
    with shop.process(THIN) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
    thin_before(shop.job, BEFORE)
    assert len(shop.rows(THINNED)) == 51


def test_the_daily_run_thins_only_where_the_settings_ask_for_it(shop):
    filled(shop)
    assert pipeline.thin(shop.job, "first", str(TODAY)) == {}
    asked = shop.with_settings(receipts=Receipts(thin_after_days=60))
    first = pipeline.thin(asked.job, "first", str(TODAY))
    assert first["receipts"] > 0
    assert pipeline.thin(asked.job, "first", str(TODAY)) == {"days": 0, "receipts": 0}


def test_a_thinned_score_can_still_be_taken_apart(shop):
    from include.reports import one_account
    from include.warehouse.database import transaction

    filled(shop)
    shop.run(TODAY, run_id="today")
    card, day = shop.job.cards[0], date(2026, 2, 3)
    with transaction(shop.engine) as connection:
        before = one_account.account_day(connection, [card], 5, day)
    thin_before(shop.job, BEFORE)
    assert shop.rows(THINNED)
    with transaction(shop.engine) as connection:
        assert one_account.account_day(connection, [card], 5, day) == before
    assert before[1]["origins"] == {"events": "from the facts", "tickets": "from the facts"}
