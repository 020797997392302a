"""Customers with a rhythm of weeks, and the scoring part of a day with its watch."""

from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import text

from include import pipeline
from include.pipeline.job import Job, open_run
from include.settings import load_settings
from include.warehouse.database import transaction
from tests.database.histories.conftest import ACCOUNTS, FACTS, TICKETS, Shop

TODAY = date(2026, 3, 3)  # a Tuesday
ROWS = """
insert into health.account_day (series_id, account_id, day, value)
select series_id, account, day, value
from unnest(
    cast(:accounts as integer[]), cast(:days as date[]), cast(:names as text[]),
    cast(:values as float8[])
) as happened (account, day, name, value)
inner join health.series using (name)
"""
MEAN = "{ op: mean_per_day, series: events, window: 28 }"


class Watched(Shop):
    def run(self, day, *, run_id=None, kind="daily"):
        run_id = run_id or f"{kind} {day}"
        open_run(self.job, run_id, str(day), kind)
        pipeline.fill_history(self.job, run_id, str(day))
        pipeline.read(self.job, run_id, str(day))
        counts = pipeline.watch(self.job, run_id, str(day))
        pipeline.score(self.job, run_id, str(day))
        pipeline.publish(self.job, run_id, str(day))
        return counts

    def doubles(self, first, days=10):
        """Let the source of events report on and after a day what it is, twice over."""
        self.execute(
            "update health.account_day set value = 2 * value from health.series"
            " where account_day.series_id = series.series_id and name = 'events'"
            " and day between :first and :last",
            first=first, last=first + timedelta(days=days - 1),
        )  # fmt: skip

    def readings(self, day, account=1):
        """Every revision of an account's reading of events, the oldest first."""
        return [
            row[0]
            for row in self.rows(
                "select readings[1] from health.reading where as_of = :day"
                " and account_id = :account and basis = 'live' order by revision",
                day=day, account=account,
            )
        ]  # fmt: skip


@pytest.fixture
def shop(store, tmp_path):
    """Thirty-one customers with some months of use: much on weekdays, little at weekends."""
    draw = np.random.default_rng(7)
    with transaction(store) as connection:
        connection.execute(text(FACTS.format(accounts=ACCOUNTS + 1)))
        start = date(2025, 12, 1)
        rows = []
        for account in range(1, ACCOUNTS + 2):
            for n in range((date(2026, 3, 15) - start).days + 1):
                day = start + timedelta(days=n)
                usual = account + 5 if day.weekday() < 5 else 1
                tickets = draw.random() < 0.1
                rows.append((account, day, "events", float(draw.poisson(usual))))
                rows += [(account, day, "tickets_open", float(draw.integers(0, 2)))] * tickets
        accounts, days, names, values = zip(*rows, strict=True)
        connection.execute(
            text(ROWS),
            {
                "accounts": list(accounts), "days": list(days), "names": list(names),
                "values": list(values),
            },
        )  # fmt: skip
    settings = load_settings().model_copy(update={"history_days": 31})
    plain = Watched(Job(store, settings, ()), tmp_path)
    return plain.with_card(1, events=MEAN, tickets=TICKETS)


@pytest.fixture
def held(shop):
    """The same on the day after its source began to double its numbers."""
    shop.run(TODAY - timedelta(days=1))
    shop.doubles(TODAY)
    shop.run(TODAY)
    return shop
