"""Old versions of raw records go where the settings say so; all that was made of them stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from include import pipeline
from include.pipeline.job import Job, open_run, read_deck
from include.pipeline.retention import drop_versions_before
from include.settings import Retention
from include.warehouse.conform import conform
from include.warehouse.rollup import roll_up
from tests.database.facts.conftest import (
    AS_OF,
    company,
    customer,
    invoice,
    organization,
    subscription,
    ticket,
    usage,
)

FAR = date(2999, 1, 1)
VERSIONS = "select stream_id, record_id from raw.record group by 1, 2 having count(*) > 1"
FACTS = """
select relname from pg_class
where relnamespace = 'core'::regnamespace and relkind in ('r', 'p') and relname != 'linking'
"""


@pytest.fixture
def job(store, settings):
    return Job(store, settings, read_deck(settings).live)


@pytest.fixture
def rows(store):
    def read(statement):
        with store.begin() as connection:
            return sorted(map(repr, connection.execute(text(statement))))

    return read


def streams(version):
    """One firm with all that is known of it; every record differs from version to version."""
    day = f"2026-03-0{version}"
    return {
        "companies": [company("100", arr=str(1000 * version), domain="kite.example")],
        "organizations": [organization(1, external_id="100", domains=[f"v{version}.example"])],
        "tickets": [ticket(1, solved=f"{day}T12:00:00Z"), ticket(2 + version)],
        "customers": [customer("cus_1", account_id="100", note=str(version))],
        "subscriptions": [subscription(seats=10 * version)],
        "invoices": [invoice(amount=10_000 * version)],
        "usage_day": [usage("2026-02-01", events=5 * version), usage(day)],
    }


def facts_of(rows):
    tables = [name.split("'")[1] for name in rows(FACTS)]
    found = {name: rows(f"select * from core.{name}") for name in tables}
    return found | {"series": rows("select * from health.account_day")}


def readings_of(job, rows, run_id):
    """Read and score the day anew; return readings and scores."""
    open_run(job, run_id, str(AS_OF))
    for shard in pipeline.shards(job):
        for verb in (pipeline.fill_history, pipeline.read, pipeline.score):
            verb(job, run_id, str(AS_OF), shard)
    return [
        rows("select account_id, revision, digest, readings from health.reading"),
        rows("select account_id, revision, digest, score, points from health.snapshot"),
    ]


@pytest.fixture
def grown(conformed):
    """Three versions of everything, each turned into facts."""
    for version in (1, 2, 3):
        conformed(**streams(version))


def test_facts_readings_and_scores_are_as_they_were(grown, store, job, settings, rows):
    facts, read = facts_of(rows), readings_of(job, rows, "before")
    assert all(any(found) for found in read)
    assert len(rows(VERSIONS)) > 5
    assert drop_versions_before(job, FAR)["versions"] > 10
    assert rows(VERSIONS) == []
    assert readings_of(job, rows, "after") == read
    with store.begin() as connection:
        connection.execute(text("update raw.batch set conformed_at = null"))
    conform(store, settings)
    roll_up(store, settings)
    assert facts_of(rows) == facts
    assert readings_of(job, rows, "again") == read
    assert drop_versions_before(job, FAR) == {"versions": 0, "payloads": 0}


def test_the_next_landing_goes_on_from_the_newest_version(grown, job, conformed, rows):
    drop_versions_before(job, FAR)
    landed = rows("select count(*) from raw.record")
    conformed(**streams(3))
    assert rows("select count(*) from raw.record") == landed
    conformed(**streams(4))
    assert rows("select seats from core.subscription") == ["(40,)"]
    attributes = "select value from core.account_attribute where attribute = 'arr'"
    assert rows(attributes) == ["('1000',)", "('2000',)", "('3000',)", "('4000',)"]


def test_a_version_that_facts_stand_on_stays_where_the_newest_was_set_aside(
    conformed, store, job, rows
):
    for version in (1, 2, 3):
        conformed(subscriptions=[subscription(seats=10 * version)])
    with store.begin() as connection:
        connection.execute(text(
            "insert into raw.quarantine (batch_id, stream_id, record_id, stage, reason, payload)"
            " select max(batch_id), stream_id, record_id, 'raw', 'for the test', '{}'"
            " from raw.record group by 2, 3"
        ))  # fmt: skip
    assert drop_versions_before(job, FAR) == {"versions": 1, "payloads": 1}
    seats = "select payload #> '{items,data,0,quantity}' from raw.record"
    assert rows(seats) == ["(20,)", "(30,)"]
    assert rows("select reason, payload from raw.quarantine") == ["('for the test', None)"]


def test_nothing_goes_before_the_newer_one_became_facts_or_before_its_time(
    conformed, arrive, job, store
):
    conformed(companies=[company("100")])
    arrive(companies=[company("100", name="Kite")])
    assert drop_versions_before(job, FAR)["versions"] == 0
    conform(store, job.settings)
    assert drop_versions_before(job, date(2020, 1, 1))["versions"] == 0
    assert drop_versions_before(job, FAR)["versions"] == 1


def test_the_daily_run_drops_only_where_the_settings_ask_for_it(conformed, job, rows):
    for name in ("Kite", "Wind"):
        conformed(companies=[company("100", name=name)])
    later = str(date.fromisoformat(rows("select max(observed_at)::date::text from raw.record")[0]
                                   .split("'")[1]) + timedelta(days=60))  # fmt: skip
    assert pipeline.thin(job, "first", later) == {}
    asked = job.settings.model_copy(update={"retention": Retention(raw_days=31)})
    assert pipeline.thin(Job(job.engine, asked, job.cards), "second", later)["versions"] == 1
