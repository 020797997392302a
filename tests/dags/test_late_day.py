"""A late day, run by Airflow: a mail arrives at a real server on loopback, and it stays at one."""

import json
import threading
from email import message_from_bytes, policy

import pytest

from tests.dags.conftest import ROOT
from tests.dags.test_couriers import Server, plugins
from tests.database.conftest import migrated, server, store
from tests.database.histories.conftest import TODAY, shop

__all__ = ["migrated", "plugins", "server", "shop", "store"]
TOLD = "select as_of, outcome, kind, recipient from health.alert where sent_at is not null"


@pytest.fixture
def mail():
    with Server() as mail:
        threading.Thread(target=mail.serve_forever, daemon=True).start()
        yield mail
        mail.shutdown()


@pytest.fixture
def hourly(shop, mail, plugins, monkeypatch):
    """Run the DAG of alerts as Airflow does, on the shop's store; return the run's state."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    environment = shop.environment()
    settings = shop.folder / "health.yaml"
    text = settings.read_text().replace("operators: null", "operators: ops@example.com")
    told = "channel: email\n  connection: mail\n  sender: health@example.com"
    settings.write_text(text.replace("channel: null", told))
    host, port = mail.server_address
    connection = {"conn_type": "smtp", "host": host, "port": port,
                  "extra": {"disable_ssl": True, "disable_tls": True}}  # fmt: skip
    for name, value in {**environment, "AIRFLOW_CONN_MAIL": json.dumps(connection)}.items():
        monkeypatch.setenv(name, value)
    initdb()

    def run():
        bag = DagBag(str(ROOT / "dags"))  # as a scheduler that has just been started
        assert bag.import_errors == {}
        return bag.dags["customer_health_alerts"].test().state

    return run


def test_a_late_day_reaches_the_operators_once(shop, mail, hourly):
    shop.run(TODAY)  # long ago, by the clock that Airflow goes by
    assert [hourly(), hourly()] == ["success", "success"]
    [(as_of, *told)] = shop.rows(TOLD)
    assert told == ["retention", "late", "ops@example.com"]
    [(recipients, body)] = mail.received
    message = message_from_bytes(body, policy=policy.default)
    assert recipients == ["ops@example.com"]
    assert message["Subject"] == f"Customer health: the scores of {as_of} are late"
    said = "".join(part.get_content() for part in message.walk() if not part.is_multipart())
    assert "No run of it has begun" in said
    assert f"people see: retention of {TODAY}" in said


def test_a_mail_server_that_refuses_is_a_red_task_and_the_next_hour_tries_again(shop, mail, hourly):
    shop.run(TODAY)
    mail.refuses = True
    assert hourly() == "failed"
    assert shop.rows(TOLD) == []
    mail.refuses = False
    assert hourly() == "success"
    assert len(mail.received) == 1
