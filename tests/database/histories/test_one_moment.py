"""A block is read and scored as of one moment: what commits meanwhile is in it whole or not at all.

Each test lets the job look at the first tables, holds the next one until something has changed in
both, and lets it go on.
"""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from include.warehouse.database import transaction
from tests.database.histories.conftest import TODAY
from tests.patience import wait_until

WAITING = """
select count(*) from pg_locks
where locktype = 'relation' and not granted
    and database = (select oid from pg_database where datname = current_database())
"""
NO_CUSTOMER = (
    "delete from core.term where account_id = 3",
    "delete from health.known_from where account_id = 3",
)
CAPPED = """
insert into health.override
    (account_id, to_score, reason, evidence, author, valid_from, valid_to)
values (3, 1, 'risk', 'A call.', 'kim@example.org', :day, :day)
"""
ROWS = "select revision, {} from health.{} where account_id = 3 order by 1"


def backfill_while(shop, table, *statements):
    """Hold a table until the backfill waits for it; then change the store, and let it go on."""

    def is_waited_for():
        with transaction(shop.engine) as connection:
            return connection.scalar(text(WAITING)) > 0

    with ThreadPoolExecutor(1) as pool:
        with transaction(shop.engine) as connection:
            connection.execute(text(f"lock table {table}"))
            work = pool.submit(shop.backfill, TODAY, run_id="first")
            wait_until(is_waited_for, f"the job to look at {table}")
            for statement in statements:
                connection.execute(text(statement), {"day": TODAY})
        work.result()


def test_an_account_that_goes_while_it_is_read_has_its_whole_reading_or_none(shop):
    shop.run(TODAY)
    live = shop.rows(ROWS.format("readings", "reading"))
    backfill_while(shop, "health.known_from", *NO_CUSTOMER)
    assert shop.rows(ROWS.format("readings", "reading")) == live * 2


def test_a_score_knows_nothing_that_was_entered_after_its_readings_were_loaded(shop):
    shop.run(TODAY)
    live = shop.rows(ROWS.format("score", "snapshot"))
    backfill_while(shop, "health.override", CAPPED)
    assert shop.rows(ROWS.format("score", "snapshot")) == live * 2
    shop.backfill(TODAY, run_id="second")
    assert shop.rows(ROWS.format("score", "snapshot")) == [*live * 2, (1, 1.0)]
