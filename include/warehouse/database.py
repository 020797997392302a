"""The health store: one engine, statements read from files, and errors that say what to do."""

import contextlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, TextClause, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from include.errors import FixConfig, RetryLater

SQL = Path(__file__).resolve().parents[1] / "sql"
# Classes of SQLSTATE after which the same work may succeed: connection, resources, operator,
# conflict with other work.
PASSING = ("08", "53", "57P", "40", "55P03")
# Those after which a person must act: login, unknown database, missing privilege, full disk.
REFUSED = ("28", "3D", "42501", "53100")
# While connecting, psycopg 3 gives the server's sentence but no SQLSTATE (checked Nov 2026).
REFUSALS = (
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "not permitted to log in",
    "permission denied",
    "does not exist",
)


def open_store(url: str) -> Engine:
    """Return an engine for a PostgreSQL URL; psycopg 3 is used whatever driver the URL names."""
    try:
        parsed = make_url(url.strip())
    except ArgumentError:
        raise FixConfig("HEALTH_DATABASE_URL is not a database URL.") from None
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise FixConfig("HEALTH_DATABASE_URL must be a postgresql:// URL.")
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "customer-health"},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _make_equal)
    return engine


def _make_equal(connection: psycopg.Connection[Any], _record: object) -> None:
    """Let every server turn moments into days the same way, and every user name the same tables.

    (A user called health would find the schema of that name without being told.)
    """
    connection.autocommit = True
    connection.execute("set time zone 'UTC'; set search_path to public")
    connection.autocommit = False


@contextlib.contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Run a block in one transaction; a database that went away is RetryLater, without secrets."""
    try:
        with engine.begin() as connection:
            yield connection
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        words, state = " ".join(str(cause).split())[:300], getattr(cause, "sqlstate", None) or ""
        is_cut_off = not state and isinstance(cause, psycopg.OperationalError)
        if state.startswith(REFUSED) or (is_cut_off and any(text in words for text in REFUSALS)):
            raise FixConfig(f"{place_of(engine)} refused us ({words}).") from None
        if is_cut_off or state.startswith(PASSING):
            raise RetryLater(f"{place_of(engine)} did not answer ({words}).") from None
        raise


@contextlib.contextmanager
def moment(engine: Engine) -> Iterator[Connection]:
    """Read in one transaction that sees the store as it is at its first statement, to the end.

    PostgreSQL itself refuses whatever would write.
    """
    with transaction(engine) as connection:
        connection.execute(text("set transaction isolation level repeatable read, read only"))
        yield connection


def place_of(engine: Engine) -> str:
    """Name a database for people, without user or password."""
    url = engine.url
    return f"PostgreSQL at {url.host}:{url.port or 5432}/{url.database}"


@cache
def query(name: str) -> TextClause:
    """Read one statement: "crm/ledger" is include/sql/crm/ledger.sql."""
    return text((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def run_script(connection: Connection, name: str) -> None:
    """Run a file of several statements without binds, inside the connection's transaction."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute((SQL / f"{name}.sql").read_bytes())
