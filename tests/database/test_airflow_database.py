"""Airflow's metadata database on one machine, made by Airflow's own commands."""

from secrets import token_hex

import psycopg
import pytest

from include.stack.airflow_database import prepare_airflow
from include.stack.environment import airflow_environment
from include.stack.state import Databases, State
from tests.database.conftest import create, drop

POOLS = "select count(*) from slot_pool where pool like 'extract_%'"


@pytest.fixture
def state(tmp_path):
    found = State(tmp_path)
    for folder in (found.airflow, found.logs):
        folder.mkdir()
    return found


@pytest.fixture
def name(server):
    made = f"airflow_{token_hex(4)}"
    yield made
    drop(server, made)


def ask(url, statement):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        return connection.execute(statement).fetchone()[0]


def test_a_database_in_the_place_of_another_is_migrated_whatever_was_done_before(
    server, state, name
):
    def prepare():
        """Return the logs of the commands that were run."""
        for log in state.logs.glob("*.log"):
            log.unlink()
        prepare_airflow(state, environment)
        return [log.name for log in sorted(state.logs.glob("*.log"))]

    url = create(server, name)
    environment = airflow_environment(state, Databases("", url), {})
    both = ["airflow-migrate.log", "airflow-pools.log"]
    assert prepare() == both
    assert ask(url, POOLS) == 9
    assert prepare() == []
    drop(server, name)
    create(server, name)  # another server's, an older dump, or a folder that was moved away
    assert prepare() == both
    assert ask(url, POOLS) == 9
    ask(url, "delete from slot_pool where pool = 'extract_stripe' returning pool")
    assert prepare() == both
    assert ask(url, POOLS) == 9
