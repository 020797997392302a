"""A store with customers and their series, and a job with small scorecards over them."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from include import pipeline
from include.pipeline.job import Job
from include.scoring.scorecard import load_scorecard
from include.settings import load_settings
from include.warehouse.database import transaction

ROOT = Path(__file__).parents[3]
FIRST, TODAY = date(2025, 10, 1), date(2026, 3, 31)
ACCOUNTS = 30
EVENTS = "{ op: sum, series: events, window: 7, history: 7 }"
TICKETS = "{ op: level, series: tickets_open }"
MEETINGS = "{ op: days_since_last, series: meetings_held, never: since_known }"
MEASURE = """
      - name: {name}
        label: {name}
        weight: 1
        unit: units
        why: For the test.
        good: many
        reading: {reading}
        curve: {curve}"""
CARD = """
name: plain
version: {version}
title: Plain
outcome: retention
charter: [adopt]
owner: Nobody
approvers: [Nobody]
min_coverage: 0.2
bands:
  - {{ name: red, from: 0, colour: "#c62828", action: Act. }}
  - {{ name: green, from: 50, colour: "#2e7d32", action: Wait. }}
categories:
  - name: all
    weight: 1
    measures:{measures}
"""
FACTS = """
insert into core.account (source, source_account_id, name, segment, lifecycle, created_at)
select 'hubspot', (1000 + n)::text, 'Company ' || n,
    case when n % 3 = 0 then 'Enterprise' else 'Mid' end, 'customer', '2025-10-01'
from generate_series(1, {accounts}) as n order by n;
insert into core.term (account_id, term_no, first_day, origin, spans)
select account_id, 1, date '2025-10-01', 'lifecycle', datemultirange(daterange('2025-10-01', null))
from core.account;
insert into health.known_from (account_id, role, day)
select account_id, role, date '2025-10-01' + account_id % 7
from core.account, unnest(array['crm', 'usage', 'support']) as role;
"""
DAY = """
insert into health.account_day (series_id, account_id, day, value)
select series_id, :account, cast(:day as date), :value from health.series where name = :name
on conflict (series_id, account_id, day) do update set value = excluded.value
"""


def card_text(version: int, **readings: str) -> str:
    curves = {"events": "[[0, 0], [40, 100]]", "tickets": "[[0, 100], [9, 0]]"}
    measures = "".join(
        MEASURE.format(name=name, reading=reading, curve=curves.get(name, "[[0, 100], [90, 0]]"))
        for name, reading in readings.items()
    )
    return CARD.format(version=version, measures=measures)


@dataclass(frozen=True)
class Shop:
    """One installation: its store, and verbs as the DAGs call them."""

    job: Job
    folder: Path

    @property
    def engine(self) -> Engine:
        return self.job.engine

    def run(self, day, *, run_id=None, kind="daily"):
        """Do the scoring part of a daily run; a live day is published."""
        run_id = run_id or f"{kind} {day}"
        pipeline.job.open_run(self.job, run_id, str(day), kind)
        shards = pipeline.shards(self.job)
        for verb in (pipeline.fill_history, pipeline.read, pipeline.score):
            for shard in shards:
                verb(self.job, run_id, str(day), shard)
        return pipeline.publish(self.job, run_id, str(day))

    def asked(self, first, last=None, *, card="plain.v1", accounts="", facts=False, dry_run=False):
        return {
            "first": str(first), "last": str(last or first), "scorecard": card,
            "accounts": accounts, "readings": "from the facts" if facts else "as known then",
            "dry_run": str(dry_run),
        }  # fmt: skip

    def backfill(self, first, last=None, *, run_id="backfill", shuffled=False, **asked):
        entered = self.asked(first, last, **asked)
        parts = pipeline.parts(self.job, run_id, entered)
        if shuffled:
            parts = [parts[n] for n in np.random.default_rng(1).permutation(len(parts))]
        for part in parts:
            pipeline.fill(self.job, run_id, entered, part)
        pipeline.close(self.job, run_id, entered)
        return parts

    def happens(self, day, account=1, name="events", value=1.0):
        with transaction(self.engine) as connection:
            binds = {"day": day, "account": account, "name": name, "value": value}
            connection.execute(text(DAY), binds)

    def rows(self, statement, **binds):
        with transaction(self.engine) as connection:
            return [tuple(row) for row in connection.execute(text(statement), binds)]

    def execute(self, statement, **binds):
        with transaction(self.engine) as connection:
            connection.execute(text(statement), binds)

    def content(self, table="snapshot", where="true"):
        """Return every row of readings or snapshots by what it says, without who wrote it when."""
        return self.rows(
            f"select as_of, account_id, basis, revision, digest from health.{table}"
            f" where {where} order by 1, 2, 3, 4"
        )

    def with_settings(self, **changes):
        settings = self.job.settings.model_copy(update=changes)
        return replace(self, job=replace(self.job, settings=settings))

    def with_card(self, version, **readings):
        """Save another card: the first one is live, the others are shadows beside it."""
        path = self.folder / f"plain.v{version}.yaml"
        path.write_text(card_text(version, **readings))
        first, *others = (*self.job.deck.all, load_scorecard(path))
        return replace(self, job=replace(self.job, cards=(first,), shadows=tuple(others)))

    def environment(self):
        """Write settings to a file, without plays of other cards; return what tells a process."""
        settings = self.folder / "health.yaml"
        live, *others = sorted(str(path) for path in self.folder.glob("plain.v*.yaml"))
        cards = f"[{live}]\nshadow_scorecards: [{', '.join(others)}]"
        plain = re.sub(r"playbooks:.*\n(  .*\n)+", "", (ROOT / "health.yaml").read_text())
        shards = f"shard_accounts: {self.job.settings.shard_accounts}"
        settings.write_text(
            plain.replace("[scorecards/retention.v1.yaml]", cards).replace(
                "shard_accounts: 24576", shards
            )
        )
        address = self.engine.url.render_as_string(hide_password=False)
        return {"HEALTH_SETTINGS": str(settings), "HEALTH_DATABASE_URL": address}

    def process(self, program, *arguments):
        """Start Python on the store and the settings."""
        return subprocess.Popen(
            [sys.executable, "-c", program, *arguments], text=True, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | self.environment(),
        )  # fmt: skip


@pytest.fixture
def shop(store: Engine, tmp_path: Path) -> Shop:
    return open_shop(store, tmp_path)


def open_shop(store: Engine, folder: Path) -> Shop:
    """Thirty customers with half a year of use, tickets and meetings, on one card; always the same.

    store: with a schema and no rows.
    """
    generator = np.random.default_rng(7)
    with transaction(store) as connection:
        connection.execute(text(FACTS.format(accounts=ACCOUNTS)))
        days = connection.scalars(
            text("select d::date from generate_series(date '2025-10-01', '2026-03-31', '1 day') d")
        ).all()
        rows = [
            {"name": name, "account": account, "day": day, "value": float(value)}
            for account in range(1, ACCOUNTS + 1)
            for name, share, values in (
                ("events", 0.5, generator.integers(1, 9, len(days))),
                ("tickets_open", 0.1, generator.integers(0, 2, len(days))),
                ("meetings_held", 0.05, np.ones(len(days))),
            )
            for day, value in zip(days, values, strict=True)
            if generator.random() < share
        ]
        connection.execute(text(DAY), rows)
    settings = load_settings().model_copy(update={"history_days": 0})
    return Shop(Job(store, settings, ()), folder).with_card(1, events=EVENTS, tickets=TICKETS)
