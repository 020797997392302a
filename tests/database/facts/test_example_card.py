"""What the measures of an example card read from facts, worked by hand; and what is unknown."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import text

from include.scoring.readings import NEVER, Series, read
from include.scoring.scorecard import load_scorecard
from include.scoring.series import SERIES
from include.settings import ROOT

from .conftest import company, customer, invoice, subscription
from .test_series_answers import csat, nps
from .test_series_payments import payment
from .test_series_relations import role

EPOCH = date(1970, 1, 1)
DAY = date(2026, 3, 31)
CARD = ROOT / "scorecards" / "examples" / "voice_and_money.v1.yaml"


@pytest.fixture
def readings(store):
    """By measure: what the card reads of one account on the last of March; None is unknown."""
    stored = text(
        "select day - date '1970-01-01' as day, value from health.account_day"
        " join health.series using (series_id) join core.account using (account_id)"
        " where series.name = :name and source_account_id = :crm_id order by day"
    )
    known = text(
        "select day - date '1970-01-01' from health.known_from join core.account using (account_id)"
        " where role = :role and source_account_id = :crm_id"
    )

    def read_account(crm_id):
        taken = {}
        with store.connect() as connection:
            for name, one in SERIES.items():
                rows = connection.execute(stored, {"name": name, "crm_id": crm_id}).all()
                since = connection.execute(known, {"role": one.role, "crm_id": crm_id}).scalar()
                taken[name] = Series(
                    np.zeros(len(rows), np.int32),
                    np.array([row.day for row in rows], np.int32),
                    np.array([row.value for row in rows], float),
                    np.array([NEVER if since is None else since], np.int32),
                )
        measures = [one for one in load_scorecard(CARD).measures if "to_" not in one.name]
        day = (DAY - EPOCH).days
        blocked_by = {name: one.blocked_by for name, one in SERIES.items() if one.blocked_by}
        found = read([one.reading for one in measures], taken, accounts=1, first_day=day,
                     last_day=day, blocked_by=blocked_by)[0][0]  # fmt: skip
        values = [None if np.isnan(value) else round(float(value), 6) for value in found]
        return dict(zip([one.name for one in measures], values, strict=True))

    return read_account


def test_each_measure_is_what_a_person_would_count(conformed, put, roll, readings):
    conformed(
        companies=[company("100"), company("200")],
        customers=[customer("cus_1", hubspot_company_id="100")],
        subscriptions=[subscription()],
        invoices=[invoice(due="2026-02-15", amount=10_000) | {"amount_remaining": 6_000}],
    )
    put(
        "survey_response",
        nps("1", 9, "2026-01-10"),
        nps("2", 3, "2026-01-12", who="bob@kite.example"),
        nps("3", 10, "2026-01-14", who="eve@kite.example"),
        nps("4", 8, "2026-02-01", who="joe@kite.example"),
        csat("5", 5, "2026-02-01", source="hubspot", source_account_id="100"),
        csat("6", 2, "2026-02-02", source="hubspot", source_account_id="100"),
    )
    put(
        "contact_role",
        role("1", "contact", "2025-03-01"),
        role("1", "executive_sponsor", "2025-03-01"),
        role("2", "champion", "2025-03-01", "2026-03-11"),
    )
    put(
        "payment",
        payment("1", "2026-03-01", amount=4_000),
        payment("2", "2026-03-21", status="failed"),
    )
    roll()
    assert readings("100") == {
        "nps_365d": 25,  # 2 promoters, 1 detractor, of 4
        "nps_people_365d": 4,
        "nps_detractors_365d": 1,
        "csat_scale_180d": 0.5,
        "csat_answers_180d": 2,
        "executive_sponsors": 1,
        "champions": 0,
        "contacts": 1,
        "days_since_champion_lost": 20,
        "days_since_failed_payment": 10,
        "days_in_dunning": 11,  # from the 21st to the 31st
        "overdue_share": 0.6,  # 60 of 100
        "seat_share_28d": None,
    }
    assert readings("200") == {
        "nps_365d": None,  # nobody answered
        "nps_people_365d": 0,
        "nps_detractors_365d": 0,
        "csat_scale_180d": None,
        "csat_answers_180d": 0,
        "executive_sponsors": 0,
        "champions": 0,
        "contacts": 0,
        "days_since_champion_lost": None,  # none was ever lost
        "days_since_failed_payment": None,  # no billing customer is linked
        "days_in_dunning": None,
        "overdue_share": None,
        "seat_share_28d": None,
    }
