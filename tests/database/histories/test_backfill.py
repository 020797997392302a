"""Past days computed later: in any order, side by side, killed and resumed, the same rows."""

import json
import random
import signal
import time
from datetime import date, timedelta

import pytest

from include import pipeline
from include.errors import FixConfig
from tests.database.histories.conftest import TODAY

START = date(2026, 1, 10)
FILL = """
import json, sys
from include import pipeline
job, asked = pipeline.open_job(), json.loads(sys.argv[1])
print("begun", flush=True)
for part in pipeline.parts(job, "backfill", asked)[int(sys.argv[2]) :: int(sys.argv[3])]:
    pipeline.fill(job, "backfill", asked, part)
"""
DAILY = """
import sys
from include import pipeline
job = pipeline.open_job()
print("begun", flush=True)
for shard in pipeline.shards(job):
    pipeline.read(job, "today", sys.argv[1], shard)
for shard in pipeline.shards(job):
    pipeline.score(job, "today", sys.argv[1], shard)
pipeline.publish(job, "today", sys.argv[1])
"""


@pytest.fixture
def cut(shop):
    """The shop in four shards, after a daily run: what comes later than that is no past."""
    cut = shop.with_settings(shard_accounts=8)
    pipeline.job.open_run(cut.job, "first", str(TODAY))
    return cut


def forget(shop):
    shop.execute("truncate health.reading, health.snapshot")


def test_parts_are_months_by_shards(cut):
    parts = cut.backfill(START, TODAY)
    assert len(parts) == 3 * 4
    assert {(part["first"], part["last"]) for part in parts} == {
        ("2026-01-10", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31"),
    }  # fmt: skip
    days = (TODAY - START).days + 1
    assert len(cut.content()) == len(cut.content("reading")) == 30 * days
    run = cut.rows("select kind, as_of, state from health.run where run_id = 'backfill'")
    assert run == [("backfill", TODAY, "success")]


def test_the_order_of_the_parts_does_not_matter_nor_how_they_are_cut(cut, shop):
    cut.backfill(START, TODAY, shuffled=True)
    rows = cut.content()
    trends = cut.rows("select count(*) from health.snapshot where change_90d is not null")
    assert trends[0][0] > 1000, "also the first days have a trend"
    forget(cut)
    shop.backfill(START, TODAY)
    assert shop.content() == rows


def test_airflow_s_own_backfill_of_the_daily_run_gives_the_same_rows(cut):
    """Requirement 000-22."""
    days = [START + timedelta(days=n) for n in range(3)]
    cut.backfill(days[0], days[-1])
    rows = cut.content(), cut.content("reading")
    forget(cut)
    for day in reversed(days):
        assert cut.run(day, kind="backfill") == {"held": 1}
    assert (cut.content(), cut.content("reading")) == rows


def test_again_it_writes_nothing(cut):
    cut.backfill(START, TODAY)
    rows = cut.content()
    cut.backfill(START, TODAY, run_id="again")
    assert cut.content() == rows
    assert cut.rows(
        "select distinct run_id from health.snapshot join health.run using (run_no)"
    ) == [("backfill",)]


def test_killed_at_any_point_and_resumed_it_comes_to_the_same(cut):
    cut.backfill(START, TODAY)
    rows = cut.content(), cut.content("reading")
    forget(cut)
    chance = random.Random(4)
    entered = json.dumps(cut.asked(START, TODAY))
    ended = []
    for _ in range(4):
        with cut.process(FILL, entered, "0", "1") as process:
            assert process.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0, 0.6))
            process.send_signal(signal.SIGKILL)
        ended.append(process.returncode)
    assert -signal.SIGKILL in ended
    cut.backfill(START, TODAY)
    assert (cut.content(), cut.content("reading")) == rows
    assert {row[3] for row in cut.content()} == {0}


def test_two_workers_at_once_come_to_the_same_as_one(cut):
    cut.backfill(START, TODAY)
    rows = cut.content(), cut.content("reading")
    forget(cut)
    entered = json.dumps(cut.asked(START, TODAY))
    workers = [cut.process(FILL, entered, str(n), "2") for n in range(2)]
    assert [worker.wait(timeout=600) for worker in workers] == [0, 0]
    assert (cut.content(), cut.content("reading")) == rows


def test_a_daily_run_at_the_same_time_disturbs_nothing_and_is_not_disturbed(cut):
    cut.run(TODAY - timedelta(days=1))
    cut.backfill(START, TODAY)
    cut.run(TODAY, run_id="today")
    rows = cut.content(), cut.content("reading")
    forget(cut)
    cut.execute("delete from health.publication where as_of = :day", day=TODAY)
    cut.run(TODAY - timedelta(days=1))
    backfill = cut.process(FILL, json.dumps(cut.asked(START, TODAY)), "0", "1")
    assert backfill.stdout.readline() == "begun\n"
    daily = cut.process(DAILY, str(TODAY))
    assert [daily.wait(timeout=600), backfill.wait(timeout=600)] == [0, 0]
    live = [[row for row in table if row[2] == "live"] for table in rows]
    assert [cut.content(where="basis = 'live'")[:30], cut.content("reading", "basis = 'live'")] == [
        live[0][:30], live[1],
    ]  # fmt: skip
    past = "basis = 'reconstructed'"
    assert cut.content("reading", past) == [row for row in rows[1] if row[2] == "reconstructed"]
    assert cut.content(where=past) == [row for row in rows[0] if row[2] == "reconstructed"]


def test_a_part_that_fails_is_the_run_s_state_until_it_is_done(cut):
    entered = cut.asked(START, TODAY)
    parts = pipeline.parts(cut.job, "backfill", entered)
    cut.execute("alter table health.snapshot rename to elsewhere")
    with pytest.raises(Exception, match="snapshot"):
        pipeline.fill(cut.job, "backfill", entered, parts[0])
    cut.execute("alter table health.elsewhere rename to snapshot")
    pipeline.fill(cut.job, "backfill", entered, parts[1])
    state = "select state, error from health.run where run_id = 'backfill'"
    assert cut.rows(state)[0][0] == "failed"
    assert cut.rows(state)[0][1].startswith("read plain.v1 2026-01-10..2026-01-31 accounts 0..7: ")
    pipeline.fill(cut.job, "backfill", entered, parts[0])
    assert cut.rows(state) == [("running", None)]


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(cut):
    tables = cut.rows(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('core', 'health', 'raw') and table_type = 'BASE TABLE'"
    )
    counts = [f"select count(*) from {schema}.{name}" for schema, name in tables]
    before = [cut.rows(count) for count in counts]
    entered = cut.asked(START, TODAY, dry_run=True)
    days = (TODAY - START).days + 1
    assert pipeline.estimate(cut.job, entered) == {
        "days": days, "months": 3, "shards": 4, "parts": 12, "accounts": 30,
        "account_days": 30 * days, "existing_readings": 0, "existing_snapshots": 0,
        "missing_rows": 2 * 30 * days,
    }  # fmt: skip
    assert pipeline.parts(cut.job, "dry", entered) == []
    assert len(before) > 20
    assert [cut.rows(count) for count in counts] == before


def test_an_estimate_counts_what_there_is_already(cut):
    cut.backfill(TODAY - timedelta(days=1), TODAY)
    found = pipeline.estimate(cut.job, cut.asked(TODAY - timedelta(days=2), TODAY))
    assert (found["existing_readings"], found["missing_rows"]) == (60, 60)


def test_only_the_chosen_accounts_are_computed(cut):
    cut.backfill(TODAY, accounts="1003, 1029")
    assert [row[1] for row in cut.content()] == [3, 29]
    cut.backfill(TODAY, accounts="segment:enterprise", run_id="second")
    assert [row[1] for row in cut.content()] == [*range(3, 30, 3), 29, 30]
    chosen = cut.content()
    cut.backfill(TODAY, run_id="all")
    assert set(chosen) < set(cut.content())


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"accounts": "1003, 77777, nobody"}, "No account is meant by 77777, nobody"),
        ({"accounts": "segment:Huge"}, "No account is meant by huge"),
        ({"card": "plain.v9"}, r"no scorecard plain\.v9; it has plain\.v1"),
        ({"last": date(2026, 4, 1)}, "newest day that was run is 2026-03-31"),
        ({"last": date(2025, 12, 31)}, r"ends \(2025-12-31\) before it begins"),
    ],
)
def test_what_cannot_be_meant_is_refused(cut, entered, said):
    asked = cut.asked(START, entered.pop("last", TODAY), **entered)
    for verb in (lambda: pipeline.estimate(cut.job, asked),
                 lambda: pipeline.parts(cut.job, "r", asked)):  # fmt: skip
        with pytest.raises(FixConfig, match=said):
            verb()


def test_an_account_id_that_is_no_crm_id_is_understood_too(cut):
    cut.backfill(TODAY, accounts="7")
    assert [row[1] for row in cut.content()] == [7]


def test_no_past_reading_changes_when_the_future_does(cut):
    middle = date(2026, 2, 15)
    cut.backfill(START, TODAY)
    before = cut.content(where=f"as_of <= '{middle}'")
    chance = random.Random(9)
    for account in range(1, 31):
        later = middle + timedelta(days=chance.randint(1, 40))
        cut.happens(later, account, "events", chance.uniform(0, 900))
        cut.happens(later, account, "tickets_open", chance.choice([-3, 5]))
    cut.backfill(START, TODAY, run_id="again")
    assert cut.content(where=f"as_of <= '{middle}'") == before
    assert len(cut.content(where="revision = 1")) > 100


def test_shards_stay_the_same_when_accounts_come_in(cut):
    shards = pipeline.shards(cut.job)
    assert len(shards) == 4
    cut.execute("insert into core.account (source, source_account_id) values ('hubspot', 'new')")
    assert pipeline.shards(cut.job)[:4] == shards


def test_one_shard_is_enough_for_few_accounts(shop):
    assert pipeline.shards(shop.job) == [{"first_account": 0, "last_account": 2**31 - 1}]


def test_history_is_filled_once_also_after_a_kill(shop):
    long = shop.with_settings(history_days=40, shard_accounts=16)
    shards = pipeline.shards(long.job)
    pipeline.fill_history(long.job, "first", str(TODAY), shards[0])  # the second one was killed
    long.run(TODAY)
    assert len(long.content(where="basis = 'reconstructed'")) == 30 * 40
    again = [pipeline.fill_history(long.job, "next", str(TODAY), shard) for shard in shards]
    assert again == [{}, {}]


def test_without_any_customer_there_is_nothing_to_do(cut):
    cut.execute("delete from core.term")
    cut.backfill(START, TODAY)
    assert cut.content() == cut.content("reading") == []
