"""`health doctor` on a store that has worked: each finding of it, and the command."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from include.doctor import work
from include.warehouse.database import transaction
from include.warehouse.migrate import current_revision, upgrade
from tests.database.histories.conftest import TODAY, shop
from tests.database.typed import health_on

__all__ = ["shop"]
NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)  # TODAY is the last full day
LANDED = """
with stream as (
    insert into raw.stream (source, vendor, stream) values ('zendesk', 'zendesk', 'tickets')
    returning stream_id
)
insert into raw.batch (stream_id, run_id, as_of, landed_at, resume)
select stream_id, 'run', '2026-03-31', landed_at, resume from stream, (values
    (timestamptz '2026-03-27 06:00+00', null::jsonb), (null, '{"next": 2}'), (null, null)
) as batch (landed_at, resume)
"""
WAITING = [
    """insert into health.crm_write (run_no, source, account_id, record_id, old_values, new_values,
    status) select run_no, 'hubspot', 1, record_id, '{}', '{}', status from health.run, (values
    ('1', 'rejected'), ('1', 'acknowledged'), ('2', 'rejected'), ('3', 'sent'))
    as write (record_id, status)""",
    """insert into health.crm_undo (source, run_no, as_of, undone_by)
    select 'hubspot', run_no, as_of, 'somebody' from health.run""",
    """insert into raw.record (batch_id, stream_id, record_id, observed_at, digest, payload)
    select 3, stream_id, '7', now(), '', '{}' from raw.stream""",
    """insert into raw.quarantine (batch_id, stream_id, record_id, stage, reason)
    select 1, stream_id, id, 'raw', 'no date' from raw.stream, unnest('{7,8,8}'::text[]) as id""",
]  # fmt: skip


def found(shop, look, *arguments, **asked):
    with transaction(shop.engine) as connection:
        return {one.what: one for one in look(connection, *arguments, **asked)}


def test_nothing_waits_in_a_new_store(shop):
    assert {one.state for one in found(shop, work.waiting).values()} == {"good"}


def test_what_waits_is_counted_once_and_only_while_it_waits(shop):
    shop.run(TODAY)
    for statement in (LANDED, *WAITING):
        shop.execute(statement.replace(":", "\\:"))
    counts = {what: one.words.partition(".")[0] for what, one in found(shop, work.waiting).items()}
    assert counts == {
        "CRM writes without an answer": "1",
        "CRM writes that were refused": "1",
        "CRM undos cut off": "1",
        "landings kept unfinished": "1",
        "records in quarantine": "1",
    }


def test_a_source_that_brought_nothing_to_its_end_for_days(shop):
    shop.execute(LANDED.replace(":", "\\:"))
    settings = shop.job.settings
    found_now = found(shop, work.sources, settings, now=NOW, max_age_days=3)
    assert found_now["source zendesk"].state == "bad"
    assert "5.0 days ago" in found_now["source zendesk"].words
    assert "never read" in found_now["source hubspot"].words
    later = found(shop, work.sources, settings, now=NOW, max_age_days=5)
    assert later["source zendesk"].state == "good"


def test_the_published_day_and_its_age(shop):
    def look(days):
        asked = {"today": NOW.date() + timedelta(days=days), "max_age_days": 3}
        return found(shop, work.published, shop.job.deck, **asked)["published day of retention"]

    assert (look(0).state, "No day of" in look(0).words) == ("bad", True)
    shop.run(TODAY)
    assert (look(0).state, look(0).words) == ("good", "2026-03-31, 1 day old")
    assert look(2).state == "good"
    assert (look(3).state, "4 days ago" in look(3).words) == ("bad", True)


def test_a_day_that_is_not_published_when_it_is_due(shop):
    settings, deck = shop.job.settings, shop.job.deck
    assert found(shop, work.due, settings, deck, now=NOW) == {}, "nothing is published yet"
    shop.run(TODAY)
    morning = NOW.replace(hour=8, minute=59) + timedelta(days=1)
    for moment, state in ((morning, "good"), (morning + timedelta(minutes=1), "bad")):
        line = found(shop, work.due, settings, deck, now=moment)["due day of retention"]
        assert line.state == state
    assert "2026-04-01 were due at 9:00 UTC on 2026-04-02" in line.words
    assert "No run of it has begun" in line.words


@pytest.mark.parametrize(
    ("state", "hours", "verdict"),
    [("success", 1, "good"), ("running", 1, "good"), ("running", 30, "bad"), ("failed", 1, "bad")],
)
def test_how_the_newest_daily_run_stands(shop, state, hours, verdict):
    assert found(shop, work.last_run, NOW)["last run"].state == "bad", "there is none yet"
    shop.run(TODAY)
    shop.execute(
        "update health.run set state = :state, error = 'conform: FixConfig.', started_at = :at",
        state=state, at=NOW - timedelta(hours=hours),
    )  # fmt: skip
    assert found(shop, work.last_run, NOW)["last run"].state == verdict


def test_the_command_says_all_of_it_and_its_code_is_that_of_the_worst_line(shop, tmp_path):
    shop.run(TODAY)
    told = health_on(shop.engine, tmp_path, shop.environment())("doctor", "--json")
    assert told.returncode == 1, told.stderr
    answer = json.loads(told.stdout)
    states = {one["what"]: one["state"] for one in answer["findings"]}
    assert not answer["is_good"]
    assert {states[what] for what in ("database", "schema", "clock", "settings")} == {"good"}
    assert states["published day of retention"] == "bad"
    password = shop.engine.url.password
    assert password not in told.stdout + told.stderr


def test_a_broken_setting_and_a_missing_database_are_lines_too(shop, tmp_path):
    bad = tmp_path / "health.yaml"
    bad.write_text("time_zone: Mars/Olympus")
    closed = shop.engine.url.set(port=1).render_as_string(hide_password=False)
    changes = {"HEALTH_SETTINGS": str(bad), "HEALTH_DATABASE_URL": closed}
    told = health_on(shop.engine, tmp_path, changes)("doctor", "--json")
    assert (told.returncode, "Traceback" in told.stderr) == (1, False)
    words = {one["what"]: one["words"] for one in json.loads(told.stdout)["findings"]}
    assert "Mars/Olympus is no time zone" in words["settings"]
    assert "did not answer" in words["database"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [("crm: {outcomes: [adoptoin]}", "adoptoin"), ("playbooks: [no_such.yaml]", "no_such.yaml")],
)
def test_what_only_the_push_would_stumble_over_is_said_before(shop, tmp_path, setting, words):
    bad = tmp_path / "health.yaml"
    one = "sources: [{name: crm, vendor: hubspot, connection: crm}]"
    bad.write_text(f"scorecards: [scorecards/retention.v1.yaml]\n{one}\n{setting}\n")
    told = health_on(shop.engine, tmp_path, {"HEALTH_SETTINGS": str(bad)})("doctor", "--json")
    found = {one["what"]: one for one in json.loads(told.stdout)["findings"]}
    assert (found["settings"]["state"], words in found["settings"]["words"]) == ("bad", True)


def test_an_older_schema_is_said_and_not_touched(empty, tmp_path):
    upgrade(empty, "0016")
    told = json.loads(health_on(empty, tmp_path)("doctor", "--json").stdout)
    (schema,) = [one for one in told["findings"] if one["what"] == "schema"]
    assert "health db upgrade" in schema["words"]
    with transaction(empty) as connection:
        assert current_revision(connection) == "0016"
