import math
from datetime import date

import pytest
from sqlalchemy import text

from include.warehouse.rollup import WINDOWS, roll_up, statement_binds
from include.warehouse.series_check import check_series

from .conftest import (
    company,
    customer,
    invoice,
    meeting,
    organization,
    subscription,
    ticket,
    usage,
)

LINKED = {
    "companies": [company("100")],
    "organizations": [organization(1, external_id="100")],
    "customers": [customer("cus_1", hubspot_company_id="100")],
}


@pytest.fixture
def series(store):
    """The rows of one series, by day."""

    def read(name):
        with store.connect() as connection:
            rows = connection.execute(
                text(
                    "select day, value from health.account_day join health.series "
                    "using (series_id) where name = :name order by day"
                ),
                {"name": name},
            ).all()
        return {row.day.isoformat(): row.value for row in rows}

    return read


def test_a_user_counts_from_an_active_day_until_27_days_after_it(conformed, series):
    """Requirement 000-13."""
    conformed(
        **LINKED,
        usage_day=[
            usage("2026-01-01", users=["ann", "bob"]),
            usage("2026-01-20", users=["ann"]),
            usage("2026-03-31", users=["ann"]),
        ],
    )
    assert series("active_users_28d") == {
        "2026-01-01": 2,
        "2026-01-29": -1,  # bob was last seen 28 days before
        "2026-02-17": -1,  # ann, seen on 20 January
        "2026-03-31": 1,
        "2026-04-28": -1,
    }
    assert series("events") == {"2026-01-01": 5, "2026-01-20": 5, "2026-03-31": 5}


def test_two_products_of_one_account_count_a_user_once(conformed, series):
    conformed(
        companies=[company("100", tenant_key="acme")],
        usage_day=[
            usage("2026-01-01", key="100", users=["ann"]),
            usage("2026-01-01", key="acme", users=["ann"]),
        ],
    )
    assert series("active_users_28d") == {"2026-01-01": 1, "2026-01-29": -1}
    assert series("events") == {"2026-01-01": 10}


def test_seats_follow_the_invoices_and_end_with_the_subscription(conformed, series):
    conformed(
        **LINKED,
        subscriptions=[subscription("sub_1", seats=8, ended="2026-03-01", status="canceled")],
        invoices=[
            invoice("in_1", created="2025-01-01", seats=10, paid="2025-01-01"),
            invoice("in_2", created="2026-01-01", seats=8, paid="2026-01-01"),
        ],
    )
    assert series("seats") == {"2025-01-01": 10, "2026-01-01": -2, "2026-03-01": -8}


def test_an_invoice_is_late_from_the_second_day_after_it_fell_due(conformed, series):
    """Requirement 002-17."""
    conformed(
        **LINKED,
        subscriptions=[subscription()],
        invoices=[
            invoice("in_1", due="2026-02-15", paid="2026-02-16", status="paid"),
            invoice("in_2", due="2026-02-15", paid="2026-03-01", status="paid"),
            invoice("in_3", due="2026-03-05"),
            invoice("in_4", due="2026-03-05", amount=0),
            invoice("in_5", due="2026-03-05", status="draft"),
        ],
    )
    assert series("invoices_due") == {"2026-02-15": 2, "2026-03-05": 1}
    assert series("invoices_late") == {"2026-02-17": 1, "2026-03-07": 1}
    assert series("invoices_overdue") == {"2026-02-17": 1, "2026-03-01": -1, "2026-03-07": 1}


def test_tickets_open_and_close(conformed, series):
    conformed(
        **LINKED,
        tickets=[
            ticket(1, solved="2026-03-03T09:00:00Z"),
            ticket(2, priority="urgent"),
            ticket(3, status="deleted"),
            ticket(4, solved="2026-02-01T00:00:00Z"),  # solved before it was opened
            ticket(5, status="closed"),  # nobody says when
        ],
    )
    assert series("tickets_opened") == {"2026-03-01": 4}
    assert series("tickets_open") == {"2026-03-01": 2, "2026-03-03": -1}
    assert series("tickets_urgent_open") == {"2026-03-01": 1}
    assert series("solved") == {"2026-03-03": 1}
    assert series("solve_hours") == {"2026-03-03": 48}


def test_only_answers_are_opinions(conformed, series):
    """Requirement 001-08."""
    rating = {"ticket_id": 1, "updated_at": "2026-03-05T00:00:00Z"}
    conformed(
        **LINKED,
        tickets=[ticket(1)],
        satisfaction_ratings=[
            {"id": 1, "score": "good", **rating},
            {"id": 2, "score": "bad", **rating},
            {"id": 3, "score": "offered", **rating},
        ],
    )
    assert series("ratings_answered") == {"2026-03-05": 2}
    assert series("ratings_good") == {"2026-03-05": 1}


def test_meetings_that_did_not_happen_do_not_count(conformed, series):
    conformed(
        companies=[company("100")],
        meetings=[
            meeting("1"),
            meeting("2", kind="Check-in", on="2026-03-11T10:00:00Z"),
            meeting("3", outcome="CANCELED"),
            meeting("4", outcome="NO_SHOW"),
        ],
    )
    assert series("reviews_held") == {"2026-03-10": 1}
    assert series("meetings_held") == {"2026-03-10": 1, "2026-03-11": 1}


def test_the_last_pulse_of_a_day_counts(conformed, series):
    """Requirement 001-12."""
    history = [
        {"value": "2", "timestamp": "2026-03-02T15:00:00Z"},
        {"value": "4", "timestamp": "2026-03-02T09:00:00Z"},
        {"value": "5", "timestamp": "2026-01-01T09:00:00Z"},
        {"value": "", "timestamp": "2025-12-01T09:00:00Z"},
    ]
    record = company("100", csm_pulse="2")
    record["propertiesWithHistory"] = {"csm_pulse": history}
    conformed(companies=[record])
    assert series("pulse") == {
        "2025-12-01": pytest.approx(math.nan, nan_ok=True), "2026-01-01": 5, "2026-03-02": 2,
    }  # fmt: skip


def test_a_cleared_pulse_is_kept_as_unknown_whatever_stood_there_that_day(
    conformed, series, store, settings
):
    history = [
        {"value": "", "timestamp": "2026-03-02T15:00:00Z"},
        {"value": "4", "timestamp": "2026-03-02T09:00:00Z"},
        {"value": "5", "timestamp": "2026-01-01T09:00:00Z"},
    ]
    record = company("100") | {"propertiesWithHistory": {"csm_pulse": history}}
    conformed(companies=[record])
    cleared = {"2026-01-01": 5, "2026-03-02": pytest.approx(math.nan, nan_ok=True)}
    assert series("pulse") == cleared
    assert roll_up(store, settings) == {"written": 0, "removed": 0}
    with store.begin() as connection:
        checked = check_series(connection, statement_binds(settings, WINDOWS), accounts=None)
        assert not [one for one in checked if one.differences]
    history.insert(0, {"value": "3", "timestamp": "2026-03-09T09:00:00Z"})
    conformed(companies=[record])
    assert series("pulse") == cleared | {"2026-03-09": 3}


def test_a_day_is_the_organisations(store, settings, conformed, series):
    late = meeting("1", on="2026-03-10T23:30:00Z")
    conformed(companies=[company("100")], meetings=[late])
    tokyo = settings.model_copy(update={"time_zone": "Asia/Tokyo"})
    roll_up(store, tokyo)
    assert series("reviews_held") == {"2026-03-11": 1}


def test_rolling_up_again_touches_no_row(store, settings, conformed, series):
    conformed(**LINKED, usage_day=[usage("2026-01-01")], tickets=[ticket(1)])
    again = roll_up(store, settings)
    assert again == {"written": 0, "removed": 0}
    assert series("events") == {"2026-01-01": 5}


def test_an_edit_moves_the_day_and_leaves_nothing_behind(conformed, series):
    conformed(companies=[company("100")], meetings=[meeting("1")])
    conformed(meetings=[meeting("1", on="2026-03-12T10:00:00Z")])
    assert series("reviews_held") == {"2026-03-12": 1}


def test_an_account_is_known_to_a_source_only_once_it_is_linked(conformed, store):
    conformed(
        companies=[company("100"), company("200", created="2025-06-01T00:00:00Z")],
        organizations=[organization(1, external_id="100", created="2025-02-01")],
        usage_day=[usage("2025-03-01", key="100")],
    )
    with store.connect() as connection:
        rows = connection.execute(
            text(
                "select source_account_id, role, day from health.known_from "
                "join core.account using (account_id)"
            )
        ).all()
    assert {tuple(row) for row in rows} == {
        ("100", "crm", date(2025, 1, 1)),
        ("100", "support", date(2025, 2, 1)),
        ("100", "usage", date(2025, 3, 1)),
        ("200", "crm", date(2025, 6, 1)),
    }


def test_a_killed_conform_leaves_every_record_waiting(store, settings, arrive):
    from include.warehouse.conform import conform

    arrive(companies=[company("100")])
    with store.begin() as connection:
        connection.execute(text("alter table core.domain rename to elsewhere"))
    with pytest.raises(Exception, match="domain"):
        conform(store, settings)
    with store.begin() as connection:
        connection.execute(text("alter table core.elsewhere rename to domain"))
        assert connection.execute(text("select count(*) from core.account")).scalar_one() == 0
        assert connection.execute(text("select count(*) from raw.waiting")).scalar_one() == 1
    conform(store, settings)
    with store.connect() as connection:
        assert connection.execute(text("select count(*) from core.account")).scalar_one() == 1
        assert connection.execute(text("select count(*) from raw.waiting")).scalar_one() == 0
