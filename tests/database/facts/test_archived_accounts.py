"""What happened at an account stays as it was when its record is archived."""

from sqlalchemy import text

from .conftest import company, customer, invoice, meeting, organization, subscription, ticket, usage
from .test_series_relations import deal, role

NAMES = (
    "meetings_held", "tickets_opened", "events", "seats", "contacts", "deals_won", "pulse",
)  # fmt: skip
GONE = company("100", archived=True) | {"archivedAt": "2026-03-25T00:00:00Z"}


def test_the_past_of_an_archived_account_stays(conformed, put, roll, series, store):
    conformed(
        companies=[company("100")], meetings=[meeting("1")], tickets=[ticket(1)],
        organizations=[organization(external_id="100")], usage_day=[usage("2026-03-01")],
        customers=[customer("cus_1", hubspot_company_id="100")],
        subscriptions=[subscription(ended="2026-03-15", status="canceled")],
        invoices=[invoice()],
    )  # fmt: skip
    put("contact_role", role("1", "contact", "2026-01-01", "2026-03-20"))
    put("opportunity", deal("1", "won", "2026-01-01", "2026-02-01"))
    put("manual_input", {
        "source": "hubspot", "source_account_id": "100", "measure": "pulse", "value": 4,
        "occurred_at": "2026-03-02T00:00:00Z",
    })  # fmt: skip
    roll()

    def past():
        with store.connect() as connection:
            known = connection.execute(text("select * from health.known_from order by 1, 2")).all()
        return known, {name: series(name) for name in NAMES}

    before = past()
    assert all(before[1].values())
    assert len(before[0]) == 4
    conformed(companies=[GONE])
    assert past() == before
    roll()
    assert past() == before


def test_nothing_new_goes_to_an_archived_account(conformed, store):
    conformed(companies=[company("100", tenant_key="kite", domain="kite.example")])
    conformed(companies=[GONE])
    conformed(
        customers=[customer("cus_1", hubspot_company_id="100"), customer("cus_2", tenant_id="kite"),
                   customer("cus_3", email="ann@kite.example")],
    )  # fmt: skip
    with store.connect() as connection:
        assert connection.execute(text("select * from core.account_link")).all() == []
