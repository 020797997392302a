"""Reading a table: what is new, which column is which, and what stands between us and harm."""

import sqlite3
from datetime import date

import orjson
import pytest
from sqlalchemy import text

from include.errors import FixConfig, RejectData, RetryLater
from include.settings import Credentials
from tests.database.tables.conftest import AS_OF, read, source

TICKETS = """
create table t (id text, account text, opened text, changed {kind});
insert into t values ('1', 'kite', '2026-03-01', {a}), ('2', 'kite', '2026-03-02', {b}),
    ('3', 'kite', '2026-03-03', null);
"""
COLUMNS = {"ticket_id": "id", "account_key": "account", "created_at": "opened"}
TABLE = {"query": "select * from t", "columns": COLUMNS, "cursor": "changed"}


def ids(records):
    return sorted(record["ticket_id"] for record in records)


@pytest.mark.parametrize(
    ("kind", "a", "b", "between", "table"),
    [
        ("timestamptz", "'2026-03-01 10:00Z'", "'2026-03-01 12:00Z'", "'2026-03-01 11:30Z'",
         {"overlap_minutes": 60}),
        ("timestamp", "'2026-03-01 10:00'", "'2026-03-01 12:00'", "'2026-03-01 11:30'",
         {"overlap_minutes": 60}),
        ("date", "'2026-03-01'", "'2026-03-09'", "'2026-03-08'", {"overlap_minutes": 1440}),
        ("bigint", "10", "20", "15", {"overlap_numbers": 5}),
        ("numeric", "10", "20", "15", {"overlap_numbers": 5}),
        ("text", "'2026-03-01 10:00:00'", "'2026-03-01 12:00:00'", "'2026-03-01 11:30:00'",
         {"overlap_minutes": 60}),
    ],
)  # fmt: skip
def test_a_later_run_reads_from_the_newest_value_less_the_overlap(
    foreign, at_postgres, *, kind, a, b, between, table
):
    foreign(TICKETS.format(kind=kind, a=a, b=b))
    opened = at_postgres("tickets", **TABLE, **table)
    everything, state = read(opened)
    assert ids(everything) == ["1", "2", "3"]
    foreign(f"insert into t values ('4', 'kite', '2026-03-04', {between})")
    assert ids(read(opened, state)[0]) == ["2", "3", "4"]  # 3: nobody knows when it changed


def test_numbers_in_csv_files_are_compared_as_numbers(at_folder):
    files = {"a.csv": "id,account,opened,changed\n1,kite,2026-03-01,9\n2,kite,2026-03-01,10\n"}
    table = {**TABLE, "files": "*.csv", "overlap_numbers": 0}
    del table["query"]
    _, state = read(at_folder(files, "tickets", **table))
    files["b.csv"] = "id,account,opened,changed\n3,kite,2026-03-01,11\n4,kite,2026-03-01,9\n"
    assert state["newest"] == {"plain": 10}
    assert ids(read(at_folder(files, "tickets", **table), state)[0]) == ["2", "3"]


def test_a_stamp_from_the_future_does_not_hide_what_changes_until_then(foreign, at_postgres):
    foreign(TICKETS.format(kind="timestamptz", a="'2026-03-01Z'", b="'2062-03-01Z'"))
    opened = at_postgres("tickets", **TABLE)
    _, state = read(opened)
    assert state["newest"] == {"time": "2026-04-01T00:00:00+00:00"}
    _, older = read(opened, state, date(2026, 1, 1))
    assert older == state, "running an old day again hides nothing"


def test_another_cursor_than_before_begins_anew(foreign, at_postgres):
    foreign(TICKETS.format(kind="bigint", a="10", b="20"))
    _, state = read(at_postgres("tickets", **TABLE))
    again = at_postgres("tickets", **{**TABLE, "cursor": "opened"})
    assert ids(read(again, state)[0]) == ["1", "2", "3"]


def test_values_become_what_json_holds(foreign, at_postgres):
    foreign("""
        create table t as select gen_random_uuid() as ticket_id, 12::numeric as account_key,
            timestamp '2026-03-01 10:00' as created_at, 1.5::numeric as first_reply_minutes,
            null::text as status
    """)
    (record,), _ = read(at_postgres("tickets", query="select * from t"))
    assert len(record.pop("ticket_id")) == 36
    assert orjson.loads(orjson.dumps(record)) == {
        "account_key": 12, "created_at": "2026-03-01T10:00:00",
        "first_reply_minutes": "1.5", "status": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({**COLUMNS, "priority": "prio"}, "no column prio for priority; it has id, account,"),
        ({**COLUMNS, "ticket_id": "idd"}, "no column idd for ticket_id; did you mean id?"),
        ({}, "there is no column ticket_id for ticket_id"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_the_nearest(foreign, at_postgres, columns, words):
    foreign(TICKETS.format(kind="bigint", a="10", b="20"))
    with pytest.raises(FixConfig) as error:
        read(at_postgres("tickets", query="select * from t", columns=columns))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("delete from t", "must begin with SELECT or WITH"),
        ("select 1; drop table t", "must be a single statement"),
        ("with gone as (delete from t returning *) select * from gone", "the query has DELETE"),
        ("select * into u from t", "the query has INTO"),
        ("select * from t for update", "the query has UPDATE"),
        ("select 'it", "does a quote or a comment not close?"),
        ("", "must begin with SELECT or WITH"),
        ("select * from nowhere", 'refuses the query: relation "nowhere" does not exist'),
    ],
)
def test_a_query_that_does_more_than_read_is_refused(foreign, at_postgres, query, words):
    foreign(TICKETS.format(kind="bigint", a="10", b="20"))
    with pytest.raises(FixConfig) as error:
        read(at_postgres("tickets", query=query or "--", columns=COLUMNS))
    assert words in str(error.value)


def test_what_only_the_database_can_tell_writes_nothing_either(foreign, at_postgres, empty):
    foreign(TICKETS.format(kind="bigint", a="10", b="20"))
    foreign("create function f() returns text language sql as 'delete from t returning id'")
    opened = at_postgres(
        "tickets", query="select f() as ticket_id, 1 as account_key, now() as created_at"
    )
    with pytest.raises(FixConfig, match="25006"):
        read(opened)
    with empty.connect() as connection:
        assert connection.scalar(text("select count(*) from t")) == 3


def test_sqlite_is_neither_written_nor_made(at_sqlite, tmp_path):
    opened = at_sqlite("create table t (ticket_id, account_key, created_at);", "tickets",
                       query="select * from t")  # fmt: skip
    read(opened)
    gone = source("tickets", Credentials(f"sqlite:///{tmp_path}/no.sqlite", ""), connection="dwh",
                  query="select * from t")  # fmt: skip
    with pytest.raises(FixConfig, match="unable to open"):
        read(gone)
    assert not (tmp_path / "no.sqlite").exists()
    sqlite3.connect(tmp_path / "dwh.sqlite").close()


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("nonsense", FixConfig, "is no SQLAlchemy URL"),
        ("oracle+nothing://host/db", FixConfig, "no driver for oracle+nothing is installed"),
        ("postgresql+psycopg://127.0.0.1:9/db", RetryLater, "did not answer (OperationalError)"),
    ],
)
def test_what_is_wrong_with_a_connection_is_said_without_its_secret(url, error, words):
    credentials = Credentials(url, "s3cret-pw", "ann")
    opened = source("tickets", credentials, connection="dwh", query="select 1")
    with pytest.raises(error) as said:
        read(opened)
    assert words in str(said.value)
    assert "s3cret-pw" not in f"{said.value!r} {said.value.__context__!r} {opened!r}"
    assert "127.0.0.1" not in str(said.value)


@pytest.mark.parametrize(
    ("files", "pattern", "words"),
    [
        ({}, "*.csv", "there is no folder"),
        ({"a.csv": "id\n"}, "*.parquet", "no file in"),
        ({"a.csv": "id\n"}, "../*.csv", "must lie below the folder"),
        ({"a.csv": "id\n", "b.parquet": "select 1 as id"}, "*", "one kind"),
        ({"a.parquet": "PAR1 half of it"}, "*.parquet", "the files cannot be read"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(at_folder, files, pattern, words):
    opened = at_folder(files, "tickets", files=pattern, columns=COLUMNS)
    with pytest.raises(FixConfig) as error:
        read(opened)
    assert words in str(error.value)


def test_a_cursor_of_several_kinds_is_no_ground_to_stand_on(at_sqlite):
    script = TICKETS.format(kind="", a="10", b="'b'")
    with pytest.raises(RejectData, match="the values of the cursor are of several kinds"):
        read(at_sqlite(script, "tickets", **TABLE))


def test_all_is_read_as_of_one_moment(empty, foreign, at_postgres):
    foreign(TICKETS.format(kind="bigint", a="10", b="20"))
    opened = at_postgres("tickets", **TABLE)
    pages = opened.pages("tickets", state=None, as_of=AS_OF)
    first = next(pages)
    with empty.begin() as connection:
        connection.execute(text("delete from t"))
    assert len(first.records) + sum(len(page.records) for page in pages) == 3
