"""Checks on records that have landed and are no facts yet: one suite a vendor's stream.

Whatever the statements in `include/sql/facts/` cast or require is checked here first, so that one
bad record goes to quarantine and never fails a whole run.
"""

from include.checks.raw_chargebee import CHARGEBEE
from include.checks.raw_files import FILES
from include.checks.raw_intercom import INTERCOM
from include.checks.raw_payments import STRIPE_PAYMENTS
from include.checks.raw_salesforce import SALESFORCE
from include.checks.raw_surveys import SURVEYS
from include.checks.raw_usage import USAGE
from include.checks.suite import (
    BETWEEN,
    IN_SET,
    NOT_NULL,
    QUARANTINE,
    WARN,
    Check,
    Suite,
)

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
# Vendors' clocks differ from ours: a day ahead is no fault.
NOT_AHEAD = {"max_value": 1}
# Amounts and counts beyond these are none, and would not fit into a bigint or an integer.
AMOUNT = {"min_value": 0, "max_value": 1e15}
DEAL_AMOUNT = {"min_value": 0, "max_value": 1e12}
COUNT = {"min_value": 0, "max_value": 2e9}
MONTHS = {"min_value": 0, "max_value": 1200}
# Every word that the vendor knows: ZENDESK.md part 4, STRIPE.md part 3, checked Nov 2026.
ROLES = {"value_set": ["end-user", "agent", "admin"]}
PRIORITIES = {"value_set": ["low", "normal", "high", "urgent"]}
TICKETS = {"value_set": ["new", "open", "pending", "hold", "solved", "closed", "deleted"]}
RATINGS = {"value_set": ["offered", "unoffered", "good", "bad"]}
INVOICES = {"value_set": ["draft", "open", "paid", "uncollectible", "void"]}
LIVE = ["incomplete", "trialing", "active", "past_due", "unpaid", "paused"]
SUBSCRIPTIONS = {"value_set": [*LIVE, "incomplete_expired", "canceled"]}

# The same in every suite.
OWN_KEY = Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key")

HUBSPOT_OWNERS = (
    OWN_KEY,
    Check(IN_SET, "archived_is_boolean", TRUE, QUARANTINE, "archived is no boolean"),
)
HUBSPOT_COMPANIES = (
    OWN_KEY,
    Check(IN_SET, "has_properties", TRUE, QUARANTINE, "properties is no object"),
    Check(IN_SET, "archived_is_boolean", TRUE, QUARANTINE, "archived is no boolean"),
    Check(IN_SET, "archived_is_time", TRUE, QUARANTINE, "archivedAt is no time"),
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "createdAt is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "createdAt lies in the future"),
    Check(IN_SET, "pulse_is_list", TRUE, QUARANTINE, "the history of the pulse is no list"),
    Check(BETWEEN, "pulse_largest", AMOUNT, QUARANTINE, "a value of the pulse is absurdly large"),
    Check(IN_SET, "pulse_has_times", TRUE, WARN, "a pulse was set at no time; it is left out"),
    Check(IN_SET, "arr_is_number", TRUE, WARN, "the revenue is no number; it stays unknown"),
    Check(BETWEEN, "arr", AMOUNT, WARN, "the revenue is below zero or absurdly large"),
    Check(IN_SET, "renewal_is_day", TRUE, WARN, "the renewal is no date; it stays unknown"),
)
HUBSPOT_CONTACTS = (
    OWN_KEY,
    Check(IN_SET, "has_properties", TRUE, QUARANTINE, "properties is no object"),
    Check(IN_SET, "archived_is_boolean", TRUE, QUARANTINE, "archived is no boolean"),
    Check(IN_SET, "created_is_time", TRUE, QUARANTINE, "createdAt is no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "createdAt lies in the future"),
)
HUBSPOT_DEALS = (
    OWN_KEY,
    Check(IN_SET, "has_properties", TRUE, QUARANTINE, "properties is no object"),
    Check(IN_SET, "amount_is_number", TRUE, QUARANTINE, "amount is no number"),
    Check(BETWEEN, "amount", DEAL_AMOUNT, QUARANTINE, "amount is below zero or absurdly large"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amount stays unknown"),
    Check(IN_SET, "created_is_time", TRUE, QUARANTINE, "createdAt is no time"),
    Check(IN_SET, "closed_is_time", TRUE, QUARANTINE, "closedate is no time"),
)
HUBSPOT_MEETINGS = (
    OWN_KEY,
    Check(IN_SET, "has_properties", TRUE, QUARANTINE, "properties is no object"),
    Check(IN_SET, "archived_is_boolean", TRUE, QUARANTINE, "archived is no boolean"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "the start is missing or no time"),
)
ZENDESK_ORGANIZATIONS = (
    OWN_KEY,
    Check(IN_SET, "domains_are_list", TRUE, QUARANTINE, "domain_names is no list"),
    Check(IN_SET, "created_is_time", TRUE, QUARANTINE, "created_at is no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created_at lies in the future"),
    Check(IN_SET, "deleted_is_time", TRUE, QUARANTINE, "deleted_at is no time"),
)
ZENDESK_USERS = (
    OWN_KEY,
    Check(IN_SET, "role", ROLES, WARN, "unknown role"),
    Check(IN_SET, "can_be_linked", TRUE, WARN, "nothing links this user to an account"),
)
ZENDESK_TICKETS = (
    OWN_KEY,
    Check(NOT_NULL, "status", {}, QUARANTINE, "status is missing"),
    Check(IN_SET, "status", TICKETS, QUARANTINE, "unknown status"),
    Check(IN_SET, "priority", PRIORITIES, WARN, "unknown priority"),
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "created_at is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created_at lies in the future"),
    Check(IN_SET, "solved_is_time", TRUE, QUARANTINE, "solved_at is no time"),
    Check(BETWEEN, "solved_days_ahead", NOT_AHEAD, QUARANTINE, "solved_at lies in the future"),
    Check(IN_SET, "reply_is_number", TRUE, QUARANTINE, "the reply time is no number"),
    Check(BETWEEN, "first_reply_minutes", COUNT, QUARANTINE, "the reply time is below zero"),
)
ZENDESK_RATINGS = (
    OWN_KEY,
    Check(NOT_NULL, "score", {}, QUARANTINE, "score is missing"),
    Check(IN_SET, "score", RATINGS, QUARANTINE, "unknown score"),
    Check(NOT_NULL, "ticket_id", {}, WARN, "the rating names no ticket"),
    Check(NOT_NULL, "updated_at", {}, QUARANTINE, "updated_at is missing or no time"),
    Check(BETWEEN, "updated_days_ahead", NOT_AHEAD, QUARANTINE, "updated_at lies in the future"),
)
STRIPE_CUSTOMERS = (
    OWN_KEY,
    Check(IN_SET, "deleted_is_boolean", TRUE, QUARANTINE, "deleted is no boolean"),
    Check(IN_SET, "created_is_time", TRUE, QUARANTINE, "created is no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created lies in the future"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency"),
)
STRIPE_SUBSCRIPTIONS = (
    OWN_KEY,
    Check(NOT_NULL, "customer_id", {}, QUARANTINE, "the subscription names no customer"),
    Check(NOT_NULL, "status", {}, QUARANTINE, "status is missing"),
    Check(IN_SET, "status", SUBSCRIPTIONS, QUARANTINE, "unknown status"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amounts stay unknown"),
    Check(NOT_NULL, "started_at", {}, QUARANTINE, "the start is missing or no time"),
    Check(IN_SET, "ended_is_time", TRUE, QUARANTINE, "ended_at is no time"),
    Check(IN_SET, "canceled_is_time", TRUE, QUARANTINE, "canceled_at is no time"),
    Check(IN_SET, "has_items", TRUE, QUARANTINE, "items.data is no list"),
    Check(BETWEEN, "seats", COUNT, QUARANTINE, "quantities are below zero or absurdly large"),
    Check(BETWEEN, "amount_minor", AMOUNT, QUARANTINE, "the price is below zero or absurd"),
    Check(BETWEEN, "months", MONTHS, QUARANTINE, "the billing interval is absurd"),
)
STRIPE_INVOICES = (
    OWN_KEY,
    Check(NOT_NULL, "customer_id", {}, QUARANTINE, "the invoice names no customer"),
    Check(NOT_NULL, "status", {}, QUARANTINE, "status is missing"),
    Check(IN_SET, "status", INVOICES, QUARANTINE, "unknown status"),
    Check(NOT_NULL, "currency", {}, QUARANTINE, "currency is missing"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amounts stay unknown"),
    Check(NOT_NULL, "amount_due", {}, QUARANTINE, "amount_due is missing or no number"),
    Check(BETWEEN, "amount_due", AMOUNT, QUARANTINE, "amount_due is below zero or absurdly large"),
    Check(NOT_NULL, "amount_remaining", {}, QUARANTINE, "amount_remaining is missing or no number"),
    Check(BETWEEN, "amount_remaining", AMOUNT, QUARANTINE, "amount_remaining is below zero"),
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "created is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created lies in the future"),
    Check(IN_SET, "due_is_time", TRUE, QUARANTINE, "due_date is no time"),
    Check(IN_SET, "paid_is_time", TRUE, QUARANTINE, "paid_at is no time"),
    Check(IN_SET, "closed_is_time", TRUE, QUARANTINE, "the time of its end is no time"),
    Check(BETWEEN, "attempts", COUNT, QUARANTINE, "attempt_count is below zero or absurdly large"),
    Check(IN_SET, "next_attempt_is_time", TRUE, QUARANTINE, "the next attempt is no time"),
    Check(IN_SET, "has_lines", TRUE, QUARANTINE, "lines.data is no list"),
    Check(BETWEEN, "seats", COUNT, QUARANTINE, "quantities are below zero or absurdly large"),
)
POSTHOG_USAGE_DAYS = (
    OWN_KEY,
    Check(NOT_NULL, "account_key", {}, QUARANTINE, "account_key is missing"),
    Check(NOT_NULL, "day", {}, QUARANTINE, "day is missing or no date"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, QUARANTINE, "day lies in the future"),
    Check(NOT_NULL, "events", {}, QUARANTINE, "events is missing or no number"),
    Check(BETWEEN, "events", AMOUNT, QUARANTINE, "events is below zero or absurdly large"),
    Check(IN_SET, "has_users", TRUE, QUARANTINE, "users is no list"),
    Check(IN_SET, "has_features", TRUE, QUARANTINE, "features is no list"),
)

RECORDS = (
    SALESFORCE
    + USAGE
    + FILES
    + INTERCOM
    + CHARGEBEE
    + STRIPE_PAYMENTS
    + SURVEYS
    + tuple(
        Suite("raw", name, KEYS, checks)
        for name, checks in (
            ("hubspot_owners", HUBSPOT_OWNERS),
            ("hubspot_companies", HUBSPOT_COMPANIES),
            ("hubspot_contacts", HUBSPOT_CONTACTS),
            ("hubspot_deals", HUBSPOT_DEALS),
            ("hubspot_meetings", HUBSPOT_MEETINGS),
            ("zendesk_organizations", ZENDESK_ORGANIZATIONS),
            ("zendesk_users", ZENDESK_USERS),
            ("zendesk_tickets", ZENDESK_TICKETS),
            ("zendesk_satisfaction_ratings", ZENDESK_RATINGS),
            ("stripe_customers", STRIPE_CUSTOMERS),
            ("stripe_subscriptions", STRIPE_SUBSCRIPTIONS),
            ("stripe_invoices", STRIPE_INVOICES),
            ("posthog_usage_day", POSTHOG_USAGE_DAYS),
        )
    )
)
