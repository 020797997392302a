"""A daily run with two cards of an outcome, a second outcome and a shadow (001-05, 004-05)."""

import json
import os
import shutil
from datetime import date

import pytest
from sqlalchemy import text

from include import pipeline
from include.crm.catalogue import Vocabulary, catalogue_of
from include.errors import FixConfig
from include.pipeline.job import Job, read_deck
from include.settings import ROOT, Credentials, load_settings
from include.sources import open_client
from include.warehouse.database import open_store, transaction
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database.conftest import create, drop
from tests.database.typed import health_on

FIRST, DAY = date(2026, 1, 1), date(2026, 3, 31)
CARDS = ROOT / "scorecards"
SHADOW_BANDS = {"from: 75": "from: 99", "name: retention": "name: draft"}
KEY = {
    "name: retention": "name: key_accounts",
    "  - name: yellow\n": "  - name: amber\n",
    "categories:\n": "applies_to: { segment: [enterprise] }\ncategories:\n",
}
SEGMENTS = """
select account.source_account_id, stood.segment
from core.account join core.attributes_on(core.end_of(:day)) as stood using (account_id)
"""


def write(folder, name, changes):
    """Save the released card under another name, with changes; return its path."""
    body = (CARDS / "retention.v1.yaml").read_text()
    for old, new in changes.items():
        assert old in body
        body = body.replace(old, new, 1)
    path = folder / f"{name}.v1.yaml"
    path.write_text(body)
    return path


@pytest.fixture(scope="module")
def settings_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards")
    key, draft = write(folder, "key_accounts", KEY), write(folder, "draft", SHADOW_BANDS)
    plain = (ROOT / "health.yaml").read_text()
    live = f"[{key}, scorecards/retention.v1.yaml, scorecards/adoption.v1.yaml]"
    named = f"scorecards: {live}\nshadow_scorecards: [{draft}]"
    assert "scorecards: [scorecards/retention.v1.yaml]" in plain
    path = folder / "health.yaml"
    path.write_text(
        plain.replace("scorecards: [scorecards/retention.v1.yaml]", named).replace(
            "history_days: 180", "history_days: 0"
        )
    )
    yield path
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def empty(server, migrated):
    """A store for all tests of this module."""
    drop(server, "test_cards_of_a_run")
    name = f"test_{os.getpid()}_cards"
    store = open_store(create(server, name, migrated))
    yield store
    store.dispose()
    drop(server, name)


@pytest.fixture(scope="module")
def ran(empty, settings_file):
    """After one daily run: (store, counts by verb, what was written by record id, CRM's bands)."""
    store = empty
    settings = load_settings(settings_file)
    deck = read_deck(settings)
    job, day = Job(store, settings, deck.live, deck.shadow), str(DAY)
    world = simulate(accounts=60, seed=3, start=FIRST, end=DAY)
    with running(world, limits=False) as sandbox:
        doors = {
            name: Credentials(at["base_url"], at["token"], at.get("user", ""))
            for name, at in sandbox.vendors.items()
        }
        for source in settings.sources:
            pipeline.extract(job, "run", day, source.name, doors[source.vendor])
        verbs = ("check_raw", "conform", "check_facts", "roll_up", "read", "watch", "score")
        counts = {
            verb: getattr(pipeline, verb)(job, "run", day) for verb in (*verbs, "publish", "settle")
        }
        counts["push"] = pipeline.push(job, "run", day, doors["hubspot"])
        shown = {
            str(row["id"]): row["properties"]
            for entry in sandbox.state.journal.entries("hubspot")
            if entry["op"] == "write"
            for row in entry["rows"]
        }
        crm = open_client(settings.crm_source, doors["hubspot"])
        listed = crm.call("GET", "/crm/v3/properties/companies/cs_health_band").body["options"]
    return store, counts, shown, [option["value"] for option in listed]


@pytest.fixture(scope="module")
def health(ran, settings_file):
    """Type a command; what it prints as JSON, or as text."""
    run = health_on(ran[0], settings_file.parent, {"HEALTH_SETTINGS": str(settings_file)})

    def typed(*arguments, as_json=True):
        done = run(*arguments, *(["--json"] if as_json else []))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if as_json else done.stdout

    return typed


@pytest.fixture(scope="module")
def listed(health):
    return health("accounts", "--limit", "1000")


def segments(store):
    with transaction(store) as connection:
        return dict(tuple(row) for row in connection.execute(text(SEGMENTS), {"day": DAY}))


def test_every_account_is_shown_once_by_the_card_of_its_segment(ran, listed):
    """Requirement 001-05."""
    assert len({row["account_id"] for row in listed}) == len(listed) > 20
    of_segment = segments(ran[0])
    for row in listed:
        key = of_segment[row["crm_id"]] == "enterprise"
        assert row["scorecard"] == ("key_accounts.v1" if key else "retention.v1"), row["crm_id"]
    assert {row["scorecard"] for row in listed} == {"key_accounts.v1", "retention.v1"}
    assert all(row["reason"] for row in listed)


def test_the_crm_gets_all_accounts_of_its_outcome_and_nothing_of_the_others(ran, listed):
    _, counts, shown, _ = ran
    assert counts["publish"].get("shadows_refused", 0) == 0
    assert counts["push"]["acknowledged"] == len(listed) == len(shown)
    bands = {row["crm_id"]: row["band"] for row in listed}
    assert {one: of["cs_health_band"] for one, of in shown.items()} == bands
    ours = catalogue_of(load_settings().crm, None, Vocabulary((), ()), str).names
    assert all(set(of) <= set(ours) for of in shown.values())


def test_the_list_of_bands_in_the_crm_holds_those_of_both_cards_of_its_outcome(ran):
    assert ran[3] == ["red", "amber", "yellow", "green", "unknown"]


def test_a_second_outcome_and_a_shadow_answer_when_asked_for(health, listed):
    """Requirement 004-05."""
    adoption = health("accounts", "--outcome", "adoption", "--limit", "1000")
    draft = health("accounts", "--scorecard", "draft.v1", "--limit", "1000")
    everybody = sorted(row["account_id"] for row in listed)
    for rows, label in ((adoption, "adoption.v1"), (draft, "draft.v1")):
        assert sorted(row["account_id"] for row in rows) == everybody
        assert {row["scorecard"] for row in rows} == {label}


@pytest.mark.parametrize("command", ["explain", "path", "trend", "change", "peers"])
def test_each_question_about_an_account_is_answered_by_its_own_card(health, listed, command):
    own = {row["scorecard"]: row for row in listed}
    when = ["--from", DAY, "--to", DAY] if command == "change" else []
    for label, row in own.items():
        found = health(command, row["crm_id"], *when)
        said = found["now"]["scorecard"] if command == "change" else found.get("scorecard", label)
        assert said == label
    health(command, row["crm_id"], "--outcome", "adoption", *when)


def test_a_receipt_is_of_the_card_that_scored_the_account(health, listed):
    for label, row in {row["scorecard"]: row for row in listed}.items():
        found = health("receipt", row["crm_id"], DAY)
        assert (found["scorecard"], found["score"]) == (label, row["score"])
        assert found["comes_out_the_same"]
    adoption = health("receipt", row["crm_id"], DAY, "--outcome", "adoption")
    assert adoption["scorecard"] == "adoption.v1"


def test_the_summary_shows_the_bands_of_each_outcome_and_a_line_a_shadow(ran, settings_file):
    from include import demo
    from include.reports import bands, published_day, shadow

    deck = read_deck(load_settings(settings_file))
    with transaction(ran[0]) as connection, demo.say.__self__.capture() as printed:
        days = demo.show_bands(connection, deck)
        counted = bands(connection, days[0])
        beside = shadow(connection, deck.shadow[0], days[0])
        with pytest.raises(FixConfig, match="No day of retention v1 up to 2026-01-01 is published"):
            published_day(connection, deck.asked(label="retention.v1"), FIRST)
    said = printed.get()
    assert sum(row["accounts"] for row in counted) == beside["accounts"] == beside["compared"]
    assert "Bands: retention" in said
    assert "Bands: adoption" in said
    assert f"{beside['other_band']:,} of {beside['compared']:,} in another band" in said
    assert beside["other_band"] > 0


def test_a_backfill_fills_all_cards_of_the_outcome_unless_one_is_named(health):
    days = ("--from", DAY, "--to", DAY, "--dry-run")
    said = health("backfill", *days, as_json=False).splitlines()
    assert [line for line in said if line.endswith(":")] == ["key_accounts.v1:", "retention.v1:"]
    alone = health("backfill", *days, "--scorecard", "adoption.v1", as_json=False).splitlines()
    assert [line for line in alone if line.endswith(":")] == ["adoption.v1:"]
