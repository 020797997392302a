"""Every task of the day killed twice: before its first write, and after its last one.

Tables are locked so that the task waits, and it is killed while it does: first all tables that hold
data, then the one with the line that each stage leaves when its work is done. In the end the store
holds what one holds to which nothing happened.
"""

import multiprocessing
import os
import signal
import time

import psycopg
import pytest

from tests.database.conftest import migrated, server
from tests.drills.days import DAY, days

__all__ = ["migrated", "server"]
FORK = multiprocessing.get_context("fork")  # what a task imports is here already
DATA = """
select string_agg(format('%I.%I', schemaname, tablename), ', ') from pg_tables
where schemaname in ('raw', 'core', 'health') and tablename not in ('run', 'run_stage')
"""
WAITING = """
select count(*) from pg_locks where not granted
and database = (select oid from pg_database where datname = current_database())
"""


def in_a_process(task):
    child = FORK.Process(target=task)
    child.start()
    child.join()
    assert child.exitcode == 0, task


def is_killed(url, task, tables):
    """Lock the tables, kill the task once it waits for one; False where it never did."""
    address = url.replace("+psycopg", "")
    with psycopg.connect(address) as holder, psycopg.connect(address, autocommit=True) as watcher:
        holder.execute(f"lock table {tables} in exclusive mode")
        child = FORK.Process(target=task)
        child.start()
        while child.is_alive():
            if watcher.execute(WAITING).fetchone()[0]:
                os.kill(child.pid, signal.SIGKILL)
                child.join()
                return True
            time.sleep(0.02)
        assert child.exitcode == 0, task
        return False


@pytest.fixture(scope="module")
def undisturbed(server, migrated, tmp_path_factory):
    import great_expectations  # noqa: F401 - once, not in every process

    with days(server, migrated, tmp_path_factory.mktemp("undisturbed")) as shop:
        for task in shop.tasks(DAY).values():
            in_a_process(task)
        return shop.left()


def test_tasks_killed_before_their_first_write_and_after_their_last_cost_nothing(
    server, migrated, tmp_path, undisturbed
):
    with days(server, migrated, tmp_path) as shop:
        ((data,),) = shop.rows(DATA)
        tasks = shop.tasks(DAY)
        died = {"first": set(), "last": set()}
        for name, task in tasks.items():
            died["first"] |= {name} if is_killed(shop.url, task, data) else set()
            died["last"] |= {name} if is_killed(shop.url, task, "health.run_stage") else set()
            in_a_process(task)
        assert died == {"first": set(tasks), "last": set(tasks)}
        assert shop.left() == undisturbed
