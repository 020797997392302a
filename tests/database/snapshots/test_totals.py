"""What a series of an account adds up to, kept as its days change."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from include.settings import ROOT, load_settings
from include.warehouse.database import query, transaction
from include.warehouse.rollup import note_touched

SERIES = """
insert into health.series (name, role, kind)
values ('moves', 'usage', 'changes'), ('stays', 'billing', 'counts')
"""
ADDED_UP = """
select series_id, account_id, sum(round(value * 1e6)) as total
from health.account_day
inner join health.series using (series_id)
where kind != 'counts'
group by series_id, account_id
having sum(round(value * 1e6)) != 0
"""
KEPT = "select series_id, account_id, total from health.account_total where total != 0"
INSERT = """
insert into health.account_day (series_id, account_id, day, value)
select distinct on (1, 2, 3) series_id, account_id, date '2026-01-01' + day, value
from health.series
cross join unnest(
    cast(:names as text[]), cast(:accounts as integer[]), cast(:days as integer[]),
    cast(:values as double precision[])
) as entered (name, account_id, day, value)
where series.name = entered.name
on conflict (series_id, account_id, day) do update set value = excluded.value
"""
values = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6).map(lambda v: round(v, 3)))
rows = st.lists(
    st.tuples(st.sampled_from(["moves", "stays"]), st.integers(1, 3), st.integers(0, 3), values),
    min_size=1, max_size=6,
)  # fmt: skip
changes = st.one_of(
    st.tuples(st.just("insert"), rows),
    st.tuples(st.just("delete"), st.integers(0, 3)),
    st.tuples(st.just("update"), values),
    st.tuples(st.just("truncate"), st.none()),
    st.tuples(st.just("kind"), st.sampled_from(["counts", "changes"])),
)


# Each example is rolled back, so the store is the same for all.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(changes, max_size=8))
def test_totals_are_what_the_days_add_up_to_after_any_changes(store, done):
    with transaction(store) as connection:
        nested = connection.begin_nested()
        connection.execute(text(SERIES))
        for kind, change in done:
            apply(connection, kind, change)
            kept = set(connection.execute(text(KEPT)).all())
            assert kept == set(connection.execute(text(ADDED_UP)).all()), kind
        nested.rollback()


def apply(connection, kind, change):
    if kind == "insert":
        names, accounts, days, entered = (list(column) for column in zip(*change, strict=True))
        binds = {"names": names, "accounts": accounts, "days": days, "values": entered}
        connection.execute(text(INSERT), binds)
    elif kind == "delete":
        gone = "delete from health.account_day where day = date '2026-01-01' + :day"
        connection.execute(text(gone), {"day": change})
    elif kind == "update":
        moved = "update health.account_day set value = :value where account_id = 2"
        connection.execute(text(moved), {"value": change})
    elif kind == "kind":
        named = "update health.series set kind = :kind where name = 'stays'"
        connection.execute(text(named), {"kind": change})
    else:
        connection.execute(text("truncate health.account_day"))


@pytest.mark.parametrize("wild", [9e9, 1e300, float("inf"), float("nan")])
def test_a_value_too_large_to_add_up_leaves_no_trace_after_the_next_roll_up(store, wild):
    with transaction(store) as connection:
        connection.execute(text(SERIES))
        apply(
            connection,
            "insert",
            [("moves", 1, 0, 5.0), ("moves", 1, 1, wild), ("moves", 2, 0, 7.0)],
        )
        connection.execute(query("rollup/mend_totals"))
        assert [str(row.total) for row in totals(connection)] == ["nan", "7000000.0"]
        apply(connection, "insert", [("moves", 1, 1, 0.25), ("moves", 1, 2, 100.0)])
        assert str(totals(connection)[0].total) == "nan"
        connection.execute(query("rollup/mend_totals"))
        assert [row.total for row in totals(connection)] == [105_250_000, 7_000_000]


def test_a_roll_up_mends_totals(store):
    shipped = load_settings(ROOT / "health.yaml")
    note_touched(store, shipped)
    with transaction(store) as connection:
        apply(connection, "insert", [("seats", 1, 0, 5.0), ("seats", 1, 1, 1e300)])
        apply(connection, "delete", 1)
        assert str(totals(connection)[0].total) == "nan"
    note_touched(store, shipped)
    with transaction(store) as connection:
        assert [row.total for row in totals(connection)] == [5_000_000]


def totals(connection):
    return connection.execute(text(f"{KEPT} order by account_id")).all()
