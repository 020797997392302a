"""A store with three accounts, and overrides of them entered on days of our choice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from include.warehouse.database import transaction
from include.warehouse.overrides import Override, add

ACCOUNTS = """
insert into core.account (source, source_account_id, name, created_at)
select 'hubspot', (100 + n)::text, 'Company ' || n, '2025-01-01' from generate_series(1, 3) as n
returning account_id
"""
ENTERED = "update health.override set entered_at = :at where override_id = :id"


@pytest.fixture
def accounts(store):
    with transaction(store) as connection:
        return list(connection.scalars(text(ACCOUNTS)))


@pytest.fixture
def enter(store, accounts):
    """Enter an override; entered: the day on which somebody did, which the store only knows now."""

    def run(account=0, *, first=date(2026, 3, 1), days=30, entered=None, **changed):
        wish = {
            "scorecard": None, "to": 40.0, "factor": None, "may_raise": False, "second": None,
            "reason": "acquired", "evidence": "Bought by a rival.", "author": "Jo",
        } | changed  # fmt: skip
        override = Override(
            account_id=accounts[account], first_day=first,
            last_day=first + timedelta(days=days - 1), **wish,
        )  # fmt: skip
        with transaction(store) as connection:
            number = add(connection, override)
            connection.execute(text("alter table health.override disable trigger keep"))
            connection.execute(text(ENTERED), {"at": entered or first, "id": number})
            connection.execute(text("alter table health.override enable trigger keep"))
        return number

    return run
