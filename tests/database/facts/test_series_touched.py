"""Whatever happens to facts, in whatever order, what was computed piece by piece is the whole."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from include.warehouse.rollup import roll_up

ACCOUNTS = ("100", "200", "300")
DAYS = st.integers(0, 45)
OBJECTS = {
    "group": "g",
    "organization": "o",
    "requester": "r",
    "customer": "c",
    "subscription": "s",
}
TABLES = (
    "account_link", "payment", "rate", "rate_in_force", "contact_role",
    "survey_response", "ticket", "organization", "invoice", "subscription",
    "subscription_seats",
    "customer", "usage_day", "touch", "manual_input", "opportunity", "account",
)  # fmt: skip
LINK = """
insert into core.account_link
(source, object, source_key, account_id, method, confidence, first_seen)
select 'x', :object, :source_key, account_id, 'key', 1, now()
from core.account where source_account_id = :account
on conflict (source, object, source_key) do update set account_id = excluded.account_id
"""
ARCHIVE = """
update core.account set archived_at = :at, merged_ids = :merged
where source_account_id = :account
"""
MONEY = """
insert into core.money (currency, digits, max_age_days) values ('usd', 2, 500)
on conflict do nothing
"""
RATE = """
with said as (
    insert into core.rate (currency, day, rate, source) values ('eur', :day, :rate, 'x')
    on conflict (currency, day) do update set rate = excluded.rate
    returning *
)
insert into core.rate_in_force (currency, day, rate, rated_on)
select currency, day + days, rate, day from said cross join generate_series(0, 500) as days
on conflict (currency, day) do update set rate = excluded.rate, rated_on = excluded.rated_on
where rate_in_force.rated_on <= excluded.rated_on
"""
EVERYTHING = """
select 'known', role, account_id, day, '0' from health.known_from union all
select 'series', name, account_id, day, value::text
from health.account_day join health.series using (series_id) order by 1, 2, 3, 4
"""


def upsert(table, keys, values):
    """The statement that writes one row of a fact, whether there is one or not."""
    names = ", ".join([*keys, *values])
    slots = ", ".join(f":{name}" for name in [*keys, *values])
    updates = ", ".join(f"{name} = excluded.{name}" for name in values)
    target = ", ".join(("source", *keys))
    return (
        f"insert into core.{table} (source, {names}) values ('x', {slots}) "
        f"on conflict ({target}) do update set {updates}"
    ), {**keys, **values}


def remove(table, keys):
    condition = " and ".join(f"{name} = :{name}" for name in keys)
    return f"delete from core.{table} where {condition}", dict(keys)


moments = st.builds("2026-03-{:02d}T{:02d}:30:00Z".format, st.integers(1, 31), st.integers(0, 23))
maybe = st.none() | moments
days = st.builds("2026-03-{:02d}".format, st.integers(1, 31)) | st.just("2025-06-01")
small = st.integers(0, 2).map(str)
members = st.lists(st.sampled_from(["ann", "Bob", "cid"]), unique=True)


def fact(table, keys, values):
    """Write or remove one row of a table, from strategies for its columns."""
    written = st.builds(lambda k, v: upsert(table, k, v), keys, values)
    return written | st.builds(lambda k: remove(table, k), keys)


def row(**columns):
    return st.fixed_dictionaries(columns)


def linking(kind, number, account):
    if account is None:
        return remove("account_link", {"object": kind, "source_key": OBJECTS[kind] + number})
    return (
        LINK,
        {"object": kind, "source_key": OBJECTS[kind] + number, "account": account},
    )


def keyed(letter):
    return small.map(lambda number: letter + number)


PAYMENTS = fact(
    "payment", row(payment_id=small),
    row(
        customer_id=st.none() | keyed("c"), invoice_id=st.none() | small,
        status=st.sampled_from(["succeeded", "succeeded", "failed", "pending"]),
        amount_minor=st.sampled_from([30, 60]), currency=st.sampled_from(["usd", "eur"]),
        occurred_at=moments,
    ),
)  # fmt: skip
CHANGES = st.one_of(
    PAYMENTS,
    fact(
        "usage_day", row(account_key=keyed("g"), day=days),
        row(events=st.integers(0, 9), users=members, features=members),
    ),
    fact(
        "usage_day", row(account_key=keyed("g"), day=days),
        row(events=st.integers(0, 9), users=members, features=members),
    ),
    fact(
        "ticket", row(ticket_id=small),
        row(
            organization_id=st.none() | keyed("o"), requester_id=keyed("r"),
            priority=st.sampled_from(["normal", "urgent"]),
            status=st.sampled_from(["open", "solved", "deleted"]), created_at=moments,
            solved_at=maybe,
        ),
    ),
    fact(
        "survey_response", row(response_id=small),
        row(kind=st.just("csat"), ticket_id=small, is_good=st.booleans(), occurred_at=moments),
    ),
    fact("organization", row(organization_id=keyed("o")), row(created_at=moments)),
    fact("customer", row(customer_id=keyed("c")), row(created_at=moments)),
    fact(
        "subscription", row(subscription_id=keyed("s")),
        row(
            customer_id=keyed("c"), status=st.sampled_from(["active", "incomplete"]),
            seats=st.none() | st.integers(1, 9), started_at=moments, ended_at=maybe,
        ),
    ),
    fact(
        "invoice", row(invoice_id=small),
        row(
            customer_id=keyed("c"), subscription_id=st.none() | keyed("s"),
            status=st.just("open"), currency=st.sampled_from(["usd", "eur"]),
            amount_due_minor=st.sampled_from([0, 100]),
            amount_remaining_minor=st.sampled_from([0, 50]),
            seats=st.none() | st.integers(1, 9), period_start=maybe, created_at=moments,
            due_at=maybe, paid_at=maybe, closed_at=maybe,
        ),
    ),
    PAYMENTS,
    st.builds(
        lambda day, rate: (RATE, {"day": day, "rate": rate}), days, st.sampled_from([1.5, 2])
    ),
    fact(
        "contact_role",
        row(
            contact_id=small, source_account_id=st.sampled_from(ACCOUNTS),
            role=st.sampled_from(["contact", "champion"]), since=moments,
        ),
        row(until=maybe),
    ),
    fact(
        "touch", row(touch_id=small),
        row(
            source_account_id=st.sampled_from(ACCOUNTS), occurred_at=moments,
            kind=st.sampled_from(["review", "training"]), is_held=st.booleans(),
        ),
    ),
    fact(
        "manual_input",
        row(
            source_account_id=st.sampled_from(ACCOUNTS), measure=st.just("pulse"),
            occurred_at=moments,
        ),
        row(value=st.none() | st.sampled_from([1.0, 5.0])),
    ),
    st.builds(
        lambda account, at, merged: (
            ARCHIVE,
            {"account": account, "at": at, "merged": merged},
        ),
        st.sampled_from(ACCOUNTS), maybe,
        st.lists(st.sampled_from(ACCOUNTS), max_size=2, unique=True),
    ),
    st.builds(
        lambda table: (f"truncate core.{table}", {}), st.sampled_from(["touch", "usage_day"])
    ),
)  # fmt: skip
LINKS = st.builds(
    linking, st.sampled_from(list(OBJECTS)), small, st.none() | st.sampled_from(ACCOUNTS)
)
LOADS = st.lists(st.lists(CHANGES | LINKS, min_size=1, max_size=6), min_size=1, max_size=5)


@pytest.fixture
def contents(store):
    """Everything that roll-ups made, to the last bit."""

    def read():
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(text(EVERYTHING))]

    return read


@pytest.fixture
def run(store, settings):
    def roll(zone="America/Sao_Paulo", windows=(3, 28)):
        zoned = settings.model_copy(update={"time_zone": zone})
        return roll_up(store, zoned, windows=windows)

    return roll


def forget(store):
    """Have the next roll-up compute everything."""
    with store.begin() as connection:
        connection.execute(text("truncate health.account_day, health.known_from"))
        connection.execute(text("truncate health.series_file, core.change, health.touched"))


def begin(store, numbers=OBJECTS):
    """A store with three accounts, every object of a source linked to the first."""
    with store.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"truncate core.{table} cascade"))
        for account in ACCOUNTS:
            connection.execute(
                text(
                    "insert into core.account (source, source_account_id, created_at) "
                    "values ('x', :account, '2026-01-01T00:00Z')"
                ),
                {"account": account},
            )
        connection.execute(text(MONEY))
        for kind in numbers:
            for number in "01":
                connection.execute(*as_text(linking(kind, number, ACCOUNTS[int(number)])))


def as_text(change):
    return (text(change[0]), change[1])


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(LOADS)
def test_after_any_loads_edits_deletes_and_new_links_the_pieces_are_the_whole(
    store, run, contents, loads
):
    begin(store)
    run()
    for load in loads:
        with store.begin() as connection:
            for change in load:
                connection.execute(*as_text(change))
        run()
    pieces = contents()
    assert run() == {"written": 0, "removed": 0}
    forget(store)
    run()
    assert contents() == pieces
