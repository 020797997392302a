"""What we write moves the stamps of every record; read again, it must not look like news."""

import pytest

from include import pipeline
from include.pipeline.job import Job
from include.settings import Credentials
from tests.database.crm.conftest import QUICK
from tests.database.crm.desks import both_crms

pytestmark = both_crms


@pytest.fixture
def extract(desk):
    """Read the CRM into the store as a daily run does: extract(run)."""
    there = desk.sandbox.vendors[desk.source]
    credentials = Credentials(there["base_url"], there["token"], there.get("user", ""))
    job = Job(desk.engine, desk.settings, ())

    def run(run_id):
        day = str(desk.sandbox.state.world.end)
        return pipeline.extract(job, run_id, day, desk.source, credentials, wire=QUICK)

    return run


def test_a_push_makes_no_new_versions_of_what_is_read(desk, extract):
    first = extract("first")
    assert first["changed"] >= len(desk.record_ids) > 200
    desk.score_all(50.0)
    desk.push()
    second = extract("second")
    assert second["unchanged"] >= len(desk.record_ids)
    assert (second["changed"], second["rejected"]) == (0, 0)


def test_what_a_person_changes_in_the_same_record_does(desk, extract):
    extract("first")
    desk.score_all(50.0)
    desk.push()
    desk.rename(desk.record_ids[0], "Lark")
    assert extract("second")["changed"] == 1
