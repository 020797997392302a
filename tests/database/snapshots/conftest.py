"""A store with one scorecard, and rows to put into it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, text

from include.warehouse.database import transaction
from include.warehouse.intern import Coded
from include.warehouse.snapshots import (
    NEVER,
    THE_DAYS,
    SnapshotRows,
    Standing,
    Stored,
    register_scorecard,
    store_readings,
    store_snapshots,
)

EPOCH = date(1970, 1, 1)
DAY = 20_500  # 2026-02-16


@dataclass(frozen=True)
class Desk:
    store: Engine
    card: int
    day: int = DAY

    def readings(self, readings, *, first_account=1, day=DAY, basis="live"):
        matrix = np.asarray(readings, float)
        accounts = np.arange(first_account, first_account + len(matrix), dtype=np.int32)
        return {
            "run_no": 1, "scorecard_id": self.card, "basis": basis, "account_ids": accounts,
            "as_of_days": np.full(len(matrix), day, np.int32), "readings": matrix,
        }  # fmt: skip

    def snapshots(self, accounts: int = 3, *, day: int = DAY, basis: str = "live"):
        """Build rows in which every column has values that no other has, and gaps."""
        generator = np.random.default_rng(1)

        def some(*shape):
            values = generator.uniform(0, 100, (accounts, *shape))
            values[::3] = np.nan
            return values

        return SnapshotRows(
            scorecard_id=self.card, basis=basis, run_no=1,
            account_ids=np.arange(1, accounts + 1, dtype=np.int32),
            as_of_days=np.full(accounts, day, np.int32),
            score=some(), raw=some(), floor=some(), ceiling=some(),
            coverage=generator.random(accounts),
            band=generator.integers(-1, 3, accounts), bands=["red", "yellow", "green"],
            change_7d=some(), change_30d=some(), change_90d=some(), slope_30d=some(),
            direction=generator.integers(-1, 3, accounts), directions=["down", "flat", "up"],
            categories=some(2), points=some(4), readings=some(4),
            drivers=generator.integers(-1, 4, (accounts, 3)).astype(np.int16),
            base=some(), fired=generator.integers(0, 2**60, accounts, np.uint64),
            undecided=generator.integers(0, 2**60, accounts, np.uint64),
            standing=Standing(
                slope_p=some(), streak_days=generator.integers(-90, 91, accounts, np.int16),
                below_since=np.where(generator.random(accounts) < 0.3, NEVER, day - 9),
                confirmed=generator.integers(THE_DAYS, 3, accounts),
            ),
            context=Coded(generator.integers(-1, 2, accounts), ['{"month":1}', '{"month":12}']),
        )  # fmt: skip

    def save(self, rows) -> Stored:
        with transaction(self.store) as connection:
            if isinstance(rows, SnapshotRows):
                return store_snapshots(connection, rows)
            return store_readings(connection, **rows)

    def count(self, table: str) -> int:
        with transaction(self.store) as connection:
            return connection.execute(text(f"select count(*) from health.{table}")).scalar_one()

    def limits(self, first: int = DAY, last: int = DAY) -> dict:
        return {
            "scorecard_id": self.card, "first_account": 1, "last_account": 2**31 - 1,
            "first_day": EPOCH + timedelta(days=first), "last_day": EPOCH + timedelta(days=last),
        }  # fmt: skip


@pytest.fixture
def desk(store: Engine) -> Desk:
    with transaction(store) as connection:
        card = register_scorecard(connection, name="retention", version=1, digest="a", body="yaml")
    return Desk(store, card)
