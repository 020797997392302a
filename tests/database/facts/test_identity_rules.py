"""Which rule links what, in which order, and what is never linked."""

import random

import pytest
from sqlalchemy import text

from .conftest import company, customer, organization, subscription, ticket, usage


def contact(contact_id, company_id, email):
    return {"id": contact_id, "properties": {"email": email}, "company_id": company_id}


def user(user_id, email, organization_id=None):
    return {"id": user_id, "email": email, "organization_id": organization_id}


@pytest.fixture
def rows(store):
    def read(statement, **binds):
        with store.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), binds)]

    return read


@pytest.fixture
def links(rows):
    """Each linked object's CRM record and method; None where people say nobody's."""

    def read():
        found = rows(
            "select object, source_key, source_account_id, method from core.account_link"
            " left join core.account using (account_id)"
        )
        return {(kind, key): (account, method) for kind, key, account, method in found}

    return read


@pytest.fixture
def doubts(rows):
    """Each doubt: kind, rule and the CRM records that the rule names."""

    def read():
        found = rows(
            "select link_doubt.object, source_key, kind, method, array_agg(source_account_id"
            " order by source_account_id) from core.link_doubt inner join core.account"
            " on account.account_id = any(candidates) group by 1, 2, 3, 4"
        )
        return {(kind, key): (doubt, rule, named) for kind, key, doubt, rule, named in found}

    return read


def test_each_rule_links_what_the_ones_before_it_leave_open(conformed, links):
    conformed(
        companies=[
            company("100", domain="kite.com", tenant_key="kite"),
            company("200", domain="hill.com"),
        ],
        contacts=[contact("c1", "200", "Ann@other.org"), contact("c2", "100", "bob@kite.com")],
        customers=[
            customer("cus_key", hubspot_company_id="100"),
            customer("cus_domain", email="pay@hill.com"),
            customer("cus_contact", email="ann+bills@other.org"),
            customer("cus_both", email="bob@kite.com"),
        ],
        organizations=[organization(7, external_id="cus_key")],
    )
    assert links() == {
        ("customer", "cus_key"): ("100", "key"),
        ("organization", "7"): ("100", "chain"),
        ("customer", "cus_domain"): ("200", "domain"),
        ("customer", "cus_contact"): ("200", "contact"),
        ("customer", "cus_both"): ("100", "domain"),
    }


def test_of_several_keys_the_first_that_names_one_account_wins(conformed, links, doubts):
    conformed(
        companies=[company("100", tenant_key="kite"), company("200", tenant_key="hill")],
        customers=[
            customer("cus_1", hubspot_company_id="999", tenant_id="kite"),
            customer("cus_2", hubspot_company_id="100", tenant_id="hill"),
        ],
    )
    assert links() == {
        ("customer", "cus_1"): ("100", "key"),
        ("customer", "cus_2"): ("100", "key"),
    }
    assert doubts() == {("customer", "cus_2"): ("conflict", "key", ["200"])}


def test_a_salesforce_id_is_the_same_key_with_15_and_with_18_characters(conformed, links):
    conformed(
        companies=[company("100", tenant_key="0015g00000abcDE")],
        organizations=[
            organization(1, external_id=" 0015g00000abcDEAAY "),
            organization(2, external_id="0015g00000abcde"),
        ],
    )
    assert links() == {("organization", "1"): ("100", "key")}


def test_keys_keep_their_case(conformed, links):
    conformed(
        companies=[company("100", tenant_key="Kite"), company("200", tenant_key="kite")],
        usage_day=[usage("2026-03-01", key="Kite"), usage("2026-03-01", key="KITE")],
    )
    assert links() == {("group", "Kite"): ("100", "key")}


def test_chains_lead_over_any_system_and_back(conformed, links):
    conformed(
        companies=[company("100"), company("200")],
        customers=[
            customer("cus_1", hubspot_company_id="100", tenant_id="tenant-1"),
            customer("cus_2", hubspot_company_id="200", zendesk_organization_id="77"),
        ],
        organizations=[organization(77), organization(78, external_id="cus_1")],
        usage_day=[usage("2026-03-01", key="tenant-1"), usage("2026-03-01", key="cus_2")],
    )
    found = links()
    assert found["group", "tenant-1"] == found["organization", "78"] == ("100", "chain")
    assert found["group", "cus_2"] == found["organization", "77"] == ("200", "chain")


def test_a_plain_number_names_no_organisation(conformed, links):
    conformed(
        companies=[company("100")],
        organizations=[organization(77, external_id="100")],
        customers=[customer("cus_1", hubspot_company_id="77")],
        usage_day=[usage("2026-03-01", key="77")],
    )
    assert links() == {("organization", "77"): ("100", "key")}


def test_chains_end_after_five_hops_and_in_circles(conformed, links):
    hops = [
        customer(f"cus_{at}", hubspot_company_id=f"cus_{at - 1}" if at else "100")
        for at in range(8)
    ]
    circle = [
        customer("cus_a", tenant_id="cus_b"),
        customer("cus_b", tenant_id="cus_a"),
        customer("cus_c", tenant_id="cus_c"),
    ]
    conformed(companies=[company("100")], customers=[*hops, *circle])
    assert links() == {("customer", "cus_0"): ("100", "key")} | {
        ("customer", f"cus_{at}"): ("100", "chain") for at in range(1, 6)
    }


def test_a_chain_to_two_accounts_is_ambiguous(conformed, links, doubts):
    conformed(
        companies=[company("100"), company("200")],
        customers=[
            customer("cus_1", hubspot_company_id="100", tenant_id="shared"),
            customer("cus_2", hubspot_company_id="200", tenant_id="shared"),
        ],
        usage_day=[usage("2026-03-01", key="shared")],
    )
    assert ("group", "shared") not in links()
    assert doubts() == {("group", "shared"): ("ambiguous", "chain", ["100", "200"])}


def test_a_later_rule_may_only_choose_among_what_an_earlier_one_left_open(conformed, links, doubts):
    conformed(
        companies=[
            company("100", tenant_key="kite", domain="kite.com"),
            company("200", tenant_key="kite"),
            company("300", domain="hill.com"),
        ],
        customers=[
            customer("cus_in", tenant_id="kite", email="pay@kite.com"),
            customer("cus_out", tenant_id="kite", email="pay@hill.com"),
        ],
    )
    assert links() == {("customer", "cus_in"): ("100", "domain")}
    assert doubts() == {("customer", "cus_out"): ("ambiguous", "key", ["100", "200"])}


@pytest.mark.parametrize(
    ("known", "host", "is_linked"),
    [
        ("kite.co.uk", "support.KITE.co.uk", True),
        ("https://www.kite.co.uk:443/about", "kite.co.uk.", True),
        ("kite.co.uk", "hill.co.uk", False),
        ("co.uk", "co.uk", False),
        ("kite.github.io", "kite.github.io", True),
        ("kite.github.io", "hill.github.io", False),
        ("münchen-bau.de", "xn--mnchen-bau-9db.de", True),
        ("MÜNCHEN-BAU.de", "mail.münchen-bau.de", True),
        ("gmail.com", "gmail.com", False),
        ("yahoo.co.uk", "yahoo.co.uk", False),
        ("localhost", "localhost", False),
        ("10.0.0.1", "10.0.0.1", False),
        ("kite.com'; drop table core.account; --", "kite.com", False),
        ("k" * 300 + ".com", "k" * 300 + ".com", False),
    ],
)
def test_domains_are_compared_by_what_somebody_registered(known, host, is_linked, conformed, links):
    conformed(
        companies=[company("100", domain=known)], organizations=[organization(1, domains=[host])]
    )
    assert links() == ({("organization", "1"): ("100", "domain")} if is_linked else {})


def test_additional_domains_are_evidence_like_the_main_one(conformed, links, doubts):
    conformed(
        companies=[
            company("100", domain="kite.com", hs_additional_domains="Kite-Labs.io; www.kite.fr;"),
            company("200", domain="hill.com", hs_additional_domains="shared.com;gmail.com"),
            company("300", hs_additional_domains="shared.com;only.org"),
        ],
        organizations=[
            organization(1, domains=["kite-labs.io"]), organization(2, domains=["kite.fr"]),
            organization(3, domains=["shared.com"]), organization(4, domains=["gmail.com"]),
            organization(5, domains=["only.org", "kite.com"]),
        ],
        customers=[customer("cus_1", email="pay@mail.only.org")],
    )  # fmt: skip
    assert links() == {
        ("organization", "1"): ("100", "domain"),
        ("organization", "2"): ("100", "domain"),
        ("customer", "cus_1"): ("300", "domain"),
    }
    assert doubts() == {
        ("organization", "3"): ("ambiguous", "domain", ["200", "300"]),
        ("organization", "5"): ("ambiguous", "domain", ["100", "300"]),
    }


def test_an_additional_domain_that_goes_takes_its_links_along(conformed, links):
    claimed = {"organizations": [organization(1, domains=["kite.io"])]}
    conformed(companies=[company("100", hs_additional_domains="kite.io")], **claimed)
    assert links() == {("organization", "1"): ("100", "domain")}
    conformed(companies=[company("100", hs_additional_domains="")])
    assert links() == {}


def test_an_additional_domain_of_very_many_accounts_is_everybodys(conformed, links, doubts):
    conformed(
        companies=[
            company(str(100 + at), hs_additional_domains=f"own{at}.com;portal.com")
            for at in range(11)
        ],
        organizations=[
            organization(1, domains=["portal.com"]), organization(2, domains=["own3.com"]),
        ],
    )  # fmt: skip
    assert (links(), doubts()) == ({("organization", "2"): ("103", "domain")}, {})


def test_a_subsidiary_with_its_parents_domain_makes_it_ambiguous(conformed, links, doubts):
    conformed(
        companies=[
            company("100", domain="kite.com"),
            company("200", domain="unit.kite.com", hs_parent_company_id="100"),
        ],
        organizations=[organization(1, domains=["kite.com"])],
    )
    assert links() == {}
    assert doubts() == {("organization", "1"): ("ambiguous", "domain", ["100", "200"])}


def test_a_domain_that_a_key_contradicts_is_not_verified(conformed, links, doubts):
    conformed(
        companies=[company("100", domain="agency.com"), company("200")],
        customers=[
            customer("cus_1", hubspot_company_id="200", email="bills@agency.com"),
            customer("cus_2", email="office@agency.com"),
        ],
    )
    assert links() == {("customer", "cus_1"): ("200", "key")}
    assert doubts() == {
        ("customer", "cus_1"): ("conflict", "domain", ["100"]),
        ("customer", "cus_2"): ("ambiguous", "domain", ["100", "200"]),
    }


def test_a_contractor_belongs_to_the_account_whose_contact_the_address_is(conformed, links):
    conformed(
        companies=[company("100", domain="agency.com"), company("200")],
        contacts=[contact("c1", "200", "eve@agency.com")],
        users=[user(1, "eve@agency.com"), user(2, "kim@agency.com")],
    )
    assert links() == {
        ("requester", "1"): ("200", "contact"),
        ("requester", "2"): ("100", "domain"),
    }


def test_a_contact_of_two_accounts_is_no_evidence(conformed, links, doubts):
    conformed(
        companies=[company("100"), company("200")],
        contacts=[contact("c1", "100", "eve@agency.com"), contact("c2", "200", "EVE@agency.com")],
        users=[user(1, "eve@agency.com")],
    )
    assert links() == {}
    assert doubts() == {("requester", "1"): ("ambiguous", "contact", ["100", "200"])}


def test_a_domain_of_very_many_accounts_is_everybodys(conformed, links, doubts):
    conformed(
        companies=[company(str(100 + at), domain="portal.com") for at in range(11)],
        organizations=[organization(1, domains=["portal.com"])],
    )
    assert (links(), doubts()) == ({}, {})


def test_a_domain_that_people_call_shared_stops_linking_at_once(conformed, links, settings, store):
    from include.warehouse.conform import conform

    conformed(
        companies=[company("100", domain="kite.com")],
        organizations=[organization(1, domains=["kite.com"])],
    )
    assert links() == {("organization", "1"): ("100", "domain")}
    shared = settings.identity.model_copy(update={"free_mail_extra": ("Kite.com",)})
    conform(store, settings.model_copy(update={"identity": shared}))
    assert links() == {}


def test_merges_are_followed_to_the_last_winner_and_circles_say_nothing(conformed, links, rows):
    conformed(
        companies=[
            company("300", hs_merged_object_ids="200; 150"),
            company("200", hs_merged_object_ids="100"),
            company("100"),
            company("400", hs_merged_object_ids="500"),
            company("500", hs_merged_object_ids="400;500"),
        ],
        organizations=[organization(at, external_id=str(at)) for at in (100, 150, 200, 400, 500)],
    )
    assert links() == {
        ("organization", "100"): ("300", "key"),
        ("organization", "150"): ("300", "key"),
        ("organization", "200"): ("300", "key"),
        ("organization", "400"): ("400", "key"),
        ("organization", "500"): ("500", "key"),
    }
    live = rows("select source_account_id from core.live_account order by 1")
    assert live == [("300",), ("400",), ("500",)]


def test_a_merged_companys_meetings_count_for_the_winner(conformed, rows):
    from .conftest import meeting

    conformed(
        companies=[company("100"), company("200", hs_merged_object_ids="100")],
        meetings=[meeting("m1", "100")],
    )
    assert rows(
        "select source_account_id, series.name, value from health.account_day"
        " inner join health.series using (series_id) inner join core.account using (account_id)"
        " where series.name = 'meetings_held'"
    ) == [("200", "meetings_held", 1.0)]


def test_links_of_an_archived_account_stay_until_a_rule_says_otherwise(conformed, links, rows):
    conformed(
        companies=[company("100"), company("200", domain="kite.example")],
        customers=[
            customer("cus_1", hubspot_company_id="100"),
            customer("cus_2", hubspot_company_id="100", email="ann@kite.example"),
        ],
    )
    counts = conformed(companies=[company("100", archived=True)])
    assert links() == {
        ("customer", "cus_1"): ("100", "key"),
        ("customer", "cus_2"): ("200", "domain"),
    }
    assert counts["links dropped"] == 0
    assert conformed()["links changed"] == 0
    conformed(companies=[company("200", hs_merged_object_ids="100")])
    assert links()["customer", "cus_1"] == ("200", "key")
    assert rows("select source_key, method from core.account_link_past order by 1, valid_to") == [
        ("cus_1", "key"),
        ("cus_2", "key"),
        ("cus_2", "domain"),
    ]


def test_links_of_a_deleted_customer_stay(conformed, links):
    conformed(companies=[company("200")], customers=[customer("cus_2", hubspot_company_id="200")])
    conformed(customers=[{"id": "cus_2", "deleted": True}])
    assert links() == {("customer", "cus_2"): ("200", "key")}


HOSTILE = (
    "'; delete from core.account_link; --", "%s", ":key", "\\", '"', "k\u202eite", "😀" * 20,
    "x" * 300, "organization:1", "organization\x1f", "NULL", "0", "-1",
)  # fmt: skip


def test_hostile_keys_are_just_keys(conformed, links):
    conformed(
        companies=[company(str(at), tenant_key=key) for at, key in enumerate(HOSTILE, start=100)],
        usage_day=[usage("2026-03-01", key=key) for key in HOSTILE],
        customers=[customer(f"cus_{at}", tenant_id=key) for at, key in enumerate(HOSTILE)],
        organizations=[organization(1, external_id="  "), organization(2, external_id="\u00a0")],
    )
    found = links()
    assert len(found) == 2 * len(HOSTILE)
    for at, key in enumerate(HOSTILE):
        assert found["group", key] == found["customer", f"cus_{at}"] == (str(100 + at), "key")


def world(seed):
    """A small world full of doubts: keys, chains, domains and contacts that overlap."""
    draw = random.Random(seed)
    ids = [str(100 + at) for at in range(8)]
    tenants, hosts = ["a", "b", "c", "cus_1", "cus_2"], ["kite.com", "hill.com", "gmail.com"]

    def some(values):
        return draw.choice([None, *values])

    return {
        "companies": [
            company(at, tenant_key=some(tenants), domain=some(hosts),
                    hs_merged_object_ids=some(ids) if draw.random() < 0.2 else None)
            for at in ids
        ],
        "contacts": [
            contact(f"c{at}", draw.choice(ids), f"p{at % 4}@{draw.choice(hosts)}")
            for at in range(8)
        ],
        "customers": [
            customer(f"cus_{at}", email=some([f"p{at % 4}@{host}" for host in hosts]),
                     hubspot_company_id=some([*ids, "cus_0"]), tenant_id=some(tenants))
            for at in range(8)
        ],
        "subscriptions": [
            subscription(f"sub_{at}", customer=f"cus_{at}", tenant_id=some(tenants))
            for at in range(4)
        ],
        "organizations": [
            organization(at, external_id=some([*ids, *tenants]), domains=draw.sample(hosts, 2))
            for at in range(1, 9)
        ],
        "users": [user(at, f"p{at % 4}@{draw.choice(hosts)}") for at in range(1, 9)],
        "tickets": [ticket(1, requester_id=1, organization_id=None)],
        "usage_day": [usage("2026-03-01", key=key) for key in (*tenants, "100", "sub_1")],
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_no_link(seed, conformed, links, doubts, store):
    def shuffled(draw):
        return {name: draw.sample(found, len(found)) for name, found in world(seed).items()}

    conformed(**shuffled(random.Random(0)))
    before = links(), doubts()
    assert len(before[0]) > 10
    with store.begin() as connection:
        connection.execute(
            text(
                "truncate core.account_link, core.account_link_past, core.link_doubt, core.account,"
                " core.contact, core.customer, core.subscription, core.organization,"
                " core.requester, core.ticket, core.usage_day, core.usage_group, core.domain,"
                " raw.record, raw.batch cascade"
            )
        )
    conformed(**shuffled(random.Random(1)))
    assert (links(), doubts()) == before
