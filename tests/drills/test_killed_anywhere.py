"""Every task of the day killed twice: before its first write, and after its last one.

Tables are locked so that the task waits, and it is killed while it does: first all tables that hold
data, then the one with the line that each stage leaves when its work is done. In the end the store
holds what one holds to which nothing happened.
"""

import multiprocessing
import os
import signal
import time
from contextlib import contextmanager
from datetime import date
from functools import partial

import psycopg
import pytest
from sqlalchemy import text

from include import pipeline
from include.connections import credentials_at_hand
from include.settings import load_settings
from include.stack.state import State
from include.stack.vendors import sandbox
from include.warehouse.database import open_store
from tests.database.conftest import lend, migrated, server
from tests.end_to_end.test_run_stopped import LEFT

__all__ = ["migrated", "server"]
DAY, RUN = date(2026, 3, 31), "the day"
WORLD = ("--accounts", "20", "--days", "100", "--seed", "3", "--end", str(DAY), "--port", "0")
TASKS = ("check_raw", "conform", "check_facts", "roll_up", "fill_history", "read", "watch", "score",
         "publish", "settle", "plan", "push")  # fmt: skip
FORK = multiprocessing.get_context("fork")  # what a task imports is here already
DATA = """
select string_agg(format('%I.%I', schemaname, tablename), ', ') from pg_tables
where schemaname in ('raw', 'core', 'health') and tablename not in ('run', 'run_stage')
"""
WAITING = """
select count(*) from pg_locks where not granted
and database = (select oid from pg_database where datname = current_database())
"""


@contextmanager
def day(server, migrated, folder):
    """A store, and the day's tasks over it in their order, each a call that needs nothing."""
    state = State(folder)
    for place in (state.logs, state.folder / "sandbox"):
        place.mkdir(parents=True)
    stores = lend(server, migrated)
    url = next(stores).url.render_as_string(hide_password=False)
    settings = load_settings()
    with sandbox(settings, [*WORLD, "--high-volume"], state) as vendors:
        enter = partial(credentials_at_hand, settings, others=vendors.connections)
        tasks = {
            f"extract {one.name}": partial(work, url, "extract", one.name, enter(one.name))
            for one in settings.sources
        }
        tasks |= {name: partial(work, url, name) for name in TASKS[:-1]}
        tasks["push"] = partial(work, url, "push", enter(settings.crm_source.name))
        yield url, tasks
    next(stores, None)


def work(url, verb, *given):
    """Do one task as a worker does, on the store of that URL."""
    os.environ["HEALTH_DATABASE_URL"] = url
    getattr(pipeline, verb)(pipeline.open_job(), RUN, str(DAY), *given)


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


def left(url):
    engine = open_store(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(LEFT))]
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def undisturbed(server, migrated, tmp_path_factory):
    import great_expectations  # noqa: F401 - once, not in every process

    with day(server, migrated, tmp_path_factory.mktemp("undisturbed")) as (url, tasks):
        for task in tasks.values():
            in_a_process(task)
        return left(url)


def test_tasks_killed_before_their_first_write_and_after_their_last_cost_nothing(
    server, migrated, tmp_path, undisturbed
):
    with day(server, migrated, tmp_path) as (url, tasks):
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            (data,) = connection.execute(DATA).fetchone()
        died = {"first": set(), "last": set()}
        for name, task in tasks.items():
            died["first"] |= {name} if is_killed(url, task, data) else set()
            died["last"] |= {name} if is_killed(url, task, "health.run_stage") else set()
            in_a_process(task)
        assert died == {"first": set(tasks), "last": set(tasks)}
        assert left(url) == undisturbed
