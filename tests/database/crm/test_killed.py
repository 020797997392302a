"""The process that pushes is killed by the system while the CRM is at work on its call."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.database.crm.desks import OF_SALESFORCE, both_crms
from tests.patience import wait_until

ROOT = Path(__file__).parents[3]
PUSH = """
import os
from datetime import date
from pathlib import Path
from include.crm.catalogue import Vocabulary, catalogue_of
from include.crm.ledger import Jobs
from include.crm.open import open_desk
from include.crm.push import push
from include.crm.values import Sentences
from include.settings import Credentials, load_settings
from include.sources import open_client
from include.warehouse.database import open_store

there = Credentials(os.environ["BASE_URL"], os.environ["TOKEN"], os.environ["LOGIN"])
settings = load_settings(Path(os.environ["SETTINGS"]))
store = open_store(os.environ["STORE"])
client = open_client(settings.crm_source, there)
desk = open_desk(settings, client, Jobs(store, settings.crm_source.name))
words = Vocabulary(("red", "yellow", "green"), ("stable",))
push(
    store,
    settings,
    desk,
    run_no=int(os.environ["RUN_NO"]),
    as_of=date.fromisoformat(os.environ["AS_OF"]),
    scorecard_ids=[int(os.environ["CARD"])],
    catalogue=catalogue_of(settings.crm, None, words, desk.name_of),
    say=lambda ids: dict.fromkeys(ids, Sentences("Usage fell.", "Call.")),
)
"""


@pytest.fixture
def process(desk, tmp_path):
    """A push in a process of its own, killed at the end if it is still there."""
    there = desk.sandbox.vendors[desk.source]
    settings = ROOT / "health.yaml"
    if desk.source == "salesforce":
        settings = tmp_path / "health.yaml"
        settings.write_text(OF_SALESFORCE)
    told = {
        "SETTINGS": str(settings),
        "BASE_URL": there["base_url"],
        "TOKEN": there["token"],
        "LOGIN": there.get("user", ""),
        "STORE": desk.engine.url.render_as_string(hide_password=False),
        "RUN_NO": str(desk.run_no),
        "AS_OF": desk.day.isoformat(),
        "CARD": str(desk.card),
    }
    started: list[subprocess.Popen] = []

    def start():
        started.append(
            subprocess.Popen([sys.executable, "-c", PUSH], cwd=ROOT, env=os.environ | told)
        )
        return started[0]

    yield start
    for push in started:
        push.kill()
        push.wait()


def is_free(engine):
    """Whether the database has noticed that the process is gone, and let go of its lock."""
    with engine.begin() as connection:
        return not connection.scalar(
            text(
                "select count(*) from pg_locks join pg_database on oid = database"
                " where locktype = 'advisory' and datname = current_database()"
            )
        )


@both_crms
def test_a_push_killed_while_it_waits_for_answers_is_settled_by_the_next_one(desk, process):
    desk.score_all(50.0)
    desk.order({"fault": "slow", "seconds": 10, "times": -1})
    push = process()
    wait_until(lambda: len(desk.written()) == 10 * len(desk.record_ids), "all writes")
    push.send_signal(signal.SIGKILL)
    push.wait()
    wait_until(lambda: is_free(desk.engine), "the lock of the dead")
    assert desk.ledger() == {"sent": len(desk.record_ids)}
    desk.order()
    counts = desk.push()
    assert (counts["settled"], counts["changed"]) == (len(desk.record_ids), 0)
    assert set(desk.written().values()) == {1}
    assert desk.ledger() == {"acknowledged": len(desk.record_ids)}
