"""Installations on a real PostgreSQL, as many as a test asks for, and the verbs that fill them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

import pytest
from sqlalchemy import text

from include import pipeline
from include.pipeline.job import Job, open_run
from include.scoring.scorecard import Scorecard, load_scorecard
from include.settings import ROOT, load_settings
from include.warehouse.database import open_store, transaction
from include.warehouse.landing import land
from include.warehouse.page import Page
from tests.database.conftest import create, drop
from tests.database.laws.worlds import LAST, Telling

CARD = load_scorecard(ROOT / "scorecards" / "retention.v1.yaml")
SERIAL = count(1)
SOURCES = {
    "companies": "hubspot", "meetings": "hubspot", "organizations": "zendesk",
    "tickets": "zendesk", "satisfaction_ratings": "zendesk", "customers": "stripe",
    "subscriptions": "stripe", "invoices": "stripe", "usage_day": "posthog",
}  # fmt: skip
NEWEST = """
select distinct on (account.source_account_id, reading.as_of)
    account.source_account_id, reading.as_of, reading.readings, snapshot.score, snapshot.points
from health.reading
inner join core.account using (account_id)
left join health.snapshot using (as_of, scorecard_id, basis, account_id)
where reading.basis = :basis
order by account.source_account_id, reading.as_of, reading.revision desc, snapshot.revision desc
"""


@dataclass
class Place:
    """One installation. Its days of arrival are runs of the daily DAG; LAST is its newest day."""

    job: Job
    runs: Iterator[int] = field(default_factory=count)

    def arrive(self, records, *, on: date = LAST, pages=1) -> None:
        """Land records by stream, each stream in so many pages; make facts and series of them."""
        run_id = f"run {next(self.runs)}"
        for stream, found in records.items():
            key = ("account_key", "day") if stream == "usage_day" else ("id",)
            step = max(1, -(-len(found) // pages))
            land(
                self.job.engine, run_id=run_id, as_of=on, source=SOURCES[stream],
                vendor=SOURCES[stream], stream=stream,
                pages=[Page(found[n : n + step], key=key) for n in range(0, len(found), step)],
            )  # fmt: skip
        pipeline.conform(self.job, run_id, str(on))
        pipeline.roll_up(self.job, run_id, str(on))

    def live(self, day: date) -> dict:
        """Read and score a day as its own daily run does."""
        run_id = f"live {day}"
        pipeline.read(self.job, run_id, str(day))
        pipeline.score(self.job, run_id, str(day))
        return self.found("live")

    def backfill(self, first: date, last: date) -> dict:
        card = self.job.cards[0]
        entered = {
            "first": str(first), "last": str(last), "scorecard": f"{card.name}.v{card.version}",
            "accounts": "", "readings": "from the facts", "dry_run": "False",
        }  # fmt: skip
        run_id = f"backfill {next(self.runs)}"
        for part in pipeline.parts(self.job, run_id, entered):
            pipeline.fill(self.job, run_id, entered, part)
        pipeline.close(self.job, run_id, entered)
        return self.found("reconstructed")

    def found(self, basis: str) -> dict:
        """Return (readings, score, points) by the CRM's id and day, as text: NaN equals NaN."""
        with transaction(self.job.engine) as connection:
            rows = connection.execute(text(NEWEST), {"basis": basis}).all()
        return {(row[0], row[1]): (repr(row[2]), repr(row[3]), repr(row[4])) for row in rows}


@pytest.fixture(scope="module")
def open_place(server, migrated):
    """Make a new installation: open_place(Telling(zone="Europe/Berlin"), card=…, rates=path)."""
    made = []

    def open_one(
        telling: Telling | None = None, *, card: Scorecard = CARD, rates=None, world=None
    ) -> Place:
        telling = telling or Telling()
        name = f"test_{os.getpid()}_laws_{next(SERIAL)}"
        engine = open_store(create(server, name, migrated))
        made.append((name, engine))
        settings = load_settings(ROOT / "health.yaml").model_copy(
            update={"time_zone": telling.zone}
        )
        if rates is not None:
            kept = settings.rates.model_copy(update={"file": rates, "max_age_days": 3660})
            settings = settings.model_copy(update={"rates": kept})
        place = Place(Job(engine, settings, (card,)))
        open_run(place.job, "newest day", str(LAST))
        if world is not None:
            place.arrive(telling.records(world))
        return place

    yield open_one
    for name, engine in made:
        engine.dispose()
        drop(server, name)
