"""A shop to which bad things happen, and what its store would hold had they not."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from include.errors import RetryLater
from tests.database.conftest import lend
from tests.database.histories.conftest import TODAY, Shop, open_shop

YESTERDAY = TODAY - timedelta(days=1)
TRIES, PAUSE_S = 1_200, 0.1


def until_done(work):
    """Do it again while it may succeed later, as the scheduler does."""
    for _ in range(TRIES):
        try:
            return work()
        except RetryLater:
            time.sleep(PAUSE_S)
    raise AssertionError(f"not done after {TRIES} tries")


@dataclass(frozen=True)
class Told:
    """What people and the next run see: scores, readings, what is published."""

    snapshots: list
    readings: list
    published: list


def told(shop: Shop) -> Told:
    published = shop.rows("select as_of, scorecard_id from health.publication order by 1, 2")
    return Told(shop.content(), shop.content("reading"), published)


@pytest.fixture(scope="module")
def undisturbed(server, migrated, tmp_path_factory) -> dict[str, Told]:
    """What is told after yesterday's run and after today's, where nothing happened."""
    stores = lend(server, migrated)
    shop = open_shop(next(stores), tmp_path_factory.mktemp("undisturbed"))
    shop.run(YESTERDAY)
    before = told(shop)
    shop.run(TODAY)
    after = told(shop)
    next(stores, None)
    assert (len(before.snapshots), len(after.snapshots)) == (30, 60)
    return {"yesterday": before, "today": after}


@pytest.fixture
def shop(store, tmp_path: Path) -> Shop:
    """The shop after yesterday's run."""
    shop = open_shop(store, tmp_path)
    shop.run(YESTERDAY)
    return shop


def run_errors(shop: Shop) -> list[str]:
    """What `health runs` and `health doctor` say of runs that failed."""
    statement = text("select error from health.run where state = 'failed' order by run_no")
    with shop.engine.connect() as connection:
        return list(connection.scalars(statement))
