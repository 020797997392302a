"""Airflow with a metadata database of its own (SQLite), named before anything imports Airflow."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory):
    """Airflow's settings for the tests of one file; afterwards the environment is as it was."""
    home = tmp_path_factory.mktemp("airflow")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__DAGS_FOLDER": ROOT / "dags",
            "AIRFLOW__CORE__PLUGINS_FOLDER": ROOT / "plugins",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
            "AIRFLOW__API_AUTH__JWT_SECRET": "x" * 64,
        }.items():
            environment.setenv(name, str(value))
        yield home


@pytest.fixture(scope="module")
def dags(airflow_home):
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}
    assert bag.dags, "no DAG found: every test below would pass on an empty folder"
    return bag.dags
