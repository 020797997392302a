"""What happens later never moves a day before it, whatever kind of fact it is."""

import pytest
from sqlalchemy import text

from .conftest import company, customer, invoice, subscription
from .test_series_answers import csat, nps
from .test_series_payments import payment
from .test_series_relations import deal, role

DAY = "2026-03-10"
EARLIER = {
    "survey_response": [
        nps("1", 10, "2026-01-10"),
        nps("2", 2, "2026-03-10", who="bob@kite.example"),
        csat("3", 4, "2026-02-01", source="hubspot", source_account_id="100"),
    ],
    "contact_role": [role("1", "champion", "2025-03-01"), role("1", "contact", "2025-03-01")],
    "opportunity": [deal("1", "open", "2026-01-01"), deal("2", "lost", "2025-01-01", "2026-01-01")],
    "payment": [
        payment("1", "2026-02-20", amount=3_000),
        payment("2", "2026-02-19", status="failed"),
    ],
}
LATER = {
    "survey_response": [
        nps("4", 0, "2026-03-11"),  # ann again
        csat("5", 1, "2026-03-12", source="hubspot", source_account_id="100"),
    ],
    "contact_role": [
        role("1", "champion", "2025-03-01", "2026-03-11"),
        role("2", "executive_sponsor", "2026-03-12"),
    ],
    "opportunity": [deal("1", "won", "2026-01-01", "2026-03-11"), deal("3", "open", "2026-03-12")],
    "payment": [
        payment("3", "2026-03-11", amount=2_000),
        payment("4", "2026-03-12", status="failed"),
        payment("5", "2026-03-13", status="refunded"),
    ],
}


@pytest.fixture
def past(store):
    """All rows of all series up to that day."""

    def read():
        asked = text(
            "select name, day::text, value from health.account_day join health.series"
            " using (series_id) where day <= :day order by 1, 2"
        )
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(asked, {"day": DAY})]

    return read


@pytest.mark.parametrize("fact", LATER)
def test_a_later_fact_leaves_earlier_days_as_they_were(conformed, put, roll, past, fact):
    conformed(
        companies=[company("100")],
        customers=[customer("cus_1", hubspot_company_id="100")],
        subscriptions=[subscription()],
        invoices=[invoice(due="2026-02-15", amount=10_000) | {"amount_remaining": 0}],
    )
    for name, rows in EARLIER.items():
        put(name, *rows)
    roll()
    before = past()
    assert {name for name, *_ in before} >= {"nps_balance_90d", "champions", "amount_overdue"}
    put(fact, *LATER[fact])
    roll()
    assert past() == before
