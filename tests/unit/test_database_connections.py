"""Connections of databases become SQLAlchemy URLs, with the secret apart from them."""

import json

import pytest

from include.connections import database_credentials, read_fields
from include.errors import FixConfig

SECRET = "pw-keep-me-out"


def credentials(entered):
    text = entered if isinstance(entered, str) else json.dumps(entered)
    return database_credentials("dwh", "warehouse", read_fields(text, "AIRFLOW_CONN_DWH"))


@pytest.mark.parametrize(
    ("entered", "url", "user"),
    [
        (
            {"conn_type": "postgres", "host": "db.kite.example", "port": 5433, "schema": "dwh",
             "login": "job", "password": SECRET, "extra": {"sslmode": "require", "cursor": "x"}},
            "postgresql+psycopg://db.kite.example:5433/dwh?sslmode=require", "job",
        ),
        (f"postgres://job:{SECRET}@db:5432/dwh", "postgresql+psycopg://db:5432/dwh", "job"),
        (
            {"host": f"postgresql://job:{SECRET}@db/dwh"},
            "postgresql+psycopg://db/dwh", "job",
        ),
        (
            {"conn_type": "mysql", "host": "db", "schema": "dwh", "login": "job",
             "password": SECRET,
             "extra": {"drivername": "mysql+pymysql", "query": {"charset": "utf8mb4"}}},
            "mysql+pymysql://db/dwh?charset=utf8mb4", "job",
        ),
    ],
)  # fmt: skip
def test_fields_a_uri_or_a_whole_url_are_read(entered, url, user):
    found = credentials(entered)
    assert (found.base_url, found.user, found.secret) == (url, user, SECRET)
    assert SECRET not in repr(found)


def test_an_sqlite_file_needs_no_password():
    found = credentials({"conn_type": "sqlite", "host": "/data/dwh.sqlite"})
    assert (found.base_url, found.secret) == ("sqlite:////data/dwh.sqlite", "")


@pytest.mark.parametrize(
    "entered", [{"conn_type": "http", "host": "db", "password": SECRET}, {"host": "x://[::/ "}]
)
def test_what_is_no_database_is_a_mistake_that_shows_nothing(entered):
    with pytest.raises(FixConfig, match=r"connection dwh of source warehouse: its ") as raised:
        credentials(entered)
    assert SECRET not in str(raised.value)
