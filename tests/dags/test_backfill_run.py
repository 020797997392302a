"""The backfill DAG, run by Airflow from its form to the rows."""

from datetime import date

import pytest

from include import pipeline
from tests.database.conftest import migrated, server, store
from tests.database.histories.conftest import TODAY, shop

__all__ = ["migrated", "server", "shop", "store"]
START = date(2026, 2, 20)


@pytest.fixture
def cut(shop, airflow_home, monkeypatch):
    """The shop in two shards, after a daily run, as Airflow's tasks will find it."""
    cut = shop.with_settings(shard_accounts=16)
    pipeline.job.open_run(cut.job, "first", str(TODAY))
    for name, value in cut.environment().items():
        monkeypatch.setenv(name, value)
    return cut


@pytest.fixture
def backfill(cut):
    """Run the DAG with a form filled in, and return Airflow's record of the run."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    from tests.dags.conftest import ROOT

    initdb()
    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}

    def run(**entered):
        form = {"from": str(START), "to": str(TODAY), "scorecard": "plain.v1"}
        empty = {"accounts": None, "dry_run": False}  # a DAG tested twice remembers the first form
        return bag.dags["customer_health_backfill"].test(run_conf=form | empty | entered)

    return run


def states(run):
    return sorted((one.task_id, one.map_index, one.state) for one in run.get_task_instances())


def test_the_form_becomes_parts_and_the_parts_become_rows(cut, backfill):
    dry = backfill(dry_run=True)
    assert states(dry) == [
        ("close", -1, "skipped"), ("estimate", -1, "success"), ("fill", -1, "skipped"),
        ("parts", -1, "success"),
    ]  # fmt: skip
    assert cut.content() == cut.content("reading") == []

    run = backfill(accounts="1003, segment:Enterprise")
    assert run.state == "success"
    mapped = [one for one in states(run) if one[0] == "fill"]
    assert mapped == [("fill", n, "success") for n in range(2 * 2)], "months by shards"
    days = (TODAY - START).days + 1
    assert len(cut.content()) == 10 * days

    whole = backfill()
    assert whole.state == "success"
    rows = cut.content()
    assert len(rows) == 30 * days
    assert {(basis, revision) for _, _, basis, revision, _ in rows} == {("reconstructed", 0)}
    runs = cut.rows("select kind, as_of, state from health.run where kind = 'backfill'")
    assert runs == [("backfill", TODAY, "success")] * 2
    assert cut.rows("select * from health.publication") == []


def test_what_cannot_be_meant_is_a_red_run(cut, backfill):
    assert backfill(accounts="nobody").state == "failed"
    assert cut.content() == []
