"""What a warehouse brings becomes the same facts and series as a vendor's records do."""

from itertools import count

import pytest
from sqlalchemy import text

from include.checks import check_raw
from include.settings import load_settings
from include.vendor_settings import HubSpot
from include.warehouse.conform import conform
from include.warehouse.landing import land
from include.warehouse.page import Page
from include.warehouse.rollup import roll_up
from tests.database.inputs.conftest import AS_OF, COMPANIES
from tests.database.tables.conftest import COLUMNS, USAGE

RUNS = count(1)


@pytest.fixture
def bring(store):
    """Land a table, check it, and turn it into facts and series; returns what was set aside."""

    def run(opened):
        run_id = f"run-{next(RUNS)}"
        land(store, run_id=run_id, as_of=AS_OF, source="hubspot", vendor="hubspot",
             stream="companies", pages=[Page(list(COMPANIES))])  # fmt: skip
        (stream,) = opened.streams
        land(store, run_id=run_id, as_of=AS_OF, source="dwh", vendor="warehouse", stream=stream,
             pages=opened.pages(stream, state=None, as_of=AS_OF))  # fmt: skip
        shipped = load_settings()
        crm = next(one for one in shipped.sources if isinstance(one, HubSpot))
        settings = shipped.model_copy(update={"sources": (crm, opened.settings)})
        with store.begin() as connection:
            run_no = connection.scalar(
                text("insert into health.run (run_id, kind, as_of) values (:id, 'daily', :day)"
                     " returning run_no"), {"id": run_id, "day": AS_OF},
            )  # fmt: skip
        check_raw(store, settings, run_no=run_no, as_of=AS_OF)
        conform(store, settings)
        roll_up(store, settings)
        with store.connect() as connection:
            return set(connection.scalars(text("select reason from raw.quarantine")))

    return run


@pytest.fixture
def series(store):
    def read(name):
        asked = text(
            "select source_account_id, day, value from health.account_day"
            " join health.series using (series_id) join core.account using (account_id)"
            " where series.name = :name order by 1, 2"
        )
        with store.connect() as connection:
            rows = connection.execute(asked, {"name": name}).all()
        return [(row.source_account_id, row.day.isoformat(), row.value) for row in rows]

    return read


def test_usage_belongs_to_the_account_of_its_tenant_key(foreign, at_postgres, bring, series):
    foreign(USAGE.replace("'kite'", "'kite-prod'"))
    opened = at_postgres("usage_day", query="select * from events", columns=COLUMNS)
    assert bring(opened) == set()
    assert series("events") == [("100", "2026-03-01", 4.0), ("100", "2026-03-10", 1.0)]
    assert series("active_users_28d")[0] == ("100", "2026-03-01", 2.0)


def test_tickets_open_and_are_solved(at_sqlite, bring, series):
    script = """
        create table t (ticket_id, account_key, created_at, solved_at, priority);
        insert into t values (1, '100', '2026-03-01T09:00', '2026-03-02T09:00', 'High'),
            (2, 'kite-prod', '2026-03-03T09:00', null, 'urgent'),
            (3, '100', 'never', null, null), (4, '101', '2026-03-03', 'x', null);
    """
    aside = bring(at_sqlite(script, "tickets", query="select * from t"))
    assert aside == {"created_at is missing or no time", "solved_at is no time"}
    assert series("tickets_opened") == [("100", "2026-03-01", 1.0), ("100", "2026-03-03", 1.0)]
    assert series("solve_hours") == [("100", "2026-03-02", 24.0)]
    assert series("tickets_urgent_open") == [("100", "2026-03-03", 1.0)]


def test_answers_of_people_count_for_their_account(at_folder, bring, series):
    files = {
        "nps.csv": "response_id,account_key,occurred_at,score,email\n"
        "1,100,2026-03-01,9,a@kite.example\n2,kite-prod,2026-03-02,3,b@kite.example\n"
        "3,100,2026-03-02,often,c@kite.example\n"
    }
    aside = bring(at_folder(files, "survey_answers", files="*.csv"))
    assert aside == {"score is missing or no number"}
    answered = series("nps_answered_180d")
    assert answered[:2] == [("100", "2026-03-01", 1.0), ("100", "2026-03-02", 1.0)]


@pytest.mark.parametrize(("amounts", "entered"), [("major", "100.50"), ("minor", "10050")])
def test_subscriptions_and_invoices_are_money_in_minor_units(
    store, at_sqlite, bring, series, *, amounts, entered
):
    script = f"""
        create table s (subscription_id, account_key, started_at, seats, amount, months);
        insert into s values ('s1', '100', '2026-01-01', 10, {entered}, 12);
        create table i (invoice_id, account_key, created_at, amount_due, paid_at, currency);
        insert into i values ('i1', '100', '2026-02-01', {entered}, '2026-02-03', 'USD'),
            ('i2', '100', '2026-03-01', {entered}, null, null), ('i3', '100', 'x', 1, null, null);
    """
    subscriptions = at_sqlite(script, "subscriptions", query="select * from s", amounts=amounts)
    assert bring(subscriptions) == set()
    assert series("seats") == [("100", "2026-01-01", 10.0)]
    invoices = at_sqlite("", "invoices", query="select * from i", amounts=amounts)
    assert bring(invoices) == {"created_at is missing or no time"}
    assert series("amount_paid") == [("100", "2026-02-03", 100.5)]
    assert series("invoices_due") == [("100", "2026-02-01", 1.0), ("100", "2026-03-01", 1.0)]
    with store.connect() as connection:
        rows = connection.execute(text("select amount_due_minor, status from core.invoice"))
        assert sorted(tuple(row) for row in rows) == [(10050, "open"), (10050, "paid")]


def test_touches_and_measures_belong_to_the_crms_record(at_sqlite, bring, series):
    script = """
        create table t (touch_id, account_key, occurred_at, kind);
        insert into t values (1, 'kite.example', '2026-03-01T10:00', 'Review'),
            (2, '100', '2026-03-02T10:00', null), (3, '100', '2026-03-02T10:00', 'lunch');
        create table m (who, "when", account, measure, value);
        insert into m values ('ann', '2026-03-01', 'Mast', 'fit', 4), ('ann', 'x', '1', 'fit', 1);
    """
    touches = at_sqlite(script, "touches", query="select * from t")
    assert bring(touches) == {"kind is none of our words"}
    assert series("reviews_held") == [("100", "2026-03-01", 1.0)]
    assert series("meetings_held") == [("100", "2026-03-01", 1.0), ("100", "2026-03-02", 1.0)]
    measures = at_sqlite("", "measures", query="select * from m")
    assert bring(measures) == {"kind is none of our words", "when is missing or no time"}
    assert series("manual_fit") == [("101", "2026-03-01", 4.0)]
