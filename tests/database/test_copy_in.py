"""Numpy columns into PostgreSQL, by its binary COPY format."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from include.errors import RetryLater
from include.warehouse.columns import Column, coded, floats, numbers, texts
from include.warehouse.copy import copy_in, driver
from include.warehouse.database import transaction
from include.warehouse.encode import BLOCK_ROWS

NAN, INF = float("nan"), float("inf")
EPOCH = date(1970, 1, 1)
SERIAL = count()


def round_trip(engine: Engine, column: Column, kind: str | None = None):
    """Write one column, with a neighbour on each side, and read it back as Python values."""
    rows = len(column)
    around = {name: numbers("int4", np.arange(rows)) for name in ("before", "after")}
    columns = {"before": around["before"], "it": column, "after": around["after"]}
    with transaction(engine) as connection:
        make(connection, f"t (before int, it {kind or column.kind}, after int)")
        assert copy_in(connection, "pg_temp.t", columns) == rows
        # Each has a select of its own: psycopg prepares a repeated one, for the first types.
        again = f"select before, it, after from t order by before -- {next(SERIAL)}"
        found = connection.execute(text(again)).all()
    assert [row.before for row in found] == [row.after for row in found] == list(range(rows))
    return [row.it for row in found]


def make(connection: Connection, table: str) -> None:
    connection.execute(text(f"create temp table {table} on commit drop"))


def same(found, expected) -> bool:
    return repr(found) == repr(expected)  # repr tells NaN, 0.0 and -0.0 apart as == does not


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("int2", [-(2**15), -1, 0, 1, 2**15 - 1]),
        ("int4", [-(2**31), -1, 0, 2**31 - 1]),
        ("int8", [-(2**63), -1, 0, 2**63 - 1]),
        ("float8", [0.1, -0.0, NAN, INF, -INF, 5e-324, 1.7976931348623157e308]),
        ("bool", [True, False]),
    ],
)
def test_numbers_arrive_bit_by_bit(scratch, kind, values):
    assert same(round_trip(scratch, numbers(kind, values)), values)


def test_days_and_moments_arrive_in_their_calendar(scratch):
    days = [date(1, 1, 1), date(1969, 12, 31), EPOCH, date(2026, 2, 28), date(9999, 12, 31)]
    column = numbers("date", [(day - EPOCH).days for day in days])
    assert round_trip(scratch, column) == days
    moments = [
        datetime(2026, 3, 29, 1, 30, 0, 123456, UTC),
        datetime(1969, 7, 20, 20, 17, tzinfo=UTC),
    ]
    since = [
        (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        for moment in moments
    ]
    assert round_trip(scratch, numbers("timestamptz", since)) == moments


WORDS = ["", " ", "a\tb\nc\\d\r", "\\N", "NULL", "Größe", "🚀", "x" * 5000, "'; drop table t; --"]


def test_texts_arrive_as_they_are(scratch):
    assert round_trip(scratch, texts(WORDS)) == WORDS
    assert round_trip(scratch, texts([None, *WORDS, None])) == [None, *WORDS, None]
    assert round_trip(scratch, coded([2, -1, 0, 2], ["red", "", "grün"]), "text") == [
        "grün", None, "red", "grün",
    ]  # fmt: skip


def test_arrays_keep_nan_as_a_value(scratch):
    matrix = [[1.5, NAN, -INF], [0.0, -0.0, 3.0]]
    assert same(round_trip(scratch, numbers("float8[]", np.array(matrix))), matrix)
    small = [[-1, 32767], [0, -32768]]
    assert round_trip(scratch, numbers("int2[]", np.array(small))) == small
    assert round_trip(scratch, numbers("float8[]", np.empty((2, 0)))) == [[], []]


@pytest.mark.parametrize("kind", ["int2", "int4", "int8", "float8", "bool", "date", "timestamptz"])
def test_null_is_not_a_number(scratch, kind):
    column = numbers(kind, np.ones(5, bool if kind == "bool" else np.int64),
                     is_null=[True, False, False, True, True])  # fmt: skip
    found = round_trip(scratch, column)
    assert [value is None for value in found] == [True, False, False, True, True]
    everything = numbers(
        kind, np.ones(2, bool if kind == "bool" else np.int64), is_null=[True, True]
    )
    assert round_trip(scratch, everything) == [None, None]


def test_null_arrays_and_not_a_number_turned_to_null(scratch):
    arrays = numbers("float8[]", np.ones((3, 2)), is_null=[False, True, False])
    assert round_trip(scratch, arrays) == [[1.0, 1.0], None, [1.0, 1.0]]
    assert round_trip(scratch, floats([1.0, NAN, INF])) == [1.0, None, INF]


@pytest.mark.parametrize("rows", [0, 1, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1, 2 * BLOCK_ROWS])
def test_no_row_is_lost_at_the_edge_of_a_block(scratch, rows):
    names = [None if number % 3 == 0 else f"name {number}" for number in range(rows)]
    assert round_trip(scratch, texts(names)) == names
    shares = np.where(np.arange(rows) % 7 == 0, np.nan, np.arange(rows) / 7)
    expected = [None if number % 7 == 0 else number / 7 for number in range(rows)]
    assert round_trip(scratch, floats(shares)) == expected


def test_rows_can_be_chosen_in_any_order(scratch):
    columns = {
        "number": numbers("int4", np.arange(20_000)),
        "name": texts([str(n) for n in range(20_000)]),
    }
    chosen = np.arange(19_999, -1, -2)
    with transaction(scratch) as connection:
        make(connection, "t (place serial, number int, name text)")
        assert copy_in(connection, "pg_temp.t", columns, chosen=chosen) == len(chosen)
        found = connection.execute(text("select number, name from t order by place")).all()
    assert [row.number for row in found] == chosen.tolist()
    assert all(str(row.number) == row.name for row in found)


def test_a_table_of_nullable_columns_only(scratch):
    with transaction(scratch) as connection:
        make(connection, "t (a float8, b text, c int2)")
        columns = {
            "a": floats([NAN, 1.0, NAN]),
            "b": texts([None, None, "x"]),
            "c": numbers("int2", [1, 2, 3], is_null=[True, True, True]),
        }
        copy_in(connection, "pg_temp.t", columns)
        assert connection.execute(text("select * from t")).all() == [
            (None, None, None), (1.0, None, None), (None, "x", None),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "complaint"),
    [
        (numbers("int2", [0, 40_000]), "it: 40000 does not fit int2"),
        (numbers("int4", [-(2**31) - 1]), "does not fit int4"),
        (numbers("date", [2**31]), "does not fit date"),
        (numbers("int4", [1.5]), "float64 is no whole number"),
        (numbers("bool", [1]), "int64 is not bool"),
        (numbers("int2[]", np.full((1, 1), 2**15)), "does not fit int2"),
        (numbers("float8[]", [1.0]), "needs 2 dimensions"),
        (numbers("float8", [[1.0]]), "needs 1 dimensions"),
        (coded([3], ["a", "b", "c"]), "3 does not fit text"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_sent(scratch, column, complaint):
    with transaction(scratch) as connection:
        make(connection, f"t (it {column.kind})")
        with pytest.raises(ValueError, match=complaint):
            copy_in(connection, "pg_temp.t", {"it": column})
        assert connection.execute(text("select count(*) from t")).scalar_one() == 0


def test_columns_of_different_lengths_are_refused(scratch):
    columns = {"a": numbers("int4", [1, 2]), "b": numbers("int4", [1])}
    with transaction(scratch) as connection, pytest.raises(ValueError, match="one length"):
        copy_in(connection, "pg_temp.t", columns)


def test_values_that_are_null_may_be_anything(scratch):
    column = numbers("int2", [10**9, 5], is_null=[True, False])
    assert round_trip(scratch, column) == [None, 5]


def test_names_are_quoted(scratch):
    with transaction(scratch) as connection:
        make(connection, '"odd name" ("select" int)')
        copy_in(connection, "pg_temp.odd name", {"select": numbers("int4", [7])})
        found = connection.execute(text('select "select" from "odd name"'))
        assert found.scalars().all() == [7]


def test_a_connection_that_breaks_in_mid_copy_is_to_be_retried(empty):
    big = {"n": numbers("int8", np.arange(500_000))}
    with empty.begin() as connection:
        connection.execute(text("create table t (n int8)"))

    def write_on_a_dying_connection():
        with transaction(empty) as connection:
            pid = driver(connection).info.backend_pid
            with empty.begin() as other:
                other.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
            copy_in(connection, "t", big)

    with pytest.raises(RetryLater, match="did not answer"):
        write_on_a_dying_connection()
    with empty.begin() as connection:
        assert connection.execute(text("select count(*) from t")).scalar_one() == 0


ROW = st.tuples(
    st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)),
    st.one_of(st.none(), st.floats()),
    st.one_of(
        st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    ),
    st.booleans(),
    st.lists(st.floats(), min_size=2, max_size=2),
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(ROW, max_size=30))
def test_any_table_arrives_as_it_was(scratch, rows):
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(5)]
    is_null = [[value is None for value in column] for column in columns]
    filled = [[value or 0 for value in column] for column in columns]
    with transaction(scratch) as connection:
        make(connection, "t (place serial, a int, b float8, c text, d bool, e float8[])")
        copy_in(
            connection,
            "pg_temp.t",
            {
                "a": numbers("int4", np.array(filled[0], np.int64), is_null=is_null[0]),
                "b": numbers("float8", np.array(filled[1], float), is_null=is_null[1]),
                "c": texts(columns[2]),
                "d": numbers("bool", np.array(columns[3], bool)),
                "e": numbers("float8[]", np.array(columns[4], float).reshape(-1, 2)),
            },
        )
        found = connection.execute(text("select a, b, c, d, e from t order by place")).all()
    expected = [(a, None if b is None else b or 0.0, c, d, e) for a, b, c, d, e in rows]
    assert same([tuple(row) for row in found], expected)
