"""The health store: one engine, statements read from files, and errors that say what to do."""

import contextlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, TextClause, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from include.errors import FixConfig, RetryLater

SQL = Path(__file__).resolve().parents[1] / "sql"
# Classes of SQLSTATE after which the same work may succeed: connection, resources, operator.
PASSING = ("08", "53", "57P", "40")


def open_store(url: str) -> Engine:
    """Return an engine for a PostgreSQL URL; psycopg 3 is used whatever driver the URL names."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise FixConfig("HEALTH_DATABASE_URL is not a database URL.") from None
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise FixConfig("HEALTH_DATABASE_URL must be a postgresql:// URL.")
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "customer-health"},
        hide_parameters=True,
    )


@contextlib.contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Run a block in one transaction; a database that went away is RetryLater, without secrets."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        cut_off = not state and isinstance(error, (OperationalError, InterfaceError))
        if error.connection_invalidated or cut_off or state.startswith(PASSING):
            raise RetryLater(f"{place_of(engine)} did not answer ({_words(error)}).") from None
        if state.startswith(("28", "3D")):
            raise FixConfig(f"{place_of(engine)} refused us ({_words(error)}).") from None
        raise


def place_of(engine: Engine) -> str:
    """Name a database for people, without user or password."""
    url = engine.url
    return f"PostgreSQL at {url.host}:{url.port or 5432}/{url.database}"


def _words(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())[:300]


@cache
def query(name: str) -> TextClause:
    """Read one statement: "crm/ledger" is include/sql/crm/ledger.sql."""
    return text((SQL / f"{name}.sql").read_text(encoding="utf-8"))
