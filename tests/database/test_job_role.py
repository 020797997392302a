"""The daily job works with the rights it needs, and may do nothing else."""

import os
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from include import pipeline
from include.errors import FixConfig
from include.pipeline.job import Job, read_deck
from include.settings import Credentials, load_settings
from include.warehouse.database import open_store, run_script, transaction
from include.warehouse.migrate import upgrade
from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.database.conftest import admin, create, drop

FIRST, DAY = date(2026, 2, 20), date(2026, 3, 31)
VERBS = (
    "check_raw", "conform", "check_facts", "roll_up", "read", "watch", "score", "publish", "settle",
)  # fmt: skip
FORBIDDEN = {
    "make a table": "create table health.mine (a integer)",
    "make one in public": "create table public.mine (a integer)",
    "change a table": "alter table raw.record add column mine text",
    "drop a table": "drop table raw.record",
    "empty a table": "truncate raw.record",
    "switch off a guard": "alter table health.override disable trigger keep",
    "enter an override": "insert into health.override (account_id) values (1)",
    "invent an override": "update health.override set author = 'me'",
    "decide who is forgotten": "delete from raw.forgotten_address",
    "read the salt's neighbours in the catalogue": "select rolpassword from pg_authid",
    "read files of the server": "select pg_read_file('/etc/passwd')",
    "run programs on the server": "copy raw.stream to program 'cat'",
    "make a role": "create role mine superuser",
}


@pytest.fixture(scope="module")
def job(server, migrated):
    """A store whose owner has given rights to another login, and the job as that one."""
    name, login = f"test_{os.getpid()}_role", f"test_{os.getpid()}_job"
    owner = open_store(create(server, name, migrated))
    for _ in range(2):  # again: nothing changes
        with transaction(owner) as connection:
            run_script(connection, "setup/grant_job")
    with admin(server) as connection:
        connection.execute(f"create role {login} login password 'test' in role health_job")
    url = make_url(server.url(name)).set(username=login, password="test")
    settings = load_settings()
    deck = read_deck(settings)
    job = Job(open_store(url.render_as_string(hide_password=False)), settings, deck.live)
    yield job
    job.engine.dispose()
    owner.dispose()
    drop(server, name)
    with admin(server) as connection:
        connection.execute(f"drop role {login}")


def test_a_day_of_a_new_month_is_extracted_scored_and_published(job):
    assert upgrade(job.engine), "a store that is up to date needs no owner"
    with running(simulate(accounts=25, seed=3, start=FIRST, end=DAY), limits=False) as sandbox:
        for source in job.settings.sources:
            at = sandbox.vendors[source.vendor]
            door = Credentials(at["base_url"], at["token"], at.get("user", ""))
            pipeline.extract(job, "run", str(DAY), source.name, door)
        counts = {verb: getattr(pipeline, verb)(job, "run", str(DAY)) for verb in VERBS}
    assert counts["score"]["inserted"] > 15


def test_the_job_shows_the_planner_what_it_filled_where_the_server_knows_that_right(job):
    """From version 17 on; before it ANALYZE leaves the table out, and the day goes on."""
    noted = "select last_analyze is not null from pg_stat_user_tables where relname = 'change'"
    with transaction(job.engine) as connection:
        connection.exec_driver_sql("analyze core.change")
    with transaction(job.engine) as connection:
        version = int(connection.scalar(text("show server_version_num")))
        assert connection.scalar(text(noted)) == (version >= 170000)


@pytest.mark.parametrize("what", list(FORBIDDEN))
def test_the_job_cannot(job, what):
    refused = pytest.raises(FixConfig, match=r"permission denied|must be owner")
    with refused, transaction(job.engine) as connection:
        connection.execute(text(FORBIDDEN[what]))


def test_the_job_may_take_over_overrides_of_the_crm_and_end_those_alone(job):
    with transaction(job.engine) as connection:
        account = connection.scalar(text("select min(account_id) from core.account"))
        entered = connection.scalar(
            text("select health.enter_heard(:account, 40, 'other', 'Said.', '7', :day, :day)"),
            {"account": account, "day": DAY},
        )
        ended = text("select health.end_heard(:number, '7', :day)")
        binds = {"number": entered, "day": DAY}
        assert connection.scalar(ended, binds) == entered
        assert connection.scalar(ended, binds) is None
