"""A day with every kind of source: two support desks, two billings, two analytics, and by hand."""

import os
from datetime import date

import pytest
from sqlalchemy import text

from include import pipeline
from include.pipeline.job import Job, read_deck
from include.settings import ROOT, Credentials, load_settings
from include.warehouse.database import open_store
from sandbox.serve import running
from sandbox.vendors.salesforce_ids import record_id
from sandbox.world.simulate import simulate
from tests.database.conftest import create, drop

FIRST, DAY = date(2026, 1, 1), date(2026, 3, 31)
EXAMPLE = ROOT / "config/examples/salesforce.yaml"
OURS = """
  - {name: inputs, vendor: inputs, folder: FOLDER/inputs, quiet_s: 0}
  - name: dwh
    vendor: warehouse
    role: usage
    folder: FOLDER/dwh
    facts:
      usage_day: {files: "*.csv"}

"""
LINKED = {"intercom", "zendesk", "chargebee", "stripe", "mixpanel", "amplitude", "dwh"}
VERBS = ("check_raw", "conform", "check_facts", "roll_up", "read", "watch", "score", "publish")


@pytest.fixture(scope="module")
def world():
    return simulate(accounts=60, seed=3, start=FIRST, end=DAY)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """The example that we ship, with a folder of manual inputs and one of a warehouse's files."""
    folder = tmp_path_factory.mktemp("all")
    for name in ("inputs", "dwh"):
        (folder / name).mkdir()
    account = record_id("001", 1)
    (folder / "inputs/pulse.csv").write_text(
        f"who,when,account,measure,value\nann,2026-03-30,{account},roadmap_fit,4\n"
    )
    (folder / "dwh/usage.csv").write_text(f"account_key,day,user\n{account},2026-03-30,u1\n")
    sources, mark, rest = EXAMPLE.read_text().partition("\ncommon_cause:")
    path = folder / "health.yaml"
    path.write_text(sources + OURS.replace("FOLDER", str(folder)) + mark + rest)
    return load_settings(path)


@pytest.fixture(scope="module")
def ran(server, migrated, settings, world):
    """After two runs of one day: the store, and what each counted, by verb and source."""
    name = f"test_{os.getpid()}_all_at_once"
    store = open_store(create(server, name, migrated))
    deck, day = read_deck(settings), str(DAY)
    job = Job(store, settings, deck.live, deck.shadow)
    with running(world, limits=False) as sandbox:
        doors = {
            vendor: Credentials(
                at["base_url"], at["token"], at.get("user", ""), at.get("extra", {})
            )
            for vendor, at in sandbox.vendors.items()
        }

        def run(run_id):
            counts = {
                source.name: pipeline.extract(
                    job, run_id, day, source.name, doors.get(source.vendor, Credentials("", ""))
                )
                for source in settings.sources
            }
            return counts | {verb: getattr(pipeline, verb)(job, run_id, day) for verb in VERBS}

        yield store, run("first"), run("second")
    store.dispose()
    drop(server, name)


def rows(store, statement):
    with store.begin() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_the_example_has_two_of_a_role_and_salesforce_as_the_crm():
    sources = load_settings(EXAMPLE).sources
    roles = [source.role for source in sources]
    assert {role: roles.count(role) for role in roles} == {
        "crm": 1, "support": 2, "billing": 2, "usage": 2,
    }  # fmt: skip
    assert sources[0].vendor == "salesforce"


def test_every_account_of_the_crm_is_scored(ran):
    store, first, _ = ran
    scored = rows(store, "select score from health.snapshot where basis = 'live'")
    assert len(scored) == first["score"]["inserted"] > 20
    assert sum(score is not None for (score,) in scored) > 0.8 * len(scored)


def test_each_source_is_linked_to_accounts_of_the_crm(ran):
    store, *_ = ran
    linked = rows(
        store, "select source, count(distinct account_id) from core.account_link group by 1"
    )
    assert {source for source, accounts in linked if accounts} == LINKED


def test_what_was_entered_by_hand_counts_for_its_account(ran):
    store, *_ = ran
    found = rows(store, "select value from core.manual_input where measure = 'roadmap_fit'")
    assert found == [(4,)]


def test_a_second_run_of_the_day_changes_nothing(ran, settings):
    _, first, second = ran
    assert {source.name: second[source.name]["changed"] for source in settings.sources} == {
        source.name: 0 for source in settings.sources
    }
    assert second["score"]["unchanged"] == first["score"]["inserted"]
