"""A whole day with Salesforce as the CRM, beside Zendesk, Stripe and PostHog."""

import os
from datetime import date

import pytest
from sqlalchemy import text

from include import pipeline
from include.pipeline.job import Job, read_deck
from include.settings import ROOT, Credentials, load_settings
from include.warehouse.database import open_store
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database.conftest import create, drop

FIRST, DAY = date(2026, 1, 1), date(2026, 3, 31)
CRM = """
  - name: salesforce
    vendor: salesforce
    connection: salesforce_default
    event_outcome: Outcome__c
    fields:
      arr: ARR__c
      renewal_date: Renewal_Date__c
      segment: Segment__c
      tenant_key: Tenant_Key__c
      pulse: CSM_Pulse__c
      pulse_reason: CSM_Pulse_Reason__c
    attributes:
      industry: Industry
"""
VERBS = ("check_raw", "conform", "check_facts", "roll_up", "read", "watch", "score", "publish")


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """The settings that we ship, with another CRM, to which nothing is sent."""
    shipped = (ROOT / "health.yaml").read_text()
    before, _, after = shipped.partition("  - name: hubspot\n")
    rest = after[after.index("  - name: zendesk") :]
    path = tmp_path_factory.mktemp("salesforce") / "health.yaml"
    path.write_text(
        (before + CRM.lstrip("\n") + rest)
        .replace("history_days: 180", "history_days: 0")
        .replace("  send: true ", "  send: false ")
    )
    return load_settings(path)


@pytest.fixture(scope="module")
def ran(server, migrated, settings):
    """After one daily run: the store, counts by verb, the world, the way to run it again."""
    name = f"test_{os.getpid()}_salesforce"
    store = open_store(create(server, name, migrated))
    deck, day = read_deck(settings), str(DAY)
    job = Job(store, settings, deck.live, deck.shadow)
    world = simulate(accounts=60, seed=3, start=FIRST, end=DAY)
    with running(world, limits=False) as sandbox:
        doors = {
            vendor: Credentials(at["base_url"], at["token"], at.get("user", ""))
            for vendor, at in sandbox.vendors.items()
        }

        def run(run_id):
            counts = {
                source.name: pipeline.extract(job, run_id, day, source.name, doors[source.vendor])
                for source in settings.sources
            }
            counts |= {verb: getattr(pipeline, verb)(job, run_id, day) for verb in VERBS}
            counts["push"] = pipeline.push(job, run_id, day, doors["salesforce"])
            return counts

        yield store, run("first"), run("second"), world
    store.dispose()
    drop(server, name)


def rows(store, statement):
    with store.begin() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_every_account_of_the_crm_is_scored(ran):
    store, first, _, _ = ran
    scored = rows(store, "select score from health.snapshot where basis = 'live'")
    assert len(scored) == first["score"]["inserted"] > 20
    assert sum(score is not None for (score,) in scored) > 0.8 * len(scored)


def test_a_second_run_of_the_day_changes_nothing(ran):
    _, first, second, _ = ran
    assert second["score"]["unchanged"] == first["score"]["inserted"]
    assert second["salesforce"]["changed"] == 0
    assert second["conform"]["attributes"] == 0


def test_what_the_crm_knows_reaches_the_facts(ran):
    store, _, _, world = ran
    [(pulses,)] = rows(store, "select count(*) from core.manual_input where measure = 'pulse'")
    values = world["pulses"].sort_values("set_at").groupby("account_no")["value"]
    assert pulses == (values.diff() != 0).sum()  # setting the same value again changes no field
    [(meetings,)] = rows(store, "select count(*) from core.touch where kind != 'other'")
    assert meetings > 0
    [(told,)] = rows(
        store,
        "select count(*) from core.account_attribute where attribute = 'arr' and origin = 'vendor'",
    )
    assert told > 0


def test_the_three_other_vendors_are_linked_to_its_accounts(ran):
    store, *_ = ran
    linked = dict(
        rows(store, "select source, count(distinct account_id) from core.account_link group by 1")
    )
    assert set(linked) == {"zendesk", "stripe", "posthog"}


def test_nothing_is_sent_where_health_yaml_says_so(ran):
    _, first, _, _ = ran
    assert first["push"] == {"skipped": 1}
