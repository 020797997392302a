"""Where the store cannot be used, the error says what to do, and shows no secret."""

import re

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from include.errors import FixConfig, RetryLater
from include.warehouse.database import SQL, open_store, query, transaction


def use(url: str) -> object:
    with transaction(open_store(url)) as connection:
        return connection.execute(text("select 1")).scalar_one()


def url_of(engine: Engine, **changes) -> str:
    return engine.url.set(**changes).render_as_string(hide_password=False)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg2", "postgres"])
def test_any_way_to_write_the_url_uses_our_driver(scratch, scheme):
    url = url_of(scratch).replace("postgresql+psycopg", scheme)
    assert use(url + "\n") == 1


@pytest.mark.parametrize("url", ["sqlite://", "mysql://u:hunter2@h/d", "hunter2", ""])
def test_another_kind_of_database_is_refused(url):
    with pytest.raises(FixConfig, match="HEALTH_DATABASE_URL") as refused:
        open_store(url)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"port": 1}, RetryLater, "Connection refused"),
        ({"password": "hunter2"}, FixConfig, "password authentication failed"),
        ({"username": "stranger", "password": "hunter2"}, FixConfig, "refused us"),
        ({"database": "missing"}, FixConfig, 'database "missing" does not exist'),
    ],
)
def test_a_store_that_cannot_be_reached(scratch, changes, error, words):
    with pytest.raises(error, match=words) as failed:
        use(url_of(scratch, **changes))
    said = str(failed.value)
    assert "PostgreSQL at " in said
    assert "hunter2" not in said
    assert scratch.url.password not in said


def test_a_store_that_goes_away_in_mid_work_is_to_be_retried(scratch):
    def work_on_a_dying_connection() -> None:
        with transaction(scratch) as connection:
            pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
            with transaction(scratch) as other:
                other.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
            connection.execute(text("select 1"))

    with pytest.raises(RetryLater, match="did not answer"):
        work_on_a_dying_connection()
    with transaction(scratch) as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1


def test_a_missing_privilege_needs_a_person(scratch):
    def write_without_right() -> None:
        with transaction(scratch) as connection:
            connection.execute(text("set local role pg_monitor"))
            connection.execute(text("create schema secret"))

    with pytest.raises(FixConfig, match="permission denied"):
        write_without_right()


def test_a_mistake_of_ours_stays_what_it_is_and_shows_no_values(scratch):
    def blunder() -> None:
        with transaction(scratch) as connection:
            connection.execute(text("select :value::int from nowhere"), {"value": "hunter2"})

    with pytest.raises(ProgrammingError) as failed:
        blunder()
    assert "hunter2" not in str(failed.value)


def test_every_server_counts_days_in_utc_and_finds_tables_by_their_schema(scratch):
    with transaction(scratch) as connection:
        assert connection.execute(text("show time zone")).scalar_one() == "UTC"
        assert connection.execute(text("show search_path")).scalar_one() == "public"


def test_every_statement_says_its_grain_and_what_a_re_run_does():
    files = sorted(path for path in SQL.rglob("*.sql") if path.parent.name != "schema")
    assert len(files) > 10
    speechless = [
        str(path.relative_to(SQL))
        for path in files
        if not re.match(r"-- Grain: .{10,}", path.read_text(encoding="utf-8"))
    ]
    assert speechless == []


def test_a_statement_is_read_by_its_name():
    assert "health.scorecard" in query("snapshots/find_scorecard").text
    assert query("snapshots/find_scorecard") is query("snapshots/find_scorecard")
