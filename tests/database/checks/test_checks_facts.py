"""Facts across records and systems: what is a warning with ids, and what stops a run."""

from datetime import date, timedelta

import pytest

from include.checks import check_facts
from include.errors import RejectData

DAY = date(2026, 11, 20)
# Facts that contradict each other, each beside one that does not.
CONTRADICTIONS = (
    """insert into core.account (source, source_account_id, name, domain, tenant_key, arr, owner_id,
        parent_source_account_id, renewal_date, created_at) values
    ('hubspot', '1', 'Kite', 'kite.example', 'kite', 5, 'o1', null, '2027-01-31', '2025-01-01'),
    ('hubspot', '2', 'Twin', 'kite.example', 'kite', 5, 'o1', '1', '2027-01-31', '2025-01-01'),
    ('hubspot', '3', ' ', null, null, -5, 'o9', '99', '1999-01-31', '2031-01-01')""",
    "insert into core.owner (source, owner_id) values ('hubspot', 'o1')",
    """insert into core.contact (source, contact_id, source_account_id, created_at) values
    ('hubspot', 'c1', '1', '2025-01-01'), ('hubspot', 'c2', '99', '2031-01-01')""",
    """insert into core.touch (source, touch_id, source_account_id, kind, is_held, occurred_at)
    values ('hubspot', 'm1', '1', 'review', true, '2031-01-01'),
    ('hubspot', 'm2', '99', 'review', true, '2025-01-01')""",
    """insert into core.opportunity (source, opportunity_id, source_account_id, stage, amount_minor,
        created_at, closed_at) values
    ('hubspot', 'd1', '1', 'open', 1, '2025-02-01', '2025-01-01'),
    ('hubspot', 'd2', '99', 'won', -1, '2025-02-01', '2025-01-01'),
    ('hubspot', 'd3', '1', 'lost', 1, '2025-02-01', null)""",
    """insert into core.organization (source, organization_id) values ('zendesk', 'g1')""",
    """insert into core.requester (source, requester_id) values ('zendesk', 'u1')""",
    """insert into core.ticket (source, ticket_id, organization_id, requester_id, status,
        created_at, solved_at, first_reply_minutes) values
    ('zendesk', 't1', 'g1', 'u1', 'solved', '2026-11-19', '2026-11-20', 5),
    ('zendesk', 't2', 'g9', 'u9', 'solved', '2026-11-19', '2026-11-18', -5),
    ('zendesk', 't3', 'g1', 'u1', 'closed', '2031-01-01', null, null),
    ('zendesk', 't4', 'g9', 'u9', 'deleted', '2026-11-19', '2026-11-18', -5)""",
    """insert into core.survey_response (source, response_id, kind, ticket_id, occurred_at) values
    ('zendesk', 's1', 'csat', 't1', '2026-11-20'), ('zendesk', 's2', 'csat', 't9', '2031-01-01'),
    ('zendesk', 's3', 'csat', 't1', '2026-11-01')""",
    """insert into core.customer (source, customer_id, created_at) values
    ('stripe', 'cus_1', '2025-01-01'), ('stripe', 'cus_2', '2031-01-01')""",
    """insert into core.account_link
    select 'stripe', 'customer', 'cus_1', min(account_id), 'key', 1, now(), now()
    from core.account""",
    """insert into core.subscription (source, subscription_id, customer_id, status, seats,
        amount_minor, started_at, ended_at) values
    ('stripe', 'sub_1', 'cus_1', 'canceled', 5, 5, '2025-01-01', '2026-01-01'),
    ('stripe', 'sub_2', 'cus_9', 'canceled', -5, -5, '2026-01-01', '2025-01-01'),
    ('stripe', 'sub_3', 'cus_1', 'canceled', 5, 5, '2026-01-01', null),
    ('stripe', 'sub_4', 'cus_1', 'canceled', 5, 5, '2026-01-01', '2031-01-01')""",
    """insert into core.invoice (source, invoice_id, customer_id, subscription_id, status, currency,
        amount_due_minor, amount_remaining_minor, period_start, period_end, created_at, paid_at)
    values
    ('stripe', 'in_1', 'cus_1', 'sub_1', 'paid', 'usd', 5, 0, '2026-10-01', '2026-11-01',
        '2026-11-19', '2026-11-20'),
    ('stripe', 'in_2', 'cus_9', 'sub_9', 'paid', 'usd', -5, 0, '2026-11-01', '2026-10-01',
        '2026-11-19', '2026-11-18'),
    ('stripe', 'in_3', 'cus_1', null, 'paid', 'usd', 5, 0, null, null, '2031-01-01', null)""",
    """insert into core.usage_day (source, account_key, day, events, users, features) values
    ('posthog', 'kite', '2026-11-20', 5, '{u1}', '{}'),
    ('posthog', 'kite', '2031-01-01', -5, '{}', '{}'),
    ('posthog', 'kite', '2020-01-01', -5, '{}', '{}')""",
)
FOUND = {
    ("accounts", "the account has no name"): ["3"],
    ("accounts", "the account has no domain: only keys can link to it"): ["3"],
    ("accounts", "several accounts have the domain, so it links to none"): ["1", "2"],
    ("accounts", "several accounts have the tenant key: it links to none"): ["1", "2"],
    ("accounts", "the revenue is below zero"): ["3"],
    ("accounts", "the renewal is over 10 years back or 20 on"): ["3"],
    ("accounts", "created in the future"): ["3"],
    ("accounts", "the owner is nobody we know"): ["3"],
    ("accounts", "the parent is no account we know"): ["3"],
    ("contacts", "the account is none that we know"): ["c2"],
    ("contacts", "created in the future"): ["c2"],
    ("touches", "the account is none that we know"): ["m2"],
    ("opportunities", "the account is none that we know"): ["d2"],
    ("opportunities", "the amount is below zero"): ["d2"],
    ("opportunities", "won or lost, but nobody knows when"): ["d3"],
    ("opportunities", "closed before it was created"): ["d2"],
    ("tickets", "the organisation is none that we know"): ["t2"],
    ("tickets", "the requester is nobody we know"): ["t2"],
    ("tickets", "solved before it was created"): ["t2"],
    ("tickets", "solved, but nobody knows when: it counts as open"): ["t3"],
    ("tickets", "answered before it was asked"): ["t2"],
    ("tickets", "created in the future"): ["t3"],
    ("survey_responses", "the ticket is none that we know"): ["s2"],
    ("survey_responses", "answered before its ticket was created"): ["s3"],
    ("survey_responses", "answered in the future"): ["s2"],
    ("customers", "neither it nor its subscriptions have an account"): ["cus_2"],
    ("customers", "created in the future"): ["cus_2"],
    ("subscriptions", "the customer is none that we know"): ["sub_2"],
    ("subscriptions", "the seats are below zero"): ["sub_2"],
    ("subscriptions", "the price is below zero"): ["sub_2"],
    ("subscriptions", "ended before it started"): ["sub_2"],
    ("subscriptions", "canceled, but nobody knows when: it counts as live"): ["sub_3"],
    ("subscriptions", "ended in the future"): ["sub_4"],
    ("invoices", "the customer is none that we know"): ["in_2"],
    ("invoices", "the subscription is none that we know"): ["in_2"],
    ("invoices", "the amount is below zero"): ["in_2"],
    ("invoices", "more remains to be paid than was due"): ["in_2"],
    ("invoices", "paid before it was created"): ["in_2"],
    ("invoices", "paid, but nobody knows when: it counts as due"): ["in_3"],
    ("invoices", "its period ends before it starts"): ["in_2"],
    ("invoices", "created in the future"): ["in_3"],
    ("usage_days", "events are below zero"): ["kite|2031-01-01"],
    ("usage_days", "the day lies in the future"): ["kite|2031-01-01"],
    ("usage_days", "there are events of nobody"): ["kite|2031-01-01"],
    ("freshness", "the newest fact of the source is old"): ["hubspot"],
    ("links", "fewer than half have a link"): [
        "billing: 33.3 % of live accounts are linked",
        "support: 0.0 % of live accounts are linked",
        "usage: 0.0 % of live accounts are linked",
    ],
}
ONE_ACCOUNT = (
    "insert into core.account (source, source_account_id, name, domain, created_at)"
    " values ('hubspot', '1', 'Kite', 'kite.example', '2026-11-19')"
)
TODAYS_USAGE = "insert into core.usage_day values ('posthog', 'kite', '2026-11-20', 5, '{u}', '{}')"


def test_contradictions_are_listed_one_by_one_and_stop_nobody(landing):
    landing.run()
    for statement in CONTRADICTIONS:
        landing.execute(statement)

    counts = check_facts(landing.engine, landing.settings, run_no=1, as_of=DAY)

    found = landing.rows(
        "select suite, subject, examples, on_failure from health.check_result where not is_success"
    )
    assert {(suite, subject): ids for suite, subject, ids, _ in found} == FOUND
    assert {on_failure for _, _, _, on_failure in found} == {"warn"}
    assert (counts["failed"], counts["warned"]) == (0, len(FOUND))


def test_without_any_account_the_run_stops(landing):
    landing.run()
    landing.execute(TODAYS_USAGE)

    with pytest.raises(RejectData, match="there is no live account"):
        check_facts(landing.engine, landing.settings, run_no=1, as_of=DAY)


def test_old_product_usage_stops_the_run_because_everybody_would_look_idle(landing):
    """Requirements 002-23, 004-06."""
    landing.run()
    landing.execute(ONE_ACCOUNT)
    landing.execute(TODAYS_USAGE)
    assert check_facts(landing.engine, landing.settings, run_no=1, as_of=DAY)["failed"] == 0
    late = date(2026, 11, 24)
    number = landing.run("run-2", late)

    with pytest.raises(RejectData, match=r"no product usage for days.*posthog"):
        check_facts(landing.engine, landing.settings, run_no=number, as_of=late)


def test_facts_of_later_days_do_not_make_a_source_look_fresh(landing):
    early = date(2026, 11, 10)
    landing.run(as_of=early)
    landing.execute(ONE_ACCOUNT)
    landing.execute(TODAYS_USAGE)
    landing.execute(TODAYS_USAGE.replace("2026-11-20", "2026-11-01"))

    with pytest.raises(RejectData, match=r"no product usage for days.*posthog"):
        check_facts(landing.engine, landing.settings, run_no=1, as_of=early)


def lay_ten_linked_customers(landing):
    landing.execute(TODAYS_USAGE)
    for at in range(10):
        landing.execute(
            "with account as (insert into core.account (source, source_account_id, created_at)"
            " values ('hubspot', :id, '2026-11-19') returning account_id),"
            " customer as (insert into core.customer (source, customer_id) values ('stripe', :id))"
            " insert into core.account_link select 'stripe', 'customer', :id, account_id, 'key', 1,"
            " now(), now() from account",
            id=f"a{at}",
        )


def test_links_that_get_lost_hold_their_role_for_the_day_and_no_other(landing):
    landing.run()
    lay_ten_linked_customers(landing)
    assert check_facts(landing.engine, landing.settings, run_no=1, as_of=DAY)["failed"] == 0
    assert landing.rows("select * from health.held_role") == []
    landing.execute("delete from core.account_link where source_key <= 'a3'")
    next_day = DAY + timedelta(days=1)
    number = landing.run("run-2", next_day)

    assert (
        check_facts(landing.engine, landing.settings, run_no=number, as_of=next_day)["failed"] == 0
    )

    assert landing.rows("select role, as_of, run_no, reason from health.held_role") == [
        (
            "billing", next_day, number,
            "stripe: 60.0 % of its objects belong to an account, 100.0 % is usual (1 days before)",
        )
    ]  # fmt: skip
    words = (
        "stripe: 60.0 % of its objects belong to an account, 100.0 % is usual;"
        " readings of billing are unknown on this day"
    )
    warned = landing.rows(
        "select examples from health.check_result where run_no = 2 and suite = 'matched'"
        " and not is_success"
    )
    assert warned == [([words],)]


def test_where_no_link_is_left_at_all_the_run_stops(landing):
    landing.run()
    lay_ten_linked_customers(landing)
    check_facts(landing.engine, landing.settings, run_no=1, as_of=DAY)
    landing.execute("delete from core.account_link")
    next_day = DAY + timedelta(days=1)
    number = landing.run("run-2", next_day)

    with pytest.raises(RejectData, match="no link is left to any account of the CRM"):
        check_facts(landing.engine, landing.settings, run_no=number, as_of=next_day)
