"""A foreign warehouse: a PostgreSQL of its own, an SQLite file, folders of Parquet and CSV."""

import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import text

from include.database_url import without_user
from include.settings import Credentials
from include.sources import open_source
from include.vendor_settings import Warehouse
from include.vendor_settings.warehouse import FACTS

AS_OF = date(2026, 3, 31)
USAGE = """
create table events (
    tenant text, at date, who text, what text, times integer, changed timestamptz
);
insert into events values
    ('kite', '2026-03-01', 'u1', 'export', 2, '2026-03-01 10:00+00'),
    ('kite', '2026-03-01', 'u2', 'export', 1, '2026-03-01 11:00+00'),
    ('Kite', '2026-03-01', 'u9', 'import', 1, '2026-03-01 11:00+00'),
    ('kite', '2026-03-01', 'u1', 'import', 1, '2026-03-01 12:00+00'),
    ('mast', '2026-03-02', 'u3', 'export', 5, '2026-03-02 10:00+00'),
    ('kite', '2026-03-10', 'u1', 'export', 1, '2026-03-10 10:00+00')
"""
COLUMNS = {
    "account_key": "tenant", "day": "at", "user": "who", "feature": "what", "events": "times",
}  # fmt: skip
KITE = {
    "account_key": "kite", "day": "2026-03-01", "events": 4, "users": ["u1", "u2"],
    "features": ["export", "import"],
}  # fmt: skip


@pytest.fixture
def foreign(empty):
    """A PostgreSQL of somebody else; foreign("create …")."""

    def run(statement, **values):
        with empty.begin() as connection:
            connection.execute(text(statement), values)

    return run


@pytest.fixture
def at_postgres(empty):
    """Open a source on that PostgreSQL: at_postgres("usage_day", query=…, columns=…)."""
    url = empty.url
    credentials = Credentials(without_user(url), url.password or "", url.username)

    def opened(fact, **table):
        return source(fact, credentials, connection="dwh", **table)

    return opened


@pytest.fixture
def at_sqlite(tmp_path):
    """Open a source on an SQLite file that a script fills."""

    def opened(script, fact, **table):
        path = tmp_path / "dwh.sqlite"
        with sqlite3.connect(path) as connection:
            connection.executescript(script)
        connection.close()
        return source(fact, Credentials(f"sqlite:///{path}", ""), connection="dwh", **table)

    return opened


@pytest.fixture
def at_folder(tmp_path):
    """Open a source on a folder; there: name: a query of DuckDB that makes it, or a text."""

    def opened(there, fact, **table):
        folder = tmp_path / "exports"
        for name, content in there.items():
            write(folder / name, content)
        return source(fact, Credentials("", ""), folder=folder, **table)

    return opened


def write(path: Path, content: str) -> None:
    path.parent.mkdir(exist_ok=True)
    if content.startswith("select "):
        duckdb.sql(content).write_parquet(str(path))
    else:
        path.write_text(content)


def source(fact, credentials, *, connection="", folder=None, zone="UTC", amounts="major", **table):
    role = next(role for role, facts in FACTS.items() if fact in facts)
    settings = Warehouse(
        name="dwh", vendor="warehouse", role=role, connection=connection, folder=folder,
        amounts=amounts, facts={fact: table},
    )  # fmt: skip
    return open_source(settings, credentials, time_zone=zone)


def read(opened, state=None, as_of=AS_OF):
    """Return all records and the state that follows."""
    pages = list(opened.pages(opened.streams[0], state=state, as_of=as_of))
    return [record for page in pages for record in page.records], pages[-1].state
