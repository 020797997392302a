"""From an Airflow connection of a database to its SQLAlchemy URL; user and password stay apart."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

# Airflow's type of a connection and SQLAlchemy's driver, where it is not the type's own name.
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "redshift": "postgresql+psycopg",
}
# What libpq understands of a connection's extra (PostgreSQL 17, "Parameter Key Words", Nov 2026).
LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey", "options", "application_name")


def database_url(
    conn_type: str, host: str, port: int | None, schema: str, extra: Mapping[str, Any]
) -> URL:
    """Return the URL that a connection's fields make; ValueError where they make none.

    host: a host name, the file of an SQLite database, or a whole SQLAlchemy URL. extra:
    `drivername` names another driver, `query` further options of the URL.
    """
    if "://" in host:
        try:
            url = make_url(host)
        except (ArgumentError, ValueError):
            raise ValueError("its host is no SQLAlchemy URL") from None
        return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    driver = str(extra.get("drivername") or DRIVERS.get(conn_type, conn_type))
    if not driver or conn_type in ("http", "generic"):
        raise ValueError("its type is no database's, and its host no SQLAlchemy URL")
    if driver == "sqlite":
        return URL.create(driver, database=host or schema)
    options = {
        key: str(extra[key]) for key in LIBPQ if driver.startswith("postgres") and key in extra
    }
    return URL.create(
        driver, host=host or None, port=port, database=schema or None,
        query=options | {key: str(value) for key, value in dict(extra.get("query") or {}).items()},
    )  # fmt: skip


def without_user(url: URL) -> str:
    """Write a URL without user and password."""
    bare = URL.create(
        url.drivername, host=url.host, port=url.port, database=url.database, query=url.query
    )
    return bare.render_as_string()
