import pytest
from sqlalchemy import text

from .conftest import company, customer, organization, subscription, ticket, usage


@pytest.fixture
def links(store):
    """Who is linked to which CRM record, by which method."""

    def read():
        with store.connect() as connection:
            rows = connection.execute(
                text(
                    "select object, source_key, source_account_id, method from core.account_link "
                    "join core.account using (account_id)"
                )
            ).all()
        return {(row.object, row.source_key): (row.source_account_id, row.method) for row in rows}

    return read


@pytest.fixture
def unmatched(store):
    def read():
        with store.connect() as connection:
            rows = connection.execute(text("select object, source_key from core.unmatched")).all()
        return {(row.object, row.source_key) for row in rows}

    return read


def test_a_key_that_somebody_wrote_links(conformed, links):
    conformed(
        companies=[company("100", tenant_key="acme")],
        organizations=[organization(1, external_id="100")],
        customers=[customer("cus_1", hubspot_company_id="100")],
        usage_day=[usage("2026-03-01", key="acme")],
    )
    assert links() == {
        ("organization", "1"): ("100", "key"),
        ("customer", "cus_1"): ("100", "key"),
        ("group", "acme"): ("100", "key"),
    }


def test_a_domain_links_where_exactly_one_account_has_it(conformed, links, unmatched):
    conformed(
        companies=[
            company("100", domain="kite.co.uk"),
            company("200", domain="twins.com"),
            company("300", domain="twins.com"),
        ],
        organizations=[
            organization(1, domains=["support.kite.co.uk"]),
            organization(2, domains=["twins.com"]),
        ],
        customers=[customer("cus_1", email="pay@KITE.co.uk")],
    )
    assert links() == {
        ("organization", "1"): ("100", "domain"),
        ("customer", "cus_1"): ("100", "domain"),
    }
    assert unmatched() == {("organization", "2")}


def test_free_mail_and_shared_suffixes_identify_nobody(conformed, links, unmatched):
    conformed(
        companies=[company("100", domain="gmail.com"), company("200", domain="kite.github.io")],
        customers=[
            customer("cus_1", email="owner@gmail.com"),
            customer("cus_2", email="x@other.github.io"),
        ],
    )
    assert links() == {}
    assert unmatched() == {("customer", "cus_1"), ("customer", "cus_2")}


def test_a_key_wins_over_a_domain(conformed, links):
    conformed(
        companies=[company("100", domain="one.com"), company("200", domain="two.com")],
        organizations=[organization(1, external_id="200", domains=["one.com"])],
    )
    assert links() == {("organization", "1"): ("200", "key")}


def test_a_merged_company_passes_its_links_to_the_winner(conformed, links):
    conformed(
        companies=[company("100"), company("200")],
        customers=[customer("cus_1", hubspot_company_id="100")],
    )
    assert links() == {("customer", "cus_1"): ("100", "key")}
    conformed(companies=[company("200", hs_merged_object_ids="100")])
    assert links() == {("customer", "cus_1"): ("200", "key")}


def test_one_tenant_key_on_two_accounts_is_no_key(conformed, links, unmatched):
    conformed(
        companies=[company("100", tenant_key="acme"), company("200", tenant_key="acme")],
        usage_day=[usage("2026-03-01", key="acme")],
    )
    assert links() == {}
    assert unmatched() == {("group", "acme")}


def test_a_ticket_without_organisation_goes_by_its_requester(conformed, store):
    conformed(
        companies=[company("100", domain="kite.com")],
        contacts=[],
        users=[{"id": 7, "email": "ann@kite.com", "organization_id": None}],
        tickets=[ticket(1, organization_id=None, requester_id=7)],
    )
    with store.connect() as connection:
        owner = connection.execute(
            text(
                "select source_account_id from core.ticket_account join core.account "
                "using (account_id)"
            )
        ).scalar_one()
    assert owner == "100"


def test_an_agencys_subscription_belongs_to_the_account_it_names(conformed, store):
    conformed(
        companies=[company("100"), company("200")],
        customers=[customer("cus_1", hubspot_company_id="100")],
        subscriptions=[
            subscription("sub_1"),
            subscription("sub_2", hubspot_company_id="200"),
        ],
    )
    with store.connect() as connection:
        owners = connection.execute(
            text(
                "select subscription_id, source_account_id from core.subscription_account "
                "join core.account using (account_id) order by 1"
            )
        ).all()
    assert [tuple(row) for row in owners] == [("sub_1", "100"), ("sub_2", "200")]


def test_a_link_that_no_rule_supports_any_more_goes(conformed, links, unmatched):
    conformed(companies=[company("100")], organizations=[organization(1, external_id="100")])
    assert links() == {("organization", "1"): ("100", "key")}
    conformed(organizations=[organization(1)])
    assert links() == {}
    assert unmatched() == {("organization", "1")}


def test_an_edited_company_keeps_its_account_and_uses_up_no_number(conformed, store):
    conformed(companies=[company("100")])
    for name in ("One", "Two", "Three"):
        conformed(companies=[company("100", name=name)])
    conformed(companies=[company("200")])
    with store.connect() as connection:
        rows = connection.execute(
            text("select account_id, source_account_id, name from core.account order by 1")
        ).all()
    assert [tuple(row) for row in rows] == [(1, "100", "Three"), (2, "200", "Company 200")]
