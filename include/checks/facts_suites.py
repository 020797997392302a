"""Checks on facts, across records and sources: references, order in time, links, freshness.

Here it is too late for quarantine. What vendors' lag or people's typing can explain is a warning
with the ids; what would make every score wrong stops the run.
"""

from include.checks.suite import (
    BETWEEN,
    IN_SET,
    NOT_NULL,
    ORDERED,
    ROW_COUNT,
    STOP,
    UNIQUE,
    WARN,
    Check,
    Suite,
)

TRUE = {"value_set": [True]}
SOME = {"min_value": 1}
NOT_NEGATIVE = {"min_value": 0}
# Vendors' clocks differ from ours: a day ahead is no fault.
NOT_AHEAD = {"max_value": 1}
RENEWAL = {"min_value": -3650, "max_value": 7300}
RECENT = {"max_value": {"$PARAMETER": "max_age_days"}}
# A fact whose end is not known yet has no order.
KNOWN = {"or_equal": True, "ignore_row_if": "either_value_is_missing"}
AFTER_CREATION = {"column_B": "created_at", **KNOWN}

TABLES = (
    Check(ROW_COUNT, None, SOME, STOP, "there is no table of facts"),
    Check(IN_SET, "has_key", TRUE, STOP, "the database does not enforce the key of the table"),
)
ACCOUNTS = (
    Check(ROW_COUNT, None, SOME, STOP, "there is no live account"),
    Check(NOT_NULL, "name", {}, WARN, "the account has no name"),
    Check(NOT_NULL, "domain", {}, WARN, "the account has no domain: only keys can link to it"),
    Check(UNIQUE, "domain", {}, WARN, "several accounts have the domain, so it links to none"),
    Check(UNIQUE, "tenant_key", {}, WARN, "several accounts have the tenant key: it links to none"),
    Check(BETWEEN, "arr", NOT_NEGATIVE, WARN, "the revenue is below zero"),
    Check(
        BETWEEN, "renewal_days_ahead", RENEWAL, WARN, "the renewal is over 10 years back or 20 on"
    ),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, WARN, "created in the future"),
    Check(IN_SET, "owner_is_known", TRUE, WARN, "the owner is nobody we know"),
    Check(IN_SET, "parent_is_known", TRUE, WARN, "the parent is no account we know"),
    Check(IN_SET, "parents_end", TRUE, WARN, "its parents lead back to it: the way is cut there"),
)
CONTACTS = (
    Check(IN_SET, "account_is_known", TRUE, WARN, "the account is none that we know"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, WARN, "created in the future"),
)
TOUCHES = (Check(IN_SET, "account_is_known", TRUE, WARN, "the account is none that we know"),)
OPPORTUNITIES = (
    Check(IN_SET, "account_is_known", TRUE, WARN, "the account is none that we know"),
    Check(BETWEEN, "amount_minor", NOT_NEGATIVE, WARN, "the amount is below zero"),
    Check(IN_SET, "end_is_dated", TRUE, WARN, "won or lost, but nobody knows when"),
    Check(ORDERED, "closed_at", AFTER_CREATION, WARN, "closed before it was created"),
)
TICKETS = (
    Check(ROW_COUNT, None, SOME, WARN, "there is no ticket at all"),
    Check(IN_SET, "organization_is_known", TRUE, WARN, "the organisation is none that we know"),
    Check(IN_SET, "requester_is_known", TRUE, WARN, "the requester is nobody we know"),
    Check(ORDERED, "solved_at", AFTER_CREATION, WARN, "solved before it was created"),
    Check(IN_SET, "solve_is_dated", TRUE, WARN, "solved, but nobody knows when: it counts as open"),
    Check(BETWEEN, "first_reply_minutes", NOT_NEGATIVE, WARN, "answered before it was asked"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, WARN, "created in the future"),
    Check(BETWEEN, "solved_days_ahead", NOT_AHEAD, WARN, "solved in the future"),
)
SURVEY_RESPONSES = (
    Check(IN_SET, "ticket_is_known", TRUE, WARN, "the ticket is none that we know"),
    Check(
        ORDERED, "occurred_at", {"column_B": "ticket_created_at", **KNOWN}, WARN,
        "answered before its ticket was created",
    ),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, WARN, "answered in the future"),
    Check(IN_SET, "is_on_scale", TRUE, WARN, "the answer is not on its scale: it counts nowhere"),
)  # fmt: skip
CUSTOMERS = (
    Check(ROW_COUNT, None, SOME, WARN, "there is no customer at all"),
    Check(IN_SET, "is_linked", TRUE, WARN, "neither it nor its subscriptions have an account"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, WARN, "created in the future"),
)
SUBSCRIPTIONS = (
    Check(ROW_COUNT, None, SOME, WARN, "there is no subscription at all"),
    Check(IN_SET, "customer_is_known", TRUE, WARN, "the customer is none that we know"),
    Check(BETWEEN, "seats", NOT_NEGATIVE, WARN, "the seats are below zero"),
    Check(BETWEEN, "amount_minor", NOT_NEGATIVE, WARN, "the price is below zero"),
    Check(
        ORDERED, "ended_at", {"column_B": "started_at", **KNOWN}, WARN, "ended before it started"
    ),
    Check(IN_SET, "end_is_dated", TRUE, WARN, "canceled, but nobody knows when: it counts as live"),
    Check(BETWEEN, "ended_days_ahead", NOT_AHEAD, WARN, "ended in the future"),
)
INVOICES = (
    Check(ROW_COUNT, None, SOME, WARN, "there is no invoice at all"),
    Check(IN_SET, "customer_is_known", TRUE, WARN, "the customer is none that we know"),
    Check(IN_SET, "subscription_is_known", TRUE, WARN, "the subscription is none that we know"),
    Check(BETWEEN, "amount_due_minor", NOT_NEGATIVE, WARN, "the amount is below zero"),
    Check(
        ORDERED, "amount_due_minor", {"column_B": "amount_remaining_minor", **KNOWN}, WARN,
        "more remains to be paid than was due",
    ),
    Check(ORDERED, "paid_at", AFTER_CREATION, WARN, "paid before it was created"),
    Check(IN_SET, "payment_is_dated", TRUE, WARN, "paid, but nobody knows when: it counts as due"),
    Check(
        ORDERED, "period_end", {"column_B": "period_start", **KNOWN}, WARN,
        "its period ends before it starts",
    ),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, WARN, "created in the future"),
)  # fmt: skip
PAYMENTS = (
    Check(IN_SET, "invoice_is_known", TRUE, WARN, "the invoice is none that we know"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency: it takes from no amount"),
    Check(BETWEEN, "amount_minor", NOT_NEGATIVE, WARN, "the amount is below zero"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, WARN, "paid in the future"),
)
USAGE_DAYS = (
    Check(BETWEEN, "events", NOT_NEGATIVE, WARN, "events are below zero"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, WARN, "the day lies in the future"),
    Check(IN_SET, "has_users", TRUE, WARN, "there are events of nobody"),
)
FRESHNESS = (
    Check(
        BETWEEN, "usage_age_days", RECENT, STOP, "no product usage for days: all would look idle"
    ),
    Check(BETWEEN, "age_days", RECENT, WARN, "the newest fact of the source is old"),
)
LINKS = (
    Check(BETWEEN, "linked_share", {"min_value": 0.5}, WARN, "fewer than half have a link"),
    Check(BETWEEN, "fall", {"max_value": 0.05}, WARN, "more than 5 in 100 lost their link"),
)
MATCHED = (
    Check(IN_SET, "is_usual", TRUE, WARN, "far less than usual belongs to an account"),
    Check(IN_SET, "is_linked_at_all", TRUE, STOP, "no link is left to any account of the CRM"),
)

ID = ("record_id",)
FACTS = (
    Suite("facts", "tables", ID, TABLES),
    Suite("facts", "accounts", ID, ACCOUNTS),
    Suite("facts", "contacts", ID, CONTACTS),
    Suite("facts", "touches", ID, TOUCHES),
    Suite("facts", "opportunities", ID, OPPORTUNITIES),
    Suite("facts", "tickets", ID, TICKETS, role="support"),
    Suite("facts", "survey_responses", ID, SURVEY_RESPONSES, role="support"),
    Suite("facts", "customers", ID, CUSTOMERS, role="billing"),
    Suite("facts", "subscriptions", ID, SUBSCRIPTIONS, role="billing"),
    Suite("facts", "invoices", ID, INVOICES, role="billing"),
    Suite("facts", "payments", ID, PAYMENTS, role="billing"),
    Suite("facts", "usage_days", ID, USAGE_DAYS, role="usage"),
    Suite("facts", "freshness", ID, FRESHNESS),
    Suite("facts", "links", ("summary",), LINKS, example="summary"),
    Suite("facts", "matched", ("summary",), MATCHED, example="summary"),
)
