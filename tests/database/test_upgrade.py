"""A store that an older release made and filled, brought up to date: nothing is lost or changed."""

from datetime import timedelta

import psycopg
import pytest
from psycopg import sql

from include.pipeline.job import Job
from include.pipeline.verify import verify
from include.warehouse.migrate import revisions, upgrade
from tests.database.histories.conftest import TODAY, Shop, open_shop

YESTERDAY = TODAY - timedelta(days=1)
COLUMNS = """
select format('%I.%I', table_schema, table_name), array_agg(column_name::text order by column_name)
from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema in ('raw', 'core', 'health') and table_type = 'BASE TABLE'
    and is_generated = 'NEVER'
    and not exists (
        select from pg_inherits where inhrelid = format('%I.%I', table_schema, table_name)::regclass
    )
group by 1
"""
SERIALS = """
select format('%I.%I', table_schema, table_name), column_name
from information_schema.columns
where is_identity = 'YES' and table_schema in ('raw', 'core', 'health')
"""


def connect(engine):
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url)


def carry_over(new, old):
    """Fill an older schema with what it has room for; what it brings by itself, such as currencies,
    stays as that release had it.
    """
    with connect(new) as source, connect(old) as target:
        target.execute("set session_replication_role = replica")  # tables come in any order
        months = "select health.ensure_partitions('2026-03-01', '2026-03-31')"
        target.execute(months)
        there, here = (dict(one.execute(COLUMNS).fetchall()) for one in (source, target))
        for table in here.keys() & there.keys():
            if target.execute(f"select 1 from {table} limit 1").fetchone():
                continue
            names = sql.SQL(", ").join(
                sql.Identifier(name) for name in here[table] if name in there[table]
            )
            out = sql.SQL("copy (select {} from {}) to stdout").format(names, sql.SQL(table))
            into = sql.SQL("copy {} ({}) from stdin").format(sql.SQL(table), names)
            with source.cursor().copy(out) as rows, target.cursor().copy(into) as sink:
                for block in rows:
                    sink.write(block)
        for table, column in target.execute(SERIALS).fetchall():
            target.execute(
                f"select setval(pg_get_serial_sequence('{table}', '{column}'),"
                f" coalesce((select max({column}) from {table}), 0) + 1, false)"
            )


@pytest.mark.parametrize("revision", ["0016", revisions()[-2]])
def test_a_filled_store_of_an_older_release_goes_on_as_if_it_had_always_been_new(
    store, empty, tmp_path, revision
):
    always_new = open_shop(store, tmp_path)
    always_new.run(YESTERDAY)
    upgrade(empty, revision)
    carry_over(store, empty)
    upgrade(empty)
    raised = Shop(Job(empty, always_new.job.settings, always_new.job.cards), tmp_path)
    assert raised.content() == always_new.content() != []
    assert raised.content("reading") == always_new.content("reading")
    verified = verify(raised.job, [YESTERDAY])
    assert (verified.rows, verified.differing, verified.is_good) == (30, 0, True)
    for shop in (always_new, raised):
        shop.run(TODAY)
    assert raised.content() == always_new.content()
    published = "select as_of, scorecard_id from health.publication order by 1"
    assert raised.rows(published) == always_new.rows(published)
    assert len(raised.rows(published)) == 2
