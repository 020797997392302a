"""One embedded PostgreSQL for the session, and a fresh migrated database for each test."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from include.warehouse.database import open_store
from include.warehouse.embedded import Lease, postgres
from include.warehouse.migrate import upgrade

STATE = Path(__file__).parents[2] / "var" / "test-postgres"
SERIAL = count(1)


def admin(server: Lease) -> psycopg.Connection:
    url = server.url("postgres").replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True)


def create(server: Lease, name: str, template: str = "template1") -> str:
    with admin(server) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return server.url(name)


def drop(server: Lease, name: str) -> None:
    with admin(server) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


def sweep(server: Lease) -> None:
    """Drop what killed test sessions left behind: databases named after a process that is gone."""
    with admin(server) as connection:
        names = connection.execute(
            "select datname from pg_database where datname ~ '^test_[0-9]+_'"
        )
        for (name,) in names.fetchall():
            if not is_running(int(name.split("_")[1])):
                drop(server, name)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@pytest.fixture(scope="session")
def server() -> Iterator[Lease]:
    """A lease on this repository's test server; it stops by itself after the last session."""
    with postgres(STATE) as lease:
        with admin(lease) as connection:  # nothing here is worth waiting for the disk
            connection.execute("alter system set fsync = off")
            connection.execute("select pg_reload_conf()")
        sweep(lease)
        yield lease


@pytest.fixture(scope="session")
def migrated(server: Lease) -> Iterator[str]:
    """The name of a database with the newest schema, which nobody writes to: the template."""
    name = f"test_{os.getpid()}_template_{token_hex(4)}"
    engine = open_store(create(server, name))
    upgrade(engine)
    engine.dispose()
    yield name
    drop(server, name)


@pytest.fixture(scope="session")
def scratch(server: Lease) -> Iterator[Engine]:
    """A database without any schema for the whole session: for temporary tables only."""
    yield from lend(server, "template1")


@pytest.fixture
def empty(server: Lease) -> Iterator[Engine]:
    """A database without any schema, dropped afterwards."""
    yield from lend(server, "template1")


@pytest.fixture
def store(server: Lease, migrated: str) -> Iterator[Engine]:
    """A database with the newest schema and no rows, dropped afterwards."""
    yield from lend(server, migrated)


def lend(server: Lease, template: str) -> Iterator[Engine]:
    name = f"test_{os.getpid()}_{next(SERIAL)}"
    engine = open_store(create(server, name, template))
    yield engine
    engine.dispose()
    drop(server, name)
