"""`health crm`: what people see and take back, typed on a real store beside either CRM."""

import json

import pytest

from include.settings import ROOT
from tests.database.crm.desks import OF_SALESFORCE, both_crms
from tests.database.typed import health_on


@pytest.fixture
def health(desk, tmp_path):
    """Type a command; as JSON where it is asked for. The connection is in the environment."""
    there = desk.sandbox.vendors[desk.source]
    connection = {"conn_type": "http", "host": there["base_url"], "password": there["token"],
                  "login": there.get("user", "")}  # fmt: skip
    settings = ROOT / "health.yaml"
    if desk.source == "salesforce":
        settings = tmp_path / "health.yaml"
        settings.write_text(OF_SALESFORCE)
    run = health_on(
        desk.engine, tmp_path,
        {"HEALTH_SETTINGS": str(settings),
         f"AIRFLOW_CONN_{desk.source.upper()}_DEFAULT": json.dumps(connection)},
    )  # fmt: skip

    def typed(*arguments, fails=False):
        done = run("crm", *arguments)
        assert bool(done.returncode) is fails, done.stderr
        if fails:
            return done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    return typed


@both_crms
def test_fields_are_made_when_it_is_meant_and_not_before(desk, health):
    told = health("provision")
    assert told.startswith("To do (--apply does it)")
    assert desk.name("cs_health_score") in told
    assert health("provision", "--json")["steps"], "nothing was made by looking"
    assert health("provision", "--apply").startswith("Done")
    assert health("provision") == "All fields are there; nothing to do.\n"


@both_crms
def test_what_is_planned_is_sent_shown_and_taken_back(desk, health):
    desk.score_all(50.0)
    plan = health("plan", "--examples", "0", "--json")
    assert (plan["changed"], plan["calls"]) == (len(desk.record_ids), desk.batches)
    assert (plan["as_of"], plan["stopped"]) == (str(desk.day), "")
    assert desk.written() == {}, "a plan sends nothing"
    desk.push()
    one, *others = desk.record_ids
    desk.edit(one, cs_health_score="99")
    done = health("undo", str(desk.run_no), "--by", "Ann", "--json")
    assert (done["records"], done["failed"]) == (len(desk.record_ids), 0)
    assert [(row["record_id"], row["theirs"]) for row in done["skipped_fields"]] == [(one, "99")]
    assert desk.shown("cs_health_score") == dict.fromkeys(others, "") | {one: "99"}
    status = health("status", "--json")
    assert {run["run_no"] for run in status["runs"]} == {desk.run_no}
    assert len(status["undone"]) == 1
    assert (status["rejected"], status["words"]) == ([], [])
    assert "taken back" in health("plan", "--examples", "0", "--json")["stopped"]


def test_what_the_crm_refused_is_listed_in_its_words(desk, health):
    desk.score_all(50.0)
    desk.delete(desk.record_ids[0])
    desk.push()
    told = health("status")
    assert "Refused by the CRM, last word" in told
    assert desk.record_ids[0] in told


def test_a_run_that_wrote_nothing_cannot_be_taken_back(health):
    assert "Run 7 wrote nothing into hubspot" in health("undo", "7", "--by", "Ann", fails=True)
