"""A store with a day of scores that one run computed, as the job writes them."""

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import Engine, text

from include import pipeline
from include.pipeline.cards import register
from include.pipeline.job import Job
from include.pipeline.spans import number
from include.pipeline.verify import verify
from include.scoring.score import score
from include.scoring.scorecard import parse_scorecard
from include.scoring.trend import DIRECTIONS, trend
from include.settings import load_settings
from include.warehouse.database import transaction
from include.warehouse.snapshots import SnapshotRows, store_readings, store_snapshots
from tests.database.typed import ROOT, health_on

__all__ = ["ROOT"]

DAY = date(2026, 3, 30)
ACCOUNTS = 40
CARD = """
name: small
version: 1
title: Small <b>& safe</b>
outcome: retention
charter: [adopt]
owner: Nobody
approvers: [Nobody]
min_coverage: 0.3
bands:
  - {{ name: red, from: 0, colour: "#c62828", action: Act. }}
  - {{ name: green, from: 50, colour: "#2e7d32", action: Wait. }}
categories:
  - name: use
    weight: 2
    measures:{use}
  - name: help
    weight: 1
    measures:{help}
"""
MEASURE = """
      - name: {name}
        label: {name} <i>
        weight: {weight}
        unit: units
        why: For the test.
        good: many
        reading: {{ op: sum, series: {series}, window: 7 }}
        curve: {curve}"""
SMALL = CARD.format(
    use=MEASURE.format(name="events", weight=3, series="events", curve="[[0, 0], [40, 100]]")
    + MEASURE.format(name="meetings", weight=1, series="meetings_held", curve="[[0, 0], [7, 90]]"),
    help=MEASURE.format(
        name="tickets", weight=1, series="tickets_opened", curve="[[0, 100], [9, 0]]"
    ),
)
FACTS = """
insert into core.account (source, source_account_id, name, lifecycle, created_at)
select 'hubspot', (1000 + n)::text, 'Company <' || n || '>', 'customer', '2025-10-01'
from generate_series(1, {accounts}) as n order by n
"""


@dataclass(frozen=True)
class Book:
    """A store, its job, and its rows: changed by hand where a test wants them wrong."""

    job: Job

    @property
    def engine(self) -> Engine:
        return self.job.engine

    @property
    def card(self):
        return self.job.cards[0]

    def fill(self, *, basis="live", day=DAY, card=None, seed=1, run_id="run"):
        """Store readings and scores of a day, a third of the readings unknown."""
        card = card or self.card
        generator = np.random.default_rng(seed)
        readings = generator.uniform(0, 30, (ACCOUNTS, len(card.measures))).round(2)
        readings[generator.random(readings.shape) < 0.3] = np.nan
        run = pipeline.job.open_run(self.job, run_id, str(day))
        scores = score(readings, card)
        past = np.column_stack([generator.uniform(0, 100, (ACCOUNTS, 90)), scores.score])
        moved = {one.name: getattr(trend(past), one.name)[:, 0] for one in fields(trend(past))}
        accounts = np.arange(1, ACCOUNTS + 1, dtype=np.int32)
        days = np.full(ACCOUNTS, number(day), np.int32)
        with transaction(self.engine) as connection:
            who = {
                "scorecard_id": register(connection, card), "basis": basis, "run_no": run.run_no,
                "account_ids": accounts, "as_of_days": days,
            }  # fmt: skip
            store_readings(connection, readings=readings, **who)
            rows = SnapshotRows(
                **who, bands=[band.name for band in card.bands], directions=DIRECTIONS,
                change_7d=moved["change_7"], change_30d=moved["change_30"],
                change_90d=moved["change_90"], slope_30d=moved["slope"],
                direction=moved["direction"], readings=readings,
                **{one.name: getattr(scores, one.name) for one in fields(scores)
                   if one.name != "costs"},
            )  # fmt: skip
            store_snapshots(connection, rows)
        return run

    def publish(self, run, day=DAY):
        self.execute(
            "insert into health.publication (as_of, scorecard_id, run_no)"
            " select :day, scorecard_id, :run_no from health.scorecard",
            day=day, run_no=run.run_no,
        )  # fmt: skip

    def execute(self, statement, **binds):
        with transaction(self.engine) as connection:
            return connection.execute(text(statement), binds).rowcount

    def tamper(self, change, *, account=7, table="snapshot"):
        """Change one stored row by hand."""
        statement = f"update health.{table} set {change} where account_id = :account"
        assert self.execute(statement, account=account) == 1

    def verify(self, *days, **only):
        return verify(self.job, days or [DAY], **only)

    def with_card(self, text_):
        return replace(self, job=replace(self.job, cards=(parse_scorecard(text_, "small"),)))


@pytest.fixture
def book(store: Engine) -> Book:
    with transaction(store) as connection:
        connection.execute(text(FACTS.format(accounts=ACCOUNTS)))
    settings = load_settings()
    return Book(Job(store, settings, (parse_scorecard(SMALL, "small"),)))


@pytest.fixture
def health(book, tmp_path):
    """Type a command to the store of `book`."""
    return health_on(book.engine, tmp_path)
