"""Which days a change makes stale, and that no change is lost on the way to the series."""

import pytest
from sqlalchemy import text

from include.warehouse.migrate import upgrade
from include.warehouse.rollup import (
    note_touched,
    roll_up,
    statement_binds,
    touched_shards,
)
from include.warehouse.series_check import check_series, pending

from .conftest import company, customer, invoice, meeting, organization, subscription, ticket, usage

WORLD = {
    "companies": [company("100"), company("200")],
    "organizations": [organization(1, external_id="100")],
    "customers": [customer("cus_1", hubspot_company_id="100")],
    "subscriptions": [subscription()],
    "invoices": [invoice("in_1", paid="2026-03-01")],
    "tickets": [ticket(1, solved="2026-03-03T09:00:00Z")],
    "meetings": [meeting("1")],
    "usage_day": [usage("2026-01-01", users=["ann"]), usage("2026-02-20", users=["ann", "bob"])],
}


@pytest.fixture
def ask(store):
    def rows(statement, **binds):
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), binds)]

    return rows


@pytest.fixture
def change(store):
    def run(statement):
        with store.begin() as connection:
            connection.execute(text(statement))

    return run


@pytest.fixture
def roll(store, settings):
    def run(**options):
        return roll_up(store, settings, **options)

    return run


TOUCHED = """
select file, first_day::text, last_day::text from health.touched
where isfinite(first_day) order by 1, 2
"""
LEVEL = """
select sum(value) from health.account_day join health.series using (series_id) where name = :name
"""


def test_a_late_day_of_use_touches_its_window_and_nothing_else(
    store, settings, conformed, arrive, ask
):
    from include.warehouse.conform import conform

    conformed(**WORLD)
    arrive(usage_day=[usage("2026-01-10", users=["cid"])])
    conform(store, settings)
    note_touched(store, settings)
    assert ask(TOUCHED) == [("usage", "2026-01-10", "2026-02-07")]


def test_a_day_on_which_nobody_was_seen_is_a_day_all_the_same(conformed, ask):
    conformed(**{**WORLD, "usage_day": [usage("2026-01-01", users=[], features=[], events=0)]})
    assert ask(LEVEL, name="active_users_28d") == [(None,)]
    assert ask("select day::text from health.known_from where role = 'usage'") == [("2026-01-01",)]


def test_an_edit_touches_the_day_it_was_on_and_the_day_it_is_on(store, settings, conformed, ask):
    conformed(**WORLD)
    with store.begin() as connection:
        connection.execute(
            text("update core.touch set occurred_at = '2026-03-12T10:00Z' where touch_id = '1'")
        )
    note_touched(store, settings)
    assert ask(TOUCHED) == [
        ("touches", "2026-03-10", "2026-03-10"),
        ("touches", "2026-03-12", "2026-03-12"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "update core.touch set kind = kind",
        "update core.account set name = 'Another', owner_id = '7'",
        "update core.usage_day set users = users",
        "update core.account_link set confidence = 0.5",
        "insert into core.ticket select * from core.ticket on conflict do nothing",
        "delete from core.invoice where invoice_id = 'in_9'",
    ],
)
def test_what_changes_no_series_touches_nothing(conformed, change, ask, statement):
    conformed(**WORLD)
    change(statement)
    assert ask("select count(*) from core.change") == [(0,)]


def test_loading_the_same_world_again_touches_nothing(store, settings, conformed, ask):
    from include.warehouse.conform import conform

    conformed(**WORLD)
    conform(store, settings)
    assert ask("select count(*) from core.change") == [(0,)]
    assert ask("select count(*) from health.account_day") > [(10,)]


def test_a_killed_roll_up_loses_no_change(conformed, change, roll, ask):
    conformed(**WORLD)
    change("update core.usage_day set users = array_append(users, 'cid'), events = 7")
    change("alter table health.account_day rename to elsewhere")
    with pytest.raises(Exception, match="account_day"):
        roll()
    change("alter table health.elsewhere rename to account_day")
    roll()
    assert ask(LEVEL, name="events") == [(14,)]


def test_a_change_that_is_committed_during_a_roll_up_waits_for_the_next(
    store, conformed, roll, ask
):
    conformed(**WORLD)
    with store.connect() as connection:
        connection.execute(text("update core.usage_day set events = 7"))
        assert roll() == {"written": 0, "removed": 0}
        connection.commit()
    assert ask(LEVEL, name="events") == [(10,)]
    assert roll() == {"written": 2, "removed": 0}
    assert ask(LEVEL, name="events") == [(14,)]


def test_a_window_comes_and_goes_with_the_scorecards_that_ask_for_it(conformed, roll, ask):
    conformed(**WORLD)
    active = "select name from health.series where name like 'active_users%' order by name"
    assert ask(active) == [("active_users_28d",)]
    assert roll(windows=(7, 28))["written"] > 0
    assert ask(active) == [("active_users_28d",), ("active_users_7d",)]
    days = "select day::text, value from health.account_day join health.series using (series_id) "
    assert ask(days + "where name = 'active_users_7d' order by 1") == [
        ("2026-01-01", 1), ("2026-01-08", -1), ("2026-02-20", 2), ("2026-02-27", -2),
    ]  # fmt: skip
    assert roll(windows=(7, 28)) == {"written": 0, "removed": 0}
    roll()
    assert ask(active) == [("active_users_28d",)]
    nameless = "health.account_total where series_id != all(select series_id from health.series)"
    assert ask(f"select count(*) from {nameless}") == [(0,)]


def test_accounts_are_computed_together_up_to_a_bound_of_days(store, settings, conformed, change):
    conformed(**WORLD)
    change("truncate health.series_file")
    note_touched(store, settings)
    (both,) = touched_shards(store)
    assert both == (1, len(WORLD["companies"]))
    change(
        "insert into health.touched select 'usage', n, '-infinity', 'infinity' "
        "from generate_series(1, 6000) as n"
    )
    shards = touched_shards(store)
    assert [shard[1] + 1 for shard in shards[:-1]] == [shard[0] for shard in shards[1:]]
    assert [last - first for first, last in shards[1:2]] == [1249]
    assert (len(shards), shards[0][0], shards[-1][1]) == (5, 1, 6000)


def test_everything_in_a_store_from_before_counts_as_touched_once(empty, settings):
    upgrade(empty, "0004")
    with empty.begin() as connection:
        connection.execute(
            text(
                "insert into core.account (source, source_account_id, created_at) "
                "values ('hubspot', '100', '2025-01-01')"
            )
        )
        connection.execute(
            text(
                "insert into core.touch (source, touch_id, source_account_id, kind, is_held, "
                "occurred_at) values ('hubspot', '1', '100', 'review', true, '2026-03-10')"
            )
        )
    upgrade(empty)
    assert roll_up(empty, settings)["written"] >= 3
    assert roll_up(empty, settings) == {"written": 0, "removed": 0}


def test_the_check_finds_every_series_additive_and_the_store_whole(store, settings, conformed):
    conformed(**WORLD)
    with store.connect() as connection:
        assert pending(connection) == 0
        found = list(check_series(connection, statement_binds(settings, (28,)), accounts=None))
    assert [one for one in found if one.differences] == []
    assert {"known/usage", "events", "seats", "invoices_overdue"} <= {
        one.name for one in found if one.rows
    }


def test_the_check_names_the_account_and_day_that_is_not_what_the_facts_say(
    store, settings, conformed, change
):
    conformed(**WORLD)
    change("update health.account_day set value = 99 where day = '2026-02-20' and value = 5")
    with store.connect() as connection:
        found = list(check_series(connection, statement_binds(settings, (28,)), accounts=10))
    ((name, wrong),) = [(one.name, one.differences) for one in found if one.differences]
    assert name == "events"
    assert [(one.way, one.day, one.expected, one.found) for one in wrong] == [
        ("stored", "2026-02-20", 5, 99)
    ]


def test_the_planner_knows_the_series_after_the_first_roll_up(conformed, ask):
    conformed(**WORLD)
    known = "select reltuples::int from pg_class where oid = 'health.account_day'::regclass"
    assert ask(known) == ask("select count(*) from health.account_day")
