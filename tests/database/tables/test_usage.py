"""Usage from somebody's warehouse: rows of any grain become account-days, again only where new."""

import pytest

from include.errors import RejectData
from tests.database.tables.conftest import COLUMNS, KITE, USAGE, read

QUERY = "select * from events -- all of them;\n;"
AGAIN = {"cursor": "changed", "overlap_minutes": 0}


def by_key(records):
    return {(one["account_key"], one["day"]): one for one in records}


def test_rows_of_users_and_features_become_one_record_an_account_day(foreign, at_postgres):
    foreign(USAGE)
    records, state = read(at_postgres("usage_day", query=QUERY, columns=COLUMNS))
    assert len(records) == 4
    assert by_key(records)["kite", "2026-03-01"] == KITE
    assert by_key(records)["Kite", "2026-03-01"]["users"] == ["u9"]
    assert state == {"cursor": None}


def test_sqlite_parquet_and_csv_give_the_same(at_sqlite, at_folder, foreign, at_postgres):
    foreign(USAGE)
    wanted, _ = read(at_postgres("usage_day", query=QUERY, columns=COLUMNS))
    values = USAGE.partition("insert into events values")[2]
    script = USAGE.replace("timestamptz", "text")
    for opened in (
        at_sqlite(script, "usage_day", query=QUERY, columns=COLUMNS),
        at_folder(
            {"a.parquet": 'select tenant, cast("at" as date) as "at", who, what, times from (values'
             f' {values}) as t (tenant, "at", who, what, times, changed)'},
            "usage_day", files="*.parquet", columns=COLUMNS,
        ),
        at_folder(
            {"a.csv": "tenant,at,who,what,times\n" + "\n".join(
                ",".join(cell.strip().strip("'") for cell in line.strip(" (),").split(",")[:5])
                for line in values.strip().splitlines()
            )},
            "usage_day", files="*.csv", columns=COLUMNS,
        ),
    ):  # fmt: skip
        assert by_key(read(opened)[0]) == by_key(wanted)


def test_a_later_run_reads_whole_days_that_have_any_new_row(foreign, at_postgres):
    foreign(USAGE)
    opened = at_postgres("usage_day", query=QUERY, columns=COLUMNS, **AGAIN)
    _, state = read(opened)
    foreign("insert into events values ('kite', '2026-03-10', 'u7', 'sync', 3, '2026-03-11')")
    changed, state = read(opened, state)
    (ten,) = changed
    assert (ten["users"], ten["events"]) == (["u1", "u7"], 4)
    foreign("insert into events values ('kite', '2026-03-01', 'u8', 'sync', 1, '2026-03-12')")
    changed, _ = read(opened, state)
    late = by_key(changed)["kite", "2026-03-01"]
    assert (late["users"], late["events"]) == (["u1", "u2", "u8"], 5)


def test_single_events_are_counted_on_days_of_the_organisation(foreign, at_postgres):
    foreign(
        "create table clicks (tenant text, at timestamptz, who text);"
        " insert into clicks values ('kite', '2026-03-01 23:30+00', 'u1'),"
        " ('kite', '2026-03-02 01:00+00', 'u2'), ('kite', '2026-03-02 23:30+00', 'u1')"
    )
    columns = {"account_key": "tenant", "day": "at", "user": "who"}
    table = {"query": "select * from clicks", "columns": columns, "cursor": "at"}
    opened = at_postgres("usage_day", zone="Europe/Berlin", overlap_minutes=0, **table)
    records, state = read(opened)
    assert [(one["day"], one["events"], one["users"]) for one in records] == [
        ("2026-03-02", 2, ["u1", "u2"]), ("2026-03-03", 1, ["u1"])
    ]  # fmt: skip
    again, _ = read(opened, state)
    assert [one["day"] for one in again] == ["2026-03-03"]


def test_lists_are_read_from_arrays_and_from_json_and_what_is_none_is_left_to_the_checks(
    foreign, at_postgres, at_sqlite
):
    foreign("create table d as select 'kite' as account_key, date '2026-03-01' as day,"
            " array['u2', 'u1'] as users, 7 as events")  # fmt: skip
    records, _ = read(at_postgres("usage_day", query="select * from d"))
    assert (records[0]["users"], records[0]["events"]) == (["u1", "u2"], 7)
    script = """
        create table d (account_key, day, users, events);
        insert into d values ('kite', '2026-03-01', '["u1"]', 2), ('mast', '2026-03-01', '7', 'x'),
            (null, '2026-03-01', null, 1), ('kite', 'someday', null, 1);
    """
    records, _ = read(at_sqlite(script, "usage_day", query="select * from d"))
    found = by_key(records)
    assert found["kite", "2026-03-01"]["users"] == ["u1"]
    assert found["mast", "2026-03-01"] == {
        "account_key": "mast", "day": "2026-03-01", "events": "x", "users": "7", "features": []
    }  # fmt: skip
    assert (None, "2026-03-01") in found
    assert ("kite", "someday") in found


def test_days_that_do_not_come_in_order_are_no_ground_to_stand_on(at_sqlite):
    script = """
        create table d (account_key, day);
        insert into d values ('a', '2026-03-01T23:00-12:00'), ('a', '2026-03-01T23:30+00:00');
    """
    with pytest.raises(RejectData, match="days do not come in order; cast the column to a date"):
        read(at_sqlite(script, "usage_day", query="select * from d"))
