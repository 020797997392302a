"""Series brought up to date by several at once, while facts go on arriving."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from include.warehouse.database import query
from include.warehouse.rollup import WINDOWS, note_touched, roll_up, statement_binds
from include.warehouse.series_check import check_series, pending

from .conftest import company, usage

ACCOUNTS = [str(number) for number in range(100, 140)]
# Somebody comes back, somebody new comes, a day is taken back: each account in its own way.
EDITS = (
    "update core.usage_day set users = array_append(users, 'late') where account_key::int % 3 = 0",
    "update core.usage_day set day = day + 3 where account_key::int % 4 = 1",
    "delete from core.usage_day where account_key::int % 5 = 2",
    "update core.usage_day set events = events + 2, users = '{bob}' where account_key::int % 2 = 0",
)

WAITING = """
select count(*) from pg_locks
where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())
"""


@pytest.fixture
def is_whole(store, settings):
    """Whether the store's series are what all days at once give, with nothing left to do."""

    def run():
        with store.begin() as connection:
            binds = statement_binds(settings, WINDOWS)
            checked = list(check_series(connection, binds, accounts=None))
            return not pending(connection) and not any(one.differences for one in checked)

    return run


def test_many_ranges_roll_ups_and_edits_at_the_same_time_lose_nothing(
    store, settings, conformed, is_whole
):
    days = [usage("2026-02-01", key=key, users=["ann"]) for key in ACCOUNTS]
    conformed(companies=[company(key) for key in ACCOUNTS], usage_day=days)

    def edit(statement):
        with store.begin() as connection:
            connection.execute(text(statement))
        return roll_up(store, settings, shard_days=100)  # some ten ranges, not one

    with ThreadPoolExecutor(len(EDITS)) as pool:
        counts = list(pool.map(edit, EDITS))
    assert sum(one["written"] for one in counts) > 40
    roll_up(store, settings)
    assert is_whole()
    assert roll_up(store, settings) == {"written": 0, "removed": 0}


def test_nobody_notes_what_is_touched_while_a_range_is_computed_but_others_compute_theirs(
    store, settings
):
    with ThreadPoolExecutor(1) as pool:
        with store.begin() as busy, store.begin() as other:
            for connection in (busy, other):
                connection.execute(query("rollup/lock_shared"))
            noting = pool.submit(note_touched, store, settings)
            while not other.execute(text(WAITING)).scalar_one():
                assert not noting.done()
        noting.result(timeout=120)
