"""A role for BI tools reads the views, and nothing else (002-25)."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from include.errors import FixConfig
from include.warehouse.readers import grant_reader
from tests.database.typed import health_on

VIEWS = "select viewname from pg_views where schemaname = 'health_bi' order by 1"
RELATIONS = """
select n.nspname, c.relname from pg_class c join pg_namespace n on c.relnamespace = n.oid
where n.nspname in ('raw', 'core', 'health', 'public') and c.relkind in ('r', 'v', 'p', 'S')
"""


@pytest.fixture
def role(store) -> Iterator[str]:
    """The name of a role of the server that may log in, and nothing else."""
    name = f"reader_{uuid4().hex[:8]}"
    with owner(store) as connection:
        connection.execute(
            sql.SQL("create role {} login password 'test'").format(sql.Identifier(name))
        )
    yield name
    with owner(store) as connection:
        connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def owner(store) -> psycopg.Connection:
    return psycopg.connect(plain(store.url), autocommit=True)


def plain(url) -> str:
    return url.render_as_string(hide_password=False).replace("+psycopg", "")


def as_role(store, role) -> psycopg.Connection:
    return psycopg.connect(plain(store.url.set(username=role, password="test")), autocommit=True)


def test_a_reader_reads_every_view_and_nothing_else(published, role):
    """Requirement 002-25."""
    store = published.engine
    grant_reader(store, role)
    grant_reader(store, role)
    with as_role(store, role) as reader:
        views = [name for (name,) in reader.execute(VIEWS)]
        assert len(views) > 10
        for name in views:
            reader.execute(sql.SQL("select * from health_bi.{}").format(sql.Identifier(name)))
        assert reader.execute("select count(*) from health_bi.accounts_today").fetchone() == (30,)
        relations = reader.execute(RELATIONS).fetchall()
        assert len(relations) > 50
        for schema, name in relations:
            statement = sql.SQL("select 1 from {}.{}").format(
                sql.Identifier(schema), sql.Identifier(name)
            )
            refused(reader, statement)
        for call in ("core.day_of(now())", "health.shown_on(current_date, '{1}')"):
            refused(reader, sql.SQL("select * from " + call))
        refused(reader, sql.SQL("create table health_bi.mine (a integer)"))
        refused(reader, sql.SQL("delete from health_bi.account_attribute"))


def refused(reader, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(statement)


def test_views_that_come_later_are_read_too(store, role):
    grant_reader(store, role)
    with owner(store) as connection:
        connection.execute("create view health_bi.of_tomorrow as select 1 as one")
    with as_role(store, role) as reader:
        assert reader.execute("select one from health_bi.of_tomorrow").fetchone() == (1,)


def test_a_role_that_could_read_more_is_refused(store, role):
    with owner(store) as connection:
        connection.execute(sql.SQL("grant usage on schema core to {}").format(sql.Identifier(role)))
    with pytest.raises(FixConfig, match="may use core, so it would read more"):
        grant_reader(store, role)
    with pytest.raises(FixConfig, match="is a superuser"):
        grant_reader(store, store.url.username)
    with as_role(store, role) as reader:
        refused(reader, sql.SQL("select * from health_bi.dim_day"))


def test_the_command_says_what_is_missing_and_what_it_did(store, role, tmp_path):
    health = health_on(store, tmp_path)
    done = health("db", "grant-reader", "nobody_here")
    assert done.returncode == 78
    assert "no role 'nobody_here'" in done.stderr
    done = health("db", "grant-reader", role)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{role} may read health_bi" in done.stdout
