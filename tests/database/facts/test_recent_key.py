"""The small key of the newest months of series."""

from datetime import date

import pytest
from sqlalchemy import text

from include.warehouse.database import transaction
from include.warehouse.rollup import keep_recent_key

KEYS = """
select indexname, substring(indexdef from 'day >= ''([0-9-]+)')
from pg_indexes where tablename = 'account_day' and indexname like '%since%'
"""


@pytest.fixture
def keys(store):
    def found():
        with transaction(store) as connection:
            return [tuple(row) for row in connection.execute(text(KEYS))]

    return found


def test_it_holds_four_to_five_months_and_moves_once_a_month(store, keys):
    assert keys() == []
    for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 30)):
        keep_recent_key(store, newest=day)
        assert keys() == [("account_day_since_2025_12", "2025-12-01")]
    keep_recent_key(store, newest=date(2026, 5, 1))
    assert keys() == [("account_day_since_2026_01", "2026-01-01")]


def test_an_older_day_does_not_move_it_back(store, keys):
    keep_recent_key(store, newest=date(2026, 5, 1))
    keep_recent_key(store, newest=date(2024, 5, 1))
    assert keys() == [("account_day_since_2026_01", "2026-01-01")]


def test_while_others_are_at_work_it_is_left_to_the_next_night(store, keys):
    with transaction(store) as busy:
        busy.execute(text("select pg_advisory_xact_lock_shared(hashtext('health roll up'))"))
        keep_recent_key(store, newest=date(2026, 5, 1))
    assert keys() == []
    keep_recent_key(store, newest=date(2026, 5, 1))
    assert len(keys()) == 1
