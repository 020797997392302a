"""A store moves to a server of its owner's, by the words of docs/runbook.md."""

import os
import re
import subprocess
from secrets import token_hex

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from include.warehouse.cluster import find_binaries
from include.warehouse.database import open_store, run_script, transaction
from include.warehouse.embedded import create_database, home_of, postgres
from include.warehouse.migrate import revisions, upgrade
from include.warehouse.readers import grant_reader
from tests.database.conftest import STATE, admin
from tests.database.embedded.conftest import ROOT, place, stopped

__all__ = ["place", "stopped"]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
MAY_ALL = """
select has_function_privilege('public', 'health.enter_heard'::regproc, 'execute')
or has_function_privilege('public', 'health.end_heard'::regproc, 'execute')
"""
MAY_THE_JOB = "select has_table_privilege('health_job', 'raw.record', 'insert')"


@pytest.fixture
def granted(store, server):
    """A store whose owner has given rights to the job's role and to a reader."""
    reader = f"reader_{token_hex(4)}"
    with admin(server) as connection:
        connection.execute(f"create role {reader}")
    grant_job(store)
    grant_reader(store, reader)
    yield store
    with transaction(store) as connection:
        connection.execute(text(f"drop owned by {reader}"))
        connection.execute(text(f"drop role {reader}"))


def grant_job(engine):
    with transaction(engine) as connection:
        run_script(connection, "setup/grant_job")


def program(name, url, *arguments):
    """Run a program of PostgreSQL's as a user of a server; the password goes by the environment."""
    done = subprocess.run(
        [find_binaries(home_of(STATE)) / name, "-h", url.host, "-p", str(url.port),
         "-U", url.username, *arguments],
        env={**os.environ, "PGPASSWORD": url.password}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def ask(engine, statement):
    with transaction(engine) as connection:
        return connection.execute(text(statement)).scalar_one()


def test_a_store_with_grants_moves_to_a_server_that_does_not_know_their_roles(
    granted, place, tmp_path
):
    dump = tmp_path / "health.dump"
    (options,) = re.findall(r"pg_restore (.+?) -d URL health\.dump", RUNBOOK)
    program("pg_dump", granted.url, "-Fc", "-f", dump, granted.url.database)
    with postgres(place.state, linger_s=place.linger_s) as other:
        url = make_url(create_database(other, "mine"))
        program("pg_restore", url, *options.split(), "-d", "mine", dump)
        moved = open_store(url.render_as_string(hide_password=False))
        assert upgrade(moved) == revisions()[-1]
        assert ask(moved, "select not exists (select from pg_roles where rolname = 'health_job')")
        grant_job(moved)
        assert ask(moved, MAY_THE_JOB)
        assert not ask(moved, MAY_ALL)
        moved.dispose()
