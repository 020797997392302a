"""A store with accounts, owners and published scores of several days, and the verb on top."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from include import pipeline
from include.canonical import canonical
from include.pipeline.cards import register
from include.pipeline.job import Job, read_deck
from include.play_settings import Plays
from include.scoring.score import score
from include.settings import ROOT, Settings, load_settings
from include.warehouse.database import transaction

DAY = date(2026, 3, 2)  # a Monday
MONTH = timedelta(days=30)

PLAYS = Plays(managers={"max@example.com": ("ann@example.com",)})
OWNERS = """
insert into core.owner (source, owner_id, email, name) values
('hubspot', '11', 'ann@example.com', 'Ann'), ('hubspot', '12', 'Max@example.com', 'Max')
"""
MONEY = "insert into core.money (currency, digits, max_age_days) values ('usd', 2, 7)"
ACCOUNTS = """
insert into core.account (source, source_account_id, name)
select 'hubspot', id, 'Kite ' || id from unnest(cast(:ids as text[])) as id
returning source_account_id, account_id
"""
ATTRIBUTE = """
insert into core.account_attribute (account_id, attribute, valid_from, value, origin)
values (:account_id, :attribute, '2025-01-01', :value, 'vendor')
"""
RUN = """
insert into health.run (run_id, kind, as_of) values (:run, 'daily', :day)
on conflict (run_id) do update set as_of = excluded.as_of returning run_no
"""
SNAPSHOT = """
insert into health.snapshot (
    account_id, as_of, scorecard_id, basis, revision, digest, run_no, score, coverage, band,
    change_30d, direction, categories, points, readings, drivers
) values (
    :account_id, :day, :card, 'live', 1, 0, :run_no, :score, 1, :band, :change_30d, 'stable',
    '{}', '{}', :readings, '{0}'
)
"""
PUBLICATION = """
insert into health.publication (as_of, scorecard_id, run_no) values (:day, :card, :run_no)
on conflict do nothing
"""


@dataclass
class Board:
    """What a test holds: the store, the job, and accounts by the CRM's id."""

    engine: Engine
    settings: Settings
    accounts: dict[str, int]

    @property
    def job(self) -> Job:
        deck = read_deck(self.settings)
        return Job(self.engine, self.settings, deck.live)

    def score(self, day: date, bands: dict[str, str], *, fell: float = 0.0, **also: Any) -> int:
        """Publish a day on which accounts have the lowest score that is in a band of retention.v1.

        Band unknown: no score. Returns the number of the day's run.
        """
        card = self.job.cards[0]
        lowest = {"red": 20.0, "yellow": 65.0, "green": 90.0, "unknown": None}
        readings = [measure.curve[0][0] for measure in card.measures]
        assert not np.isnan(score(np.array([readings]), card).score[0])
        with transaction(self.engine) as connection:
            number = register(connection, card)
            run_no = connection.execute(text(RUN), {"run": f"run {day}", "day": day}).scalar_one()
            connection.execute(text("select health.ensure_partitions(:day, :day)"), {"day": day})
            binds = {"day": day, "card": number, "run_no": run_no}
            for crm_id, band in bands.items():
                row = {
                    "account_id": self.accounts[crm_id], "score": lowest[band], "band": band,
                    "change_30d": -fell, "readings": readings,
                }  # fmt: skip
                connection.execute(text(SNAPSHOT), binds | row | also)
            connection.execute(text(PUBLICATION), binds)
        return run_no

    def plan(self, day: date) -> dict[str, int]:
        return pipeline.plan(self.job, f"run {day}", str(day))

    def rows(self, statement: str, **binds: Any) -> list[dict[str, Any]]:
        with transaction(self.engine) as connection:
            return [dict(row) for row in connection.execute(text(statement), binds).mappings()]

    @property
    def plans(self) -> list[dict[str, Any]]:
        return self.rows(
            "select account.source_account_id as crm_id, playbook.name as playbook, play.*"
            " from health.play join core.account using (account_id)"
            " join health.playbook using (playbook_id) order by play_id"
        )

    @property
    def steps(self) -> list[dict[str, Any]]:
        return self.rows("select * from health.play_step order by play_id, place")

    def contents(self) -> str:
        """All that the store has of plays, to compare."""
        plans = [{**row, "digest": ""} for row in self.plans]
        return canonical([[str(row) for row in plans], [str(row) for row in self.steps]])


@pytest.fixture
def board(store):
    """Three accounts: k1 and k2 are Ann's (k2 of the larger ARR), k3 nobody's."""
    settings = load_settings(ROOT / "health.yaml").model_copy(update={"plays": PLAYS})
    known = {
        "k1": {"owner": "11", "arr": "100", "currency": "usd", "renewal_date": "2026-09-01"},
        "k2": {"owner": "11", "arr": "900", "currency": "usd", "segment": "enterprise"},
        "k3": {"segment": "smb"},
    }
    with transaction(store) as connection:
        connection.execute(text(OWNERS))
        connection.execute(text(MONEY))
        rows = connection.execute(text(ACCOUNTS), {"ids": list(known)})
        accounts = {row.source_account_id: row.account_id for row in rows}
        for crm_id, attributes in known.items():
            for name, value in attributes.items():
                binds = {"account_id": accounts[crm_id], "attribute": name, "value": value}
                connection.execute(text(ATTRIBUTE), binds)
    return Board(store, settings, accounts)
