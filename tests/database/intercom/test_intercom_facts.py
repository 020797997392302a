"""What Intercom's records become: facts, links and series."""

import pytest

from include.errors import FixConfig
from include.settings import parse_settings
from include.vendor_settings import Intercom
from include.warehouse.rollup import roll_up
from tests.database.facts.conftest import company

from .conftest import CLOSED, GOOD, MARCH, RATED, conversation, firm, person, ticket


def test_a_company_is_an_organisation_with_its_key_and_its_domain(arrived, rows):
    arrived(
        companies=[
            firm(website="https://www.kite.example/about?x=1"),
            firm("c2", " 001AA ", website="reed.example:8080"),
            firm("c3", "", website="not a site"),
        ]
    )
    assert rows(
        "select organization_id, external_id, domains from core.organization order by 1"
    ) == [
        ("c1", "kite", ["www.kite.example"]),
        ("c2", "001AA", ["reed.example"]),
        ("c3", None, []),
    ]


@pytest.mark.parametrize("intercom", [Intercom(
    vendor="intercom", name="intercom", connection="c", account_key="crm_id")])  # fmt: skip
def test_a_custom_attribute_names_the_account_where_it_is_filled_in(arrived, rows):
    named = firm(custom_attributes={"crm_id": "100"})
    arrived(companies=[named, firm("c2", "reed")], accounts=[company("100")])
    found = "select organization_id, external_id from core.organization order by 1"
    assert rows(found) == [("c1", "100"), ("c2", "reed")]
    linked = "select source_key from core.account_link where object = 'organization'"
    assert rows(linked) == [("c1",)]


def test_a_company_that_is_gone_keeps_its_row_and_may_come_back(arrived, rows):
    state = "select deleted_at is not null from core.organization"
    arrived(companies=[firm()])
    assert rows(state) == [(False,)]
    arrived(companies=[firm(deleted=True)])
    assert rows(state) == [(True,)]
    arrived(companies=[firm()])
    assert rows(state) == [(False,)]


def test_a_conversation_is_a_ticket_with_times_from_its_statistics(arrived, rows):
    arrived(conversations=[conversation()])
    found = rows(
        "select ticket_id, requester_id, priority, status, first_reply_minutes,"
        " extract(epoch from created_at)::int, extract(epoch from solved_at)::int from core.ticket"
    )
    assert found == [("1", "p1", "urgent", "closed", 35, MARCH, CLOSED)]


def test_states_and_both_vocabularies_of_priorities_are_understood(arrived, rows):
    arrived(
        conversations=[
            conversation("1", state="open", priority="medium", statistics=None),
            conversation("2", state="snoozed", priority="not_priority"),
            conversation("3", priority="priority", statistics={"first_admin_reply_at": MARCH + 60}),
            conversation("4", priority="none", statistics=None),
        ]
    )
    found = "select status, priority, solved_at is null, first_reply_minutes from core.ticket"
    assert rows(f"{found} order by ticket_id") == [
        ("open", "normal", True, None),
        ("pending", None, True, 35),
        ("closed", "high", True, 1),
        ("closed", None, True, None),
    ]


def test_what_we_sent_and_nobody_answered_is_no_ticket(arrived, rows):
    ours = {"source": {"delivered_as": "admin_initiated"}, "first_contact_reply": None}
    silent = ours | {"statistics": None, "conversation_rating": None}
    arrived(conversations=[conversation("1", **silent), conversation("2", **ours)])
    assert rows("select ticket_id from core.ticket") == [("2",)]


def test_the_company_is_the_conversations_else_the_contacts_only_one(arrived, rows):
    arrived(
        companies=[firm("c1"), firm("c2", "reed")],
        contacts=[
            person("one", "c1"), person("two", "c1", "c2"), person("many", "c1", more=True),
            person("none"),
        ],
        conversations=[
            conversation("1", "one"), conversation("2", "two"), conversation("3", "many"),
            conversation("4", "none"), conversation("5", "two", company={"id": "c2"}),
            conversation("6", None),
        ],
    )  # fmt: skip
    found = dict(rows("select ticket_id, organization_id from core.ticket"))
    assert found == {"1": "c1", "2": None, "3": None, "4": None, "5": "c2", "6": None}


def test_who_changes_employer_leaves_the_conversations_behind(arrived, rows):
    arrived(contacts=[person("p1", "c1")], conversations=[conversation("1")])
    arrived(contacts=[person("p1", "c2")], conversations=[conversation("1", priority="low")])
    assert rows("select organization_id, priority from core.ticket") == [("c1", "low")]


def test_a_contact_that_is_known_later_still_names_the_company(arrived, rows):
    arrived(conversations=[conversation("1")])
    arrived(contacts=[person("p1", "c1")])
    assert rows("select organization_id from core.ticket") == [("c1",)]


def test_a_deleted_conversation_stays_deleted_whatever_comes_first(arrived, rows):
    gone = {"deleted_conversations": [{"id": "1", "deleted_at": MARCH}]}
    arrived(conversations=[conversation("1")], **gone)
    arrived(conversations=[conversation("1", priority="low"), conversation("2", deleted=True)])
    assert rows("select ticket_id, status from core.ticket order by 1") == [
        ("1", "deleted"),
        ("2", "deleted"),
    ]


def test_ratings_from_four_on_are_good_and_unanswered_ones_are_none(arrived, rows):
    def rated(number, rating):
        answer = {"rating": rating, "created_at": CLOSED, "updated_at": RATED}
        return conversation(str(number), conversation_rating=answer)

    arrived(conversations=[rated(n, n) for n in range(1, 7)] + [rated(7, None)])
    found = rows(
        "select response_id, score, is_good, scale_low, scale_high, requester_id"
        " from core.survey_response order by 1"
    )
    assert found == [(str(n), n, n >= 4, 1, 5, "p1") for n in range(1, 6)]
    arrived(conversations=[rated(5, 2), rated(4, None)])
    again = (
        "select response_id, score, is_good from core.survey_response where score != 3 order by 1"
    )
    assert rows(again) == [("1", 1, False), ("2", 2, False), ("5", 2, False)]


def test_a_customers_ticket_counts_once_and_one_among_teammates_never(arrived, rows):
    arrived(
        conversations=[conversation("1")],
        tickets=[
            ticket("1", "submitted"), ticket("9"), ticket("10", "waiting_on_customer"),
            ticket("11", category="Back-office"), ticket("12", category="Tracker"),
        ],
    )  # fmt: skip
    found = "select ticket_id, status, extract(epoch from solved_at)::int from core.ticket"
    assert rows(f"{found} order by length(ticket_id), ticket_id") == [
        ("1", "closed", CLOSED),
        ("9", "closed", CLOSED),
        ("10", "pending", None),
    ]


def test_conforming_twice_changes_nothing(arrived, rows):
    tables = ("organization", "requester", "ticket", "survey_response")
    found = []
    for _ in range(2):
        arrived(**{stream: [record] for stream, record in GOOD.items()})
        found.append([rows(f"select * from core.{table} order by 1, 2") for table in tables])
    assert found[0] == found[1]
    assert all(found[0])


def test_tickets_and_ratings_reach_the_accounts_series(arrived, rows, store):
    settings = arrived(
        accounts=[company("100", tenant_key="kite")],
        companies=[firm("c1", "kite")],
        contacts=[person("p1", "c1")],
        conversations=[conversation("1")],
    )
    roll_up(store, settings)
    found = dict(
        rows(
            "select series.name, sum(value) from health.account_day"
            " inner join health.series using (series_id) group by 1"
        )
    )
    assert {name: found[name] for name in ("tickets_opened", "solved", "ratings_good")} == {
        "tickets_opened": 1,
        "solved": 1,
        "ratings_good": 1,
    }
    assert found["tickets_urgent_open"] == 0


def test_a_word_cannot_mean_two_priorities():
    said = (
        "scorecards: [a.yaml]\nsources:\n"
        "  - {name: h, vendor: hubspot, connection: c}\n"
        "  - {name: i, vendor: intercom, connection: c, priorities: {low: [a], high: [A]}}\n"
    )
    with pytest.raises(FixConfig, match="a cannot mean two of them"):
        parse_settings(said, where="health.yaml")
