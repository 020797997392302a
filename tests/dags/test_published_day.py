"""The asset that other DAGs follow: an event for a published day, none for one that is held."""

from datetime import date, timedelta

import pytest

from tests.dags.conftest import ROOT
from tests.database.conftest import migrated, server, store
from tests.database.histories.conftest import TODAY, shop

__all__ = ["migrated", "server", "shop", "store"]
FOLLOWER = """
from airflow.sdk import Asset, dag, task

@dag(schedule=[Asset("customer_health/published_day")], is_paused_upon_creation=False)
def follower():
    @task
    def look(): ...
    look()

follower()
"""


@pytest.fixture
def bag(airflow_home, tmp_path):
    """Our DAGs, and one of somebody else that follows the published day, known to Airflow."""
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.models.dagbundle import DagBundleModel
    from airflow.utils.db import initdb
    from airflow.utils.session import create_session

    initdb()
    with create_session() as session:
        session.add(DagBundleModel(name="others"))
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags/follower.py").write_text(FOLLOWER)
    follower = DagBag(str(tmp_path / "dags"), bundle_path=tmp_path / "dags")
    sync_bag_to_db(follower, "others", None)
    bag = DagBag(str(ROOT / "dags"))
    assert (bag.import_errors, follower.import_errors) == ({}, {})
    return bag


@pytest.fixture
def publish(shop, bag, monkeypatch):
    """Run the task that publishes, by Airflow, after the shop has scored the day."""
    for name, value in shop.environment().items():
        monkeypatch.setenv(name, value)
    dag = bag.dags["customer_health"].partial_subset(["publish"], include_upstream=False)

    def run(day: date):
        return dag.test(run_conf={"as_of": str(day)}).state

    return run


def events():
    from airflow.models.asset import AssetEvent, AssetModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        named = AssetModel.name == "customer_health/published_day"
        return session.scalars(
            select(AssetEvent.extra).join(AssetModel, AssetEvent.asset_id == AssetModel.id)
            .where(named).order_by(AssetEvent.id)
        ).all()  # fmt: skip


def waiting_dags():
    from airflow.models.asset import AssetDagRunQueue
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return session.scalars(select(AssetDagRunQueue.target_dag_id)).all()


def test_a_published_day_starts_who_follows_it_and_a_held_one_does_not(shop, publish):
    shop.run(TODAY)
    assert publish(TODAY) == "success"
    assert events() == [{"as_of": str(TODAY)}]
    assert waiting_dags() == ["follower"]
    assert publish(TODAY - timedelta(days=1)) == "success", "an older day: held"
    assert len(events()) == 1
