"""A statement's rows as numpy columns."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import text

from include.warehouse.columns import numbers
from include.warehouse.copy import copy_in, copy_out
from include.warehouse.database import transaction

EPOCH = date(1970, 1, 1)
KINDS = {"a": "int2", "b": "int4", "c": "int8", "d": "float8", "e": "date", "f": "float8[]"}


@pytest.mark.parametrize("rows", [0, 1, 16_383, 16_384, 16_385, 40_000])
def test_columns_come_back_as_they_went(scratch, rows):
    generator = np.random.default_rng(rows)
    values = {
        "a": generator.integers(-(2**15), 2**15, rows), "b": np.arange(rows),
        "c": generator.integers(-(2**63), 2**63 - 1, rows), "d": generator.normal(size=rows),
        "e": generator.integers(-700_000, 2_900_000, rows), "f": generator.normal(size=(rows, 3)),
    }  # fmt: skip
    values["d"][::5], values["f"][::3, 1] = np.nan, np.inf
    with transaction(scratch) as connection:
        connection.execute(
            text(
                "create temp table t (a int2, b int, c int8, d float8, e date, f float8[])"
                " on commit drop"
            )
        )
        copy_in(
            connection,
            "pg_temp.t",
            {name: numbers(KINDS[name], column) for name, column in values.items()},
        )
        found = copy_out(connection, text("select * from t"), {}, KINDS)
    order = np.argsort(found["b"])
    for name, column in values.items():
        assert len(found[name]) == rows
        if rows:
            np.testing.assert_array_equal(found[name][order], column)


def test_a_statement_is_read_with_its_binds_and_casts(scratch):
    statement = text(
        "-- Grain: a comment with 100% of the characters: {} and %s.\n"
        "select n as n, (n * :factor)::numeric as m, date '2026-01-31' + n as day, :word as word\n"
        "from generate_series(1, 3) as n where n % 2 = :rest"
    )
    kinds = {"m": "int8", "n": "int2", "day": "date"}
    with transaction(scratch) as connection:
        found = copy_out(connection, statement, {"factor": 10, "rest": 1, "word": "it's"}, kinds)
    assert sorted(found["n"].tolist()) == [1, 3]
    assert found["m"].tolist() == (found["n"] * 10).tolist()
    day = date(2026, 1, 31) - EPOCH
    assert found["day"].tolist() == [day.days + n for n in found["n"].tolist()]
    assert [found[name].dtype for name in kinds] == [np.int64, np.int16, np.int32]


def test_a_null_where_none_may_be_is_refused(scratch):
    statement = text("select nullif(n, 2)::float8 as n from generate_series(1, 3) as n")
    with transaction(scratch) as connection:
        with pytest.raises(ValueError, match="n is null in some row"):
            copy_out(connection, statement, {}, {"n": "float8"})
        assert connection.execute(text("select 1")).scalar_one() == 1, "the transaction goes on"
