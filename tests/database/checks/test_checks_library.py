"""The library on our connection: counts that agree with ours, troubles told from failures."""

import logging

import pytest
from sqlalchemy import func, select, table, text

from include.checks.failing import failing
from include.checks.library import evaluate, open_library
from include.checks.session import session
from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, ORDERED, ROW_COUNT, UNIQUE
from include.errors import RetryLater

ROWS = """
create temporary table sample as
select
    case when i % 7 > 0 then i % 50 end as number,
    case when i % 11 > 0 then 'NaN'::float8 else i end as odd,
    case when i % 5 > 0 then chr(97 + i % 20) || case when i % 3 = 0 then '''%(x)s:y\\' end end
    as word,
    case when i % 4 > 0 then i % 2 = 0 end as flag,
    timestamptz '2026-01-01' + case when i % 6 > 0 then i end * interval '1 day' as first,
    timestamptz '2026-06-01' - case when i % 8 > 0 then i end * interval '1 day' as last
from generate_series(1, 300) as i
"""
KNOWN = {"or_equal": True, "ignore_row_if": "either_value_is_missing"}
EXPECTED = (
    (NOT_NULL, {"column": "number"}),
    (UNIQUE, {"column": "number"}),
    (UNIQUE, {"column": "word"}),
    (BETWEEN, {"column": "number", "min_value": 5}),
    (BETWEEN, {"column": "number", "max_value": 40}),
    (BETWEEN, {"column": "number", "min_value": 5, "max_value": 40, "strict_max": True}),
    (BETWEEN, {"column": "number", "min_value": 5, "strict_min": True}),
    (BETWEEN, {"column": "odd", "max_value": 250}),
    (IN_SET, {"column": "word", "value_set": ["b", "c'%(x)s:y\\"]}),
    (IN_SET, {"column": "flag", "value_set": [True]}),
    (ORDERED, {"column_A": "last", "column_B": "first", **KNOWN}),
)


def test_our_conditions_mean_the_same_rows_as_the_library(store):
    with session(store) as connection:
        connection.exec_driver_sql(ROWS.replace("%", "%%"))
        outcomes = evaluate(open_library(connection), "sample", EXPECTED)
        sample = table("sample")
        ours = [
            connection.execute(
                select(func.count()).select_from(sample).where(failing(name, kwargs, sample))
            ).scalar_one()
            for name, kwargs in EXPECTED
        ]

    assert [outcome.failed for outcome in outcomes] == ours
    assert all(0 < count < 300 for count in ours)
    assert {outcome.checked for outcome in outcomes} == {300}


def test_a_column_that_is_missing_is_told_from_rows_that_fail(store):
    with session(store) as connection:
        connection.execute(text("create temporary table empty (word text)"))
        missing, count = evaluate(
            open_library(connection),
            "empty",
            [(NOT_NULL, {"column": "gone"}), (ROW_COUNT, {"min_value": 1})],
        )

    assert not missing.is_success
    assert "gone" in missing.trouble
    assert (count.is_success, count.observed, count.trouble) == (False, "0 rows", None)


def test_an_error_of_the_database_is_named_without_any_value(store):
    with session(store) as connection:
        connection.execute(text("create temporary table huge as select 1e999::numeric as secret"))
        (outcome,) = evaluate(
            open_library(connection), "huge", [(BETWEEN, {"column": "secret", "max_value": 1.5})]
        )

    assert outcome.trouble == "psycopg.errors.NumericValueOutOfRange"


def test_a_database_that_goes_away_in_the_middle_is_no_failed_check(store):
    def cut_off():
        with session(store) as connection:
            connection.execute(text("create temporary table rows as select 1 as number"))
            library = open_library(connection)
            pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
            with store.begin() as other:
                other.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
            evaluate(library, "rows", [(NOT_NULL, {"column": "number"})])

    with pytest.raises(RetryLater, match="did not answer"):
        cut_off()


def test_the_library_learns_no_password_logs_nothing_and_leaves_no_connection(store, caplog):
    caplog.set_level(logging.DEBUG)
    with session(store) as connection:
        library = open_library(connection)
        connection.execute(text("create temporary table sample as select 1 as number"))
        assert evaluate(library, "sample", [(NOT_NULL, {"column": "number"})])[0].is_success
        configured = str(library.context.data_sources.all())
    with store.begin() as other:
        open_now = other.execute(
            text("select count(*) from pg_stat_activity where datname = current_database()")
        ).scalar_one()

    assert "checks" in configured
    assert store.url.password
    assert store.url.password not in configured + caplog.text
    assert open_now == 1
    assert [line for line in caplog.records if line.name.startswith("great_expectations")] == []
