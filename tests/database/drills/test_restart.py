"""The database killed in the middle of reading, scoring and publishing; dumped and restored."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from include.errors import RetryLater
from include.warehouse.cluster import find_binaries
from include.warehouse.database import open_store
from include.warehouse.embedded import create_database, home_of, postgres
from include.warehouse.migrate import upgrade
from tests.database.conftest import STATE, create, drop
from tests.database.drills.conftest import YESTERDAY, told, until_done
from tests.database.embedded.conftest import place, stopped
from tests.database.histories.conftest import TODAY, open_shop

__all__ = ["place", "stopped"]
WAITS = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


@pytest.fixture
def frail(place, tmp_path):
    """The shop after yesterday's run, on a server that may be killed."""
    with postgres(place.state, linger_s=place.linger_s) as lease:
        engine = open_store(create_database(lease, "health"))
        upgrade(engine)
        shop = open_shop(engine, tmp_path)
        shop.run(YESTERDAY)
        yield shop
        engine.dispose()


def kill_while_it_waits_for(shop, place, table):
    """Let a run wait for a table, and kill the server under it."""
    url = shop.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with ThreadPoolExecutor(1) as thread:
        holder = psycopg.connect(url)
        holder.execute(f"lock table {table} in exclusive mode")
        run = thread.submit(shop.run, TODAY)
        with psycopg.connect(url, autocommit=True) as other:
            while other.execute(WAITS).fetchone() == (0,):
                assert not run.done(), run.exception()
                time.sleep(0.02)
        before = place.server_pid
        os.kill(before, signal.SIGKILL)
        place.wait_for(lambda: place.server_pid not in (None, before), "another server")
        holder.close()
        return run.exception()


def test_a_database_killed_in_mid_run_again_and_again_costs_nothing(frail, place, undisturbed):
    for table in ("health.reading", "health.snapshot", "health.publication"):
        died = kill_while_it_waits_for(frail, place, table)
        assert isinstance(died, RetryLater), died
        assert "did not answer" in str(died)
        assert until_done(lambda: told(frail)).published == undisturbed["yesterday"].published
    frail.run(TODAY)
    assert told(frail) == undisturbed["today"]


def program(name, url, *arguments):
    """Run a program of PostgreSQL's on a database; the password goes by the environment."""
    place = ["-h", url.host, "-p", str(url.port), "-U", url.username]
    subprocess.run(
        [find_binaries(home_of(STATE)) / name, *place, *arguments], check=True,
        env={**os.environ, "PGPASSWORD": url.password},
    )  # fmt: skip


def test_a_store_restored_from_yesterdays_dump_catches_up(shop, server, undisturbed, tmp_path):
    """As docs/runbook.md says it, with the same two programs."""
    url, dump, name = shop.engine.url, tmp_path / "health.dump", f"test_{os.getpid()}_restored"
    program("pg_dump", url, "-Fc", "-f", dump, url.database)
    shop.run(TODAY)  # lost with the server's disk
    engine = open_store(create(server, name))
    try:
        program("pg_restore", url, "--no-owner", "--no-acl", "--exit-on-error", "-d", name, dump)
        upgrade(engine)
        restored = type(shop)(type(shop.job)(engine, shop.job.settings, shop.job.cards), tmp_path)
        assert told(restored) == undisturbed["yesterday"]
        restored.run(TODAY)
        assert told(restored) == undisturbed["today"]
    finally:
        engine.dispose()
        drop(server, name)
