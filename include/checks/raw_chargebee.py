"""Checks on what came from Chargebee, but deleted records: those are hardly more than an id.

Words: API v2 and its official clients, checked Nov 2026.
"""

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, QUARANTINE, WARN, Check, Suite

KEYS = ("stream_id", "batch_id", "record_id")
TRUE = {"value_set": [True]}
NOT_AHEAD = {"max_value": 1}
AMOUNT = {"min_value": 0, "max_value": 1e15}
COUNT = {"min_value": 0, "max_value": 2e9}
MONTHS = {"min_value": 0, "max_value": 1200}
SUBSCRIPTIONS = {
    "value_set": [
        *("future", "in_trial", "active", "non_renewing", "paused"),
        *("cancelled", "transferred"),
    ]
}
INVOICES = {"value_set": ["paid", "posted", "payment_due", "not_paid", "voided", "pending"]}
KINDS = {"value_set": ["authorization", "payment", "refund", "payment_reversal"]}
TRANSACTIONS = {
    "value_set": [
        *("in_progress", "success", "voided", "failure", "timeout"),
        *("needs_attention", "late_failure"),
    ]
}
OWN_KEY = Check(IN_SET, "has_own_key", TRUE, QUARANTINE, "the record's id is not its key")

CUSTOMERS = (
    OWN_KEY,
    Check(IN_SET, "created_is_time", TRUE, QUARANTINE, "created_at is no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "created_at lies in the future"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency"),
)
SUBSCRIBED = (
    OWN_KEY,
    Check(NOT_NULL, "customer_id", {}, QUARANTINE, "the subscription names no customer"),
    Check(NOT_NULL, "status", {}, QUARANTINE, "status is missing"),
    Check(IN_SET, "status", SUBSCRIPTIONS, QUARANTINE, "unknown status"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amounts stay unknown"),
    Check(NOT_NULL, "started_at", {}, QUARANTINE, "the start is missing or no time"),
    Check(IN_SET, "cancelled_is_time", TRUE, QUARANTINE, "cancelled_at is no time"),
    Check(IN_SET, "term_end_is_time", TRUE, QUARANTINE, "current_term_end is no time"),
    Check(IN_SET, "has_plan", TRUE, WARN, "no plan is among the items; the seats stay unknown"),
    Check(BETWEEN, "seats", COUNT, QUARANTINE, "quantities are below zero or absurdly large"),
    Check(BETWEEN, "amount_minor", AMOUNT, QUARANTINE, "the price is below zero or absurd"),
    Check(BETWEEN, "months", MONTHS, QUARANTINE, "the billing period is absurd"),
)
INVOICED = (
    OWN_KEY,
    Check(NOT_NULL, "customer_id", {}, QUARANTINE, "the invoice names no customer"),
    Check(NOT_NULL, "status", {}, QUARANTINE, "status is missing"),
    Check(IN_SET, "status", INVOICES, QUARANTINE, "unknown status"),
    Check(NOT_NULL, "currency", {}, QUARANTINE, "currency_code is missing"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amounts stay unknown"),
    Check(NOT_NULL, "amount_due", {}, QUARANTINE, "amount_due is missing or no number"),
    Check(BETWEEN, "amount_due", AMOUNT, QUARANTINE, "amount_due is below zero or absurdly large"),
    Check(IN_SET, "paid_is_number", TRUE, QUARANTINE, "amount_paid is no number"),
    Check(BETWEEN, "amount_paid", AMOUNT, QUARANTINE, "amount_paid is below zero or absurd"),
    Check(IN_SET, "written_off_is_number", TRUE, QUARANTINE, "write_off_amount is no number"),
    Check(BETWEEN, "written_off", AMOUNT, QUARANTINE, "write_off_amount is below zero or absurd"),
    Check(NOT_NULL, "created_at", {}, QUARANTINE, "date is missing or no time"),
    Check(BETWEEN, "created_days_ahead", NOT_AHEAD, QUARANTINE, "date lies in the future"),
    Check(IN_SET, "due_is_time", TRUE, QUARANTINE, "due_date is no time"),
    Check(IN_SET, "paid_is_time", TRUE, QUARANTINE, "paid_at is no time"),
    Check(IN_SET, "voided_is_time", TRUE, QUARANTINE, "voided_at is no time"),
    Check(IN_SET, "has_lines", TRUE, QUARANTINE, "line_items is no list"),
    Check(IN_SET, "has_all_lines", TRUE, QUARANTINE, "some of its lines were not read"),
    Check(BETWEEN, "seats", COUNT, QUARANTINE, "quantities are below zero or absurdly large"),
    Check(BETWEEN, "recurring", AMOUNT, QUARANTINE, "what recurs is below zero or absurd"),
)
PAID = (
    OWN_KEY,
    Check(IN_SET, "has_plain_key", TRUE, QUARANTINE, "the id holds a bar"),
    Check(NOT_NULL, "kind", {}, QUARANTINE, "type is missing"),
    Check(IN_SET, "kind", KINDS, QUARANTINE, "unknown type"),
    Check(NOT_NULL, "status", {}, QUARANTINE, "status is missing"),
    Check(IN_SET, "status", TRANSACTIONS, QUARANTINE, "unknown status"),
    Check(NOT_NULL, "customer_id", {}, WARN, "the payment names no customer"),
    Check(NOT_NULL, "currency", {}, QUARANTINE, "currency_code is missing"),
    Check(IN_SET, "currency_is_known", TRUE, WARN, "unknown currency; the amount stays unknown"),
    Check(IN_SET, "has_amount", TRUE, QUARANTINE, "amount is missing or no number"),
    Check(BETWEEN, "smallest", {"min_value": 0}, QUARANTINE, "an amount is below zero"),
    Check(BETWEEN, "largest", {"max_value": 1e15}, QUARANTINE, "an amount is absurdly large"),
    Check(NOT_NULL, "occurred_at", {}, QUARANTINE, "date is missing or no time"),
    Check(BETWEEN, "days_ahead", NOT_AHEAD, QUARANTINE, "date lies in the future"),
)

CHARGEBEE = tuple(
    Suite("raw", f"chargebee_{stream}", KEYS, checks)
    for stream, checks in (
        ("customers", CUSTOMERS),
        ("subscriptions", SUBSCRIBED),
        ("invoices", INVOICED),
        ("transactions", PAID),
    )
)
