"""What Airflow tells those who watch it: lineage into a file, metrics over UDP, of one real run."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dags.conftest import ROOT

# The names of ours, and nothing done.
DAG = """
from airflow.sdk import dag, task

@dag(schedule=None)
def customer_health():
    @task
    def extract_hubspot(): ...
    @task
    def score(): ...
    @task
    def other(): ...
    extract_hubspot() >> score() >> other()

customer_health()
"""
STORE = "postgresql+psycopg://health:S3CRET@db.example:6432/shop"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Run the DAG once; return the events in the file and the lines that came by UDP."""
    home = tmp_path_factory.mktemp("told")
    (home / "dags").mkdir()
    (home / "dags/one.py").write_text(DAG)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        transport = {"type": "file", "log_file_path": str(home / "lineage.jsonl"), "append": True}
        environment = os.environ | {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
            "AIRFLOW__API_AUTH__JWT_SECRET": "x" * 64,
            "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
            "AIRFLOW__OPENLINEAGE__NAMESPACE": "customer-health",
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(listener.getsockname()[1]),
            "AIRFLOW__METRICS__STATSD_PREFIX": "health",
            "HEALTH_DATABASE_URL": STORE,
            "PYTHONPATH": str(ROOT),
        }
        for words in (["db", "migrate"], ["dags", "test", "customer_health"]):
            command = [str(Path(sys.executable).parent / "airflow"), *words]
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
        listener.setblocking(False)
        return (home / "lineage.jsonl").read_text(), received(listener)


def received(listener):
    lines = []
    while True:
        try:
            lines += listener.recv(65_536).decode().splitlines()
        except BlockingIOError:
            return lines


def test_each_task_of_ours_tells_which_tables_it_reads_and_writes(told):
    events = [json.loads(line) for line in told[0].splitlines()]
    datasets = {
        event["job"]["name"]: tuple(
            [(one["namespace"], one["name"]) for one in event[side]]
            for side in ("inputs", "outputs")
        )
        for event in events
        if event["inputs"] or event["outputs"]
    }
    place = "postgres://db.example:6432"
    assert datasets == {
        "customer_health.extract_hubspot": ([("hubspot", "api")], [(place, "shop.raw.record")]),
        "customer_health.score": (
            [(place, "shop.health.reading")], [(place, "shop.health.snapshot")]
        ),
    }  # fmt: skip
    ended = {event["job"]["name"] for event in events if event["eventType"] == "COMPLETE"}
    assert ended == {"customer_health", *datasets, "customer_health.other"}


def test_lineage_holds_no_password(told):
    assert told[0]
    assert "S3CRET" not in told[0]


def test_metrics_of_each_task_arrive_by_statsd(told):
    kinds = {line.split(":")[0]: line.rpartition("|")[2] for line in told[1]}
    for task in ("extract_hubspot", "score", "other"):
        assert kinds[f"health.dag.customer_health.{task}.duration"] == "ms"


def test_every_task_that_tells_lineage_is_there_and_so_is_every_table(dags):
    import customer_health_lineage as lineage

    tasks = {task.task_id for name in lineage.DAGS for task in dags[name].tasks}
    stages = {"extract" if name.startswith("extract_") else name for name in tasks}
    assert set(lineage.TABLES) <= stages
    schema = "".join(path.read_text() for path in (ROOT / "include/sql/schema").glob("*.sql"))
    made = set(re.findall(r"create table (?:if not exists )?([\w.]+)", schema))
    named = {one for pair in lineage.TABLES.values() for tables in pair for one in tables}
    assert len(named) > 15
    assert named <= made
